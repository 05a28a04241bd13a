# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The judge of drift checks knows what is broken, and what is not."""

from __future__ import annotations

import typing as t
from dataclasses import asdict

import pytest

from raslab.quirks import Quirks
from raslab.secrecy import mask_key
from simulation.drift_judge import drift_says_what_is
from simulation.history import History, Wanted
from simulation.people import OURS, PREPAID, SPLA, STRANGER
from simulation.play import Seen
from simulation.stage import Ran

_OURS: t.Final = {"state": "active", "account": OURS, "key": mask_key(SPLA), "expires": "2041-12-31"}
_CASES: t.Final[tuple[tuple[dict[str, t.Any], str], ...]] = (
    ({"state": "none"}, "not_activated"),
    ({"state": "deactivated"}, "not_activated"),
    ({"state": "trial"}, "trial"),
    ({**_OURS, "account": STRANGER}, "account_mismatch"),
    ({**_OURS, "key": mask_key(PREPAID)}, "key_mismatch"),
    ({**_OURS, "expires": "2025-01-31"}, "expired"),
)


def _said(license_: dict[str, t.Any], *rules: str, **changes: t.Any) -> list[str]:
    """What the judge says of a check that found these rules in one farm."""
    quirks = asdict(Quirks(pa_fields=changes.pop("pa_fields", "present")))
    truth = {"license": license_, "quirks": quirks, "clock": None, "faults": []}
    findings = [{"farm": "tokyo", "rule": rule} for rule in rules] + [{"farm": None, "rule": "account_not_single"}]
    records = [{"action": "fleetops.parallels_ras.drift_report", "result": {"findings": findings}}]
    wanted = Wanted([OURS], SPLA, managed=changes.pop("managed", True), readable=changes.pop("readable", True))
    move = {"do": "run", "playbook": "drift", "check": False, "limit": []}
    journal = [{"farm": "tokyo", "fault": changes.pop("fault", None), "status": 200}]
    state = {"farms": {"tokyo": truth}}
    seen = Seen(move, Ran(2, "", records), state, state, journal, [], [], set(), False)
    history = History(1, {"farms": [{"name": "tokyo"}], "inventory_vars": {}}, {"tokyo": wanted}, [])
    return list(drift_says_what_is(history, seen))


def test_a_farm_that_is_right() -> None:
    assert _said(_OURS) == []
    assert _said(_OURS, "version_behind") == []


@pytest.mark.parametrize(("license_", "rule"), _CASES)
def test_what_is_broken_is_to_be_found(license_: dict[str, t.Any], rule: str) -> None:
    assert _said(license_, rule) == []
    assert _said(license_) == [f"tokyo breaks {rule}, and nothing was found"]


@pytest.mark.parametrize("rule", ["not_activated", "trial", "account_mismatch", "key_mismatch", "expired"])
def test_what_is_not_broken_is_not_to_be_found(rule: str) -> None:
    assert _said(_OURS, rule) == [f"tokyo does not break {rule}, and that was found"]


def test_a_farm_of_which_nothing_can_be_known() -> None:
    assert _said({"state": "none"}, "unreachable") == []
    assert _said({"state": "none"}, fault="hang") == []
    assert _said({"state": "none"}, managed=False) == []
    assert _said({**_OURS, "account": STRANGER}, pa_fields="absent") == []


def test_variables_that_cannot_be_understood() -> None:
    assert _said(_OURS, "failed", readable=False) == []
    assert _said(_OURS, readable=False) == ["tokyo was judged, and its variables cannot be understood"]
