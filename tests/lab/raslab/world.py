# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a world file into farms and My Account, strictly."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import yaml

from raslab.account import MyAccount, read_account
from raslab.farm import Farm, Site
from raslab.faults import read_fault
from raslab.host import number_brokers, RasHost, read_host
from raslab.license import read_license
from raslab.quirks import read_quirks
from raslab.reading import (
    flag,
    mapping,
    number,
    one_of,
    optional_moment,
    optional_text,
    Reader,
    sequence,
    text,
    texts,
    whole,
    WorldError,
)
from raslab.sessions import Admin, RIGHTS

GENERATIONS = (17, 18, 19, 20, 21, 22)
# The newest build that a public source names for the generation; 18 and 19 are invented, for none was found.
DEFAULT_VERSIONS = {
    17: "17.0.0.21289",
    18: "18.3.0.22000",
    19: "19.4.2.24000",
    20: "20.2.0.25893",
    21: "21.2.1.27306",
    22: "22.0.0.28102",
}
_INSTALLERS = Path(__file__).resolve().parent.parent / "msi"
_NAMESPACE = uuid.UUID("6f1d4a1e-7c0d-4a52-9d0e-5b8f0f6f2a10")
_FARM_DEFAULTS = (
    "generation",
    "version",
    "admins",
    "quirks",
    "clock",
    "settings_pending",
    "vars",
    "windows",
    "promotion_seconds",
)


@dataclass
class World:
    """Everything that a world file says."""

    account: MyAccount
    farms: list[Farm]
    inventory_vars: dict[str, Any]
    vault: dict[str, Any]
    downloads: dict[str, bytes]

    def secrets(self) -> list[str]:
        """Every string that must never be shown (user names and e-mails in the vault are no secrets)."""
        found = [person.password for person in self.account.people]
        found += [key.text for key in self.account.keys]
        found += [admin.password for farm in self.farms for admin in farm.admins]
        hosts = [host for farm in self.farms for host in farm.hosts]
        found += [user.password for host in hosts if host.windows for user in host.windows.users]
        found += [
            str(value) for name, value in self.vault.items() if not name.endswith(("_email", "_username", "_url"))
        ]
        return found


def load_world(source: str | Path | TextIO) -> World:
    """The world of a YAML file or stream. Raises WorldError, also for text that is no YAML."""
    try:
        if isinstance(source, (str, Path)):
            with open(source, encoding="utf-8") as stream:
                return read_world(yaml.safe_load(stream))
        return read_world(yaml.safe_load(source))
    except yaml.YAMLError as error:
        # the text around a YAML mistake may be a password: only the place is named
        mark = getattr(error, "problem_mark", None)
        raise WorldError(f"the world is no YAML (line {mark.line + 1 if mark else '?'})") from None


def read_world(data: Any) -> World:
    """The world of a mapping. Raises WorldError."""
    reader = Reader(data, "world")
    seed = reader.take("seed", whole, 1)
    inventory_vars = reader.take("inventory_vars", mapping, {})
    vault = reader.take("vault", mapping, {})
    account = read_account(reader.take("my_account", mapping, {}), "my_account")
    defaults = reader.take("defaults", mapping, {})
    for key in defaults:
        if key not in _FARM_DEFAULTS:
            raise WorldError(f"defaults: unknown key {key}")
    if "admins" not in defaults and {"ras_api_username", "ras_api_password"} <= vault.keys():
        defaults["admins"] = [{"username": vault["ras_api_username"], "password": vault["ras_api_password"]}]
    farms: list[Farm] = []
    for index, item in enumerate(reader.take("farms", sequence)):
        farms.append(_read_farm(_merged(defaults, item, f"farms[{index}]"), seed, account, f"farms[{index}]"))
    downloads = _read_downloads(reader.take("downloads", mapping, {}))
    reader.done()
    _check_unique(farms)
    for index, fault in enumerate((fault for farm in farms for fault in farm.faults.faults), start=1):
        fault.id = index
    return World(account, farms, inventory_vars, vault, downloads)


def _read_downloads(data: Mapping[str, Any]) -> dict[str, bytes]:
    """What hosts can download: the content of a local file by the URL (without query) under which they find it.

    ``lab:NAME`` means one of the lab's own installers.
    """
    found: dict[str, bytes] = {}
    for url, value in data.items():
        path = text(value, f"downloads.{url}")
        try:
            found[url] = (_INSTALLERS / path[4:] if path.startswith("lab:") else Path(path)).read_bytes()
        except OSError as error:
            raise WorldError(f"downloads.{url}: {error.strerror}") from None
    return found


