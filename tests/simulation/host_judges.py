# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds on the Windows hosts of every history: installers, restarts, sessions, hosts out of service."""

from __future__ import annotations

import typing as t
from collections import Counter

from harness.rollouts import FULL_VERSION, sha256_of
from simulation.history import History
from simulation.play import Seen

_USERS: t.Final = 2
# Windows Installer: another installation is in progress.
_BUSY: t.Final = 1618
_GOOD: t.Final = ("ok", "changed")


def one_installer(history: History, seen: Seen) -> t.Iterator[str]:
    """A host runs one installer at a time, the one that is wanted, and where it is due."""
    before = _hosts(seen.before)
    installs = [each for each in seen.journal if each["op"] == "install"]
    for host, count in Counter(each["host"] for each in installs if each["effect"] == "installed").items():
        if count > 1:
            yield f"{host} was installed {count} times in one run"
    wanted = history.world["inventory_vars"].get("ras_installer_sha256")
    for each in installs:
        if each["check"] or seen.move["playbook"] != "rollout":
            yield f"{seen.move['playbook']} installed on {each['host']}"
        if wanted != sha256_of():
            yield f"an installer that nobody wanted ran on {each['host']}"
        if each["status"] == _BUSY and not each["fault"] and not before[each["host"]]["windows"]["installer_busy"]:
            yield f"a second installer was started on {each['host']}"


def restarts(history: History, seen: Seen) -> t.Iterator[str]:
    """Hosts are restarted only where that is allowed, and no session host with sessions unless it is said."""
    variables, before = history.world["inventory_vars"], _hosts(seen.before)
    for each in seen.journal:
        if each["op"] != "host_restart" or each["check"]:
            continue
        if variables.get("ras_reboot") != "auto":
            yield f"restarted {each['host']}, and ras_reboot is {variables.get('ras_reboot')}"
        truth = before[each["host"]]
        if "rds" in truth["components"] and truth["windows"]["sessions"] and not variables.get("ras_logoff_sessions"):
            yield f"restarted {each['host']} with {truth['windows']['sessions']} sessions"


def out_of_service(history: History, seen: Seen) -> t.Iterator[str]:
    """What an administrator has disabled stays so, and what a run has drained is back when all is said to be right."""
    before, after = _hosts(seen.before), _hosts(seen.after)
    good = {row["farm"] for row in seen.ran.rows if row["state"] in _GOOD}
    for name, truth in after.items():
        if truth["enabled"] and not before[name]["enabled"] and not _was_drained(seen, name):
            yield f"{name} was taken back into service, and nobody of us had drained it"
        if not truth["enabled"] and before[name]["enabled"] and history.called(name.split(".")[1]) in good:
            yield f"{name} is out of service, and its farm is said to be right"


def one_wrong_windows_user(_history: History, seen: Seen) -> t.Iterator[str]:
    """A Windows user that is rejected is tried on two hosts at most, once on each."""
    refused = Counter(each["host"] for each in seen.journal if each["op"] == "winrm_refused")
    if len(refused) > _USERS or max(refused.values(), default=0) > 1:
        yield f"a Windows user was rejected {dict(refused)} times"


def behind(history: History, truth: t.Mapping[str, t.Any]) -> str | None:
    """Why a farm is not of the wanted version; None where it is, or where none is wanted."""
    if not history.world["inventory_vars"].get("ras_version"):
        return None
    old = [host["name"] for host in truth["hosts"] if _parts(host["agent_version"]) < _parts(FULL_VERSION)]
    return f"{', '.join(old)} are of an older version" if old else None


def _parts(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def _hosts(state: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {host["name"]: host for farm in state["farms"].values() for host in farm["hosts"]}


def _was_drained(seen: Seen, host: str) -> bool:
    """Whether this run, or one before it, had drained a host: who drained it is in what the drains of it say."""
    return any(each["op"] in ("ras_drain", "rds_drain") for each in seen.journal if each["farm"] == host.split(".")[1])


HOST_JUDGES: t.Final = (one_installer, restarts, out_of_service, one_wrong_windows_user)
