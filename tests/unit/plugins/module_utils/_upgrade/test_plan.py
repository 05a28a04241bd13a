# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a host is upgraded, and what must hold before."""

from __future__ import annotations

import datetime as dt
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.plan import (
    HostState,
    plan_upgrade,
    UpgradePlan,
    UpgradeWanted,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import TODAY
from hypothesis import event, given
from hypothesis import strategies as st

OLD: t.Final = "20.2.26050"
NEW: t.Final = "21.2.28000"
GIB: t.Final = 2**30
BROKER: t.Final = "RAS Connection Broker"
CHECKS: t.Final = {
    *("product", "version", "path", "life_cycle", "license_support", "pending_reboot", "installer", "disk"),
    *("sessions", "services", "agents", "auto_promotion", "backup_target"),
}
INSTALLATION_ONLY: t.Final = {
    *("path", "pending_reboot", "installer", "disk", "sessions", "auto_promotion", "backup_target"),
}


def service(name: str, status: str = "Running", start: str = "Automatic") -> dict[str, str]:
    return {"name": name, "display_name": name, "status": status, "start_type": start}


def host(**changes: t.Any) -> HostState:
    values: dict[str, t.Any] = {
        "version": OLD,
        "installed": True,
        "module": "RASAdmin",
        "reboot_pending": False,
        "installer_running": False,
        "file_renames": False,
        "disk_free_bytes": 40 * GIB,
        "product_disk_free_bytes": 40 * GIB,
        "sessions": 0,
        "services": [service(BROKER), service("RAS Secure Gateway")],
        "is_broker": True,
    }
    return HostState(**{**values, **changes})


def wanted(**changes: t.Any) -> UpgradeWanted:
    values: dict[str, t.Any] = {
        "version": NEW,
        "agents": (Agent("cb1", "broker", state="OK", version=OLD),),
        "support_expires": TODAY,
        "today": TODAY,
    }
    return UpgradeWanted(**{**values, **changes})


def states(plan: UpgradePlan) -> dict[str, str]:
    return {name: check["state"] for name, check in plan.checks.items()}


def code(plan: UpgradePlan) -> str | None:
    return plan.refusal.code if plan.refusal else None


def test_a_good_host_with_an_older_version_is_upgraded() -> None:
    plan = plan_upgrade(host(), wanted())
    assert plan.needed
    assert plan.refusal is None
    assert states(plan) == {**dict.fromkeys(CHECKS, "ok"), "backup_target": "not_checked"}
    assert plan.findings == []
    assert plan.as_dict() == {
        "needed": True,
        "restart_only": False,
        "installed": OLD,
        "wanted": NEW,
        "checks": plan.checks,
        "failure": None,
        "findings": [],
    }


@pytest.mark.parametrize("version", [NEW, "21.2.0.28000"])
def test_the_same_version_needs_nothing_and_is_judged_by_no_check_of_an_installation(version: str) -> None:
    bad = host(version=version, installer_running=True, disk_free_bytes=0)
    plan = plan_upgrade(bad, wanted(brokers=3))
    assert not plan.needed
    assert plan.refusal is None
    assert {name for name, state in states(plan).items() if state == "not_checked"} == INSTALLATION_ONLY


@pytest.mark.parametrize(("pending", "reboot"), [(True, "never"), (None, "never"), (None, "auto")])
def test_a_host_that_waits_for_a_restart_is_not_at_its_version(pending: bool | None, reboot: str) -> None:
    text = "a restart is pending" if pending else "whether a restart is pending is not known"
    plan = plan_upgrade(host(version=NEW, reboot_pending=pending), wanted(reboot=reboot))
    assert (plan.needed, code(plan)) == (False, "reboot_required")
    assert plan.checks["pending_reboot"]["state"] == "failed"
    assert plan.refusal
    assert text in plan.refusal.message


def test_a_host_that_has_the_version_and_waits_for_a_restart_is_restarted_where_that_is_allowed() -> None:
    """The run that installed it may have ended before the restart."""
    plan = plan_upgrade(host(version=NEW, reboot_pending=True, disk_free_bytes=0), wanted(reboot="auto"))
    assert (plan.needed, plan.restart_only, code(plan)) == (True, True, None)
    assert {name for name, state in states(plan).items() if state == "not_checked"} == {"path", "disk", "backup_target"}


@pytest.mark.parametrize(
    ("changes", "check"), [({"installer_running": True}, "installer"), ({"sessions": None}, "sessions")]
)
def test_a_restart_alone_is_refused_for_what_it_would_hurt(changes: dict[str, t.Any], check: str) -> None:
    plan = plan_upgrade(host(version=NEW, reboot_pending=True, **changes), wanted(reboot="auto"))
    assert (plan.restart_only, code(plan)) == (True, "upgrade_blocked")
    assert plan.refusal is not None
    assert f"The restart for which {NEW} waits cannot start ({check}: " in plan.refusal.message


@pytest.mark.parametrize("version", [OLD, "22.0.28102", None])
def test_a_restart_alone_is_for_a_host_that_has_the_version(version: str | None) -> None:
    changes = {"version": version, "installed": version is not None}
    plan = plan_upgrade(host(reboot_pending=True, **changes), wanted(reboot="auto"))
    assert not plan.restart_only
    assert plan.needed is (version == OLD)


@pytest.mark.parametrize("version", [OLD, NEW])
@pytest.mark.parametrize("renames", [True, None])
def test_files_that_wait_to_be_renamed_or_may_are_only_a_warning(renames: bool | None, version: str) -> None:
    plan = plan_upgrade(host(version=version, file_renames=renames), wanted())
    assert (plan.refusal, states(plan)["pending_reboot"]) == (None, "warning")
    assert "upgrade_pending_reboot" in [each.rule for each in plan.findings]


@pytest.mark.parametrize(
    ("version", "aim", "expected"),
    [
        (None, NEW, "product_missing"),
        ("22.0.28102", NEW, "version_newer"),
        ("21.2.28001", NEW, "version_newer"),
        ("unreadable", NEW, "bad_answer"),
        ("20.2", NEW, "bad_answer"),
        (OLD, "latest", "invalid_option"),
        (None, "latest", "invalid_option"),
    ],
)
def test_versions_that_forbid_an_upgrade(version: str | None, aim: str, expected: str) -> None:
    plan = plan_upgrade(host(version=version, installed=version is not None), wanted(version=aim))
    assert code(plan) == expected
    assert not plan.needed
    assert "failed" in (plan.checks["version"]["state"], plan.checks["product"]["state"])
    assert plan.refusal
    assert plan.refusal.remedy
    assert plan.as_dict()["failure"]["observed"] == {"installed": version, "wanted": aim}


@pytest.mark.parametrize(
    ("installed", "aim", "state"),
    [
        ("20.2.26050", "20.3.27000", "ok"),
        ("20.2.26050", "21.2.28000", "ok"),
        ("19.4.24001", "21.2.28000", "warning"),
        ("18.3.22900", "20.2.26050", "warning"),
        ("17.0.21289", "18.3.22900", "warning"),
        ("15.0.5.3869", "15.5.4.10000", "warning"),
    ],
)
def test_steps(installed: str, aim: str, state: str) -> None:
    plan = plan_upgrade(host(version=installed), wanted(version=aim))
    assert states(plan)["path"] == state
    assert plan.refusal is None
    if state == "warning":
        assert "no public document" in plan.checks["path"]["remedy"]


@pytest.mark.parametrize(
    ("aim", "today", "state"),
    [
        ("20.2.26051", dt.date(2027, 10, 30), "ok"),
        ("20.2.26051", dt.date(2027, 10, 31), "warning"),
        ("22.0.28102", TODAY, "not_checked"),
    ],
)
def test_the_life_cycle_of_the_wanted_version(aim: str, today: dt.date, state: str) -> None:
    assert states(plan_upgrade(host(), wanted(version=aim, today=today)))["life_cycle"] == state


def test_a_wanted_version_without_support_is_a_warning() -> None:
    plan = plan_upgrade(host(version="16.5.20000"), wanted(version="17.1.22000"))
    assert states(plan)["life_cycle"] == "warning"


@pytest.mark.parametrize(
    ("day", "state"),
    [(None, "not_checked"), (TODAY, "ok"), (TODAY - dt.timedelta(days=1), "warning")],
)
def test_support_of_the_license(day: dt.date | None, state: str) -> None:
    plan = plan_upgrade(host(), wanted(support_expires=day))
    assert states(plan)["license_support"] == state
    assert plan.refusal is None


def test_a_pending_restart_under_never_has_its_own_code() -> None:
    plan = plan_upgrade(host(reboot_pending=True), wanted())
    assert code(plan) == "reboot_required"
    assert plan.needed
    assert plan.checks["pending_reboot"]["remedy"] == REMEDIES["reboot_required"]


def test_a_pending_restart_under_auto_is_done_first() -> None:
    plan = plan_upgrade(host(reboot_pending=True), wanted(reboot="auto"))
    assert states(plan)["pending_reboot"] == "warning"
    assert plan.refusal is None
    assert [finding.rule for finding in plan.findings] == ["upgrade_pending_reboot"]


@pytest.mark.parametrize("reboot", ["never", "auto"])
def test_nothing_is_installed_where_a_restart_may_be_pending_or_an_installer_run(reboot: str) -> None:
    plan = plan_upgrade(host(reboot_pending=None, installer_running=None), wanted(reboot=reboot))
    assert code(plan) == "upgrade_blocked"
    assert plan.refusal
    for text in ("whether a restart is pending is not known", "whether another installation runs is not known"):
        assert text in plan.refusal.message
    assert code(plan_upgrade(host(reboot_pending=None), wanted(reboot=reboot))) == "upgrade_blocked"


def test_all_failed_checks_are_in_one_failure() -> None:
    bad = host(reboot_pending=True, installer_running=True, disk_free_bytes=GIB, services=[service(BROKER, "Stopped")])
    plan = plan_upgrade(bad, wanted())
    assert code(plan) == "upgrade_blocked"
    assert plan.refusal
    for name in ("pending_reboot", "installer", "disk", "services"):
        assert states(plan)[name] == "failed"
        assert f"{name}: " in plan.refusal.message
        assert plan.checks[name]["remedy"] in plan.refusal.remedy
    assert set(plan.refusal.observed) == {"pending_reboot", "installer", "disk", "services"}
    assert "1.0 GB free" in plan.refusal.message


@pytest.mark.parametrize(
    ("free", "least", "state"),
    [(5 * GIB, 5, "ok"), (5 * GIB - 1, 5, "failed"), (GIB // 2, 0.5, "ok"), (0, 0, "ok"), (None, 5, "failed")],
)
@pytest.mark.parametrize("drive", ["disk_free_bytes", "product_disk_free_bytes"])
def test_both_drives(drive: str, free: int | None, least: float, state: str) -> None:
    assert states(plan_upgrade(host(**{drive: free}), wanted(min_free_gb=least)))["disk"] == state


def test_a_drive_that_is_full_is_one_whatever_may_be_unknown() -> None:
    bad = host(disk_free_bytes=None, product_disk_free_bytes=0)
    assert states(plan_upgrade(bad, wanted(allow_unknown=["disk"])))["disk"] == "failed"


@pytest.mark.parametrize(
    ("services", "is_broker", "state"),
    [
        pytest.param([service(BROKER)], True, "ok", id="the broker's runs"),
        pytest.param([service(BROKER.upper())], True, "ok", id="in other letters"),
        pytest.param([service(BROKER, "Stopped")], True, "failed", id="the broker's is stopped"),
        pytest.param([service(BROKER, "Stopped", "Disabled")], True, "failed", id="and disabled"),
        pytest.param([service(BROKER), service("RAS Secure Gateway", "Stopped")], True, "warning", id="another one"),
        pytest.param(
            [service(BROKER), service("RAS X", "Stopped", "AutomaticDelayedStart")], True, "warning", id="late"
        ),
        pytest.param([service(BROKER), service("RAS X", "Stopped", "Manual")], True, "ok", id="one by hand"),
        pytest.param([service("RASBroker")], True, "warning", id="the broker's has another name"),
        pytest.param([], True, "warning", id="a broker without any"),
        pytest.param([], False, "not_checked", id="no broker, none"),
        pytest.param([service("RAS RD Session Host Agent", "Stopped")], False, "warning", id="a member's is stopped"),
        pytest.param([service(BROKER, "Stopped", "Disabled")], False, "ok", id="a broker that is none any more"),
        pytest.param([{"name": "RAS X"}], False, "warning", id="a row that shows nothing"),
        pytest.param([{**service(BROKER), "status": None}], True, "warning", id="the broker's cannot be queried"),
        pytest.param(None, None, "warning", id="they cannot be listed"),
    ],
)
def test_services(services: list[dict[str, t.Any]] | None, is_broker: bool | None, state: str) -> None:
    assert states(plan_upgrade(host(services=services, is_broker=is_broker), wanted()))["services"] == state


@pytest.mark.parametrize(
    ("agents", "state"),
    [
        ((), "not_checked"),
        ((Agent("Site", "logical"),), "not_checked"),
        ((Agent("cb1", "broker", state="OK"), Agent("rds1", "rds_host", state="LogonDrain")), "ok"),
        ((Agent("cb1", "broker", state="OK"), Agent("rds1", "rds_host", state="ConnectionFailed")), "warning"),
        ((Agent("cb1", "broker"),), "warning"),
    ],
)
def test_agents(agents: tuple[Agent, ...], state: str) -> None:
    plan = plan_upgrade(host(), wanted(agents=agents))
    assert states(plan)["agents"] == state
    assert plan.refusal is None


def test_mixed_versions_are_shown_and_no_warning() -> None:
    agents = (Agent("a", "broker", state="OK", version=OLD), Agent("b", "rds_host", state="OK", version=NEW))
    check = plan_upgrade(host(), wanted(agents=(*agents, Agent("c", "gateway", state="OK")))).checks["agents"]
    assert (check["state"], check["observed"]["versions"]) == ("ok", {OLD: 1, NEW: 1, "unknown": 1})


@pytest.mark.parametrize(
    ("brokers", "minutes", "state"),
    [
        (1, 15, "ok"),
        (1, None, "ok"),
        (2, 15, "warning"),
        (2, 30, "ok"),
        (2, 0, "ok"),
        (2, None, "not_checked"),
    ],
)
def test_auto_promotion(brokers: int, minutes: int | None, state: str) -> None:
    plan = plan_upgrade(host(), wanted(brokers=brokers, auto_promotion_minutes=minutes))
    assert states(plan)["auto_promotion"] == state
    assert bool(plan.checks["auto_promotion"]["remedy"]) is (state != "ok")


_versions = st.sampled_from([None, "x", "17.1.22000", OLD, "21.2.27000", NEW, "22.0.28102"])
_FLAGS: t.Final = st.sampled_from([True, False, None])
hosts = st.builds(
    HostState,
    version=_versions,
    installed=st.sampled_from([True, True, False, None]),
    reboot_pending=_FLAGS,
    installer_running=_FLAGS,
    file_renames=_FLAGS,
    disk_free_bytes=st.sampled_from([None, 0, 10 * GIB]),
    product_disk_free_bytes=st.sampled_from([None, 0, 10 * GIB]),
    sessions=st.sampled_from([None, 0, 3]),
    services=st.sampled_from([None, (), (service(BROKER),), (service(BROKER, "Stopped"),)]),
    is_broker=_FLAGS,
    unread=st.dictionaries(st.sampled_from(["disk", "products", "sessions"]), st.text()),
)
wishes = st.builds(
    UpgradeWanted,
    version=_versions.map(str),
    reboot=st.sampled_from(["never", "auto"]),
    allow_unknown=st.sets(st.sampled_from(["disk", "restart", "sessions"])),
    support_expires=st.sampled_from([None, TODAY, dt.date(2020, 1, 1)]),
    brokers=st.integers(1, 3),
    auto_promotion_minutes=st.sampled_from([None, 0, 15, 60]),
    today=st.just(TODAY),
)


@given(hosts, wishes)
def test_what_holds_for_every_plan(state: HostState, wish: UpgradeWanted) -> None:
    plan = plan_upgrade(state, wish)
    event(f"{plan.needed} {code(plan)}")
    assert set(plan.checks) == CHECKS
    failed = [name for name, check in plan.checks.items() if check["state"] == "failed"]
    if plan.needed:
        assert bool(plan.refusal) is bool(failed)
        if plan.refusal is None:
            # Whatever else is said: nothing is installed where this is not known, unless it is allowed by name.
            unknown = {
                *(["disk"] if None in (state.disk_free_bytes, state.product_disk_free_bytes) else []),
                *(["restart"] if state.reboot_pending is None else []),
                *(["sessions"] if state.sessions is None else []),
            }
            assert unknown <= set(wish.allow_unknown)
            assert (state.installed, state.installer_running) == (True, False)
    else:
        may_wait = state.reboot_pending or (state.reboot_pending is None and "restart" not in wish.allow_unknown)
        assert INSTALLATION_ONLY & set(failed) == ({"pending_reboot"} if may_wait else set())
        assert (code(plan) is None) <= (not may_wait)
        assert code(plan) in (
            None,
            "reboot_required",
            "product_missing",
            "version_newer",
            "bad_answer",
            "invalid_option",
        )
    for check in plan.checks.values():
        assert check["state"] == "ok" or check["remedy"].endswith((".", "?"))
    warned = [f"upgrade_{name}" for name, check in plan.checks.items() if check["state"] == "warning"]
    assert [finding.rule for finding in plan.findings] == warned


@pytest.mark.parametrize(
    ("folder", "writable", "state"),
    [("", None, "not_checked"), ("/srv", None, "not_checked"), ("/srv", True, "ok"), ("/srv", False, "failed")],
)
def test_backup_target(folder: str, writable: bool | None, state: str) -> None:
    plan = plan_upgrade(host(), wanted(backup_dest=folder, backup_writable=writable))
    assert states(plan)["backup_target"] == state
    assert (plan.refusal is not None and "backup_target" in plan.refusal.message) is (state == "failed")
