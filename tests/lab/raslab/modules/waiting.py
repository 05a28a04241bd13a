# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""win_wait_for: ports of the host itself, and files."""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any

from raslab.modules.call import module, ModuleCall, NotModeled

# The real module looks once a second; here time passes faster
_PAUSE = 0.05
_RAS_PORTS = {20443: "web_admin", 20002: "broker", 80: "gateway", 443: "gateway", 30004: "rds"}


@module("win_wait_for", "ansible.windows 3.3.0 and 3.8.0, plugins/modules/win_wait_for.ps1", ("port", "path", "state"))
async def win_wait_for(call: ModuleCall) -> dict[str, Any]:
    call.only("port", "path", "state", "timeout", "host", "delay", "sleep", "regex", "connect_timeout")
    args = call.args
    port, path, state = args["port"], args["path"], args["state"]
    if port is not None and path is not None:
        raise call.fail("port and path parameter can not both be passed to win_wait_for")
    if state == "drained" or (port is None and path is None):
        raise NotModeled("win_wait_for for drained connections, or for time alone, is not modeled")
    start, attempts = time.monotonic(), 0
    wanted = state in ("started", "present")
    while True:
        attempts += 1
        if (_listens(call, port) if port is not None else _is_there(call, path, args["regex"])) == wanted:
            return {"elapsed": round(time.monotonic() - start, 3), "wait_attempts": attempts}
        if time.monotonic() - start >= args["timeout"]:
            break
        await asyncio.sleep(_PAUSE)
    call.result.update(elapsed=round(time.monotonic() - start, 3), wait_attempts=attempts)
    target = f"{args['host']}:{port}" if port is not None else f"file {path}"
    verb = ("start" if wanted else "stop") + " listening" if port is not None else "be " + state
    raise call.fail(f"timeout while waiting for {target} to {verb}")


def _listens(call: ModuleCall, port: int) -> bool:
    component = _RAS_PORTS.get(port)
    if component is None:
        raise NotModeled(f"win_wait_for port {port} is not modeled")
    if component == "web_admin":
        return call.machine.rest_answers and not call.machine.farm.faults.closes(call.machine.host.name, "rest")
    service = call.windows.services.of_component(component)
    return service is not None and service.is_running


def _is_there(call: ModuleCall, path: str, regex: str | None) -> bool:
    node = call.windows.files.find(path)
    if node is None or regex is None:
        return node is not None
    return re.search(regex, (node.content or b"").decode(errors="replace")) is not None
