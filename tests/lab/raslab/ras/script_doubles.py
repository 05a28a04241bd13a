# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The doubles of the collection's own scripts (``plugins/plugin_utils/ps``): small, on top of the RASAdmin double."""

from __future__ import annotations

import hashlib
import json
import ntpath
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from raslab.powershell.cmdlets import FIRST_RASADMIN
from raslab.powershell.scripts import Ended, Run, script
from raslab.ras.rasadmin import PowerShellError, RasAdmin
from raslab.windows.files import FileError
from raslab.windows.products import Product
from raslab.windows.services import Service

_FOLDER = "C:\\Program Files (x86)\\Parallels\\ApplicationServer\\"
_START_TYPES = {"auto": "Automatic", "delayed": "Automatic", "manual": "Manual", "disabled": "Disabled"}


class _Coded(Exception):
    """``Stop-WithCode`` of the scripts."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def _answer(data: dict[str, Any], changed: bool = False) -> Ended:
    """What a script hands back: one JSON string."""
    return Ended(json.dumps(data, ensure_ascii=False), changed)


def _failure(error: Exception, changed: bool) -> Ended:
    code = error.code if isinstance(error, _Coded) else "refused"
    return _answer({"ok": False, "error": {"code": code, "message": str(error)}}, changed)


async def _in_session(run: Run, changed: bool, work: Callable[[RasAdmin], Awaitable[dict[str, Any]]]) -> Ended:
    """Import, log on, ``work``, and log off whatever happens, as every script of ours does."""
    admin = RasAdmin(run)
    try:
        _import(admin)
        admin.new_session(str(run.get("Username")), str(run.get("Password")))
        try:
            return _answer({"ok": True, **await work(admin)}, changed)
        finally:
            admin.remove_session()
    except (_Coded, PowerShellError, FileError) as error:
        return _failure(error, changed)


def _import(admin: RasAdmin) -> None:
    """``Import-RasModule``."""
    if admin.module == "RASAdmin":
        return
    if admin.module is not None:
        raise _Coded("product_too_old", "The host has the PSAdmin module of RAS 15-17.")
    if admin.machine.windows.ras is not None:
        raise _Coded("product_missing", "RAS is installed, but its PowerShell module is not.")
    raise _Coded("product_missing", "RAS is not installed on this host.")


@script("host_observe")
async def host_observe(run: Run) -> Ended:
    windows = run.machine.windows
    admin = RasAdmin(run)
    ras = [product for product in windows.products if product.name.startswith("Parallels ")]
    data = {
        "ok": True,
        "computer": windows.computer_name,
        "products": [_product(product) for product in ras],
        "services": [_service(service) for service in windows.services.all if service.component],
        "folder": windows.ras.folder if windows.ras else _FOLDER,
        "module": admin.module,
        "reboot_pending": windows.pending_reboot,
        "installer_running": windows.installer_busy or run.machine.installing,
        "disk_free_bytes": windows.disk_free - windows.files.used(),
        "uptime_seconds": int((datetime.now() - windows.boot_time).total_seconds()),
        "os": "Microsoft Windows Server 2022 Standard",
    }
    return _answer(data)


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
        "start_type": _START_TYPES[service.start_mode],
    }


@script("ras_observe")
async def ras_observe(run: Run) -> Ended:
    async def work(admin: RasAdmin) -> dict[str, Any]:
        sites = admin.sites()
        return {
            "computer": run.machine.windows.computer_name,
            "version": admin.version(),
            "license": admin.license(),
            "sites": sites,
            "brokers": [broker for site in sites for broker in admin.brokers(site["Id"])],
        }

    return await _in_session(run, False, work)


@script("ras_agents")
async def ras_agents(run: Run) -> Ended:
    async def work(admin: RasAdmin) -> dict[str, Any]:
        agents = [agent for site in admin.sites() for agent in admin.agents(site["Id"])]
        return {"version": admin.version(), "agents": agents}

    return await _in_session(run, False, work)


@script("ras_apply")
async def ras_apply(run: Run) -> Ended:
    async def work(admin: RasAdmin) -> dict[str, Any]:
        admin.apply()
        return {}

    return await _in_session(run, True, work)


@script("ras_export")
async def ras_export(run: Run) -> Ended:
    path = str(run.get("Path"))

    async def work(admin: RasAdmin) -> dict[str, Any]:
        files = run.machine.windows.files
        files.make_folder(ntpath.dirname(path))
        admin.export_settings(path)
        content = files.read(path)
        return {"path": path, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}

    return await _in_session(run, True, work)


@script("ras_license_write")
async def ras_license_write(run: Run) -> Ended:
    sent = False

    async def work(admin: RasAdmin) -> dict[str, Any]:
        nonlocal sent
        sent = True
        email, password = str(run.get("Email")), str(run.get("AccountPassword"))
        if run.get("Action") == "activate":
            admin.activate(email, password, run.get("Key") or None)
        else:
            admin.deactivate(email, password)
        return {}

    ended = await _in_session(run, True, work)
    answer = json.loads(ended.result)
    if not answer["ok"] and not sent and answer["error"]["code"] == "refused":
        answer["error"]["code"] = "not_sent"
        return _answer(answer, True)
    return ended


assert FIRST_RASADMIN == 18, "the scripts say that RAS 15-17 have another module"
