# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""msiexec: installs, upgrades and removes products, in its own time and with the exit codes of Windows Installer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from raslab.faults import Verdict
from raslab.journal import Entry
from raslab.ras import effects
from raslab.windows.files import expand, FileError
from raslab.windows.machine import Machine
from raslab.windows.msi import NotAnMsi, Package, read_package
from raslab.windows.products import Product, RAS_UPGRADE_CODE, ras_version

# Windows Installer error codes (Microsoft, "MsiExec.exe and InstallExec.exe error messages")
SUCCESS = 0
DISK_FULL = 112
INSTALL_FAILURE = 1603
UNKNOWN_PRODUCT = 1605
ALREADY_RUNNING = 1618
PACKAGE_OPEN_FAILED = 1619
REBOOT_INITIATED = 1641
REBOOT_REQUIRED = 3010
# What an installation of RAS needs on the system drive, as the lab assumes it
NEEDED_BYTES = 2 * 1024**3
_SUCCESSES = (SUCCESS, REBOOT_INITIATED, REBOOT_REQUIRED)


@dataclass(frozen=True)
class Result:
    """An exit code, and the log that msiexec was asked to write. None: nobody saw the code."""

    code: int | None
    log: str


async def install(machine: Machine, path: str, log_path: str | None) -> Result:
    """``msiexec /i``. It goes on if whoever waits for it is gone."""

    def read() -> Package | None:
        try:
            return read_package(machine.windows.files.read(path))
        except (FileError, NotAnMsi):
            return None

    return await _begin(machine, "install", expand(path), log_path, read)


async def remove(machine: Machine, code: str, log_path: str | None) -> Result:
    """``msiexec /x``."""
    return await _begin(machine, "remove", code, log_path, lambda: None)


async def _begin(
    machine: Machine, verb: str, target: str, log_path: str | None, read: Callable[[], Package | None]
) -> Result:
    entry = machine.note("install", target, "host")
    entry.args = {"verb": verb}
    if machine.installing or machine.windows.installer_busy:
        # the double of another installation that holds the installer; nothing is tried
        machine.journal.end(entry, ALREADY_RUNNING)
        return _logged(machine, log_path, ALREADY_RUNNING, "Another installation is already in progress.")
    verdict = machine.meet("install")
    if verdict.model:
        entry.fault = ",".join(fault.kind for fault in verdict.model)
    result: asyncio.Future[Result] = asyncio.get_running_loop().create_future()

    async def work() -> None:
        try:
            done = await _carry_out(machine, entry, verdict, verb, target, log_path, read())
        except asyncio.CancelledError:  # the host restarts under it
            machine.journal.end(entry, "interrupted")
            raise
        finally:
            machine.installing = False
        if not result.done():
            result.set_result(done)

    machine.installing = True
    # the Windows Installer service does the work: it outlives the process and the shell that asked for it
    machine.spawn(work())
    return await asyncio.shield(result)


async def _carry_out(
    machine: Machine,
    entry: Entry,
    verdict: Verdict,
    verb: str,
    target: str,
    log_path: str | None,
    package: Package | None,
) -> Result:
    windows = machine.windows
    if lost := verdict.find("winrm_lost"):
        machine.schedule(machine.lose_winrm(lost.params["delay"], lost.params["seconds"]))
    if moved := verdict.find("clock_moved"):
        windows.move_clock(moved.params["seconds"])
    await asyncio.sleep(windows.durations.install)
    if verdict.find("restart_during"):
        machine.order_restart(0.0)
        await asyncio.get_running_loop().create_future()  # the restart ends this
    wanted = verdict.find("msiexec")
    code = wanted.params["code"] if wanted else SUCCESS
    message = "Installation completed successfully."
    if wanted and wanted.params["log"]:
        message = wanted.params["log"]
    elif code not in _SUCCESSES:
        message = f"Installation failed with error status: {code}."
    product = windows.product(target) if verb == "remove" else None
    if code in _SUCCESSES and verb == "remove" and product is None:
        code, message = UNKNOWN_PRODUCT, "This action is only valid for products that are currently installed."
    elif code in _SUCCESSES and verb == "install" and package is None:
        code, message = PACKAGE_OPEN_FAILED, "This installation package could not be opened."
    elif code in _SUCCESSES and verb == "install" and windows.disk_free - windows.files.used() < NEEDED_BYTES:
        code, message = INSTALL_FAILURE, f"Error 1305: there is not enough space on the disk ({DISK_FULL})."
    # brought: what the code means is another installation, which brings the same product
    if code in _SUCCESSES or (wanted and wanted.params["brought"] and package):
        entry.effect = _change(machine, verdict, package, product)
    entry.args = {"verb": verb, "version": package.version if package else None}
    if wanted and wanted.params["swapped"] is not None:
        # somebody puts another file into the place of the package as soon as that can be: one that the world offers
        windows.files.write_when_free(target, machine.world.downloads[wanted.params["swapped"]])
    machine.journal.end(entry, code)
    if code == REBOOT_REQUIRED or verdict.find("leaves_restart"):
        windows.pending_reboot = True
    elif code == REBOOT_INITIATED:
        machine.order_restart(0.3)
    logged = _logged(machine, log_path, code, message)
    return Result(None, logged.log) if verdict.find("no_exit_code") else logged


def _change(machine: Machine, verdict: Verdict, package: Package | None, product: Product | None) -> str:
    windows = machine.windows
    if product is not None:
        windows.products.remove(product)
        return "removed"
    assert package is not None
    is_ras = package.upgrade_code == RAS_UPGRADE_CODE
    present = windows.ras if is_ras else None
    windows.install(
        Product(
            package.product_code,
            package.name,
            package.version,
            package.manufacturer,
            package.upgrade_code,
            is_ras,
            present.features if present else (),
            present.folder if present else "",
        )
    )
    if is_ras:
        effects.installed(machine, package.properties.get("LABRASVERSION") or ras_version(package.version), verdict)
    return "installed"


def _logged(machine: Machine, log_path: str | None, code: int, message: str) -> Result:
    """The log of a verbose run, much shortened, with the line that people look for."""
    ending = "Installation success or error status: " + str(0 if code in _SUCCESSES else code)
    value = 1 if code in _SUCCESSES else 3
    lines = [
        "=== Verbose logging started ===",
        f"Action ended INSTALL. Return value {value}.",
        message,
        f"MSI (s) Windows Installer installed the product. {ending}.",
        "=== Verbose logging stopped ===",
    ]
    text = "\r\n".join(lines) + "\r\n"
    if log_path:
        try:
            # msiexec writes its log as UTF-16 with a mark
            machine.windows.files.write(log_path, text.encode("utf-16"))
        except FileError:
            pass  # as msiexec: without the folder there is no log, and the installation goes on
    return Result(code, text)
