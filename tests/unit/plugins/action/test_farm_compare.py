# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two readings of one farm, as modules return them: what is worse, what is missing, and what was not compared."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.action import farm_compare
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent
from ansible_collections.fleetops.parallels_ras.tests.unit.support.actions import make
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import active, TODAY

SERVICE: t.Final = {"name": "RAS X", "display_name": "RAS X", "status": "Running", "start_type": "Automatic"}
BEFORE: t.Final = {"license": active().as_dict(TODAY), "services": [SERVICE]}
AFTER: t.Final = {"license": active(users_licensed=1).as_dict(TODAY), "services": []}
NEW: t.Final = "21.2.28000"
HOST: t.Final = {"version": NEW, "installer_running": False, "installed": True, "services": [SERVICE]}


def _compared(after: t.Any, before: t.Any, **args: t.Any) -> dict[str, t.Any]:
    return make(farm_compare.ActionModule, {"before": before, "after": after, **args}).run(None, {})


def test_what_is_worse_and_what_was_not_compared() -> None:
    outcome = _compared(AFTER, BEFORE)
    assert [(each["area"], each["item"]) for each in outcome["worse"]] == [("license", "users"), ("services", "RAS X")]
    assert outcome["not_compared"] == ["farm", "sites", "brokers", "agents"]
    assert (outcome["missing"], outcome["changed"], "failed" in outcome) == ([], False, False)


@pytest.mark.parametrize("exclude", ["license", ["license"]])
def test_excludes(exclude: t.Any) -> None:
    outcome = _compared(AFTER, BEFORE, exclude=exclude)
    assert [each["area"] for each in outcome["worse"]] == ["services"]
    assert "farm" in outcome["not_compared"]
    assert _compared({}, {}, exclude=["farm"])["not_compared"][0] == "license"


def test_a_farm_as_before() -> None:
    assert _compared(BEFORE, BEFORE)["worse"] == []


def test_the_wanted_account_and_version() -> None:
    agents = [Agent("cb1", "broker", state="OK", version="20.2.0.26050").as_dict()]
    before = {"license": active(account_email="old@example.com").as_dict(TODAY), "agents": agents}
    after = {"license": active(account_email="new@example.com").as_dict(TODAY), "agents": agents}
    options = {"expected_account": "new@example.com", "expected_version": NEW}
    assert [each["area"] for each in _compared(after, before, **options)["worse"]] == ["agents"]
    assert [each["area"] for each in _compared(after, before)["worse"]] == ["account"]


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({}, ""),
        ({"version": "20.2.26050"}, "observed 20.2.26050"),
        ({"installer_running": None}, "not known"),
        ({"services": [{**SERVICE, "status": "Stopped"}]}, "RAS X is Stopped"),
    ],
)
def test_what_the_licensing_server_lacks(changes: dict[str, t.Any], part: str) -> None:
    missing = _compared(BEFORE, BEFORE, host={"host": {**HOST, **changes}}, expected_version=NEW)["missing"]
    assert bool(missing) is bool(part)
    assert part in " ".join(missing)


def test_a_licensing_server_that_could_not_be_read_lacks_what_is_not_known() -> None:
    failed = {"failure": {"code": "host_unreachable", "message": "The connection failed."}}
    assert _compared(BEFORE, BEFORE, host=failed, expected_version=NEW)["missing"] == ["The connection failed."]
    assert _compared(BEFORE, BEFORE, host=failed, expected_version=NEW, exclude=["services"])["missing"] == []


@pytest.mark.parametrize(
    ("after", "before", "exclude"),
    [
        ({}, {}, ["lisence"]),
        ({}, {"unheard": 1}, []),
        ({"sites": [{}]}, {}, []),
        ({"license": "x"}, {}, []),
        (None, {}, []),
        ({"agents": [None]}, {}, []),
    ],
)
def test_a_mistake_is_one_sentence(after: t.Any, before: t.Any, exclude: t.Any) -> None:
    failure = _compared(after, before, exclude=exclude)["failure"]
    assert (failure["code"], failure["observed"]) == ("invalid_option", None)
