# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The doubles of the scripts that change a host by its own programs: msiexec.exe and shutdown.exe."""

from __future__ import annotations

import hashlib

from raslab.powershell.scripts import CUT_OFF, Ended, Run, script
from raslab.ras.answers import answer, Coded, failure
from raslab.windows import shutdown
from raslab.windows.files import FileError
from raslab.windows.msi import MESSAGES, signature_of, signer_of
from raslab.windows.programs import NotStarted, start_installer

# Here a script takes no time, and what a user waits for passes faster: 2 s are 0.4 s.
_PACE = 0.2


def signed(run: Run, content: bytes) -> tuple[str, str | None, str | None]:
    """What ``Get-AuthenticodeSignature`` says on this host: status, subject and thumbprint."""
    status, subject = signature_of(content)
    if status == "Valid" and run.machine.windows.root_missing:
        status = "UnknownError"
    signer = signer_of(content)
    return status, subject, hashlib.sha1(signer).hexdigest().upper() if signer else None


@script("host_install")
async def host_install(run: Run) -> Ended:
    """Judges a file, holds it, and installs it. A job of which nobody saw the exit code leaves no result."""
    files, path, line = run.machine.windows.files, str(run.get("Path")), str(run.get("CommandLine"))
    code, begun = "not_sent", False
    try:
        content = files.read(path)
        with files.hold(path) as not_held:
            _judge(run, path, content)
            starting = start_installer(run.machine, path, line)
            code, begun = "refused", True
            note_installation(run, held=not_held is None)
            ended = await starting
        if ended.code is None:
            if run.in_job:
                return CUT_OFF
            raise Coded("refused", "msiexec.exe has ended, and Windows does not say with which exit code.")
    except (Coded, FileError, NotStarted) as error:
        return failure(error, begun, code)
    return answer({"ok": True, "rc": ended.code, "held": not_held is None, "not_held": not_held}, changed=True)


def _judge(run: Run, path: str, content: bytes) -> None:
    """``Assert-Installer``. Raises Coded."""
    wanted, sha256 = str(run.get("Sha256")), hashlib.sha256(content).hexdigest()
    if sha256 != wanted.lower():
        text = f"The file '{path}' has changed: expected SHA-256 {wanted}, observed {sha256}."
        raise Coded("installer_changed", text)
    status, _subject, thumbprint = signed(run, content)
    if status != "Valid":
        text = f"The signature of '{path}': expected Valid, observed {status}. {MESSAGES[status]}"
        raise Coded("installer_changed", text)
    expected = str(run.get("Thumbprint"))
    if str(thumbprint).upper() != expected.upper():
        text = f"The signer of '{path}': expected the certificate {expected}, observed {thumbprint}."
        raise Coded("installer_changed", text)


def note_installation(run: Run, held: bool) -> None:
    """What the journal shows of an installer that was started."""
    scrub = run.machine.journal.scrub
    run.entry.args = {"command_line": scrub(str(run.get("CommandLine"))), "held": held}


@script("host_restart")
async def host_restart(run: Run) -> Ended:
    """Orders a restart, in the place of one that is scheduled."""
    machine, delay = run.machine, float(run.get("Delay", 2)) * _PACE
    note_restart(run)
    called_off = False
    code, said = shutdown.order(machine, delay)
    if code == shutdown.SCHEDULED:
        called_off = shutdown.abort(machine)[0] == 0
        code, said = shutdown.order(machine, delay)
    if code not in (0, shutdown.IN_PROGRESS):
        return failure(Coded("refused", f"shutdown.exe ended with {code}: {said}"), called_off)
    return answer({"ok": True, "ordered": True, "replaced": called_off}, changed=True)


def note_restart(run: Run) -> None:
    """What the journal shows of an order to restart."""
    run.entry.args = {"delay": int(run.get("Delay", 2))}
