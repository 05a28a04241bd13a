# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of the license module against a farm in memory."""

from __future__ import annotations

import pathlib
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.gate import AccountGate
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._license_flow import LicenseFlow
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import (
    defaults,
    EMAIL,
    KEY,
    PRIVATE_EMAIL,
    TODAY,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_backend import FakeFarm

PASSWORD = "account-password"
PREVIOUS_PASSWORD = "previous-password"
RELEASE: dict[str, t.Any] = {
    "on_account_mismatch": "reactivate",
    "release_previous": True,
    "previous_account_email": PRIVATE_EMAIL,
    "previous_account_password": PREVIOUS_PASSWORD,
}


class Run:
    """Runs flows of one run of Ansible, which share one gate.

    :param folder: the folder of that run.
    """

    def __init__(self, folder: pathlib.Path) -> None:
        folder.mkdir(exist_ok=True)
        self.gate = AccountGate(str(folder))

    def __call__(self, farm: FakeFarm, *, check: bool = False, host: str = "cb1", **options: t.Any) -> dict[str, t.Any]:
        """The result of the module with these options."""
        given = {
            "api_url": "https://cb1:20443",
            "account_email": EMAIL,
            "account_password": PASSWORD,
            "license_key": KEY,
        }
        flow = LicenseFlow(farm, defaults(**{**given, **options}), self.gate, host, TODAY)
        return flow.run(check)

    def accept(self, email: str = EMAIL) -> None:
        """The vendor accepted this account for another farm of this run."""
        with self.gate.attempt(email, "another farm") as permit:
            permit.accepted()

    def may_go_on(self, email: str = EMAIL) -> bool:
        """Whether other farms may still use this account."""
        try:
            with self.gate.attempt(email, "the next farm") as permit:
                permit.harmless()
        except RasError:
            return False
        return True


def code(result: dict[str, t.Any]) -> str | None:
    """The code of a result's failure."""
    failure = result.get("failure")
    return failure.code if failure else None


def rules(result: dict[str, t.Any]) -> list[str]:
    """The rules of a result's findings."""
    return [finding.rule for finding in result["findings"]]


def actions(result: dict[str, t.Any]) -> list[str]:
    """The actions of a result's steps."""
    return [step["action"] for step in result["steps"]]