def _merged(defaults: Mapping[str, Any], item: Any, place: str) -> dict[str, Any]:
    farm = mapping(item, place)
    merged = {**defaults, **farm}
    for key in ("quirks", "vars"):
        merged[key] = {**(defaults.get(key) or {}), **(farm.get(key) or {})}
    if "windows" in defaults or "windows" in farm:
        merged["windows"] = {**(defaults.get("windows") or {}), **(farm.get("windows") or {})}
    if "generation" in farm and "version" not in farm:  # a default version belongs to the default generation
        merged.pop("version", None)
    return merged


def _read_farm(data: Mapping[str, Any], seed: int, account: MyAccount, place: str) -> Farm:
    reader = Reader(data, place)
    name = reader.take("name", text)
    generation = reader.take("generation", one_of(*GENERATIONS), 21)
    version = reader.take("version", text, DEFAULT_VERSIONS[generation])
    clock = reader.take("clock", optional_moment, None)
    sites = _read_sites(reader.take("sites", sequence, [{"name": "Main", "licensing": True}]), f"{place}.sites")
    default_hosts = [{"name": f"cb1.{name}.example.com"}]
    windows = reader.take("windows", mapping, None)
    hosts = [
        read_host(item, _licensing_site(sites).name, version, f"{place}.hosts[{index}]", windows)
        for index, item in enumerate(reader.take("hosts", sequence, default_hosts))
    ]
    number_brokers(hosts)
    license_data = reader.take("license", mapping, {})
    fault_data = reader.take("faults", sequence, [])
    quirk_data = reader.take("quirks", mapping, {})
    farm = Farm(
        name=name,
        guid=reader.take("guid", optional_text, None) or str(uuid.uuid5(_NAMESPACE, f"{seed}/{name}")),
        generation=generation,
        version=version,
        admins=read_admins(reader.take("admins", sequence, []), f"{place}.admins"),
        sites=sites,
        hosts=hosts,
        licensing_server=_licensing_server(hosts, sites, place),
        license=read_license(license_data, account, clock or datetime.now(), f"{place}.license"),
        quirks=read_quirks(quirk_data, generation, f"{place}.quirks"),
        given_quirks=quirk_data,
        promotion_seconds=reader.take("promotion_seconds", number, None),
        settings_pending=reader.take("settings_pending", flag, False),
        in_inventory=reader.take("inventory", flag, True),
        vars=reader.take("vars", mapping, {}),
        clock=clock,
    )
    reader.done()
    names = tuple(host.name for host in hosts)
    for index, fault in enumerate(fault_data):
        farm.faults.add(read_fault(fault, index, names, account, f"{place}.faults[{index}]"))
    return farm


def read_admins(data: list[Any], place: str) -> list[Admin]:
    """RAS administrators; a farm has at least one, else nobody could ask it anything. Raises WorldError."""
    admins: list[Admin] = []
    for index, item in enumerate(data):
        reader = Reader(item, f"{place}[{index}]")
        admins.append(
            Admin(
                reader.take("username", text),
                reader.take("password", text),
                reader.take("rights", one_of(*RIGHTS), "root"),
            )
        )
        reader.done()
    if not admins:
        raise WorldError(f"{place}: at least one administrator is needed")
    return admins


def _read_sites(data: list[Any], place: str) -> list[Site]:
    sites: list[Site] = []
    for index, item in enumerate(data):
        reader = Reader(item, f"{place}[{index}]")
        sites.append(
            Site(
                id=index + 1,
                name=reader.take("name", text),
                licensing=reader.take("licensing", flag, len(data) == 1),
                rds_pools=reader.take("rds_pools", texts, ()),
            )
        )
        reader.done()
    if sum(site.licensing for site in sites) != 1:
        raise WorldError(f"{place}: exactly one site is the licensing site")
    return sites


def _licensing_site(sites: list[Site]) -> Site:
    return next(site for site in sites if site.licensing)


def _licensing_server(hosts: list[RasHost], sites: list[Site], place: str) -> RasHost:
    """The first broker, in priority, of the licensing site."""
    for host in hosts:
        if host.site not in {site.name for site in sites}:
            raise WorldError(f"{place}: {host.name} is in the unknown site {host.site}")
    brokers = [host for host in hosts if host.is_broker and host.site == _licensing_site(sites).name]
    if not brokers:
        raise WorldError(f"{place}: the licensing site has no broker")
    return min(brokers, key=lambda host: host.priority)


def _check_unique(farms: list[Farm]) -> None:
    seen: set[str] = set()
    for name in [farm.name for farm in farms] + [host.name for farm in farms for host in farm.hosts]:
        if name in seen:
            raise WorldError(f"{name} is there twice")
        seen.add(name)
