# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A farm before and after: what got worse, and nothing else."""

from __future__ import annotations

import copy
import dataclasses
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.dates import read_date
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Broker, Site
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.snapshot import (
    AREAS,
    compare,
    not_compared,
    take,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import (
    active,
    EMAIL,
    expired,
    fresh,
    HERE,
    PRIVATE_EMAIL,
    TODAY,
    trial,
)

OLD: t.Final = "20.2.0.26050"
NEW: t.Final = "21.2.0.28000"


def agent(**changes: t.Any) -> dict[str, t.Any]:
    values: dict[str, t.Any] = {"server": "rds1", "kind": "rds_host", "state": "OK", "version": OLD}
    return Agent(**{**values, **changes}).as_dict()


def service(name: str, status: str) -> dict[str, str]:
    return {"name": name, "display_name": name, "status": status, "start_type": "Automatic"}


READING: t.Final[dict[str, t.Any]] = {
    "license": active().as_dict(TODAY),
    "farm": HERE.as_dict(),
    "sites": [Site(1, "main", True), Site(2, "branch", False)],
    "brokers": [Broker(1, "cb1", None, 1, 0, True), Broker(2, "cb2", None, 1, 1, True)],
    "agents": [agent(), agent(server="cb1", kind="broker"), agent(server="Site", kind="logical")],
    "services": [service("RAS Connection Broker", "Running"), service("RAS Secure Gateway", "Stopped")],
}


def taken(**changes: t.Any) -> dict[str, t.Any]:
    return take(**{**READING, **changes})


def worse(before: dict[str, t.Any], after: dict[str, t.Any], **options: t.Any) -> list[tuple[str, str]]:
    """The places of the differences, each of which has both values and a sentence."""
    found = compare(before, after, **options)
    for each in found:
        assert set(each) == {"area", "item", "before", "after", "text"}
        assert each["text"].endswith(".")
    return [(each["area"], each["item"]) for each in found]


def test_a_farm_that_is_as_before() -> None:
    assert worse(taken(), taken()) == []
    assert not_compared(taken(), taken()) == []
    assert set(taken()) == set(AREAS)


def test_rows_as_modules_return_them_are_the_same() -> None:
    rows = {name: [dataclasses.asdict(each) for each in READING[name]] for name in ("sites", "brokers")}
    assert taken(**rows) == taken()


@pytest.mark.parametrize(
    ("before", "after", "items"),
    [
        pytest.param(active(), fresh(account_email=EMAIL), ["status"], id="lost"),
        pytest.param(active(), trial(), ["status"], id="a trial"),
        pytest.param(active(), expired(), ["status", "expires"], id="expired"),
        pytest.param(trial(), fresh(account_email=EMAIL), ["status"], id="the trial is gone"),
        pytest.param(active(), active(status="unreadable"), ["status"], id="unreadable"),
        pytest.param(active(), active(users_licensed=49), ["users"], id="fewer users"),
        pytest.param(active(), active(expires=read_date("22/03/2027")), ["expires"], id="an earlier end"),
        pytest.param(active(), active(needs_attention=True), ["needs_attention"], id="attention"),
        pytest.param(active(needs_attention=True), active(needs_attention=True), [], id="attention as before"),
        pytest.param(trial(), active(users_licensed=1), [], id="licensed now"),
        pytest.param(active(), active(users_licensed=500, expires=read_date("23/03/2030")), [], id="better"),
        pytest.param(active(), active(users_licensed=None, expires=None), [], id="less reported"),
        pytest.param(active(), active(expires=read_date("03/04/2026")), [], id="a date that can be read twice"),
    ],
)
def test_license(before: t.Any, after: t.Any, items: list[str]) -> None:
    had, has = (taken(license=each.as_dict(TODAY)) for each in (before, after))
    assert worse(had, has) == [("license", item) for item in items]


@pytest.mark.parametrize(
    ("before", "after", "expected", "found"),
    [
        (EMAIL, PRIVATE_EMAIL, None, True),
        (EMAIL, None, None, True),
        (EMAIL, f" {EMAIL.upper()} ", None, False),
        (None, EMAIL, None, False),
        (PRIVATE_EMAIL, EMAIL, EMAIL, False),
        (PRIVATE_EMAIL, EMAIL, "third@example.com", True),
        (EMAIL, None, EMAIL, True),
    ],
)
def test_account(before: str | None, after: str | None, expected: str | None, found: bool) -> None:
    had, has = (taken(license=active(account_email=each).as_dict(TODAY)) for each in (before, after))
    assert worse(had, has, expected_account=expected) == ([("account", "email")] if found else [])


def test_another_farm_answers() -> None:
    assert worse(taken(), taken(farm={"guid": "{other}"})) == [("farm", "guid")]
    assert worse(taken(), taken(farm={"guid": str(HERE.guid).upper()})) == []
    assert worse(taken(farm={}), taken()) == []


def test_sites_and_brokers_that_are_gone() -> None:
    has = taken(sites=READING["sites"][:1], brokers=READING["brokers"][:1])
    assert worse(taken(), has) == [("sites", "2"), ("brokers", "cb2")]
    assert worse(has, taken()) == []


def test_a_promotion_meanwhile_and_a_broker_that_was_disabled() -> None:
    promoted = [Broker(1, "CB1", None, 1, 1, True), Broker(2, "cb2", None, 1, 0, True)]
    assert worse(taken(), taken(brokers=promoted)) == [("brokers", "cb1")]
    disabled = [READING["brokers"][0], Broker(2, "cb2", None, 1, 1, False)]
    assert worse(taken(), taken(brokers=disabled)) == [("brokers", "cb2")]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        pytest.param({}, None, True, id="gone"),
        pytest.param({"kind": "guest"}, None, False, id="a guest that is gone"),
        pytest.param({}, {"state": "ConnectionFailed"}, True, id="not well"),
        pytest.param({}, {"state": None}, True, id="shows nothing"),
        pytest.param({}, {"state": "Synchronising"}, True, id="not done"),
        pytest.param({}, {"state": "LogonDrain"}, True, id="left drained"),
        pytest.param({"state": "LogonDrain"}, {"state": "OK"}, False, id="undrained"),
        pytest.param({"state": "LogonDrain"}, {"state": "LogonDisabled"}, False, id="out of service as before"),
        pytest.param({"state": "LogonDrain"}, {"state": "Broken"}, True, id="drained, then broken"),
        pytest.param({"state": "Broken"}, {"state": "ConnectionFailed"}, False, id="not well before"),
        pytest.param({}, {"version": NEW}, False, id="a newer version"),
        pytest.param({"version": NEW}, {"version": OLD}, True, id="an older version"),
    ],
)
def test_agents(before: dict[str, t.Any], after: dict[str, t.Any] | None, found: bool) -> None:
    rest = [agent(server="cb1", kind="broker")]
    had = taken(agents=[*rest, agent(**before)])
    has = taken(agents=[*rest, *([agent(**{**before, **after})] if after is not None else [])])
    item = f"rds1 ({before.get('kind', 'rds_host')})"
    assert worse(had, has) == ([("agents", item)] if found else [])


