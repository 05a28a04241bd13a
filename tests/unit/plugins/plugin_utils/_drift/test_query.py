# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Expressions over a report: what would be null in JMESPath, and so look green, is refused with its place."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.policy import DEFAULT_FAIL_WHEN
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift import query
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift.query import compile_query, EXAMPLES, Query
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift.reports import (
    farms_schema,
    policy_schema,
    schema,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fleet_report import rich_report

REPORT: t.Final = rich_report()


def _policy(text: str) -> Query:
    return compile_query("fail_when", text, policy_schema(), schema())


def _refused(call: t.Callable[[], t.Any]) -> str:
    with pytest.raises(RasError) as caught:
        call()
    assert caught.value.code == "invalid_option"
    return f"{caught.value.message} {caught.value.remedy}"


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        (DEFAULT_FAIL_WHEN, True),
        ("length(findings[?severity == 'error' && waived]) > `2`", False),
        ("contains(findings[].rule, 'trial')", True),
        ("summary.states.error > `9`", True),
        ("length(farms[?license.users.peak > `50`]) == `1`", True),
        ("length(farms[?contains(['error', 'warning'], state)]) > `20`", False),
        ("length(farms[*].agents[] | [?health == 'attention']) > `0`", True),
        ("sort_by(farms, &farm)[0].farm == 'azure'", True),
        ("max_by(farms[?elapsed_ms], &elapsed_ms).state == 'unreachable'", True),
        ("length(map(&state, farms)) == `21`", True),
        ("contains(map(&rule, findings), 'trial')", True),
        ("length(farms[?failure == `null`]) > `0`", True),
        ("length(farms[?failure.observed.status == `403`]) > `0`", False),
        ("length(changes.new) > `0`", True),
        ("policy.severities.trial == 'error' || `false`", True),
        ("!(farms[0].checks.trial == 'ok')", False),
        ("length(organizations[?name == 'lonely' && summary_does_not_matter]) > `0`", None),
        ("'error' == findings[0].severity", True),
        ("length(values(policy.severities)) > `5`", True),
        ("length(policy.severities.* | [?@ == 'info']) > `0`", True),
        ("length(farms[:3].{a: farm, b: state} | [?b == 'error']) >= `0`", True),
        ('length("farms") > `0`', True),
    ],
)
def test_what_fits_is_evaluated(text: str, holds: bool | None) -> None:
    if holds is None:
        assert "summary_does_not_matter" in _refused(lambda: _policy(text))
    else:
        assert _policy(text).holds(REPORT) is holds


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("length(findings[?severty == 'error']) > `0`", "severty"),
        ("length(findings[?severity == 'eror']) > `0`", "eror"),
        ("length(findings[?'eror' == severity]) > `0`", "eror"),
        ("length(findings[?severity == error]) > `0`", "error"),
        ('length(findings[?severity == "error"]) > `0`', "error"),
        ("length(findings[?severity != 'eror']) > `0`", "eror"),
        ("length(findings[?waived == 'false']) > `0`", "false"),
        ("contains(findings[].rule, 'trail')", "trail"),
        ("contains(farms[0].rules, 'trail')", "trail"),
        ("length(farms[?contains(rules, 'trail')]) > `0`", "trail"),
        ("contains(['error', 'unknwon'], farms[0].state)", "unknwon"),
        ('length(farms[?contains(`["error", "unknwon"]`, state)]) > `0`', None),
        ("length(farms[?license.users.peak > '10']) > `0`", "10"),
        ("length(farms[?version < '20']) > `0`", "20"),
        ("farms.state == 'ok'", "state"),
        ("summary.farms.total > `0`", "total"),
        ("length(farms[*].agents[] | [?helth == 'attention']) > `0`", "helth"),
        ("sort_by(farms, &name)[0].farm == 'x'", "name"),
        ("length(map(&stat, farms)) > `0`", "stat"),
        ("max_by(farms, &elapsed).farm == 'x'", "elapsed"),
        ("policy.severities.trail == 'error'", "trail"),
        ("length(farms[].{a: farm, b: stat}) > `0`", "stat"),
        ("length(farms[?state == 'ok'].lisence) > `0`", "lisence"),
        ("length(farms[?state == 'ok'] | [?stat == 'ok']) > `0`", "stat"),
        ("lenght(farms) > `0`", "lenght"),
        ("verdict == 'drift'", "verdict"),
        ("failure != `null`", "failure"),
        ("reverse(farms)[0].stat == 'x'", "stat"),
        ("length([farms[0].stat]) > `0`", "stat"),
        ("farms[0].farm == farms[1].frm", "frm"),
    ],
)
def test_what_the_report_does_not_have_is_reported_with_its_place(text: str, word: str | None) -> None:
    message = _refused(lambda: _policy(text))
    position = re.search(r"at position (\d+) ", message)
    assert position, message
    if word is not None:
        assert text[int(position[1]) :].lstrip("'\"`").startswith(word), message
        assert f"'{word}'" in message or word in message
    assert EXAMPLES["fail_when"] in message.replace('"', "")


@pytest.mark.parametrize("text", ["", "farms[?", "farms[?state in 'x']", "findings[?a = 'b']", "a b", "'open"])
def test_what_is_not_an_expression_is_reported(text: str) -> None:
    message = _refused(lambda: _policy(text))
    assert "is not a JMESPath expression" in message
    assert "an example is" in message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("farms[0].version == '1' && farms[99].farm", "null"),
        ("farms[99].farm", "gives nothing (null)"),
        ("length(findings)", "must be true or false, but it gives integer"),
        ("findings[?severity == 'error']", "must be true or false, but it gives array"),
        ("length(failure_free)", None),
        ("length(farms[0].version) > `0`", "cannot be evaluated"),
    ],
)
def test_what_says_neither_yes_nor_no_is_refused(text: str, says: str | None) -> None:
    if says is None:
        _refused(lambda: _policy(text))
        return
    data = {**REPORT, "farms": [{**REPORT["farms"][0], "version": None}]}
    if text.startswith("farms[0].version =="):
        assert _policy(text).holds(data) is False
    else:
        assert says in _refused(lambda: _policy(text).holds(data))


def test_a_comparison_with_an_earlier_report_that_is_missing_is_not_green() -> None:
    message = _refused(lambda: _policy("length(changes.new) > `0`").holds({**REPORT, "changes": None}))
    assert "cannot be evaluated" in message


def test_select_is_applied_to_the_farms() -> None:
    query = compile_query("select", EXAMPLES["select"], farms_schema(), schema())
    chosen = query.search(REPORT["farms"])
    assert {"farm": "kobe", "state": "error", "rules": ["not_compared", "expired", "support_expired"]} in chosen
    message = _refused(lambda: compile_query("select", "[?stat != 'ok']", farms_schema(), schema()))
    assert message.startswith("select at position 2")


def test_examples_are_right() -> None:
    assert EXAMPLES["fail_when"] == DEFAULT_FAIL_WHEN


def test_a_controller_without_the_library_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "HAS_JMESPATH", False)
    assert "Install jmespath on the controller" in _refused(lambda: _policy(DEFAULT_FAIL_WHEN))
