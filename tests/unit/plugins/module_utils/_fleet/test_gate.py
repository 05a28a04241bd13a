# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a farm may start when its turn comes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.gate import (
    ask,
    failed_farms,
    may_start,
    Run,
    Step,
    too_late,
    Turn,
)
from hypothesis import given
from hypothesis import strategies as st

NOW: t.Final = dt.datetime(2026, 11, 24, 8, 0)
KEY: t.Final = "AAAAAA-ME1234-BBBBBB-B91234-CV55K2"
SHOWN: t.Final = "****-ME****-****-B9****-CV55K2"
STEPS: t.Final[tuple[Step, ...]] = ("started", "well", "failed", "held")


def _run(**changes: t.Any) -> Run:
    given_: dict[str, t.Any] = {"planned": (), "playing": (), "most_failed": 0, "not_after": "", "now": NOW}
    return Run(**{**given_, **changes})


def _turn(host: str, step: Step = "well", **more: t.Any) -> Turn:
    return Turn(host=host, farm=more.pop("farm", f"farm-{host}"), step=step, **more)


@pytest.mark.parametrize(("failed", "allowed", "may"), [(0, 0, True), (1, 0, False), (1, 1, True), (2, 1, False)])
def test_a_farm_starts_only_while_few_farms_failed(failed: int, allowed: int, may: bool) -> None:
    why_not = may_start([f"farm{number}" for number in range(failed)], allowed)
    assert (why_not is None) is may
    if why_not:
        assert "farm0" in why_not
        assert f"ras_max_failed_farms={allowed}" in why_not


def test_many_failed_farms_are_not_all_named() -> None:
    why_not = may_start([f"farm{number}" for number in range(9)], 0) or ""
    assert "9 farms" in why_not
    assert "farm4 and more" in why_not
    assert "farm5" not in why_not


@pytest.mark.parametrize(
    ("not_after", "says"),
    [
        ("", None),
        ("  ", None),
        ("2026-11-24 08:01", None),
        ("2026-11-24 08:00", None),
        ("2026-11-24 07:59", "it is 2026-11-24 08:00, after ras_no_new_farm_after=2026-11-24 07:59."),
        ("07:59", "expected YYYY-MM-DD HH:MM, observed '07:59'"),
        ("tomorrow", "is not a time"),
    ],
)
def test_no_farm_starts_after_a_time(not_after: str, says: str | None) -> None:
    seen = too_late(not_after, NOW)
    assert (seen is None) == (says is None)
    assert says is None or (seen is not None and says in seen)
    stop, step = ask(_turn("a"), None, [], _run(not_after=not_after))
    assert (stop == "", step) == (says is None, "held" if says else "started")


@pytest.mark.parametrize(
    ("turn", "playing", "counts"),
    [
        (_turn("b", "well"), (), False),
        (_turn("b", "failed"), (), True),
        (_turn("b", "failed"), ("b",), True),
        (_turn("b", "started"), ("b",), False),
        (_turn("b", "started"), ("c",), True),
        (_turn("b", "held"), (), False),
    ],
    ids=["ended well", "failed", "failed and in the play", "at work", "lost", "held back because of others"],
)
def test_which_farms_have_failed(turn: Turn, playing: tuple[str, ...], counts: bool) -> None:
    run = _run(playing=playing)
    assert failed_farms([turn], run) == (["farm-b"] if counts else [])
    stop, step = ask(_turn("a"), None, [turn], run)
    assert (bool(stop), step) == (counts, "held" if counts else "started")
    assert stop == "" or stop == "1 farm of this run did not end well (farm-b); ras_max_failed_farms=0."


def test_a_farm_whose_turn_is_over_and_of_which_nothing_is_recorded_has_failed() -> None:
    """It dropped out before it could say anything: nobody knows how it is. One whose turn is to come is in the play."""
    run = _run(planned=("b", "c", "d", "a"), playing=("a", "d"))
    assert failed_farms([_turn("c", "held")], run) == ["b"]
    assert "(b)" in ask(_turn("a"), None, [_turn("c", "well")], run)[0]
    assert ask(_turn("a"), None, [_turn("b"), _turn("c")], run) == ("", "started")


def test_the_farm_itself_does_not_count() -> None:
    assert ask(_turn("a"), None, [_turn("a", "failed"), _turn("a", "started")], _run()) == ("", "started")


def test_what_another_farm_has_shown_holds_a_farm_back_and_counts() -> None:
    """One that was not tried has shown nothing."""
    same = {"guid": "{AA-1}"}
    stop, step = ask(_turn("a", **same), None, [_turn("b", guid="aa-1")], _run())
    assert "One farm answers for several inventory hosts" in stop
    assert step == "failed"
    assert ask(_turn("a", guid=None), None, [_turn("b", guid=None)], _run()) == ("", "started")