@pytest.mark.parametrize(
    ("kind", "before", "after", "found"),
    [
        ("rds_host", OLD, "21.2.28000", False),
        ("rds_host", OLD, OLD, True),
        ("rds_host", OLD, None, True),
        ("gateway", "22.0.0.30000", "22.0.0.30000", False),
        ("gateway", OLD, "22.0.0.30000", True),
        ("provider", OLD, OLD, False),
    ],
)
def test_agents_must_have_the_expected_version(kind: str, before: str, after: str | None, found: bool) -> None:
    had, has = (taken(agents=[agent(kind=kind, version=each)]) for each in (before, after))
    assert worse(had, has, expected_version=NEW) == ([("agents", f"rds1 ({kind})")] if found else [])
    assert worse(had, has) == []


def test_an_agent_that_is_new_must_have_the_expected_version_too() -> None:
    had, has = taken(agents=[]), taken(agents=[agent()])
    assert worse(had, has, expected_version=NEW) == [("agents", "rds1 (rds_host)")]
    assert worse(taken(agents=None), has, expected_version=NEW) == [("agents", "rds1 (rds_host)")]


@pytest.mark.parametrize("now", ["Stopped", "StartPending", None])
def test_a_service_that_ran_before(now: str | None) -> None:
    rows = [service("RAS Connection Broker", now)] if now else []
    assert worse(taken(), taken(services=rows)) == [("services", "RAS Connection Broker")]
    assert worse(taken(services=rows), taken()) == []


def test_a_service_that_ran_and_cannot_be_queried_now_is_not_gone() -> None:
    rows = [{**service("RAS Connection Broker", "Running"), "status": None}]
    (found,) = compare(taken(), taken(services=rows))
    assert "in a state that is not known" in found["text"]
    assert worse(taken(services=rows), taken(services=rows)) == []


@pytest.mark.parametrize("area", ["license", "farm", "sites", "brokers", "agents", "services"])
def test_what_was_not_read_is_not_compared_and_named(area: str) -> None:
    expected = ["license", "account"] if area == "license" else [area]
    for had, has in ((taken(**{area: None}), taken()), (taken(), taken(**{area: None}))):
        assert not_compared(had, has) == expected
        assert worse(had, has) == []


def test_nothing_that_was_read_is_not_nothing_read() -> None:
    assert worse(taken(), taken(agents=[])) == [("agents", "rds1 (rds_host)"), ("agents", "cb1 (broker)")]
    assert not_compared(taken(), taken(agents=[])) == []


@pytest.mark.parametrize(
    ("exclude", "left"),
    [
        ([], [("license", "users"), ("agents", "cb1 (broker)"), ("services", "RAS Connection Broker")]),
        (["license", "agents"], [("services", "RAS Connection Broker")]),
        (["services:RAS Connection Broker", "license:users"], [("agents", "cb1 (broker)")]),
    ],
)
def test_excludes(exclude: list[str], left: list[tuple[str, str]]) -> None:
    has = taken(license=active(users_licensed=1).as_dict(TODAY), agents=[agent()], services=[])
    assert worse(taken(), has, exclude=exclude) == left


def test_an_excluded_area_is_not_held_to_a_version() -> None:
    assert worse(taken(), taken(), exclude=["agents"], expected_version=NEW) == []


def test_the_input_is_not_changed() -> None:
    had, has = taken(), taken(agents=[])
    copies = copy.deepcopy((had, has))
    compare(had, has, expected_version=NEW)
    assert (had, has) == copies
