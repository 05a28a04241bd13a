# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""win_ping, setup and async_status."""

from __future__ import annotations

import json
import ntpath
from datetime import datetime, timezone
from typing import Any

from raslab.modules.call import module, ModuleCall, NotModeled
from raslab.windows.files import expand, TEMP

_MEMORY_MB = 8192


@module("win_ping", "ansible.windows 3.3.0 and 3.8.0, plugins/modules/win_ping.ps1")
async def win_ping(call: ModuleCall) -> dict[str, Any]:
    if call.args["data"] == "crash":
        raise call.fail("Unhandled exception while executing module: boom")
    return {"ping": call.args["data"]}


@module("setup", "ansible.windows 3.3.0 and 3.8.0, plugins/modules/setup.ps1", ("gather_subset",))
async def setup(call: ModuleCall) -> dict[str, Any]:
    """A part of the facts, but of the right shape; a subset that leaves facts out is honored only for ``min``."""
    subset = set(call.args["gather_subset"] or ["all"])
    if not subset <= {"all", "min", "!all", "!min", "date_time", "distribution", "platform", "uptime", "user"}:
        raise NotModeled(f"gather_subset {','.join(sorted(subset))} is not modeled")
    windows, host = call.windows, call.machine.host
    now = datetime.now()
    domain = host.name.partition(".")[2]
    facts: dict[str, Any] = {
        "ansible_os_family": "Windows",
        "ansible_system": "Win32NT",
        "ansible_distribution": "Microsoft Windows Server 2022 Standard",
        "ansible_distribution_version": windows.version,
        "ansible_distribution_major_version": windows.version.split(".")[0],
        "ansible_os_name": "Microsoft Windows Server 2022 Standard",
        "ansible_os_product_type": "server",
        "ansible_os_installation_type": "Server",
        "ansible_kernel": windows.version,
        "ansible_architecture": "64-bit",
        "ansible_architecture2": "x86_64",
        "ansible_nodename": host.name,
        "ansible_hostname": windows.computer_name,
        "ansible_netbios_name": windows.computer_name,
        "ansible_fqdn": host.name,
        "ansible_domain": domain,
        "ansible_windows_domain": domain,
        "ansible_windows_domain_member": bool(domain),
        "ansible_windows_domain_role": "Member server",
        "ansible_ip_addresses": [host.address],
        "ansible_lastboot": windows.boot_time.strftime("%Y-%m-%d %H:%M:%SZ"),
        "ansible_uptime_seconds": int((now - windows.boot_time).total_seconds()),
        "ansible_reboot_pending": windows.pending_reboot,
        "ansible_memtotal_mb": _MEMORY_MB,
        "ansible_memfree_mb": _MEMORY_MB // 2,
        "ansible_processor_vcpus": 4,
        "ansible_powershell_version": 5,
        "ansible_user_id": call.user,
        "ansible_user_dir": r"C:\Users\Administrator",
        "ansible_env": {"TEMP": TEMP, "COMPUTERNAME": windows.computer_name, "SystemRoot": r"C:\Windows"},
        "ansible_date_time": {
            "date": now.strftime("%Y-%m-%d"),
            "time": now.strftime("%H:%M:%S"),
            "iso8601": now.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "epoch": str(int(now.timestamp())),
            "tz": "UTC",
        },
        "module_setup": True,
        "gather_subset": list(call.args["gather_subset"] or ["all"]),
    }
    return {"ansible_facts": facts}


@module("async_status", "ansible.windows 3.3.0 and 3.8.0, plugins/modules/async_status.ps1", ("mode",))
async def async_status(call: ModuleCall) -> dict[str, Any]:
    job_id, files = call.args["jid"], call.windows.files
    path = ntpath.join(expand(call.args["_async_dir"]), job_id)
    if not files.is_file(path):
        call.result.update(ansible_job_id=job_id, started=1, finished=1)
        raise call.fail(f"could not find job at '{call.args['_async_dir']}'")
    if call.args["mode"] == "cleanup":
        files.remove(path)
        return {"ansible_job_id": job_id, "erased": path}
    result: dict[str, Any] = json.loads(files.read(path))
    return result
