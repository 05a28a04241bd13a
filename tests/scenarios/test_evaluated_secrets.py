# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A password with braces is refused by name before anything is sent, and before core shows it."""

from __future__ import annotations

import pytest

from harness.runner import Runner
from harness.worlds import ACTIVE, world
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor


@pytest.mark.parametrize(
    ("playbook", "password"),
    [("activate", "two{{braces"), ("drift", "a {# comment #} in it"), ("activate", "Pass{{ 7 * 7 }}word")],
)
def test_a_password_that_would_be_evaluated_is_refused_by_name(
    start_lab: StartLab, playbook: str, password: str
) -> None:
    runner: Runner = start_lab(world({"tokyo": {"license": ACTIVE}}, vault={"ras_account_password": password}))
    run = runner.playbook(f"fleetops.parallels_ras.{playbook}")
    assert run.rc == 2
    assert "ras_account_password of cb1.tokyo.example.com would be evaluated by Ansible" in run.output
    assert password not in run.output
    assert runner.lab.journal() == []
