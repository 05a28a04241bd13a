# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""win_package: the providers msi and registry, on top of the msiexec double."""

from __future__ import annotations

import hashlib
import ntpath
from dataclasses import dataclass
from typing import Any

from raslab.modules.call import module, ModuleCall, NotModeled
from raslab.windows import msiexec
from raslab.windows.files import expand, TEMP
from raslab.windows.msi import looks_like_msi, NotAnMsi, read_package, signature_of

_MSIEXEC = r"C:\Windows\System32\msiexec.exe"
_WEB = ("http://", "https://")


@dataclass
class _Status:
    """What win_package finds out before it acts."""

    provider: str
    id: str
    installed: bool


@module(
    "win_package",
    "ansible.windows 3.3.0 and 3.8.0, plugins/modules/win_package.ps1",
    ("path", "product_id", "state", "arguments", "log_path", "checksum_algorithm", "verify_signature"),
)
async def win_package(call: ModuleCall) -> dict[str, Any]:
    call.only(
        "arguments",
        "checksum",
        "checksum_algorithm",
        "creates_path",
        "creates_service",
        "expected_return_code",
        "log_path",
        "path",
        "product_id",
        "provider",
        "state",
        "validate_certs",
        "verify_signature",
    )
    args, state, path = call.args, call.args["state"], call.args["path"]
    call.result["reboot_required"] = False
    _check_arguments(call)
    is_url = bool(path) and path.lower().startswith(_WEB)
    status = _installed(call, None) if is_url and args["product_id"] and state == "present" else None
    downloaded = None
    if is_url and (status is None or not status.installed):
        downloaded = path = _download(call, path)
    elif path and not is_url and call.windows.files.find(path) is None and not call.check:
        raise call.fail(f"the file at the path '{path}' cannot be reached")
    if status is None or not status.installed:
        status = _installed(call, None if is_url and downloaded is None else path)
    changed = (state == "present") != status.installed
    call.result["rc"] = 0
    try:
        if changed and not call.check:
            if state == "present":
                _verify(call, path)
            await _act(call, status, path, state)
    finally:
        if downloaded:
            call.windows.files.remove(downloaded)
    return {**call.result, "changed": changed}


def _check_arguments(call: ModuleCall) -> None:
    if call.args["state"] == "present" and not call.args["path"]:
        raise call.fail("state is present but all of the following are missing: path")
    if call.args["state"] == "absent" and not (call.args["path"] or call.args["product_id"]):
        raise call.fail("state is absent but any of the following are missing: path, product_id")
    if call.args["provider"] not in ("auto", "msi", "registry"):
        raise NotModeled(f"the provider {call.args['provider']} of win_package is not modeled")


def _download(call: ModuleCall, url: str) -> str:
    """The temporary copy of a package that a URL names."""
    content = call.machine.world.downloads.get(url.partition("?")[0])
    if content is None:
        raise call.fail(f"Error downloading '{url.partition('?')[0]}': The remote server returned an error: (404).")
    path = ntpath.join(TEMP, ntpath.basename(url.partition("?")[0]))
    call.windows.files.write(path, content)
    return path


def _installed(call: ModuleCall, path: str | None) -> _Status:
    """Asks the product code of an MSI file; else the Uninstall keys, with ``product_id``."""
    args, windows = call.args, call.windows
    node = windows.files.find(path) if path else None
    status = _Status("registry", args["product_id"] or "", False)
    is_msi = node is not None and node.content is not None and looks_like_msi(node.content)
    if is_msi and args["provider"] in ("auto", "msi"):
        assert node is not None
        assert node.content is not None
        try:
            status = _Status("msi", read_package(node.content).product_code, False)
        except NotAnMsi:
            raise call.fail("This installation package could not be opened.") from None
        status.installed = windows.product(status.id) is not None
    elif args["product_id"]:
        status.installed = windows.product(args["product_id"]) is not None
        if status.installed or not path:
            status.provider = "msi"
    if args["creates_path"]:
        status.installed = windows.files.find(args["creates_path"]) is not None
    if args["creates_service"]:
        status.installed = windows.services.find(args["creates_service"]) is not None
    return status


def _verify(call: ModuleCall, path: str) -> None:
    """Checksum and signature, before anything runs."""
    content = call.windows.files.read(path)
    # Get-FileHash gives upper case; PowerShell compares without case
    found = hashlib.new(call.args["checksum_algorithm"], content).hexdigest().upper()
    call.result["checksum"] = found
    wanted = call.args["checksum"]
    if wanted and wanted.upper() != found:
        raise call.fail(f"The checksum for {path} did not match '{wanted}', it was '{found}'")
    if call.args["verify_signature"]:
        status, _subject = signature_of(content)
        if status != "Valid":
            raise call.fail(
                f"Authenticode check failed: File '{path}': signature status is '{status}', expected 'Valid'"
            )


async def _act(call: ModuleCall, status: _Status, path: str, state: str) -> None:
    if status.provider != "msi":
        raise NotModeled(f"win_package with a package that is no MSI is not modeled: {ntpath.basename(path or '')}")
    given = call.args["arguments"]
    extra = " ".join(map(str, given)) if isinstance(given, list) else str(given or "")
    verb, target = ("/i", expand(path)) if state == "present" else ("/x", status.id)
    log_path = call.args["log_path"]
    if state == "present":
        result = await msiexec.install(call.machine, path, log_path)
    else:
        result = await msiexec.remove(call.machine, status.id, log_path)
    if result.code is None:
        # What a module leaves in its job that was cut off.
        del call.result["rc"]
        return
    call.result["rc"] = result.code
    if result.code not in call.args["expected_return_code"]:
        line = f"{_MSIEXEC} {verb} {target} /L*V {log_path or TEMP + chr(92) + 'msiexec.log'} /qn /norestart {extra}"
        call.result.update(stdout="", stderr="", log=result.log)
        raise call.fail(f"unexpected rc from '{line.strip()}': see rc, stdout, and stderr for more details")
    # the real module says so itself, for a result with another rc than 0 reads as a failure
    call.result["failed"] = False
    if result.code == msiexec.REBOOT_REQUIRED:
        call.result["reboot_required"] = True
