# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Worlds whose hosts answer WinRM, cases for the license module, and what a farm was asked by either protocol."""

from __future__ import annotations

import typing as t

from raslab.journal import SCRIPT_OPS

from .runner import Runner
from .worlds import windows, world

# Every option of the license module that some case sets otherwise; api_url stays, for winrm must not mind it.
OPTIONS: t.Final = (
    "account_email",
    "account_password",
    "api_password",
    "api_url",
    "api_username",
    "backend",
    "ca_path",
    "farm_guid",
    "license_key",
    "on_account_mismatch",
    "settle_timeout",
    "state",
    "timeout",
)
CONNECTION: t.Final = {
    "backend": "winrm",
    "api_username": "{{ ras_api_username }}",
    "api_password": "{{ ras_api_password }}",
}
# Of a farm, in any order.
SILENT: t.Final = {"quirks": {"pa_fields": "absent"}}
NO_REST: t.Final = {"faults": [{"kind": "refuse", "port": "rest"}]}
NO_WINRM: t.Final = {"windows": {"winrm": {"down": True}}}


def windows_world(farms: t.Mapping[str, t.Mapping[str, t.Any]], **changes: t.Any) -> dict[str, t.Any]:
    """A world whose hosts all answer WinRM."""
    made = world(farms, **changes)
    made["defaults"]["windows"] = windows()
    return made


def case(
    backend: str, license_: t.Mapping[str, t.Any], farm: t.Mapping[str, t.Any] | None = None, **options: t.Any
) -> dict[str, t.Any]:
    """A farm with the options that :func:`.cases.task` finds at its licensing server."""
    given = dict(farm or {})
    return {**given, "license": license_, "vars": {**given.get("vars", {}), "case": {"backend": backend, **options}}}


def asked(runner: Runner, farm: str) -> str:
    """The scripts that ran for a farm, and the requests that its REST API saw, since the journal was cleared."""
    journal = runner.lab.journal(farm)
    return " ".join(each["op"] for each in journal if each["protocol"] == "rest" or each["op"] in SCRIPT_OPS)
