# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the plan of an upgrade makes of a host that cannot say everything."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.plan import (
    HostState,
    plan_upgrade,
    UpgradePlan,
    UpgradeWanted,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import TODAY

OLD: t.Final = "20.2.26050"
NEW: t.Final = "21.2.28000"


def host(**changes: t.Any) -> HostState:
    """An older host of which everything is known."""
    values: dict[str, t.Any] = {
        "version": OLD,
        "installed": True,
        "reboot_pending": False,
        "installer_running": False,
        "file_renames": False,
        **dict.fromkeys(("disk_free_bytes", "product_disk_free_bytes"), 2**40),
        "sessions": 0,
        "services": [],
        "is_broker": False,
    }
    return HostState(**{**values, **changes})


def wanted(**changes: t.Any) -> UpgradeWanted:
    return UpgradeWanted(**{"version": NEW, "support_expires": TODAY, "today": TODAY, **changes})


def states(plan: UpgradePlan) -> dict[str, str]:
    return {name: check["state"] for name, check in plan.checks.items()}


def code(plan: UpgradePlan) -> str | None:
    return plan.refusal.code if plan.refusal else None


_SOURCES: t.Final = {
    "disk": ({"disk_free_bytes": None}, "disk", "disk", "how much is free on the system drive is not known"),
    "product_disk": (
        {"product_disk_free_bytes": None},
        "disk",
        "disk",
        "how much is free on the drive of RAS is not known",
    ),
    "windows_update": (
        {"reboot_pending": None},
        "restart",
        "pending_reboot",
        "whether a restart is pending is not known",
    ),
    "sessions": ({"sessions": None}, "sessions", "sessions", "how many sessions users have is not known"),
}


@pytest.mark.parametrize("source", sorted(_SOURCES))
def test_what_is_not_known_stops_an_upgrade_unless_it_is_allowed_by_name(source: str) -> None:
    unknown, name, check, sentence = _SOURCES[source]
    seen = host(**unknown, unread={source: "Access is denied"})
    others = {each[1] for each in _SOURCES.values()} - {name}
    for allowed in ([], sorted(others)):
        plan = plan_upgrade(seen, wanted(allow_unknown=allowed, reboot="auto"))
        assert code(plan) == "upgrade_blocked"
        assert plan.refusal
        assert f"{sentence} (Access is denied)" in plan.refusal.message
        assert f"allow_unknown: [{name}]" in plan.refusal.remedy
    plan = plan_upgrade(seen, wanted(allow_unknown=[name]))
    assert (plan.needed, plan.refusal, states(plan)[check]) == (True, None, "warning")
    assert [finding.rule for finding in plan.findings] == [f"upgrade_{check}"]


def test_a_restart_that_may_be_unknown_may_be_so_where_nothing_is_installed() -> None:
    seen = host(version=NEW, reboot_pending=None)
    assert code(plan_upgrade(seen, wanted())) == "reboot_required"
    assert plan_upgrade(seen, wanted(allow_unknown=["restart"])).refusal is None


def test_a_host_on_which_ras_may_be_is_not_one_without_it() -> None:
    plan = plan_upgrade(host(version=None, installed=None, unread={"products": "no right"}), wanted())
    assert (code(plan), plan.needed, states(plan)["product"]) == ("bad_answer", False, "failed")
    assert plan.refusal
    assert "no right" in plan.refusal.message
