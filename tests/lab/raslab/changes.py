# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of the world behind everybody's back, as the control API takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from raslab.account import Person
from raslab.farm import Farm
from raslab.host import patch_host
from raslab.lab import RunningLab
from raslab.license import License, read_license
from raslab.quirks import QUIRK_NAMES, RateLimit, read_quirks
from raslab.reading import flag, mapping, optional_moment, Reader, sequence, text, whole, WorldError
from raslab.world import read_admins


def patch_farm(lab: RunningLab, farm: Farm, data: Any) -> None:
    """Changes a farm; nothing is changed if any part is wrong. Raises WorldError."""
    reader = Reader(data, f"farm {farm.name}")
    license_data = reader.take("license", mapping, None)
    quirk_data = reader.take("quirks", mapping, None)
    admin_data = reader.take("admins", sequence, None)
    host_data = reader.take("hosts", mapping, {})
    pending = reader.take("settings_pending", flag, farm.settings_pending)
    version = reader.take("version", text, farm.version)
    clock = reader.take("clock", optional_moment, farm.clock)
    drop_sessions = reader.take("drop_sessions", flag, False)
    reader.done()
    for name in host_data:
        if farm.host(name) is None:
            raise WorldError(f"{name} is not a host of {farm.name}")
    license_ = _license(lab, farm, license_data) if license_data is not None else None
    quirks = _quirks(farm, quirk_data) if quirk_data is not None else farm.quirks
    admins = read_admins(admin_data, f"farm {farm.name}.admins") if admin_data is not None else farm.admins
    for name, changes in host_data.items():
        host = farm.host(name)
        assert host is not None
        patch_host(host, changes, f"host {name}")
    farm.quirks, farm.admins = quirks, admins
    farm.given_quirks = {**farm.given_quirks, **(quirk_data or {})}
    farm.settings_pending, farm.version, farm.clock = pending, version, clock
    lab.scrub.add(admin.password for admin in admins)
    if license_ is not None:
        farm.set_license(license_)
    if drop_sessions:
        farm.sessions.close_all()


def patch_account(lab: RunningLab, person: Person, data: Any) -> None:
    """Changes a person's entry in an account: ``password``, ``name``, ``locked``, ``failures``. Raises WorldError."""
    reader = Reader(data, f"account {person.email}")
    password = reader.take("password", text, person.password)
    name = reader.take("name", text, person.name)
    locked = reader.take("locked", flag, person.locked)
    failures = reader.take("failures", whole, person.failures if locked else 0)
    reader.done()
    lab.scrub.add([password])
    person.password, person.name, person.locked, person.failures = password, name, locked, failures


def _license(lab: RunningLab, farm: Farm, data: Mapping[str, Any]) -> License:
    """With ``state`` the license is written anew, as in a world; without, the present one is changed."""
    if "state" not in data:
        present = farm.license
        base: dict[str, Any] = {"state": present.state}
        if present.person:
            base["account"] = present.person.email
        if present.key:
            base["key"] = present.key
        kept = {
            name: getattr(present, name)
            for name in (
                "type",
                "users",
                "expires",
                "support_until",
                "first_active",
                "users_peak",
                "users_now",
                "usage_today",
                "period_usage",
                "needs_attention",
                "status_message",
                "alert_message",
                "grace_state",
                "grace_days_left",
                "ever_paid",
            )
            if getattr(present, name) is not None
        }
        if "key" in data or "account" in data:
            for name in ("type", "users", "expires", "support_until"):
                kept.pop(name, None)
        data = {**base, **kept, **data}
    return read_license(data, lab.account, farm.now(), f"farm {farm.name}.license")


def _quirks(farm: Farm, data: Mapping[str, Any]) -> Any:
    present: dict[str, Any] = {}
    for name in QUIRK_NAMES:
        value = getattr(farm.quirks, name)
        if name == "rate_limit":
            value = False if value is None else vars(value) if isinstance(value, RateLimit) else value
        if value is not None:
            present[name] = value
    return read_quirks({**present, **data}, farm.generation, f"farm {farm.name}.quirks")
