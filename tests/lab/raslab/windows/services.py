# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows services, those of RAS by component among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

STATES = ("Running", "Stopped", "StartPending", "StopPending")
START_MODES = ("auto", "manual", "disabled", "delayed")
# The words of Get-Service for these.
START_TYPES = {"auto": "Automatic", "delayed": "Automatic", "manual": "Manual", "disabled": "Disabled"}

# Name and display name are the same: two independent sources show this form, one script shows short names
# (RASBroker, ...). The name of the web administration service is inferred from its display name in the guides.
RAS_SERVICES = {
    "broker": "RAS Connection Broker",
    "gateway": "RAS Secure Gateway",
    "rds": "RAS RD Session Host Agent",
    "web_admin": "RAS Web Administration Service",
}
_RAS_FOLDER = r"C:\Program Files (x86)\Parallels\ApplicationServer"
_RAS_PROGRAMS = {
    "broker": r"\2XController.exe",
    "gateway": r"\2XGateway.exe",
    "rds": r"\2XAgent.exe",
    "web_admin": r"\WebAdminService\RASWebAdminService.exe",
}
_OTHERS = (
    ("WinRM", "Windows Remote Management (WS-Management)", r"C:\Windows\System32\svchost.exe -k NetworkService -p"),
    ("msiserver", "Windows Installer", r"C:\Windows\System32\msiexec.exe /V"),
    ("LanmanServer", "Server", r"C:\Windows\System32\svchost.exe -k netsvcs -p"),
)


@dataclass
class Service:
    """One service; ``state`` is the word of ``Get-Service``."""

    name: str
    display_name: str
    path: str
    state: str = "Running"
    start_mode: str = "auto"
    username: str = "LocalSystem"
    component: str | None = None

    @property
    def is_running(self) -> bool:
        return self.state == "Running"


class ServiceTable:
    """The services of one host; found by name or display name, blind to case."""

    def __init__(self, components: Iterable[str]) -> None:
        self.all: list[Service] = [Service(name, display, path) for name, display, path in _OTHERS]
        self.find("msiserver").start_mode = "manual"  # type: ignore[union-attr]
        self.add_components(components)

    def add_components(self, components: Iterable[str]) -> None:
        """Adds the services of RAS components that are not there yet."""
        for component in components:
            name = RAS_SERVICES.get(component)
            if name and self.find(name) is None:
                path = f'"{_RAS_FOLDER}{_RAS_PROGRAMS[component]}"'
                self.all.append(Service(name, name, path, component=component))

    def find(self, name: str) -> Service | None:
        wanted = name.casefold()
        return next((s for s in self.all if wanted in (s.name.casefold(), s.display_name.casefold())), None)

    def of_component(self, component: str) -> Service | None:
        return next((service for service in self.all if service.component == component), None)

    def remove(self, service: Service) -> None:
        self.all.remove(service)

    def start_automatic(self) -> None:
        """What a boot does."""
        for service in self.all:
            service.state = "Running" if service.start_mode in ("auto", "delayed") else "Stopped"
