# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of a Windows host, and how a world writes it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from raslab.reading import (
    flag,
    mapping,
    number,
    one_of,
    optional_text,
    Reader,
    sequence,
    text,
    texts,
    whole,
    WorldError,
)
from raslab.windows.access import KINDS as ACCESS_KINDS
from raslab.windows.files import FileSystem
from raslab.windows.products import Product, product_code, ras_product
from raslab.windows.services import Service, ServiceTable, START_MODES, STATES
from raslab.windows.unreadable import GAPS
from raslab.windows.users import WindowsUser

POWER = ("on", "restarting", "off")
AUTH = ("basic", "ntlm")
# Over what the inventory makes clients come: the host offers WinRM in any case, and the others only where asked to.
CONNECTIONS = ("winrm", "psrp", "ssh")
# Who runs scripts: doubles in Python, or a real PowerShell 7, which runs code for whoever may log on.
POWERSHELL = ("doubles", "engine")
# Whether msiexec.exe can be started.
MSIEXEC = ("there", "missing", "blocked")
# What shutdown.exe /r answers: it is done, or access is denied, or the host goes down already.
SHUTDOWN_CODES = (0, 5, 1115)
_GIGABYTE = 1024**3
# Features of the installer that public sources name, by component; those of the others are unknown
_FEATURES = {"broker": ("F_Controller", "F_Console", "F_PowerShell"), "web_admin": ("F_WebAdminService",)}
# One for the whole process: worlds that name no users get the same password on all hosts
_DEFAULT_PASSWORD = secrets.token_urlsafe(18)


@dataclass
class WinRm:
    """How WinRM listens; ``scheme`` is what the inventory makes clients use, ``auth`` all that is accepted."""

    auth: tuple[str, ...] = ("basic",)
    scheme: str = "http"
    down: bool = False


@dataclass
class Durations:
    """How long things take here, in seconds; a real server takes minutes."""

    install: float = 0.2
    restart: float = 0.5
    push: float = 0.3


@dataclass
class WindowsHost:
    """Everything about one Windows host that is not RAS."""

    computer_name: str
    version: str
    users: list[WindowsUser]
    winrm: WinRm
    durations: Durations
    services: ServiceTable
    products: list[Product]
    disk_free: int
    pending_reboot: bool
    sessions: int
    boot_time: datetime
    installer_busy: bool = False
    files: FileSystem = field(default_factory=FileSystem)
    registry: dict[str, dict[str, Any]] = field(default_factory=dict)
    power: str = "on"
    root_missing: bool = False
    unreadable: tuple[str, ...] = ()
    clock_moved: float = 0.0
    connection: str = "winrm"
    powershell: str = "doubles"
    msiexec: str = "there"
    shutdown_code: int = 0

    @property
    def ras(self) -> Product | None:
        """The installed RAS product."""
        return next((product for product in self.products if product.is_ras), None)

    def move_clock(self, seconds: float) -> None:
        """The clock is corrected: when the host was started is another time now, and it runs for as long as before."""
        self.boot_time += timedelta(seconds=seconds)
        self.clock_moved += seconds

    @property
    def uptime(self) -> float:
        """How long it runs, in seconds."""
        return (datetime.now() - self.boot_time).total_seconds() + self.clock_moved

    def product(self, code: str) -> Product | None:
        return next((product for product in self.products if product.code.upper() == code.upper()), None)

    def install(self, product: Product) -> None:
        """Puts ``product`` in the place of what has its code or, a major upgrade, its UpgradeCode."""
        self.products = [
            other
            for other in self.products
            if other.code.upper() != product.code.upper()
            and (not product.upgrade_code or other.upgrade_code != product.upgrade_code)
        ]
        self.products.append(product)

    def set_ras_version(self, version: str) -> None:
        """Makes the installed RAS product be of ``version`` (four parts); the features stay."""
        present = self.ras
        if present is not None:
            self.install(ras_product(version, present.features))


