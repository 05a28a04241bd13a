# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The single checks before an upgrade: each looks at one thing and says what it found. Pure, no I/O."""

from __future__ import annotations

import datetime as dt
import typing as t
from collections import Counter

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.columns import counted
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import (
    MAJORS_OUT_OF_SUPPORT,
    RasVersion,
    shown,
    support_ends,
)

State = t.Literal["ok", "warning", "failed", "not_checked"]

# The display name by which two independent sources know it; others show a short name, so it may not be found.
BROKER_SERVICE: t.Final = "RAS Connection Broker"
_GIB: t.Final = 2**30
# What allow_unknown may name: an upgrade may go on where this is not known.
ALLOWABLE: t.Final = ("disk", "restart", "sessions")


class Check(t.TypedDict):
    """What was looked at before an upgrade, and what came of it."""

    state: State
    observed: t.Any
    expected: t.Any
    remedy: str


def check(state: State, observed: t.Any, expected: t.Any, remedy: str) -> Check:
    """One check."""
    return {"state": state, "observed": observed, "expected": expected, "remedy": remedy}


def unknown_check(what: str, sentence: str, look: str, expected: str, allowed: t.Collection[str]) -> Check:
    """What is not known stops an upgrade, unless the user allowed that by name: one of :data:`ALLOWABLE`.

    :param sentence: what is not known, and why.
    :param look: what the user can look at.
    """
    if what in allowed:
        return check("warning", sentence, expected, f"None: allow_unknown allows it ({what}).")
    remedy = f"{look} Fix what keeps it from being read, or allow it with allow_unknown: [{what}]; then run again."
    return check("failed", sentence, expected, remedy)


def not_known(what: str, why: str | None) -> str:
    """The sentence for what could not be read."""
    return f"{what} is not known" + (f" ({why})" if why else "")


_RENAMES: t.Final = check(
    "warning",
    "files wait to be renamed at the next restart",
    "no pending restart",
    "Restart the host in a maintenance window if something was installed; drivers and security software have some "
    "wait for good.",
)


def not_needed(done: Check) -> Check:
    """The same check where nothing is installed: what was observed stays, and is not judged."""
    return check("not_checked", done["observed"], done["expected"], "None: nothing is installed.")


def backup_check(folder: str, writable: bool | None) -> Check:
    """Whether the controller can take the exported settings."""
    if not folder or writable is None:
        return check("not_checked", folder or None, "a folder of the controller", "None: the file stays on the host.")
    if writable:
        return check("ok", folder, "a folder that can be written", "")
    remedy = "Make the folder on the controller writable for the user that runs Ansible, or change backup_dest."
    return check("failed", f"{folder} cannot be written", "a folder that can be written", remedy)


def path_check(installed: RasVersion | None, wanted: RasVersion | None) -> Check:
    """Whether the step is a small one. Which steps the vendor supports was found in no public document of it."""
    expected = "a step within a major version, or to the next"
    if installed is None or wanted is None:
        return check("not_checked", None, expected, "Make both versions readable.")
    observed = f"{installed} to {wanted}"
    if installed.major not in MAJORS_OUT_OF_SUPPORT and wanted.major - installed.major <= 1:
        return check("ok", observed, expected, "")
    why = (
        "starts at a version that the vendor no longer supports"
        if installed.major in MAJORS_OUT_OF_SUPPORT
        else "skips a major version"
    )
    return check(
        "warning",
        observed,
        expected,
        f"This step {why}, and no public document of the vendor describes it: ask Parallels support, or rehearse it on "
        "a copy of the farm.",
    )


def life_cycle_check(wanted: RasVersion | None, today: dt.date) -> Check:
    """Whether the vendor still supports the wanted version."""
    expected = "a major version that the vendor supports"
    if wanted is None:
        return check("not_checked", None, expected, "Make the wanted version readable.")
    end = support_ends(wanted.major)
    if wanted.major in MAJORS_OUT_OF_SUPPORT or (end and end < today):
        observed = f"RAS {wanted.major}, out of support" + (f" since {end.isoformat()}" if end else "")
        return check("warning", observed, expected, "Choose a newer version: this one gets no fixes any more.")
    if end is None:
        observed = f"RAS {wanted.major}, which this collection does not know"
        return check("not_checked", observed, expected, "Look its end of support up in the vendor's KB 123002.")
    return check("ok", f"RAS {wanted.major}, supported until {end.isoformat()}", expected, "")


