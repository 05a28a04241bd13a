# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each judge sees what it is for, and nothing in a run that went well."""

from __future__ import annotations

import copy
import typing as t
from dataclasses import asdict

import pytest

from harness.worlds import host_of, PASSWORD, SPLA_KEY
from raslab.quirks import Quirks
from raslab.secrecy import mask_key
from simulation.history import History, Wanted
from simulation.judges import announced, judge, JUDGES
from simulation.people import OURS, STRANGER
from simulation.play import Played, Seen
from simulation.stage import KILLED, Ran

_LICENSE: t.Final = {"state": "active", "account": OURS, "key": mask_key(SPLA_KEY), "ever_paid": True}
_NONE: t.Final = {"state": "none", "account": None, "key": None, "ever_paid": False}


def _farm(license_: dict[str, t.Any]) -> dict[str, t.Any]:
    truth = {"license": dict(license_), "settings_pending": False, "quirks": asdict(Quirks()), "faults": []}
    return {**truth, "hosts": [], "clock": None}


def _row(farm: str, state: str, code: str | None = None, changed: bool = False) -> dict[str, t.Any]:
    words = {"message": "It is so.", "remedy": "Do something."} if code else {"message": "", "remedy": ""}
    return {"farm": farm, "state": state, "code": code, "changed": changed, **words}


def _entry(farm: str, op: str, status: int = 200, **more: t.Any) -> dict[str, t.Any]:
    entry = {"farm": farm, "host": f"cb1.{farm}.example.com", "op": op, "status": status, "protocol": "rest"}
    return {**entry, "check": False, "effect": None, "fault": None, **more}


def _attempt(farm: str, result: str = "accepted", key: str | None = "****") -> dict[str, t.Any]:
    return {"farm": farm, "email": OURS, "action": "activate", "key": key, "result": result}


def _history() -> History:
    wanted = {farm: Wanted([OURS], SPLA_KEY) for farm in ("tokyo", "osaka", "kobe")}
    farms = [{"name": farm} for farm in wanted]
    world = {"vault": {"ras_account_password": PASSWORD}, "farms": farms, "inventory_vars": {}}
    return History(1, world, wanted, [])


def _seen(playbook: str = "activate", check: bool = False) -> Seen:
    """A run that activated one farm and found the others as they should be."""
    before = {"farms": {"tokyo": _farm(_NONE), "osaka": _farm(_LICENSE), "kobe": _farm(_LICENSE)}}
    after = copy.deepcopy(before)
    after["farms"]["tokyo"] = _farm(_LICENSE)
    rows = [_row("tokyo", "changed", changed=True), _row("osaka", "ok"), _row("kobe", "ok")]
    journal = [_entry(farm, "logon") for farm in after["farms"]] + [_entry("tokyo", "activate", effect="activated")]
    ran = Ran(0, "PLAY RECAP", [{"kind": "stats", "custom": {"ras_farms": rows}}], 1.0)
    move = {"do": "run", "playbook": playbook, "check": check, "limit": []}
    return Seen(move, ran, before, after, journal, [_attempt("tokyo")], [], set(), False)


def _rows(seen: Seen) -> list[dict[str, t.Any]]:
    return t.cast("list[dict[str, t.Any]]", seen.ran.records[0]["custom"]["ras_farms"])


def _judges(seen: Seen, history: History | None = None) -> set[str]:
    return {name for name, rule in JUDGES.items() if list(rule(history or _history(), seen))}


def test_a_run_that_went_well_breaks_no_rule() -> None:
    assert _judges(_seen()) == set()


def test_an_account_that_is_refused_twice() -> None:
    seen = _seen()
    seen.attempts = [_attempt("tokyo", "credentials_rejected"), _attempt("osaka", "locked")]
    assert _judges(seen) == {"one_wrong_password"}


def test_an_administrator_who_is_refused_three_times() -> None:
    seen = _seen()
    seen.journal += [_entry(farm, "logon", 401) for farm in ("tokyo", "osaka", "kobe")]
    assert _judges(seen) == {"one_wrong_password"}


def test_a_second_attempt_after_words_that_nobody_knows() -> None:
    seen, history = _seen(), _history()
    history.moves = [{"do": "fault", "farm": "tokyo", "fault": {"message": "The key is fine. Sign-in failed."}}]
    seen.journal = [_entry("tokyo", "activate", 400, fault="vendor_text"), _entry("osaka", "activate", 400)]
    assert _judges(seen, history) == {"two_refusals"}
    history.moves[0]["fault"]["message"] = "THE LICENSE KEY IS INVALID!"
    assert _judges(seen, history) == set()
    seen.journal = [_entry("tokyo", "activate", 400), _entry("osaka", "activate", 400, fault="vendor_text")]
    assert _judges(seen) == set()
    seen.journal += [_entry("kobe", "activate", 400)]
    assert _judges(seen) == {"two_refusals"}


def test_check_mode_that_writes() -> None:
    assert _judges(_seen(check=True)) == {"check_writes_nothing"}


def test_a_paid_license_that_is_activated_without_a_key() -> None:
    seen = _seen()
    seen.attempts.append(_attempt("osaka", key=None))
    assert _judges(seen) == {"no_license_is_lost"}


@pytest.mark.parametrize("how", ["unmanaged", "limit"])
def test_a_farm_that_nobody_asked_for(how: str) -> None:
    seen, history = _seen(), _history()
    if how == "unmanaged":
        history.wanted["kobe"].managed = False
    else:
        seen.move["limit"] = ["tokyo", "osaka"]
        _rows(seen).pop()
    assert _judges(seen, history) == {"no_license_is_lost"}


