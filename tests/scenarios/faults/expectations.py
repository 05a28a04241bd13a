# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every case must keep, whatever its row says, and what its row says."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES

from counts import count

from .fleet import email_of, Outcome, Seen
from .matrix import Case, load, Matrix

# The whole result, as a callback would store it; an answer of the farm that slipped in would be longer.
_RESULT_LIMIT: t.Final = 20_000
_MESSAGE_LIMIT: t.Final = 1_500
_NO_TRACEBACK: t.Final = "(traceback unavailable)"

MATRIX: t.Final[Matrix] = load()


def params(requests: t.Container[str]) -> list[t.Any]:
    """The cases whose fault meets one of these requests, as parameters with their marks."""
    selection, floor = MATRIX.selection(), MATRIX.floor()
    made = []
    for case in MATRIX.cases:
        if case.request in requests:
            marks = [] if case.id in selection else [pytest.mark.full]
            if case.id in floor:
                marks.append(pytest.mark.floor)
            made.append(pytest.param(case, id=case.id, marks=marks))
    return made


def selected(session: pytest.Session, module: t.Any) -> list[Case]:
    """The cases of a test module that are really going to run: only they get a farm."""
    found: dict[str, Case] = {}
    for item in session.items:
        spec = getattr(item, "callspec", None)
        if getattr(item, "module", None) is module and spec and "case" in spec.params:
            found[spec.params["case"].id] = spec.params["case"]
    return list(found.values())


def check(case: Case, outcome: Outcome) -> None:
    """Hold both runs of a case to its row."""
    count("fault", case.id)
    first, second = outcome.with_faults[case.id], outcome.without[case.id]
    _check_decency(first)
    _check_decency(second)
    seen = {
        "code": first.code,
        "effect": first.effect,
        "sent": first.sent,
        "changed": first.result.get("changed"),
        "open sessions": first.open_sessions,
        "findings": first.rules & MATRIX.findings,
    }
    wanted = {
        "code": case.code,
        "effect": case.effect,
        "sent": dict(case.sent),
        "changed": case.changed,
        "open sessions": case.open_sessions,
        "findings": {case.finding} if case.finding else set(),
    }
    wrong = {name: f"{seen[name]}, expected {value}" for name, value in wanted.items() if seen[name] != value}
    assert not wrong, f"{wrong}: {first.result.get('msg')}"
    assert (second.code, second.effect) == (case.again_code, case.again_effect), second.result.get("msg")
    assert second.open_sessions == case.open_sessions, "the second run left a session open"
    for effect in (*case.farm.effect, "activated", "deactivated"):
        assert (first.effect + second.effect).count(effect) <= max(1, (case.effect + case.again_effect).count(effect))
    if case.farm.module == "license" and case.again_code == "ok" and not case.farm.check:
        _check_farm(case, outcome.licenses[case.farm_name])


def _check_farm(case: Case, license_: t.Mapping[str, t.Any]) -> None:
    """The farm is as wanted, says the lab."""
    if case.farm.name == "absent":
        assert license_["state"] == "deactivated"
    else:
        assert (license_["state"], license_["account"]) == ("active", email_of(case))


def _check_decency(seen: Seen) -> None:
    result = seen.result
    # Newer cores put their own placeholder into every failed result.
    assert result.get("exception", _NO_TRACEBACK) == _NO_TRACEBACK
    assert len(json.dumps(result)) < _RESULT_LIMIT
    assert len(result.get("msg", "")) < _MESSAGE_LIMIT
    assert (seen.kind == "ignored") == ("failure" in result)
    if "failure" in result:
        failure = result["failure"]
        assert failure["code"] in REMEDIES
        assert failure["message"].strip()
        assert failure["remedy"].strip()
        assert failure["message"].isprintable()