def support_check(expires: dt.date | None, today: dt.date) -> Check:
    """Whether the license's support (subscription or upgrade insurance) covers a new version."""
    expected = "support or upgrade insurance that has not ended"
    if expires is None:
        remedy = "Look in Parallels My Account until when the license has support: the farm reports no certain day."
        return check("not_checked", None, expected, remedy)
    if expires < today:
        remedy = "Renew it in Parallels My Account first: the license may not hold for the new version."
        return check("warning", f"ended on {expires.isoformat()}", expected, remedy)
    return check("ok", f"until {expires.isoformat()}", expected, "")


def reboot_check(
    pending: bool | None,
    reboot: str,
    has_renames: bool | None = False,
    allowed: t.Collection[str] = (),
    why: str | None = None,
) -> Check:
    """Whether Windows waits for a restart, which an installation must not add to.

    :param has_renames: whether files wait to be renamed; drivers and security software have some wait for good.
    :param allowed: what may be unknown.
    :param why: it could not be read.
    """
    expected = "no pending restart"
    if pending is None:
        # Not known before the installation, it would not be known after it either.
        sentence = not_known("whether a restart is pending", why)
        return unknown_check("restart", sentence, "Look on the host whether it waits for one.", expected, allowed)
    if not pending:
        if has_renames is None:
            remedy = "Look on the host at PendingFileRenameOperations, if something was installed there lately."
            return check("warning", not_known("whether files wait to be renamed", None), expected, remedy)
        return _RENAMES.copy() if has_renames else check("ok", "none pending", expected, "")
    if reboot == "auto":
        return check(
            "warning", "a restart is pending", expected, "None: the host is restarted before the installation."
        )
    return check("failed", "a restart is pending", expected, REMEDIES["reboot_required"])


def late_reboot_check(
    pending: bool | None, has_renames: bool | None, allowed: t.Collection[str] = (), why: str | None = None
) -> Check:
    """A restart that Windows waits for where nothing is to be installed: what was installed last may wait for it."""
    if not pending:
        return reboot_check(pending, "never", has_renames, allowed, why)
    remedy = (
        "Restart the host in a maintenance window, or set reboot=auto, then run again: what was installed last may "
        "wait for it."
    )
    return check("failed", "a restart is pending", "no pending restart", remedy)


def installer_check(running: bool | None) -> Check:
    """Whether another installation runs, which makes the installer end with 1618."""
    expected = "no other installation runs"
    if running is False:
        return check("ok", "none runs", expected, "")
    observed = "another installation runs" if running else "whether another installation runs is not known"
    remedy = "Wait until the other installation on the host has ended (Windows Update?), then run again."
    return check("failed", observed, expected, remedy)


def disk_check(
    system: int | None,
    product: int | None,
    least_gb: float,
    allowed: t.Collection[str] = (),
    why: str | None = None,
) -> Check:
    """Whether the system drive, where Windows Installer keeps what it works with, and the product's have room.

    :param system: the free bytes of the system drive; likewise ``product``; None when not known.
    """
    expected = f"{least_gb:g} GB free on the system drive and on that of RAS"
    drives = {"the system drive": system, "the drive of RAS": product}
    known = {name: free for name, free in drives.items() if free is not None}
    small = [f"{free / _GIB:.1f} GB free on {name}" for name, free in known.items() if free < least_gb * _GIB]
    if small:
        return check("failed", ", ".join(small), expected, "Free space on the host there, then run again.")
    if len(known) < len(drives):
        names = " and ".join(name for name in drives if name not in known)
        sentence = not_known(f"how much is free on {names}", why)
        return unknown_check("disk", sentence, "Look at the drives of the host.", expected, allowed)
    return check("ok", f"{min(known.values()) / _GIB:.1f} GB free", expected, "")