def test_a_farm_that_is_signed_in_with_a_stranger() -> None:
    seen = _seen()
    seen.after["farms"]["tokyo"]["license"]["account"] = STRANGER
    assert _judges(seen) == {"no_license_is_lost", "as_wanted"}


def test_settings_and_sessions_of_others() -> None:
    seen = _seen()
    seen.before["farms"]["kobe"]["settings_pending"] = True
    assert _judges(seen) == {"settings_of_others"}
    seen = _seen()
    seen.sessions = [{"farm": "kobe"}]
    assert _judges(seen) == {"settings_of_others"}


@pytest.mark.parametrize("code", [1, 4, 250])
def test_an_exit_code_that_is_none(code: int) -> None:
    seen = _seen()
    seen.ran.code = code
    assert _judges(seen) == {"what_the_exit_code_says"}


@pytest.mark.parametrize("said", ["Traceback (most recent call last)", "'ras_x' is undefined", "internal_error"])
def test_words_that_nobody_may_see(said: str) -> None:
    seen = _seen()
    seen.ran.shown += said
    assert _judges(seen) == {"what_the_exit_code_says"}


@pytest.mark.parametrize("how", ["missing", "twice", "no code", "no remedy", "green", "red"])
def test_a_table_that_does_not_say_how_each_farm_ended(how: str) -> None:
    seen = _seen()
    rows = _rows(seen)
    if how == "missing":
        rows.pop()
    elif how == "twice":
        rows.append(_row("kobe", "ok"))
    elif how == "no code":
        rows[2].update(_row("kobe", "failed"))
    elif how == "no remedy":
        seen.ran.code = 2
        rows[2].update(_row("kobe", "failed", "bad_answer"), remedy="")
    elif how == "green":
        rows[2].update(_row("kobe", "failed", "bad_answer"))
    else:
        seen.ran.code = 2
    assert _judges(seen) == {"what_the_exit_code_says"}


@pytest.mark.parametrize("change", [{"state": "trial"}, {"account": STRANGER}, {"key": "****-11K2QQ"}])
def test_a_farm_that_is_reported_as_done_and_is_not(change: dict[str, t.Any]) -> None:
    seen = _seen()
    for state in (seen.before, seen.after):
        state["farms"]["kobe"]["license"].update(change)
    assert _judges(seen) == {"as_wanted"}
    drift = _seen("drift")
    drift.before = drift.after = seen.after
    drift.journal, drift.attempts = [], []
    assert _judges(drift) == {"drift_is_never_falsely_green"}


def test_a_farm_that_cannot_be_understood_is_not_green() -> None:
    history = _history()
    history.wanted["osaka"].readable = False
    assert _judges(_seen(), history) == {"as_wanted"}


def test_a_secret_that_is_shown() -> None:
    seen = _seen()
    seen.ran.shown += PASSWORD
    assert _judges(seen) == {"nothing_leaks"}


def test_a_farm_that_is_asked_without_end() -> None:
    seen = _seen()
    seen.journal += [_entry("kobe", "license")] * 100
    assert _judges(seen) == {"bounds"}


def test_what_is_announced_and_not_done() -> None:
    check, done = _seen(check=True), _seen()
    assert announced(Played(_history(), [check, done])) == []
    _rows(check)[1].update(changed=True)
    assert [each.judge for each in announced(Played(_history(), [check, done]))] == ["announced"]
    # Somebody else came between.
    done.moved = True
    assert announced(Played(_history(), [check, done])) == []


def test_a_fleet_that_never_comes_to_rest() -> None:
    last = _seen()
    last.is_last = True
    assert [each.judge for each in judge(Played(_history(), [last]))] == ["at the end"]
    _rows(last)[0].update(_row("tokyo", "ok"))
    assert judge(Played(_history(), [last])) == []
    assert [each.judge for each in judge(Played(_history(), [last], [{"text": "a path"}]))] == ["modeled"]


def test_a_run_that_was_killed_says_nothing_and_leaves_sessions() -> None:
    seen = _seen()
    seen.ran = Ran(KILLED, "PLAY [Plan]")
    seen.sessions = [{"farm": "tokyo"}]
    assert _judges(seen) == set()
    seen.ran = Ran(KILLED, "Traceback (most recent call last)")
    assert _judges(seen) == {"what_the_exit_code_says"}


def test_an_expired_license_is_not_as_wanted() -> None:
    seen = _seen()
    seen.after["farms"]["osaka"]["license"]["expires"] = "2025-01-31"
    assert _judges(seen) == {"as_wanted"}
    seen.after["farms"]["osaka"]["quirks"]["date_order"] = "mdy"
    assert _judges(seen) == set()


def test_a_farm_that_shows_neither_account_nor_a_known_key() -> None:
    seen, history = _seen(), _history()
    truth = seen.after["farms"]["osaka"]
    truth["quirks"]["pa_fields"] = "absent"
    history.over[host_of("osaka")] = {"ras_on_account_unknown": "fail"}
    assert _judges(seen, history) == set()
    for state in (seen.before, seen.after):
        state["farms"]["osaka"]["license"]["key"] = "****"
    history.over[host_of("osaka")]["ras_on_key_mismatch"] = "ignore"
    assert _judges(seen, history) == {"as_wanted"}
    history.over[host_of("osaka")]["ras_on_account_unknown"] = "warn"
    assert _judges(seen, history) == set()
