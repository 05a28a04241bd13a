# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A RAS host: the one model behind every protocol the host speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from raslab.reading import flag, mapping, one_of, optional_text, Reader, text, texts, whole, WorldError
from raslab.windows.model import read_windows, WindowsHost

COMPONENTS = ("broker", "gateway", "rds", "web_admin")

# RAS REST API guide v20, Agents (only those that a world may ask for)
AGENT_STATES: dict[str, int] = {
    "OK": 0,
    "ConnectionFailed": 5,
    "Synchronising": 10,
    "LogonDrainUntilRestart": 13,
    "LogonDrain": 14,
    "LogonDisabled": 15,
    "RebootPending": 21,
    "PortMismatch": 22,
    "NeedsDowngrade": 23,
    "NotApplied": 24,
    "StandBy": 27,
    "LicenseExpired": 35,
    "NeedsAttention": 48,
    "Unavailable": 51,
}

_PRIORITY_BY_POSITION = -1


@dataclass
class RasHost:
    """A server with RAS components; ``address`` is given when the lab starts. Without ``windows`` it has no WinRM.

    ``member`` says in which inventory group the host is (True: ras_members, False: ras_licensing_servers, None: as
    it really is), so that a world can hold an inventory that is wrong about the licensing server.
    ``listed_as`` is by which name the farm lists a component of it; None is a row without a server.
    """

    name: str
    components: tuple[str, ...]
    site: str
    priority: int = 0
    enabled: bool = True
    standby: bool = False
    agent_state: str | None = "OK"
    agent_version: str = ""
    member: bool | None = None
    listed_as: dict[str, str | None] = field(default_factory=dict)
    vars: dict[str, Any] = field(default_factory=dict)
    address: str = ""
    windows: WindowsHost | None = None

    def server_of(self, component: str) -> str | None:
        """What the farm writes as the server of a component."""
        return self.listed_as.get(component, self.name)

    def goes_by(self, server: str) -> bool:
        """Whether the farm knows it by that name."""
        return server.casefold() in {name.casefold() for name in (self.name, *self.listed_as.values()) if name}

    @property
    def has_web_admin(self) -> bool:
        """Whether the RAS Web Administration Service, and so the REST API, runs here."""
        return "web_admin" in self.components

    @property
    def shown_state(self) -> str | None:
        """The agent's state as the farm sees it: a host that is down, or whose service is stopped, reports nothing."""
        if self.windows is None or self.agent_state is None:
            return self.agent_state
        if self.windows.power != "on":
            return "ConnectionFailed"
        for component in self.components:
            service = self.windows.services.of_component(component)
            if component != "web_admin" and (service is None or not service.is_running):
                return "Unavailable"
        return self.agent_state

    @property
    def is_broker(self) -> bool:
        return "broker" in self.components


def read_host(
    data: Any, default_site: str, version: str, place: str, windows: Mapping[str, Any] | None = None
) -> RasHost:
    """A host as a world writes it. Brokers get the web administration service unless ``web_admin: false``.

    ``windows`` is what the farm says for all its hosts; None leaves a host that says nothing itself without WinRM.
    """
    reader = Reader(data, place)
    components = reader.take("components", texts, ("broker",))
    for component in components:
        if component not in COMPONENTS:
            raise WorldError(f"{place}.components: {component} is none of {', '.join(COMPONENTS)}")
    if reader.take("web_admin", flag, "broker" in components) and "web_admin" not in components:
        components = (*components, "web_admin")
    state_or_none = one_of(None, *AGENT_STATES)
    host = RasHost(
        name=reader.take("name", text),
        components=components,
        site=reader.take("site", text, default_site),
        priority=reader.take("priority", whole, _PRIORITY_BY_POSITION),
        enabled=reader.take("enabled", flag, True),
        standby=reader.take("standby", flag, False),
        agent_state=reader.take("agent_state", state_or_none, "OK"),
        agent_version=reader.take("agent_version", optional_text, None) or version,
        member=reader.take("member", one_of(None, True, False), None),
        listed_as=reader.take("listed_as", mapping, {}),
        vars=reader.take("vars", mapping, {}),
    )
    for component, name in host.listed_as.items():
        if component not in components or not (name is None or isinstance(name, str)):
            raise WorldError(f"{place}.listed_as: {component}: expected a component of the host, and a name or null")
    own = reader.take("windows", mapping, None)
    if own is not None or windows is not None:
        merged = {**(windows or {}), **(own or {})}
        host.windows = read_windows(merged, host.name, components, host.agent_version, f"{place}.windows")
    reader.done()
    return host


def number_brokers(hosts: list[RasHost]) -> None:
    """Gives brokers without a stated priority their position in their site, the first being the primary (0)."""
    for host in hosts:
        if host.priority == _PRIORITY_BY_POSITION:
            before = [other for other in hosts[: hosts.index(host)] if other.is_broker and other.site == host.site]
            host.priority = len(before) if host.is_broker else 0


def patch_host(host: RasHost, changes: Mapping[str, Any], place: str) -> None:
    """Changes agent state, agent version and the like while the lab runs. Raises WorldError."""
    reader = Reader(changes, place)
    fresh = {
        "agent_state": reader.take("agent_state", one_of(None, *AGENT_STATES), host.agent_state),
        "agent_version": reader.take("agent_version", text, host.agent_version),
        "enabled": reader.take("enabled", flag, host.enabled),
        "standby": reader.take("standby", flag, host.standby),
        "priority": reader.take("priority", whole, host.priority),
    }
    reader.done()
    if host.windows and fresh["agent_version"] != host.agent_version:
        host.windows.set_ras_version(fresh["agent_version"])
    for name, value in fresh.items():
        setattr(host, name, value)
