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

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.values import whole_number
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import compare

# Seconds by which a host and we may differ in what we measure: less than a restart takes.
TOLERANCE: t.Final = 2.0
# Exit codes of ours: the host was restarted by or under the installer, as Windows Installer has it; no end was seen.
RESTARTED: t.Final = 1641
RESTART_DUE: t.Final = 3010
NO_END: t.Final = -1
# Codes of the script that are given before msiexec was started.
NOT_BEGUN: t.Final = frozenset({"installer_changed", "not_sent", "constrained_language"})


def was_restarted(uptime_before: int | None, uptime_now: int | None, elapsed: float) -> bool | None:
    """Whether a host was restarted since its uptime was read; None when that cannot be said.

    :param elapsed: the seconds since then, by our clock.
    """
    if uptime_before is None or uptime_now is None or min(uptime_before, uptime_now, elapsed) < 0:
        return None
    if uptime_now > elapsed + TOLERANCE:
        return False  # it runs for longer than we look, whatever its clock did
    return True if uptime_before + elapsed - uptime_now > TOLERANCE else None


@dataclass(frozen=True)
class End:
    """How an installation ended.

    :param code: the exit code of msiexec as far as it is known; :data:`NO_END` when no end is known to be one, None
        when nothing shows that it ever began.
    :param cause: why it certainly did not begin, as the script says: ``installer_changed`` or ``not_sent``; else empty.
    """

    code: int | None
    message: str = ""
    cause: str = ""


def end_of_job(answer: t.Mapping[str, t.Any], has_failed: bool) -> End:
    """What the script says of an installer that has ended.

    Only an exit code says how: one that ended without did not end as an installer does.

    :param has_failed: whether the job, in which the script ran, says that it failed.
    """
    code = whole_number(answer.get("rc"))
    if code is None or code < 0:
        return End(NO_END, "it ended without an exit code")
    if has_failed:
        return End(NO_END, f"it ended with {code}, and its job failed all the same")
    return End(code)


def end_of_failed_job(code: str, said: str) -> End:
    """What the failure of the script says.

    :param code: the script's own; only some of them say that nothing was started.
    """
    if code in NOT_BEGUN:
        return End(None, said, code)
    return End(NO_END, f"it ended without an exit code ({said})")


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
    return End(cleared_code(host), "the version of the host shows that it ran")


def cleared_code(host: t.Mapping[str, t.Any]) -> int:
    """The exit code in the place of an installation which succeeded without one that anybody saw.

    What Windows Installer leaves until a restart are renames of files: any may be its own.

    :param host: as ``host_info`` describes it.
    """
    is_clear = host.get("reboot_pending") is False and host.get("file_renames") is False
    return 0 if is_clear else RESTART_DUE
