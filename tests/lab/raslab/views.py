# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's truth as JSON for the control API: no password, no token, keys masked."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from raslab.farm import Farm
from raslab.lab import RunningLab
from raslab.listener import REST_PORT
from raslab.secrecy import mask_key
from raslab.windows.views import windows_view


def farm_view(lab: RunningLab, farm: Farm) -> dict[str, Any]:
    """Everything about one farm."""
    quirks = asdict(farm.quirks)
    return {
        "name": farm.name,
        "guid": farm.guid,
        "generation": farm.generation,
        "version": farm.version,
        "settings_pending": farm.settings_pending,
        "clock": farm.clock.isoformat() if farm.clock else None,
        "licensing_server": farm.licensing_server.name,
        "license": {**farm.license.as_dict(), "settling": farm.is_settling},
        "sites": [asdict(site) for site in farm.sites],
        "hosts": [_host_view(lab, farm, name) for name in range(len(farm.hosts))],
        "admins": [{"username": admin.username, "rights": admin.rights} for admin in farm.admins],
        "sessions": farm.sessions.live(farm.quirks.session_idle_seconds),
        "quirks": quirks,
        "faults": [fault.as_dict() for fault in farm.faults.faults],
    }


def accounts_view(lab: RunningLab) -> list[dict[str, Any]]:
    """My Account: companies with people and keys, and which farms use each key."""
    companies: dict[str, dict[str, Any]] = {}
    for person in lab.account.people:
        company = companies.setdefault(person.company, {"company": person.company, "people": [], "keys": []})
        company["people"].append(
            {"email": person.email, "name": person.name, "locked": person.locked, "failures": person.failures}
        )
    for key in lab.account.keys:
        company = companies.setdefault(key.company, {"company": key.company, "people": [], "keys": []})
        company["keys"].append(
            {
                "key": mask_key(key.text),
                "type": key.type,
                "users": key.users,
                "expires": key.expires.isoformat() if key.expires else None,
                "max_farms": key.max_farms,
                "used_by": [
                    farm.name
                    for farm in lab.farms.values()
                    if farm.license.is_paid and farm.license.key and lab.account.key(farm.license.key) is key
                ],
            }
        )
    return list(companies.values())


def farms_summary(lab: RunningLab) -> dict[str, dict[str, Any]]:
    """What is in lab.json: where each farm is, and nothing that changes."""
    return {
        farm.name: {
            "address": farm.licensing_server.address,
            "url": f"https://{farm.licensing_server.address}:{REST_PORT}",
            "guid": farm.guid,
            "hosts": {host.name: host.address for host in farm.hosts},
        }
        for farm in lab.farms.values()
    }


def _host_view(lab: RunningLab, farm: Farm, index: int) -> dict[str, Any]:
    host = farm.hosts[index]
    listener, machine = lab.listeners.get(host.name), lab.machines.get(host.name)
    return {
        "name": host.name,
        "address": host.address,
        "url": f"https://{host.address}:{REST_PORT}" if listener else None,
        "components": list(host.components),
        "site": host.site,
        "priority": host.priority,
        "enabled": host.enabled,
        "agent_state": host.agent_state,
        "shown_state": host.shown_state,
        "agent_version": host.agent_version,
        "listening": listener.is_open if listener else False,
        "certificate": listener.certificate if listener else None,
        "certificate_sha256": listener.fingerprint if listener else None,
        "windows": windows_view(machine) if machine else None,
    }
