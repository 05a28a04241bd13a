# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The judges of what nobody asked for."""

from __future__ import annotations

import typing as t

from harness.worlds import host_of
from raslab.secrecy import mask_key
from simulation.history import History, Wanted
from simulation.people import OURS, PREPAID, SPLA, STRANGER
from simulation.play import Seen
from simulation.policy_judges import POLICY_JUDGES
from simulation.stage import Ran

_OURS: t.Final = {"state": "active", "account": OURS, "key": mask_key(SPLA)}
_OTHER_KEY: t.Final = {**_OURS, "key": mask_key(PREPAID)}
_FOREIGN: t.Final = {**_OURS, "account": STRANGER}
_GONE: t.Final = {"state": "deactivated", "account": None, "key": None}


def _judges(was: dict[str, t.Any], now: dict[str, t.Any], *, move: t.Any = None, **own: t.Any) -> set[str]:
    """The judges that find something in a run that changed the one license so."""
    quirks = {"pa_fields": own.pop("pa_fields", "present")}
    states = [{"farms": {"tokyo": {"license": each, "quirks": quirks}}} for each in (was, now)]
    effect = "deactivated" if now["state"] == "deactivated" else None
    journal = [{"farm": "tokyo", "fault": own.pop("fault", None), "effect": effect}]
    command = {"do": "run", "playbook": "activate", "check": False, "limit": [], **(move or {})}
    seen = Seen(command, Ran(0, ""), *states, journal, [], [], set(), False)
    history = History(1, {"farms": [{"name": "tokyo"}]}, {"tokyo": Wanted([OURS], SPLA)}, [], {host_of("tokyo"): own})
    return {rule.__name__ for rule in POLICY_JUDGES if list(rule(history, seen))}


def _given_back(*names: str) -> dict[str, t.Any]:
    return {"playbook": "deactivate", "confirm": list(names)}


def test_what_stays_as_it_was() -> None:
    for license_ in (_OURS, _OTHER_KEY, _FOREIGN, _GONE):
        assert _judges(license_, license_) == set()
    assert _judges(_GONE, _OURS) == set()


def test_a_farm_that_is_taken_over() -> None:
    assert _judges(_FOREIGN, _OURS) == {"nothing_unasked"}
    assert _judges(_FOREIGN, _OURS, ras_on_account_mismatch="reactivate") == set()


def test_a_key_that_is_replaced() -> None:
    assert _judges(_OTHER_KEY, _OURS) == {"nothing_unasked"}
    assert _judges(_OTHER_KEY, _OURS, ras_on_key_mismatch="ignore") == {"nothing_unasked"}
    assert _judges(_OTHER_KEY, _OURS, ras_on_key_mismatch="reactivate") == set()


def test_a_license_that_was_as_wanted() -> None:
    assert _judges(_OURS, _OTHER_KEY) == {"nothing_unasked"}
    assert _judges(_OURS, _GONE, fault="msiexec,license_lost") == set()
    assert _judges(_FOREIGN, _OURS, pa_fields="absent") == set()
    assert _judges({**_FOREIGN, "settling": True}, _OURS) == set()


def test_a_license_that_is_given_back() -> None:
    assert _judges(_FOREIGN, _GONE, move=_given_back("tokyo")) == {"nothing_unasked"}


def test_a_farm_that_was_not_confirmed() -> None:
    assert _judges(_GONE, _GONE, move=_given_back("tokyo")) == set()
    assert _judges(_GONE, _GONE, move=_given_back("osaka")) == {"confirmed"}
    assert _judges(_GONE, _GONE, move=_given_back("tokyo", "osaka")) == {"confirmed"}
