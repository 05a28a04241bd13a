# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Whether an installer has ended, and how; whether a host was restarted meanwhile. Pure, no I/O.

When Windows started is a date that it computes anew: it moves by milliseconds with every correction of the clock, and
by an hour with a change of it. So a restart is recognized by how long the host runs, compared with our own clock.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.values import count, flag, whole_number
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import compare
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.install import SUCCEEDED

# Seconds by which a host and we may differ in what we measure: less than a restart takes.
TOLERANCE: t.Final = 2.0
# Exit codes of ours: the host was restarted by or under the installer, as Windows Installer has it; no end was seen.
RESTARTED: t.Final = 1641
RESTART_DUE: t.Final = 3010
NO_END: t.Final = -1


def was_restarted(uptime_before: int | None, uptime_now: int | None, elapsed: float) -> bool | None:
    """Whether a host was restarted since its uptime was read; None when that cannot be said.

    :param elapsed: the seconds since then, by our clock.
    """
    if uptime_before is None or uptime_now is None or min(uptime_before, uptime_now, elapsed) < 0:
        return None
    if uptime_now > elapsed + TOLERANCE:
        return False  # it runs for longer than we look, whatever its clock did
    return True if uptime_before + elapsed - uptime_now > TOLERANCE else None


def restart_seen(before: t.Mapping[str, t.Any], now: t.Mapping[str, t.Any]) -> bool | None:
    """:func:`was_restarted` between two results of ``host_info``."""
    seconds = [result.get("observed_at") for result in (before, now)]
    uptimes = [count((result.get("host") or {}).get("uptime_seconds")) for result in (before, now)]
    if not all(isinstance(each, (int, float)) for each in seconds):
        return None
    return was_restarted(uptimes[0], uptimes[1], float(seconds[1]) - float(seconds[0]))  # type: ignore[arg-type]


@dataclass(frozen=True)
class End:
    """How an installation ended.

    :param code: the exit code of msiexec as far as it is known; :data:`NO_END` when no end is known to be one, None
        when nothing shows that it ever began.
    """

    code: int | None
    message: str = ""


def end_of_job(answer: t.Mapping[str, t.Any]) -> End | None:
    """What a task in the background says of itself; None while it runs, or does not say that it has ended.

    Only an exit code says how: a job that ended without one did not end as an installer does.
    """
    if whole_number(answer.get("finished")) != 1 and flag(answer.get("finished")) is not True:
        return None
    code, said = whole_number(answer.get("rc")), quote(answer.get("msg") or "no message")
    if code is None or code < 0:
        return End(NO_END, f"it ended without an exit code ({said})")
    if code in SUCCEEDED and flag(answer.get("failed")) is True:
        return End(NO_END, f"it ended with {code} and failed all the same ({said})")
    return End(code, said)


def end_of_restarted() -> End:
    """The end of an installer under which its host was restarted: what it has done is for the host to show."""
    return End(RESTARTED, "the host was restarted while it ran")


def end_without_job(host: t.Mapping[str, t.Any], version_before: str | None, restarted: bool | None) -> End:
    """What a host shows of an installer of whose start no answer came, once it is thought to have ended.

    :param host: as ``host_info`` describes it.
    """
    if host.get("installer_running") is not False:
        runs = "an installer runs" if host.get("installer_running") is True else "neither is whether an installer runs"
        return End(NO_END, f"whether it was started is not known, and {runs}")
    if restarted:
        return end_of_restarted()
    if version_before is not None and host.get("version") is None and host.get("installed") is not False:
        return End(NO_END, "whether it was started is not known, and neither is which version is installed")
    if compare(host.get("version"), version_before) in ("same", "unknown"):
        return End(None)
    # What Windows Installer leaves until a restart are renames of files: without its exit code, any may be its own.
    is_clear = host.get("reboot_pending") is False and host.get("file_renames") is False
    return End(0 if is_clear else RESTART_DUE, "the version of the host shows that it ran")
