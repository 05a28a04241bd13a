# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever the farm and wherever a run is killed: it converges, pushes once, and brings back what it took out."""

from __future__ import annotations

import copy
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import compare
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_agents import (
    FakeAdmin,
    Host,
    Killed,
    NEW,
    OLD,
    WANTED,
)
from hypothesis import given
from hypothesis import strategies as st

_KINDS = st.sampled_from(
    [("broker",), ("gateway",), ("rds_host",), ("gateway", "rds_host"), ("broker", "gateway"), ("enrollment_server",)]
)


@st.composite
def _farms(draw: st.DrawFn) -> FakeAdmin:
    hosts = []
    for number in range(1, draw(st.integers(2, 7))):
        kinds = draw(_KINDS)
        # Only what was taken out of service may show a state of draining.
        serves = bool({"gateway", "rds_host"} & set(kinds))
        host = Host(f"h{number}", kinds, draw(st.sampled_from([OLD, OLD, NEW])), priority=number)
        host.site = draw(st.sampled_from([1, 1, 2]))
        host.enabled = draw(st.sampled_from([True, True, False]))
        host.push = draw(st.sampled_from(["ok", "ok", "needs_restart", *(["drained"] if serves else [])]))
        hosts.append(host)
    return FakeAdmin(*hosts)


def _switches(admin: FakeAdmin) -> dict[str, dict[str, bool | None]]:
    """Which component is enabled."""
    return {name: {kind: host.off.get(kind, host.enabled) for kind in host.kinds} for name, host in admin.hosts.items()}


def _restarted(admin: FakeAdmin, done: dict[str, t.Any], **options: t.Any) -> dict[str, t.Any]:
    """Restart who asks for it and run again, as the role does. Who asks is out of service, or serves nobody."""
    for _round in admin.hosts:
        assert "failure" not in done
        if not done["restart_due"]:
            break
        for name in done["restart_due"]:
            host = admin.hosts[name]
            serving = [kind for kind in host.kinds if kind in ("gateway", "rds_host")]
            assert not (host.enabled and serving) or name in admin.remembered()
            assert all(host.off.get(kind, host.enabled) is False for kind in serving)
            admin.restart(name)
        done = admin.run(**options)
    return done


def _converged(admin: FakeAdmin, before: dict[str, t.Any]) -> None:
    versions = [host.shown(admin.clock.now)[0] for host in admin.hosts.values()]
    assert {compare(version, WANTED) for version in versions} == {"same"}
    assert _switches(admin) == before
    assert admin.remembered() == []
    assert all(admin.count(f"push {name}") <= 1 for name in admin.hosts)
    admin.journal.clear()
    again = admin.run()
    assert (again["changed"], admin.journal) == (False, [])


@given(_farms())
def test_check_mode_is_what_a_run_does_and_the_second_run_is_empty(admin: FakeAdmin) -> None:
    before = copy.deepcopy(_switches(admin))
    check = admin.run(check=True)
    assert admin.journal == []
    done = admin.run()
    # Whether an agent asks for a restart shows only when it was updated.
    if not done["restart_due"]:
        assert check["steps"] == done["steps"]
    assert "failure" not in _restarted(admin, done)
    assert check["changed"] == done["changed"]
    _converged(admin, before)


@given(_farms(), st.integers(1, 60), st.booleans())
def test_a_killed_run_is_finished_by_the_next(admin: FakeAdmin, kill_at: int, after: bool) -> None:
    before = copy.deepcopy(_switches(admin))
    admin.kill_at, admin.kill_after = kill_at, after
    try:
        admin.run()
    except Killed:
        taken = {name for name, switches in _switches(admin).items() if switches != before[name]}
        assert taken <= set(admin.remembered()), "somebody is out of service whom nobody remembers"
    admin.kill_at = None
    seen = admin.run(check=True)
    done = admin.run()
    if not done["restart_due"]:
        assert seen["steps"] == done["steps"]
    assert "failure" not in _restarted(admin, done)
    _converged(admin, before)


@given(_farms(), st.sampled_from([0, 25, 50, 75, 100]))
def test_never_more_gateways_are_away_than_allowed(admin: FakeAdmin, percent: int) -> None:
    """Those that an administrator disabled are away as well, and one at a time always goes."""
    seen: list[tuple[int, int]] = []

    def look(farm: FakeAdmin) -> None:
        for site in (1, 2):
            gateways = [host for host in farm.hosts.values() if "gateway" in host.kinds and host.site == site]
            away = [
                host
                for host in gateways
                if host.off.get("gateway", host.enabled) is False
                or host.shown(farm.clock.now)[1] in ("Synchronising", "ConnectionFailed")
            ]
            ours = [host for host in away if host.enabled]
            allowed = max(1, len(gateways) * (100 - percent) // 100 - (len(away) - len(ours)))
            seen.append((len(ours), allowed))

    admin.on_reading = look
    options = {"gateways_min_in_service": percent, "poll_interval": 1}
    _restarted(admin, admin.run(**options), **options)
    assert all(ours <= allowed for ours, allowed in seen)
