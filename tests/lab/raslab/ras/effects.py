# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an installed version, a staged setting or a lost license means for the farm: REST and RASAdmin see the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from raslab.farm import Farm
from raslab.faults import Fault, Verdict
from raslab.host import RasHost
from raslab.license import License
from raslab.quirks import read_quirks
from raslab.windows.machine import Machine, stop_service
from raslab.windows.products import product_version
from raslab.world import GENERATIONS


def installed(machine: Machine, version: str, verdict: Verdict) -> None:
    """RAS of ``version`` (four parts) now runs on the machine, put there by its own installer or by the farm."""
    farm, host = machine.farm, machine.host
    host.agent_version = version
    present = machine.windows.ras
    if present is None or present.version != product_version(version):
        machine.windows.set_ras_version(version)
    if host is farm.licensing_server:
        _upgrade_farm(farm, version)
    compare_versions(farm)
    if lost := verdict.find("license_lost"):
        farm.set_license(_lost(farm, lost))
    if verdict.find("settings_staged"):
        farm.settings_pending = True
    if stopped := verdict.find("service_stopped"):
        stop_service(machine.windows, host, stopped)


def compare_versions(farm: Farm) -> None:
    """An agent that is newer than its farm asks to be downgraded; an older one goes on working."""
    for host in farm.hosts:
        is_newer = _numbers(host.agent_version) > _numbers(farm.version)
        if is_newer and host.agent_state == "OK":
            host.agent_state = "NeedsDowngrade"
        elif not is_newer and host.agent_state == "NeedsDowngrade":
            host.agent_state = "OK"


def promote(machine: Machine) -> None:
    """Auto-promotion: the next broker of the licensing site takes the place of a primary that is away."""
    farm, lost = machine.farm, machine.host
    if lost is not farm.licensing_server:
        return
    brokers = sorted((host for host in farm.hosts if _can_replace(host, lost)), key=lambda host: host.priority)
    if not brokers:
        return
    entry = machine.note("promotion", brokers[0].name, "host")
    new = brokers[0]
    new.priority, lost.priority = lost.priority, new.priority
    new.standby = False
    farm.licensing_server = new
    entry.effect = "promoted"
    machine.journal.end(entry, "done")


def _can_replace(host: RasHost, lost: RasHost) -> bool:
    is_on = host.windows is None or host.windows.power == "on"
    return host is not lost and host.is_broker and host.site == lost.site and host.enabled and is_on


def _upgrade_farm(farm: Farm, version: str) -> None:
    """The licensing server speaks for the farm: its generation brings other paths, names and limits."""
    farm.version = version
    generation = min(max(_numbers(version)[0], GENERATIONS[0]), GENERATIONS[-1])
    if generation != farm.generation:
        farm.generation = generation
        farm.quirks = read_quirks(farm.given_quirks, generation, f"farm {farm.name}.quirks")


def _lost(farm: Farm, fault: Fault) -> License:
    """What an upgrade left of the license."""
    held = farm.license
    if fault.params["what"] == "none":
        return License(state="none", first_active=held.first_active, ever_paid=held.ever_paid)
    if fault.params["what"] == "trial":
        expires = (farm.now() + timedelta(days=30)).date()
        return replace(held, state="trial", type="trial", key=None, users=50, expires=expires, support_until=None)
    return replace(held, needs_attention=True, alert_message="The license could not be registered.")


def _numbers(version: str) -> tuple[int, ...]:
    """A version for comparing; text after the first blank does not count."""
    return tuple(int(part) for part in version.split(" ")[0].split(".") if part.isdecimal())
