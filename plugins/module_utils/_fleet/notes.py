# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What is said of a farm under the table, also where it ended well: how its result came about, and what is still due.

Pure, no I/O.
"""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.log_text import log_line
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.role_words import as_variables

_LONGEST: t.Final = 600
# Findings that change what a green row is worth; the others are in the result of the task.
_OF_FINDINGS: t.Final[dict[str, str]] = {
    "rest_unreachable": "WinRM was used in place of REST",
    "back_ends_disagree": "REST and WinRM show different keys",
    "answer_lost": "the answer to a change was lost, and the license, read again, shows the change",
    "not_read": "something of the farm could not be read",
    "powershell_wrote": "PowerShell wrote beside its answer",
    "field_unknown": "the license says what is not known",
    "date_unreadable": "an end of the license or its support is not known",
    "expired": "the license has ended",
    "grace_period": "a grace period runs",
    "needs_attention": "licensing needs attention",
    "agent_restart_due": "a restart is pending",
}


def notes_of(
    license_result: t.Mapping[str, t.Any], agents: t.Mapping[str, t.Any], upgrade: t.Mapping[str, t.Any]
) -> list[str]:
    """One sentence for each thing that is worth reading.

    :param license_result: the newest result of the license module.
    :param agents: the newest result of the agent_upgrade module.
    :param upgrade: the plan of the licensing server's upgrade, where no installation has followed it.
    """
    findings = [*(license_result.get("findings") or []), *(agents.get("findings") or [])]
    notes = [
        f"{_OF_FINDINGS[finding['rule']]}: {_shown(finding.get('observed'))}. {finding.get('remedy') or ''}".strip()
        for finding in findings
        if finding.get("rule") in _OF_FINDINGS
    ]
    due = agents.get("restart_due") or []
    if due and not any(finding.get("rule") == "agent_restart_due" for finding in findings):
        notes.append(f"a restart is pending: {_shown(due)}. The new version is there and waits for it.")
    check = (upgrade.get("checks") or {}).get("pending_reboot") or {}
    if check.get("state") in ("warning", "failed"):
        notes.append(f"on the licensing server, {_shown(check.get('observed'))}.")
    return list(dict.fromkeys(log_line(as_variables(note), _LONGEST) for note in notes))


def _shown(observed: t.Any) -> str:
    if isinstance(observed, t.Mapping):
        return ", ".join(f"{name} ({value})" for name, value in observed.items())
    if isinstance(observed, (list, tuple)):
        return ", ".join(str(each) for each in observed)
    return str(observed).rstrip(".")
