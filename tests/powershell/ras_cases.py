# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The scripts that ask RAS with what they are given, and machines on which its cmdlets do something else."""

from __future__ import annotations

import typing as t

from harness.worlds import _WORLD, ACTIVE, ADMIN_PASSWORD, EMAIL, PASSWORD, SPLA_KEY
from powershell.twins import Bench, Said, script_text, SECRETS, SESSION

HOSTS: t.Final = [
    {"name": "cb1.alpha.example.com", "components": ["broker", "gateway"]},
    {"name": "rd1.alpha.example.com", "components": ["rds"]},
]
WORLD: t.Final = {**_WORLD, "farms": [{"name": "alpha", "license": ACTIVE, "windows": {}, "hosts": HOSTS}]}
ACCOUNT: t.Final = {**SECRETS, "AccountPassword": PASSWORD}
FILE: t.Final = "C:\\ProgramData\\farm.dat2"
# Each script with what it is given, and the cmdlet that does its work.
READERS: t.Final[dict[str, dict[str, t.Any]]] = {"ras_observe": {}, "ras_agents": {}}
WRITERS: t.Final[dict[str, tuple[str, str, dict[str, t.Any]]]] = {
    "apply": ("ras_apply", "Invoke-RASApply", {}),
    "update": ("ras_agent_update", "Update-RASAgent", {"Server": "rd1.alpha.example.com", "SiteId": 1}),
    "drain": (
        "ras_drain",
        "Set-RASRDSHost",
        {"Server": "rd1.alpha.example.com", "Kind": "rds", "Enabled": False, "SiteId": 1},
    ),
    "export": ("ras_export", "Invoke-RASExportSettings", {"Path": FILE, "TimeoutInSecs": 60}),
    "activate": (
        "ras_license_write",
        "Invoke-RASLicenseActivate",
        {"Action": "activate", "Email": EMAIL, "secrets": {**ACCOUNT, "Key": SPLA_KEY}},
    ),
    "deactivate": (
        "ras_license_write",
        "Invoke-RASLicenseDeactivate",
        {"Action": "deactivate", "Email": EMAIL, "secrets": ACCOUNT},
    ),
}
SCRIPTS: t.Final = [*((name, given) for name, given in READERS.items()), *((w[0], w[2]) for w in WRITERS.values())]
CANARIES: t.Final = (ADMIN_PASSWORD, PASSWORD, SPLA_KEY)


def run(bench: Bench, name: str, given: dict[str, t.Any], **more: t.Any) -> Said:
    return bench.engine(bench.machine(WORLD), name, **{**SESSION, "secrets": SECRETS, **given, **more})


def error(text: str, *, ends: bool) -> dict[str, t.Any]:
    return {"error": {"message": text, "id": "RASError", "terminating": ends}}


def acting(**answers: t.Any) -> dict[str, t.Any]:
    """A machine on which these cmdlets (``Get_RASSite``) do something else."""
    return {"cmdlets": {name.replace("_", "-"): answer for name, answer in answers.items()}}


SETTINGS: t.Final = "# Any error ends the script.\n"


def text_of(name: str, before: str, line: str = SETTINGS) -> str:
    """A script, with something that a host does before it."""
    text = script_text(name)
    assert text.count(line) == 1
    return text.replace(line, before + "\n" + line)


def session() -> dict[str, t.Any]:
    return {**SESSION, "secrets": SECRETS}
