# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the controller can know beforehand stops a farm before anything is changed, in check mode too."""

from __future__ import annotations

import shutil

import pytest

from counts import count
from harness.reading import outcomes
from harness.rollouts import FULL_VERSION, INSTALLER, ROLLOUT, rollout_world, sha256_of, touched
from harness.runner import Runner
from harness.worlds import host_of, TRIAL
from scenarios.conftest import StartLab

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def runner(start_lab: StartLab) -> Runner:
    # Each run has a folder of its own below the runner's.
    made = rollout_world(
        {"trial": {"license": TRIAL}, "right": {"vars": {"ras_installer_src": f"../{INSTALLER.name}"}}}
    )
    del made["vault"]["ras_account_password"]
    return start_lab(made)


@pytest.mark.parametrize("check", [True, False])
def test_without_the_password_that_will_be_needed_nothing_is_upgraded(runner: Runner, check: bool) -> None:
    runner.lab.clear_journal()
    run = runner.playbook(ROLLOUT, "--limit", host_of("trial"), check=check)
    row = outcomes(run)["trial"]
    assert (run.rc, row["state"], row["code"]) == (2, "refused", "invalid_option"), run.output
    assert row["message"].startswith("ras_account_password is missing")
    assert "ansible-vault" in row["remedy"]
    assert touched(runner.lab.journal()) == []
    count("scenario", f"rollout: refused without the password that is needed, {check=}")


def test_a_relative_path_counts_from_where_ansible_was_started(runner: Runner) -> None:
    run = runner.playbook(ROLLOUT, "--limit", host_of("right"), check=True)
    row = outcomes(run)["right"]
    assert (row["state"], row["code"]) == ("refused", "invalid_option"), run.output
    place = runner.folder / INSTALLER.name
    assert f"expected a file at '{place}', observed none" in row["message"]
    shutil.copy(INSTALLER, place)
    # No write of the license is due there, so no password is needed.
    run = runner.playbook(ROLLOUT, "--limit", host_of("right"))
    assert outcomes(run)["right"]["state"] == "changed", run.output
    assert runner.lab.host("right")["agent_version"] == FULL_VERSION
    assert runner.lab.problems() == []
    count("scenario", "rollout: a relative path of the installer")


def _of_members(name: str, *members: dict[str, object]) -> dict[str, object]:
    """A farm with members that install by themselves, and these variables."""
    hosts = [
        {
            "name": f"rd{number}.{name}.example.com",
            "components": ["rds"],
            "vars": {"ras_agents_method": "msi", **values},
        }
        for number, values in enumerate(members, 1)
    ]
    return {"hosts": [{"name": host_of(name)}, *hosts]}


@pytest.mark.floor
def test_an_installer_of_a_member_is_looked_at_before_its_farm_is_begun(start_lab: StartLab) -> None:
    foreign = INSTALLER.with_name(f"foreign-{INSTALLER.name.partition('-')[2]}")
    farms = {
        "path": _of_members("path", {}, {"ras_installer_src": "/nowhere/at/all.msi"}),
        "digest": _of_members("digest", {"ras_installer_sha256": "abc"}),
        "signer": _of_members(
            "signer", {"ras_installer_src": str(foreign), "ras_installer_sha256": sha256_of(foreign.name)}
        ),
        "right": _of_members("right", {"ras_installer_src": str(INSTALLER)}),
    }
    runner = start_lab(rollout_world(farms, ras_waves=["100%"]))
    run = runner.playbook(ROLLOUT, check=True)
    rows = outcomes(run)
    assert {name: f"{row['state']} {row['code']}" for name, row in rows.items()} == {
        "path": "refused invalid_option",
        "digest": "refused invalid_option",
        "signer": "refused installer_untrusted",
        "right": "due None",
    }, run.output
    assert rows["path"]["message"].startswith("The member rd2.path.example.com: ")
    assert "/nowhere/at/all.msi" in rows["path"]["message"]
    assert run.rc == 2
    assert touched(runner.lab.journal()) == []
    count("scenario", "rollout: the installers of members are looked at beforehand")
