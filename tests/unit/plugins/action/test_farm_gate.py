# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action of the gate: what it makes of its options, and what it returns."""

from __future__ import annotations

import json
import pathlib
import typing as t

import pytest
from ansible import constants as C
from ansible_collections.fleetops.parallels_ras.plugins.action import farm_gate
from ansible_collections.fleetops.parallels_ras.tests.unit.support.actions import make
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import KEY, KEY_SHOWN

HOLDS: t.Final = {"farm": {"guid": "{a}"}, "license": {"key": KEY_SHOWN, "type": "PrePaid"}}


@pytest.fixture(autouse=True)
def _run(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test is a run of its own."""
    (tmp_path / "run").mkdir()
    monkeypatch.setattr(C, "DEFAULT_LOCAL_TMP", str(tmp_path / "run"))


def _gate(step: str, host: str, *, check: bool = False, **args: t.Any) -> dict[str, t.Any]:
    return make(farm_gate.ActionModule, {"step": step, "run": "r", "host": host, **args}, check=check).run(None, {})


def _enter(host: str, **args: t.Any) -> dict[str, t.Any]:
    return _gate("enter", host, **{"playing": ["a", "b", "c"], **args})


@pytest.mark.parametrize("check", [False, True])
def test_a_farm_that_failed_holds_the_next_back_in_check_mode_too(check: bool) -> None:
    first = _enter("a", farm="tokyo", check=check)
    assert (first["stop"], first["step"], first["changed"], "failed" in first) == ("", "enter", False, False)
    left = _gate("leave", "a", farm="tokyo", problem="It broke.", check=check)
    assert (left["step"], left["problem"], left["at"] >= first["at"]) == ("leave", "It broke.", True)
    held = _enter("b", check=check)
    assert held["stop"] == "1 farm of this run did not end well (tokyo); ras_max_failed_farms=0."
    assert _enter("c", max_failed_farms=1, check=check)["stop"] == ""


def test_without_a_problem_a_farm_ended_well() -> None:
    _enter("a")
    _gate("leave", "a")
    assert _enter("b")["stop"] == ""


def test_what_the_license_module_returned_is_compared() -> None:
    _enter("a", license_key=KEY)
    _gate("leave", "a", seen=HOLDS)
    result = _enter("b", license_key=KEY)
    assert "not an SPLA key" in result["stop"]
    assert KEY not in json.dumps(result)
    _gate("leave", "b")
    assert "One farm answers" in _enter("c", seen={"farm": {"guid": "A"}, "license": None})["stop"]


@pytest.mark.parametrize(
    "seen",
    [{}, {"skipped": True}, {"farm": None, "license": None}, {"farm": {"guid": 5}, "license": {"key": ["x"]}}],
)
def test_a_result_that_shows_nothing_clashes_with_nothing(seen: dict[str, t.Any]) -> None:
    for host in "ab":
        assert _enter(host, seen=seen, license_key=KEY)["stop"] == ""


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ({"host": 5}, "host must be text"),
        ({"no_new_farm_after": True}, "no_new_farm_after must be text"),
        ({"license_key": 21913025}, "license_key must be text"),
        ({"max_failed_farms": "few"}, "max_failed_farms"),
        ({"step": "wait"}, "enter, leave"),
    ],
)
def test_what_cannot_be_understood_lets_nobody_in(args: dict[str, t.Any], says: str) -> None:
    result = _gate(**{"step": "enter", "host": "a", **args})
    assert (result["failed"], result["failure"]["code"], "stop" in result) == (True, "invalid_option", False)
    assert says in result["msg"]


@pytest.mark.parametrize("name", [True, ["x"], {"a": 1}])
def test_a_name_that_looks_like_something_else_is_only_shown(name: t.Any) -> None:
    """Before ansible-core 2.19 an expression may have made a list of it."""
    _enter("a", farm=name)
    _gate("leave", "a", farm=name, problem="It broke.")
    assert f"({name})" in _enter("b")["stop"]
