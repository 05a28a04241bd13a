# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Severities and waivers as users write them."""

from __future__ import annotations

import datetime as dt
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.policy import (
    read_severities,
    read_waivers,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.rules import RULES

ROW: t.Final = {"farm": "tokyo", "rule": "trial", "until": "2027-01-31", "reason": "bought"}


def test_severities_are_the_defaults_but_for_the_changes() -> None:
    found = read_severities({"trial": "info"})
    assert found == {**{name: rule.severity for name, rule in RULES.items()}, "trial": "info"}


@pytest.mark.parametrize(
    ("changes", "says"), [({"trail": "info"}, "observed 'trail'"), ({"trial": "warn"}, "observed 'warn'")]
)
def test_a_typo_in_severities_is_refused(changes: dict[str, str], says: str) -> None:
    with pytest.raises(RasError, match=says):
        read_severities(changes)


def test_a_waiver_is_read() -> None:
    (waiver,) = read_waivers([{**ROW, "until": dt.date(2027, 1, 31)}])
    assert waiver.as_dict() == {**ROW, "organization": None}
    assert str(waiver) == "trial of tokyo until 2027-01-31: bought"


@pytest.mark.parametrize(
    ("finding", "covered"),
    [
        ({"rule": "trial", "farm": "tokyo", "host": "h1", "organization": "default"}, True),
        ({"rule": "trial", "farm": "osaka", "host": "tokyo", "organization": "default"}, True),
        ({"rule": "trial", "farm": "osaka", "host": "h2", "organization": "tokyo"}, False),
        ({"rule": "expired", "farm": "tokyo", "host": "h1", "organization": "default"}, False),
    ],
)
def test_what_a_waiver_covers(finding: dict[str, t.Any], covered: bool) -> None:
    (waiver,) = read_waivers([ROW])
    assert waiver.covers(finding, finding["rule"]) is covered


def test_a_waiver_for_an_organization_covers_what_is_about_all_of_it() -> None:
    (waiver,) = read_waivers([{"organization": "a", "rule": "trial", "until": "2027-01-31", "reason": "x"}])
    assert waiver.covers({"rule": "trial", "farm": None, "host": None, "organization": "a"}, "trial")
    assert not waiver.covers({"rule": "trial", "farm": "f", "host": "h", "organization": "a"}, "trial")
    assert str(waiver).startswith("trial of the organization a")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("tokyo", "number 1: expected a dictionary"),
        ({**ROW, "untl": "x"}, "observed 'untl'"),
        ({**ROW, "reason": " "}, "a value for reason"),
        ({**ROW, "until": None}, "a value for until"),
        ({**ROW, "until": "soon"}, "observed 'soon'"),
        ({**ROW, "rule": "trail"}, "observed 'trail'"),
        ({**ROW, "farm": ""}, "either farm or organization"),
        ({**ROW, "farm": 101}, "number 1: farm must be text"),
        ({**ROW, "farm": None, "organization": False}, "number 1: organization must be text"),
        ({**ROW, "organization": "a"}, "either farm or organization"),
    ],
)
def test_a_waiver_that_says_too_little_is_refused(row: t.Any, says: str) -> None:
    with pytest.raises(RasError, match=says) as caught:
        read_waivers([row])
    assert caught.value.code == "invalid_option"
