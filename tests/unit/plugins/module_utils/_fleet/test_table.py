# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How each farm ended."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.table import (
    GOOD,
    last_words,
    outcome,
    table,
)

DUE = {"state": "due", "failure": None}
FAILURE = {"code": "key_rejected", "message": "No such key.", "remedy": "Look it up."}


@pytest.mark.parametrize(
    ("preflight", "result", "stopped", "check", "state", "code"),
    [
        pytest.param(DUE, {"changed": True}, None, False, "changed", None, id="changed"),
        pytest.param(DUE, {"changed": True}, None, True, "due", None, id="would be changed"),
        pytest.param(DUE, {"changed": False}, None, False, "ok", None, id="was right after all"),
        pytest.param(
            DUE,
            {"changed": False, "failed": True, "failure": FAILURE},
            None,
            False,
            "failed",
            "key_rejected",
            id="failed",
        ),
        pytest.param(
            DUE,
            {"changed": True, "failed": True, "failure": FAILURE},
            None,
            False,
            "failed",
            "key_rejected",
            id="failed after a change",
        ),
        pytest.param(
            DUE, {"failure": {**FAILURE, "code": "not_tried"}}, None, False, "not_tried", "not_tried", id="not tried"
        ),
        pytest.param(
            DUE,
            {"failed": True, "msg": "boom"},
            None,
            False,
            "failed",
            "internal_error",
            id="failed without our failure",
        ),
        pytest.param(DUE, {"unreachable": True}, None, False, "failed", "internal_error", id="unreachable"),
        pytest.param(DUE, None, None, False, "failed", "not_tried", id="no result"),
        pytest.param(
            DUE, {"skipped": True, "changed": False}, None, False, "failed", "not_tried", id="skipped is no result"
        ),
        pytest.param(DUE, None, "too many failed", False, "not_tried", "not_tried", id="wave stopped"),
        pytest.param(None, None, None, False, "failed", "not_tried", id="lost before it was planned"),
        pytest.param(
            {"state": "refused", "failure": FAILURE}, None, None, False, "refused", "key_rejected", id="refused"
        ),
        pytest.param(
            {"state": "refused", "failure": FAILURE},
            None,
            "stopped",
            False,
            "refused",
            "key_rejected",
            id="refused before the stop",
        ),
        pytest.param({"state": "ok", "failure": None}, None, "stopped", False, "ok", None, id="right already"),
        pytest.param({"state": "unmanaged", "failure": None}, None, None, False, "unmanaged", None, id="unmanaged"),
    ],
)
def test_outcome(
    preflight: t.Any, result: t.Any, stopped: str | None, check: bool, state: str, code: str | None
) -> None:
    record = outcome("tokyo", preflight, result, stopped, check)
    assert (record["farm"], record["state"], record["code"]) == ("tokyo", state, code)
    assert (state in GOOD) is (code is None)
    if code:
        assert record["message"]
        assert record["remedy"]


RUN_FAILURE = {"code": "invalid_option", "message": "No such sizes.", "remedy": "Correct ras_waves."}


@pytest.mark.parametrize(
    ("preflight", "result", "state", "code"),
    [
        pytest.param(DUE, None, "not_tried", "invalid_option", id="due"),
        pytest.param({"state": "ok", "failure": None}, None, "not_tried", "invalid_option", id="right already"),
        pytest.param({"state": "unmanaged", "failure": None}, None, "unmanaged", None, id="unmanaged"),
        pytest.param({"state": "refused", "failure": FAILURE}, None, "refused", "key_rejected", id="refused"),
        pytest.param(None, None, "failed", "not_tried", id="lost before it was planned"),
        pytest.param(DUE, {"changed": True}, "changed", None, id="what was done stays done"),
    ],
)
def test_a_failure_of_the_run_as_a_whole(preflight: t.Any, result: t.Any, state: str, code: str | None) -> None:
    record = outcome("tokyo", preflight, result, "stopped", False, RUN_FAILURE)
    assert (record["state"], record["code"]) == (state, code)
    if code == "invalid_option":
        assert (record["message"], record["remedy"]) == ("Not tried: No such sizes.", "Correct ras_waves.")


def test_a_failure_after_a_change_still_counts_as_changed() -> None:
    assert outcome("x", DUE, {"changed": True, "failure": FAILURE})["changed"] is True


def _row(farm: str, **changes: t.Any) -> dict[str, t.Any]:
    expires = {"raw": "23/03/2027", "date": "2027-03-23"}
    license = {"status": "active", "type": "PrePaid", "account": {"email": "a@b.c"}, "expires": expires}
    row = {"farm": farm, "state": "ok", "code": None, "message": "", "remedy": "", "license": license}
    return {**row, "account_match": "match", "account_evidence": "reported", **changes}