def read_windows(data: Mapping[str, Any], host: str, components: tuple[str, ...], ras: str, place: str) -> WindowsHost:
    """The ``windows`` of a world's host; ``ras`` is its RAS version. Raises WorldError."""
    reader = Reader(data, place)
    services = ServiceTable(components)
    if data.get("powershell") == "engine" and "users" in data:
        raise WorldError(
            f"{place}.users: a host that runs any script has users with new passwords only: leave them out"
        )
    has_ras = reader.take("ras_installed", flag, bool(components))
    features = tuple(feature for component in components for feature in _FEATURES.get(component, ()))
    windows = WindowsHost(
        computer_name=reader.take("computer_name", text, host.split(".")[0].upper()[:15]),
        version=reader.take("version", text, "10.0.20348.0"),
        users=_users(reader.take("users", sequence, [{"name": "Administrator", "password": _DEFAULT_PASSWORD}]), place),
        winrm=_winrm(reader.take("winrm", mapping, {}), f"{place}.winrm"),
        durations=_durations(reader.take("durations", mapping, {}), f"{place}.durations"),
        services=services,
        products=[ras_product(ras, features)] if has_ras else [],
        disk_free=int(reader.take("disk_free_gb", number, 40.0) * _GIGABYTE),
        pending_reboot=reader.take("pending_reboot", flag, False),
        sessions=reader.take("sessions", whole, 0),
        boot_time=datetime.now() - timedelta(hours=reader.take("uptime_hours", number, 72.0)),
        installer_busy=reader.take("installer_busy", flag, False),
        root_missing=reader.take("root_missing", flag, False),
        unreadable=read_unreadable(reader.take("unreadable", texts, ()), f"{place}.unreadable"),
        connection=reader.take("connection", one_of(*CONNECTIONS), "winrm"),
        powershell=reader.take("powershell", one_of(*POWERSHELL), "doubles"),
        msiexec=reader.take("msiexec", one_of(*MSIEXEC), "there"),
        shutdown_code=read_shutdown_code(reader.take("shutdown_code", whole, 0), f"{place}.shutdown_code"),
    )
    for index, item in enumerate(reader.take("services", sequence, [])):
        _add_service(services, item, f"{place}.services[{index}]")
    for index, item in enumerate(reader.take("products", sequence, [])):
        windows.products.append(_product(item, f"{place}.products[{index}]"))
    files: dict[str, Any] = reader.take("files", mapping, {})
    access = read_access(reader.take("access", mapping, {}), f"{place}.access")
    # Folders first, for what is put into them inherits.
    set_access(windows, {path: kind for path, kind in access.items() if path not in files})
    for path, content in files.items():
        windows.files.make_folder(path.rpartition("\\")[0])
        windows.files.write(path, text(content, f"{place}.files").encode())
    set_access(windows, {path: kind for path, kind in access.items() if path in files})
    windows.files.open_for_writing(reader.take("written_to", texts, ()))
    reader.done()
    return windows


def read_unreadable(names: Sequence[str], place: str) -> tuple[str, ...]:
    """What the host cannot say of itself. Raises WorldError."""
    return tuple(one_of(*GAPS)(name, place) for name in names)


def read_shutdown_code(code: int, place: str) -> int:
    """An exit code of shutdown.exe that is modeled. Raises WorldError."""
    if code not in SHUTDOWN_CODES:
        raise WorldError(f"{place}: expected one of {', '.join(map(str, SHUTDOWN_CODES))}, observed {code}")
    return code


def read_access(data: Mapping[str, Any], place: str) -> dict[str, str]:
    """Paths, and what is made of each. Raises WorldError."""
    return {path: one_of(*ACCESS_KINDS)(kind, f"{place}.{path}") for path, kind in data.items()}


def set_access(windows: WindowsHost, access: Mapping[str, str]) -> None:
    """Makes each path of its kind, the ones above first."""
    for path, kind in sorted(access.items()):
        windows.files.set_access(path, kind)


def _users(data: list[Any], place: str) -> list[WindowsUser]:
    users = []
    for index, item in enumerate(data):
        reader = Reader(item, f"{place}.users[{index}]")
        users.append(WindowsUser(reader.take("name", text), reader.take("password", text)))
        reader.done()
    return users


def _winrm(data: Mapping[str, Any], place: str) -> WinRm:
    reader = Reader(data, place)
    auth = reader.take("auth", texts, ("basic",))
    for method in auth:
        one_of(*AUTH)(method, f"{place}.auth")
    winrm = WinRm(auth, reader.take("scheme", one_of("http", "https"), "http"), reader.take("down", flag, False))
    reader.done()
    return winrm


def _durations(data: Mapping[str, Any], place: str) -> Durations:
    reader = Reader(data, place)
    durations = Durations(
        reader.take("install", number, 0.2), reader.take("restart", number, 0.5), reader.take("push", number, 0.3)
    )
    reader.done()
    return durations


def _add_service(services: ServiceTable, data: Any, place: str) -> None:
    """A further service, or the state of one that is there by itself."""
    reader = Reader(data, place)
    name = reader.take("name", text)
    service = services.find(name)
    if service is None:
        service = Service(name, name, reader.take("path", text, f"C:\\Program Files\\{name}\\{name}.exe"))
        services.all.append(service)
    service.display_name = reader.take("display_name", optional_text, None) or service.display_name
    service.state = reader.take("state", one_of(*STATES), service.state)
    service.start_mode = reader.take("start_mode", one_of(*START_MODES), service.start_mode)
    reader.done()


def _product(data: Any, place: str) -> Product:
    reader = Reader(data, place)
    name, version = reader.take("name", text), reader.take("version", text)
    product = Product(
        code=reader.take("code", optional_text, None) or product_code(name, version),
        name=name,
        version=version,
        publisher=reader.take("publisher", text, "Example"),
        is_32_bit=reader.take("is_32_bit", flag, False),
    )
    reader.done()
    return product
