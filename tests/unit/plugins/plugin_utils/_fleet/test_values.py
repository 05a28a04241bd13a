# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of a host, judged where more hosts than one are looked at."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import HostVariables
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.values import host_refusal

HOST: t.Final = "cb1.tokyo.example.com"
SECRET: t.Final = "misplaced-secret-4711"


class _Broken(dict[str, t.Any]):
    """Variables of which one cannot be worked out."""

    def __getitem__(self, name: str) -> t.Any:
        if name == "ras_license_key":
            raise ValueError(name)
        return super().__getitem__(name)


def _said(values: dict[str, t.Any]) -> str | None:
    problem = host_refusal(HostVariables({HOST: values}, HOST))
    return problem.message if problem else None


@pytest.mark.parametrize("values", [{}, {"ras_reboot": "auto", "another": {}}, {"ras_timeout": "60"}])
def test_right_values_are_none(values: dict[str, t.Any]) -> None:
    assert _said(values) is None


def test_a_variable_that_cannot_be_worked_out_is_no_defect() -> None:
    assert _said(_Broken(ras_license_key="x", ras_reboot="auto")) is None
    said = _said(_Broken(ras_license_key="x", ras_reboot="some"))
    assert said is not None
    assert "ras_reboot" in said


def test_a_secret_of_the_host_is_hidden_where_none_belongs() -> None:
    said = _said({"ras_account_password": SECRET, "ras_reboot": SECRET})
    assert said is not None
    assert SECRET not in said
