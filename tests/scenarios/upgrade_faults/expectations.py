# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every case must keep, whatever its row says, and what its row says."""

from __future__ import annotations

import collections
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES

from counts import count
from harness.rollouts import FULL_VERSION
from harness.upgrades import done_twice

from .fleet import email_of, Outcome, Seen
from .matrix import Case, load, Matrix

MATRIX: t.Final[Matrix] = load()
_MESSAGE_LIMIT: t.Final = 2_000
_ALREADY_RUNNING: t.Final = 1618
_MOST_ATTEMPTS: t.Final = 5
_INSTALLING: t.Final = ("host_install", "install", "push")


def params(steps: t.Container[str]) -> list[t.Any]:
    """The cases of these steps as parameters; those that only the whole matrix has are marked."""
    selection = MATRIX.selection()
    return [
        pytest.param(case, id=case.id, marks=[] if case in selection else [pytest.mark.full])
        for case in MATRIX.cases
        if case.step in steps
    ]


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
    count("fault", f"upgrade: {case.id}")
    first, second = outcome.with_faults[case.id], outcome.without[case.id]
    said = f"{first.row['message']} {first.row['remedy']}"
    seen = (first.row["state"], first.code, first.upgraded)
    assert seen == (case.state, case.code, case.upgraded), said
    # A point that the run does not come to would make a row that cannot fail.
    assert [each for each in first.truth["faults"] if not _has_met(each)] == []
    assert [words for words in case.says if words not in said] == [], said
    for run in (first, second):
        _check_report(run)
        _check_once(run)
    assert done_twice([*first.journal, *second.journal]) == set()
    _check_nothing_needless(first.truth, second)
    _check_end(case, second)


def _has_met(fault: t.Mapping[str, t.Any]) -> bool:
    return fault["due"] if fault["kind"] == "refuse" else fault["fired"] > 0


def _check_report(run: Seen) -> None:
    """A farm that is not as wanted says what it is and what to do."""
    if run.row["code"]:
        assert run.row["code"] in REMEDIES
        assert run.row["message"].strip()
        assert run.row["remedy"].strip()
        assert len(run.row["message"]) < _MESSAGE_LIMIT
        assert "Traceback" not in run.row["message"]


def _check_once(run: Seen) -> None:
    """In one run each host is installed on once at most, and each agent pushed once at most, whatever becomes of it."""
    asked = collections.Counter((each["op"], each["host"]) for each in run.journal if each["op"] in ("install", "push"))
    busy = collections.Counter((each["op"], each["host"]) for each in run.journal if each["status"] == _ALREADY_RUNNING)
    assert {key: number for key, number in (asked - busy).items() if number > 1} == {}
    assert max(busy.values(), default=0) <= _MOST_ATTEMPTS


def _check_nothing_needless(before: t.Mapping[str, t.Any], run: Seen) -> None:
    """A host that has the version is left alone."""
    done = {host["name"] for host in before["hosts"] if host["agent_version"] == FULL_VERSION}
    assert [
        (each["op"], each["host"]) for each in run.journal if each["op"] in _INSTALLING and each["host"] in done
    ] == []


def _check_end(case: Case, run: Seen) -> None:
    """Without the fault the same command brings the farm to its end, says the lab."""
    assert (run.row["state"] in ("ok", "changed"), run.upgraded) == (True, "all"), run.row["message"]
    license_ = run.truth["license"]
    assert (license_["state"], license_["account"]) == ("active", email_of(case))
    assert [host["name"] for host in run.truth["hosts"] if not host["enabled"]] == []
    assert {host["agent_state"] for host in run.truth["hosts"]} == {"OK"}
    assert [host["name"] for host in run.truth["hosts"] if host["windows"]["pending_reboot"]] == []