def sessions_check(sessions: int | None, allowed: t.Collection[str] = (), why: str | None = None) -> Check:
    """Whether it is known how many users are on the host; whether they may be there is judged when its turn comes."""
    expected = "a number of sessions that is known"
    if sessions is None:
        sentence = not_known("how many sessions users have", why)
        return unknown_check("sessions", sentence, "Look who is signed in to the host.", expected, allowed)
    return check("ok", counted(sessions, "session"), expected, "")


def services_check(services: t.Sequence[t.Mapping[str, t.Any]] | None, is_broker: bool | None) -> Check:
    """Whether the host's RAS services run as they are set to."""
    if services is None or is_broker is None:
        look = "Look on the host whether the services of RAS run."
        return check("warning", not_known("whether the RAS services run", None), "RAS services that run", look)
    expected = (
        f"{BROKER_SERVICE} runs, and so do all that start by themselves"
        if is_broker
        else ("all RAS services that start by themselves run")
    )
    if not services:
        return check(
            "not_checked" if not is_broker else "warning", [], expected, "No RAS service was found on the host."
        )
    named = {str(row.get("display_name") or row.get("name") or ""): row for row in services}
    unknown = sorted(name for name, row in named.items() if not row.get("status"))
    stopped = sorted(
        name
        for name, row in named.items()
        if name not in unknown and not _is(row, "status", "running") and _is(row, "start_type", "auto")
    )
    brokers = [row for row in services if any(_is_exactly(row, field) for field in ("name", "display_name"))]
    if is_broker and brokers and all(row.get("status") and not _is(row, "status", "running") for row in brokers):
        observed = sorted({BROKER_SERVICE, *stopped})
        return check("failed", observed, expected, "Start these services on the host, or find out why they do not run.")
    if stopped:
        return check("warning", stopped, expected, "Start these services on the host, or find out why they do not run.")
    if unknown:
        sentence = not_known(f"whether these run: {', '.join(unknown)},", None)
        return check("warning", sentence, expected, "Look on the host whether these services run.")
    if is_broker and not brokers:
        return check("warning", sorted(named), expected, "Look by which name the broker's service runs on this host.")
    return check("ok", sorted(named), expected, "")


def _is_exactly(row: t.Mapping[str, t.Any], field: str) -> bool:
    return str(row.get(field) or "").casefold() == BROKER_SERVICE.casefold()


def _is(row: t.Mapping[str, t.Any], field: str, beginning: str) -> bool:
    return str(row.get(field) or "").casefold().startswith(beginning)


def agents_check(agents: t.Sequence[Agent]) -> Check:
    """Whether the farm's servers are well. Different versions are only shown: a half upgraded farm has them."""
    expected = "every agent is OK"
    machines = [agent for agent in agents if agent.is_machine]
    if not machines:
        return check("not_checked", None, expected, "Read the farm's agents (agents_info).")
    unwell = {agent.label: agent.state for agent in machines if agent.health not in ("ok", "drained")}
    versions = Counter(shown(agent.version) or "unknown" for agent in machines)
    observed = {"not_ok": unwell, "versions": dict(sorted(versions.items()))}
    if unwell:
        return check("warning", observed, expected, "Look at these servers in the RAS console before the upgrade.")
    return check("ok", observed, expected, "")


def promotion_check(brokers: int, minutes: int | None, outage: int) -> Check:
    """Whether a secondary broker would take over while the primary is upgraded.

    Source: RAS administrator's guide v20, secondary Connection Brokers: off by default, 15 minutes to 72 hours.
    """
    expected = f"auto-promotion is off, or later than the expected outage of {counted(outage, 'minute')}"
    if brokers <= 1 or minutes == 0:
        return check("ok", "one broker" if brokers <= 1 else "off", expected, "")
    remedy = (
        "Turn auto-promotion of Connection Brokers off in the RAS console, or set it to a longer time, for as long as "
        "the upgrade takes: else another broker becomes the primary meanwhile."
    )
    if minutes is None:
        return check("not_checked", None, expected, f"It is not reported. {remedy}")
    if minutes < outage:
        return check("warning", f"after {counted(minutes, 'minute')}", expected, remedy)
    return check("ok", f"after {counted(minutes, 'minute')}", expected, "")
