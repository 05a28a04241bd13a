# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The doubles of the collection's own scripts (``plugins/plugin_utils/_backends/ps``): small, on top of RASAdmin's.

Those that start a program of the host are in ``host_doubles``, which registers them when it is imported here.
"""

from __future__ import annotations

import hashlib
import ntpath
import re
from collections.abc import Awaitable, Callable
from typing import Any

from raslab.powershell.cmdlets import FIRST_RASADMIN
from raslab.powershell.scripts import Ended, Run, script
from raslab.ras.answers import answer, Coded, failure
from raslab.ras.host_doubles import signed
from raslab.ras.rasadmin import drain_arguments, PowerShellError, RasAdmin
from raslab.windows.files import expand, FileError, FileSystem
from raslab.windows.msi import MESSAGES
from raslab.windows.products import Product
from raslab.windows.registry import has_file_renames, reboot_sources
from raslab.windows.services import Service, START_TYPES
from raslab.windows.unreadable import with_gaps

_FOLDER = "C:\\Program Files (x86)\\Parallels\\ApplicationServer"

# Which services host_observe asks for, by their display names
_OURS = re.compile("RAS |Parallels|2X", re.IGNORECASE)

# Cmdlets that enable and disable a host, by kind, the newest name first
_SETTERS = {
    "rds": ("Set-RASRDSHost", "Set-RASRDS"),
    "gateway": ("Set-RASGateway", "Set-RASGW"),
    "broker": ("Set-RASBroker", "Set-RASPA"),
}


async def _in_session(run: Run, changed: bool, work: Callable[[RasAdmin], Awaitable[dict[str, Any]]]) -> Ended:
    """Import, log on, ``work``, and log off whatever happens, as every script of ours does.

    :param changed: also, that it writes: what fails before its work then has the code ``not_sent``.
    """
    admin = RasAdmin(run)
    code = "not_sent" if changed else "refused"
    try:
        _import(admin)
        _log_on(admin, str(run.get("Username")), str(run.get("Password")))
        try:
            code = "refused"
            return answer({"ok": True, **await work(admin)}, changed)
        finally:
            admin.remove_session()
    except (Coded, PowerShellError, FileError) as error:
        return failure(error, changed, code)


def _log_on(admin: RasAdmin, username: str, password: str) -> None:
    """``New-RASSession``, whose failure has a code of its own."""
    try:
        admin.new_session(username, password)
    except PowerShellError as error:
        raise Coded("logon_failed", str(error)) from error


def _import(admin: RasAdmin) -> None:
    """``Import-RasModule``."""
    if admin.module == "RASAdmin":
        return
    if admin.module is not None:
        raise Coded("product_too_old", "The host has the PSAdmin module of RAS 15-17.")
    if admin.machine.windows.ras is not None:
        raise Coded("product_missing", "RAS is installed, but its PowerShell module is not.")
    raise Coded("product_missing", "RAS is not installed on this host.")


@script("host_observe", 5)
async def host_observe(run: Run) -> Ended:
    windows = run.machine.windows
    admin = RasAdmin(run)
    ras = [product for product in windows.products if product.name.startswith("Parallels ")]
    sources = reboot_sources(windows)
    data = {
        "ok": True,
        "computer": windows.computer_name,
        "full_name": run.machine.host.name,
        "products": [_product(product) for product in ras],
        "services": [_service(service) for service in windows.services.all if _OURS.match(service.display_name)],
        "folder": windows.ras.folder if windows.ras else _FOLDER,
        "module": admin.module,
        # what a manifest of RAS says is not known; the module must equal its broker's version, so it says that here
        "module_version": admin.host.agent_version if admin.module else None,
        "reboot_pending": bool(sources),
        "reboot_sources": sources,
        "file_renames": has_file_renames(windows),
        "installer_running": windows.installer_busy or run.machine.installing,
        "disk_free_bytes": windows.disk_free - windows.files.used(),
        "product_disk_free_bytes": windows.disk_free - windows.files.used(),
        "uptime_seconds": max(0, int(windows.uptime)),
        "session_count": windows.sessions,
        "os": "Microsoft Windows Server 2022 Standard",
    }
    return answer(with_gaps(data, windows.unreadable))


def _product(product: Product) -> dict[str, str]:
    return {
        "name": product.name,
        "version": product.version,
        "publisher": product.publisher,
        "product_code": product.code,
    }


def _service(service: Service) -> dict[str, str]:
    return {
        "name": service.name,
        "display_name": service.display_name,
        "status": service.state,
        "start_type": START_TYPES[service.start_mode],
    }


@script("ras_observe", 2)
async def ras_observe(run: Run) -> Ended:
    """Each source apart: what cannot be read is null, and is listed with the reason."""
    unread: list[dict[str, str]] = []

    def source(name: str, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except PowerShellError as error:
            unread.append({"source": name, "why": str(error)})
            return None

    async def work(admin: RasAdmin) -> dict[str, Any]:
        version, license_ = source("version", admin.version), source("license", admin.license)
        sites = source("sites", admin.sites)

        def brokers() -> list[dict[str, Any]]:
            if sites is None:
                raise PowerShellError("Brokers are listed by site, and the sites could not be read.")
            return [broker for site in sites for broker in admin.brokers(site["Id"])]

        return {
            "computer": run.machine.host.name.partition(".")[0],
            "version": version,
            "license": license_,
            "sites": sites,
            "brokers": source("brokers", brokers),
            "unread": unread,
        }

    return await _in_session(run, False, work)


@script("ras_agents", 2)
async def ras_agents(run: Run) -> Ended:
    async def work(admin: RasAdmin) -> dict[str, Any]:
        agents = [agent for site in admin.sites() for agent in admin.agents(site["Id"])]
        return {"agents": agents}

    return await _in_session(run, False, work)


@script("ras_apply", 2)
async def ras_apply(run: Run) -> Ended:
    async def work(admin: RasAdmin) -> dict[str, Any]:
        admin.apply()
        return {}

    return await _in_session(run, True, work)


@script("ras_export", 4)
async def ras_export(run: Run) -> Ended:
    path = str(run.get("Path"))
    if not re.match(r"[A-Za-z]:[\\/].*[^\\/]$", path, re.DOTALL):
        text = (
            "The path of the export must be the full path of a file on a drive, such as C:\\folder\\farm.dat2: "
            f"'{path}' is not."
        )
        return failure(Coded("invalid_option", text), True)
    prefix, keep = str(run.get("Prefix") or ""), int(run.get("Keep") or 0)

    async def work(admin: RasAdmin) -> dict[str, Any]:
        files = run.machine.windows.files
        admin.export_settings(path, int(run.get("TimeoutInSecs") or 0))
        content = files.read(path)
        removed = _retain(files, path, prefix, keep) if prefix and keep > 0 else []
        written = {"path": path, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        return {**written, "removed": removed, "not_removed": []}

    return await _in_session(run, True, work)


def _retain(files: FileSystem, new: str, prefix: str, keep: int) -> list[str]:
    """Removes all but the newest ``keep`` exports of a folder, of which ``new`` is one; says which are gone."""
    folder, start = ntpath.dirname(expand(new)).lower(), prefix.lower()
    older = []
    for node in files.files_below(folder):
        name = ntpath.basename(node.path).lower()
        is_here = ntpath.dirname(node.path).lower() == folder and node.path.lower() != expand(new).lower()
        if is_here and name.startswith(start) and name.endswith(".dat2"):
            older.append(node)
    older.sort(key=lambda node: (node.written, node.path.lower()), reverse=True)
    gone = [node.path for node in older[keep - 1 :]]
    for path in gone:
        files.remove(path)
    return gone


@script("ras_license_write", 2)
async def ras_license_write(run: Run) -> Ended:
    async def work(admin: RasAdmin) -> dict[str, Any]:
        email, password = str(run.get("Email")), str(run.get("AccountPassword"))
        if run.get("Action") == "activate":
            admin.activate(email, password, run.get("Key") or None)
        else:
            admin.deactivate(email, password)
        return {}

    return await _in_session(run, True, work)


@script("ras_agent_update", 2)
async def ras_agent_update(run: Run) -> Ended:
    async def work(admin: RasAdmin) -> dict[str, Any]:
        await admin.update_agent(str(run.get("Server")), run.get("SiteId"), bool(run.get("Force", False)))
        return {}

    return await _in_session(run, True, work)


@script("ras_drain", 2)
async def ras_drain(run: Run) -> Ended:
    """Takes a host out of the farm's rotation, or puts it back, by the cmdlet that the version has for its kind.

    The change is applied at once, and with it whatever others have staged: callers look for that before.
    """
    kind = str(run.get("Kind"))
    enabled = bool(run.get("Enabled"))
    run.entry.args = drain_arguments(run)

    async def work(admin: RasAdmin) -> dict[str, Any]:
        names = _SETTERS.get(kind, ())
        name = next((name for name in names if admin.has(name)), None)
        if not names:
            raise Coded("drain_unsupported", f"No cmdlet disables servers of the kind '{kind}'.")
        if name is None:
            raise Coded("drain_unsupported", f"None of these cmdlets exists: {', '.join(names)}")
        admin.set_enabled(name, str(run.get("Server")), enabled, run.get("SiteId"))
        admin.apply()
        run.entry.effect = "undrained" if enabled else "drained"
        return {"cmdlet": name}

    return await _in_session(run, True, work)


@script("read_tail")
async def read_tail(run: Run) -> Ended:
    node = run.machine.windows.files.find(str(run.get("Path")))
    if node is None or node.content is None:
        return answer({"ok": True, "exists": False, "lines": []})
    # Get-Content reads the mark that msiexec's logs begin with
    encoding = "utf-16" if node.content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    lines = node.content.decode(encoding, "replace").splitlines()
    return answer({"ok": True, "exists": True, "lines": lines[-int(run.get("Lines", 50)) :]})


@script("state_note", 2)
async def state_note(run: Run) -> Ended:
    """Reads a small file, or writes it when there is content to write; check mode reads only."""
    files, path, content = run.machine.windows.files, str(run.get("Path")), run.get("Content")
    present = files.read(path).decode() if files.is_file(path) else None
    changed = content is not None and content != present
    if changed and not run.check:
        try:
            files.write(path, str(content).encode())
        except FileError as error:
            return failure(error, True)
        present = str(content)
    return answer({"ok": True, "content": present}, changed)


@script("private_folder")
async def private_folder(run: Run) -> Ended:
    """Makes what is missing of a folder, unless in check mode, and reports all that leads to it."""
    files, path = run.machine.windows.files, str(run.get("Path"))
    missing = [each for each in _chain(path) if files.find(each) is None] if run.get("Create") else []
    if not run.check:
        run.entry.effect = "made" if missing else None
        for each in missing:
            files.make_folder(each)
            files.set_access(each, "private")
    names = str(run.get("Files") or "").split("|") if run.get("Files") else []
    rows = [_access_row(files, each) for each in _chain(path)]
    found = [_access_row(files, f"{path}\\{name}") for name in names]
    made = bool(missing)
    return answer({"ok": True, "made": made, "rows": rows, "files": found, "administrator": None}, made)


def _chain(path: str) -> list[str]:
    """``Get-AccessRow``: the drive, each folder below it, and the path."""
    parts = path.split("\\")
    return [parts[0] + "\\", *("\\".join(parts[:number]) for number in range(2, len(parts) + 1))]


def _access_row(files: FileSystem, path: str) -> dict[str, Any]:
    """``Get-AccessOf``."""
    node = files.find(path)
    if node is None:
        return {"path": path, "kind": "missing", "link": False, "owner": None, "sddl": None}
    kind = "folder" if node.is_folder else "file"
    access = {"owner": node.access.owner_name, "sddl": node.access.sddl}
    return {"path": path, "kind": kind, "link": node.is_link, **access}


@script("signature", 3)
async def signature(run: Run) -> Ended:
    files, path = run.machine.windows.files, str(run.get("Path"))
    try:
        content = files.read(path)
    except FileError as error:
        return failure(error, False)
    status, subject, thumbprint = signed(run, content)
    data = {
        "ok": True,
        "status": status,
        "status_message": MESSAGES[status],
        "chain": ["UntrustedRoot"] if status == "UnknownError" else [],
        "subject": subject,
        "thumbprint": thumbprint,
        "sha256": hashlib.sha256(content).hexdigest(),
        "rows": [_access_row(files, each) for each in _chain(path)],
        "administrator": None,
    }
    return answer(data)


assert FIRST_RASADMIN == 18, "the scripts say that RAS 15-17 have another module"
