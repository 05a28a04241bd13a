# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret that happens to be a word of ours costs no result: names and enumerations stay, foreign texts do not."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents import agents
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.own_words import is_ours, VALUES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import REPLACEMENT, Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift import rules
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license import accounts, keys, model, plan, reader
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift.reports import schema
from hypothesis import given
from hypothesis import strategies as st


def _enumerations(part: t.Any, name: str = "") -> t.Iterator[tuple[str, str]]:
    """Each field of the report's schema that has a fixed set of texts, with each of them."""
    if isinstance(part, dict):
        for value in (*part.get("enum", ()), *([part["const"]] if "const" in part else ())):
            if isinstance(value, str):
                yield name, value
        for key, value in part.items():
            if key in ("properties", "$defs"):
                for inner, item in value.items():
                    yield from _enumerations(item, inner)
            elif isinstance(value, dict):
                yield from _enumerations(value, name)


_IN_SCHEMA: t.Final = sorted(set(_enumerations(schema())) - {("check", each) for each in t.get_args(rules.Check)})


@pytest.mark.parametrize(("name", "value"), _IN_SCHEMA)
def test_each_enumeration_of_the_report_is_ours(name: str, value: str) -> None:
    assert is_ours(name, value)


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("status", model.Status),
        ("account_evidence", plan.Evidence),
        ("account_match", accounts.AccountVerdict),
        ("key_match", keys.Match),
        ("kind", agents.Kind),
        ("health", agents.Health),
        ("state", rules.State),
    ],
)
def test_the_words_are_those_of_the_types(name: str, type_: t.Any) -> None:
    assert set(t.get_args(type_)) <= VALUES[name]


def test_the_words_are_those_of_the_tables() -> None:
    assert VALUES["type"] == set(reader.TYPE_NAMES.values())
    assert VALUES["code"] == set(REMEDIES)
    assert {name for name, values in VALUES.items() if "finding" in values} == set(rules.RULES)


@pytest.mark.parametrize(
    "secret", ["observed", "activated", "severity", "Permanent", "not_activated", "not_checked", "credentials_rejected"]
)
def test_a_secret_that_is_a_word_of_ours_is_taken_out_of_foreign_texts_only(secret: str) -> None:
    result = {
        "state": "credentials_rejected",
        "license": {"status": "not_activated", "type": "Permanent", "strange": secret},
        "checks": {"not_activated": "not_checked", "expired": "finding"},
        "findings": [
            {"rule": "not_activated", "severity": "error", "expected": "x", "observed": f"it says {secret}!"},
        ],
        "failure": {"code": "not_activated", "message": f"refused: '{secret}'", "observed": {"text": secret}},
        "raw": {secret: secret, "status": secret},
    }
    assert Scrubber([secret]).data(result) == {
        **result,
        "license": {"status": "not_activated", "type": "Permanent", "strange": REPLACEMENT},
        "findings": [
            {"rule": "not_activated", "severity": "error", "expected": "x", "observed": f"it says {REPLACEMENT}!"},
        ],
        "failure": {"code": "not_activated", "message": f"refused: '{REPLACEMENT}'", "observed": {"text": REPLACEMENT}},
        "raw": {REPLACEMENT: REPLACEMENT, "status": REPLACEMENT},
    }


def test_a_date_that_was_worked_out_is_data_and_one_that_a_farm_wrote_is_text() -> None:
    scrubber = Scrubber(["20311231"])
    result = {"expires": {"date": "2031-12-31", "raw": "2031-12-31"}, "scanned_at": "2031-12-31T00:00:00Z"}
    assert scrubber.data(result) == {**result, "expires": {"date": "2031-12-31", "raw": REPLACEMENT}}


@given(st.sampled_from(sorted({value for values in VALUES.values() for value in values if len(value) >= 8})), st.data())
def test_no_word_of_ours_breaks_a_result(secret: str, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(VALUES)))
    result = {
        name: data.draw(st.sampled_from(sorted(VALUES[name]))),
        secret.lower().replace(".", "_"): {"rule": "trial"},
    }
    assert Scrubber([secret]).data(result) == result