def test_a_table_with_all_that_is_known() -> None:
    assert table([_row("tokyo"), _row("osaka", state="changed")]) == [
        "farm   state    account  evidence          license                          why",
        "tokyo  ok       a@b.c    match (reported)  active PrePaid until 2027-03-23  -",
        "osaka  changed  a@b.c    match (reported)  active PrePaid until 2027-03-23  -",
        "2 farms: 1 changed or due, 1 as they were, 0 not as wanted",
    ]


def test_a_date_that_is_not_certain_is_shown_as_the_farm_wrote_it() -> None:
    license = {"status": "active", "expires": {"raw": "03/04/2027", "date": None}}
    assert "active until 03/04/2027 " in table([_row("tokyo", license=license)])[1]


def test_a_farm_of_which_nothing_is_known_has_a_line_too() -> None:
    bare = {"farm": "x", "state": "failed", "code": "api_unreachable", "message": "Gone.", "remedy": "Look."}
    lines = table([bare])
    assert lines[1].split() == ["x", "failed", "-", "unknown", "(none)", "-", "api_unreachable"]
    assert lines[2:] == [
        "1 farm: 0 changed or due, 0 as they were, 1 not as wanted",
        "x: api_unreachable: Gone. -> Look.",
    ]


def test_farms_that_failed_alike_share_one_sentence() -> None:
    failure = {"state": "failed", **FAILURE}
    lines = table([_row("a", **failure), _row("b", **failure), _row("c", **{**failure, "message": "Other."})])
    assert lines[-2:] == ["a, b: key_rejected: No such key. -> Look it up.", "c: key_rejected: Other. -> Look it up."]
    assert lines[4] == "3 farms: 0 changed or due, 0 as they were, 3 not as wanted"


def test_farms_that_were_not_tried_are_distinguished_from_those_that_failed() -> None:
    stopped = {"state": "not_tried", "code": "not_tried", "message": "Not tried: x.", "remedy": "Fix it."}
    lines = table([_row("a", state="failed", **FAILURE), _row("b", **stopped), _row("c", **stopped)])
    assert lines[4] == "3 farms: 0 changed or due, 0 as they were, 3 not as wanted (2 of them not tried)"


def test_the_reason_of_an_unmanaged_farm_is_shown() -> None:
    lines = table([_row("azure", state="unmanaged", license=None, reason="pay as you go")])
    assert lines[1].endswith("pay as you go")


def test_columns_stay_aligned_with_japanese_names() -> None:
    lines = table([_row("\u6771\u4eac"), _row("tokyo")])
    # Two characters that take two columns each, and a blank to the width of five.
    assert lines[1].startswith("\u6771\u4eac   ok")
    assert lines[2].startswith("tokyo  ok")


def test_no_farms_are_an_empty_table_and_a_sum_of_none() -> None:
    assert table([])[-1] == "0 farms: 0 changed or due, 0 as they were, 0 not as wanted"


def test_a_failure_is_in_the_words_of_the_role() -> None:
    failure = {"code": "key_required", "message": "license_key is not given.", "remedy": "Give license_key."}
    record = outcome("tokyo", DUE, {"failed": True, "failure": failure})
    assert (record["message"], record["remedy"]) == ("ras_license_key is not given.", "Give ras_license_key.")


def test_a_run_that_upgrades_has_more_columns() -> None:
    more = {"versions": ["20.2.26050", "21.2.28000"], "agents": "4/4", "account_before": "old@example.com"}
    lines = table([_row("tokyo", **more, seconds=754), _row("osaka")])
    assert lines[0].split() == ["farm", "state", "account", "evidence", "license", "version", "agents", "took", "why"]
    assert "old@example.com -> " in lines[1]
    assert "20.2.26050 -> 21.2.28000  4/4     12 min 34 s" in lines[1]
    assert lines[2].split()[-4:] == ["-", "-", "-", "-"]


def test_a_version_that_stays_is_shown_once() -> None:
    row = _row("tokyo", versions=["21.2.28000", "21.2.28000"], agents=None, seconds=7)
    assert table([row])[1].split()[-5:] == ["21.2.28000", "-", "7", "s", "-"]


def test_notes_are_said_under_the_table_once_for_farms_alike() -> None:
    row = {"state": "changed", "changed": True, "code": None, "notes": ["a restart is pending: rds1."]}
    lines = table([{**row, "farm": "tokyo"}, {**row, "farm": "osaka"}, {**row, "farm": "kobe", "notes": []}])
    assert lines[-1] == "tokyo, osaka: note: a restart is pending: rds1."


def test_the_last_words_are_reason_remedy_and_command_in_one_bounded_line() -> None:
    row = {"farm": "tokyo", **FAILURE, "message": "x" * 5000, "next": "ansible-playbook a.yml --limit cb1"}
    line = last_words(row)
    assert line.startswith("tokyo: key_rejected: xxx")
    assert line.endswith("-> Look it up. Next: ansible-playbook a.yml --limit cb1")
    assert len(line) < 1500