@pytest.mark.parametrize(
    ("other", "stops"),
    [
        ({"wants": "x", "key_shown": SHOWN, "type_name": "PrePaid"}, True),
        ({"wants": "x", "key_shown": SHOWN, "type_name": "PostPaid"}, False),
        ({"wants": "x", "key_shown": SHOWN, "type_name": None}, False),
        ({"wants": "x", "key_shown": None, "type_name": "PrePaid"}, False),
        ({"wants": "x", "key_shown": "****-OTHERS", "type_name": "PrePaid"}, False),
        ({"wants": "y", "key_shown": SHOWN, "type_name": "PrePaid"}, False),
        ({"wants": None, "key_shown": SHOWN, "type_name": "PrePaid"}, False),
    ],
    ids=["prepaid", "SPLA", "type not known", "key not shown", "another key", "wants another", "wants none"],
)
def test_a_key_that_is_not_for_many_holds_the_next_farm_back(other: dict[str, t.Any], stops: bool) -> None:
    stop, step = ask(_turn("a", wants="x"), KEY, [_turn("b", **other)], _run())
    assert (bool(stop), step) == (stops, "failed" if stops else "started")
    assert KEY not in stop
    assert ask(_turn("a"), None, [_turn("b", **other)], _run()) == ("", "started")


TURNS: t.Final = st.lists(
    st.builds(
        Turn,
        host=st.sampled_from("abcdefgh"),
        farm=st.sampled_from("ABCDEFGH"),
        step=st.sampled_from(STEPS),
        wants=st.sampled_from([None, "x", "y"]),
        guid=st.sampled_from([None, "1", "{1}", "2"]),
        key_shown=st.sampled_from([None, SHOWN, "****-OTHERS"]),
        type_name=st.sampled_from([None, "PrePaid", "PostPaid"]),
    ),
    unique_by=lambda turn: turn.host,
    max_size=8,
)
HOSTS: t.Final = st.sets(st.sampled_from("abcdefgh"))


@given(TURNS, HOSTS, HOSTS, st.integers(0, 3), st.randoms())
def test_any_ledger(turns: list[Turn], planned: set[str], playing: set[str], most: int, chance: t.Any) -> None:
    run = _run(planned=sorted(planned), playing=playing, most_failed=most)
    me = _turn("me", wants="x", guid="3")
    stop, step = ask(me, KEY, turns, run)
    known = {turn.host: turn for turn in turns}
    bad = {
        host
        for host in {*known, *planned}
        if (host not in known and host not in playing)
        or (host in known and known[host].step == "failed")
        or (host in known and known[host].step == "started" and host not in playing)
    }
    # Too many failures hold back whatever else is known; the order of the ledger does not matter.
    assert (step == "held") == (len(bad) > most)
    assert (stop == "") == (step == "started")
    shuffled = list(turns)
    chance.shuffle(shuffled)
    assert ask(me, KEY, shuffled, run)[1] == step
    # One failure more never lets a farm in, and one farm that ended well never holds one back.
    worse = [*turns, _turn("i", "failed")]
    assert step == "started" or ask(me, KEY, worse, run)[1] != "started"
    assert ask(me, KEY, [*turns, _turn("i", "well")], run)[1] == step


class Fleet:
    """A run of one wave as a strategy would do it: farms start in order, as many at a time as there are forks."""

    def __init__(self, ends: t.Sequence[str], most: int) -> None:
        self.ends, self.most = list(ends), most
        self.playing = {str(number) for number in range(len(ends))}
        self.turns: dict[str, Turn] = {}
        self.starts: list[tuple[str, int]] = []

    def enter(self, host: str) -> bool:
        """Whether the farm may start."""
        run = _run(playing=self.playing, most_failed=self.most)
        failed = len(failed_farms([*self.turns.values()], run))
        stop, step = ask(_turn(host), None, [*self.turns.values()], run)
        self.turns[host] = _turn(host, step)
        if not stop:
            self.starts.append((host, failed))
        return not stop

    def end(self, host: str) -> None:
        """The farm leaves as it is to, or is lost and says nothing."""
        how = self.ends[int(host)]
        if how == "lost":
            self.playing.discard(host)
        else:
            self.turns[host] = dataclasses.replace(self.turns[host], step=t.cast("Step", how))


@given(
    st.lists(st.sampled_from(["well", "well", "failed", "lost"]), max_size=12),
    st.integers(1, 5),
    st.integers(0, 3),
    st.randoms(use_true_random=False),
)
def test_no_farm_starts_once_too_many_failed_whatever_the_order(
    ends: list[str], forks: int, most: int, chance: t.Any
) -> None:
    fleet = Fleet(ends, most)
    waiting, at_work = sorted(fleet.playing, key=int), []
    while waiting or at_work:
        if waiting and len(at_work) < forks:
            host = waiting.pop(0)
            if fleet.enter(host):
                at_work.append(host)
        else:
            fleet.end(at_work.pop(chance.randrange(len(at_work))))
    assert all(failed <= most for _host, failed in fleet.starts)
    bad = sum(ends[int(host)] != "well" for host, _failed in fleet.starts)
    # What was at work when the last failure came in went on: not more than the other forks.
    assert bad <= most + forks
    assert len(fleet.starts) == len(ends) or bad > most
    if forks == 1:
        assert bad <= most + 1
