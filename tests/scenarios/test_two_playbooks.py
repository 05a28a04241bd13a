# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two playbooks in one run: the second believes nothing that the first noted, and no group of the inventory."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import yaml

from counts import count
from harness.reading import inventory, states
from harness.rhythm import effects
from harness.rollouts import hosts_of, ROLLOUT, rollout_world, touched
from harness.runner import Run, Runner
from harness.worlds import ACTIVE, FOREIGN, host_of, NONE
from scenarios.conftest import StartLab

pytestmark = [pytest.mark.long, pytest.mark.floor]

ACTIVATE: t.Final = "fleetops.parallels_ras.activate"
FARMS: t.Final[dict[str, dict[str, t.Any]]] = {
    "kobe": {"license": NONE},
    "osaka": {"license": ACTIVE},
    # Refused in both: it is signed in with another account.
    "private": {"license": FOREIGN},
    "tokyo": {"license": NONE, "vars": {"ras_managed": False}},
}


@pytest.fixture(scope="module")
def runner(start_lab: StartLab) -> Runner:
    return start_lab(rollout_world(FARMS, ras_waves=[1, "100%"], ras_max_failed_farms=9))


def _site(folder: Path, *plays: t.Mapping[str, t.Any]) -> Path:
    path = folder / "site.yml"
    path.write_text(yaml.safe_dump(list(plays), sort_keys=False), encoding="utf-8")
    return path


def _tables(run: Run) -> list[dict[str, str]]:
    """Farm -> state, table by table."""
    tables = []
    for each in run.records:
        rows = each.get("result", {}).get("ansible_facts", {}).get("__ras_outcomes", [])
        if rows:
            tables.append({row["farm"]: f"{row['state']} {row['code'] or ''}".strip() for row in rows})
    return tables


def test_groups_that_are_called_like_waves_put_nobody_into_one(runner: Runner) -> None:
    runner.lab.clear_journal()
    named = {f"ras_wave_{number}": {"hosts": {host_of(name): {} for name in FARMS}} for number in (1, 2, 3)}
    path = inventory(runner, "named", {"all": {"children": named}})
    run = runner.playbook(ACTIVATE, "-i", str(path))
    assert run.rc == 2
    assert states(run) == {
        "kobe": "changed",
        "osaka": "ok",
        "private": "refused account_mismatch",
        "tokyo": "unmanaged",
    }
    assert effects(runner) == {"kobe": ["activated"]}
    count("scenario", "groups of the inventory that are called like waves")


def test_the_second_playbook_believes_nothing_of_the_first(runner: Runner, tmp_path: Path) -> None:
    """Activated first, then rolled out: what was refused stays refused, and each table is of its own playbook."""
    runner.lab.patch_farm("kobe", license=NONE)
    runner.lab.clear_journal()
    site = _site(tmp_path, *({"import_playbook": name} for name in (ACTIVATE, ROLLOUT)))
    run = runner.playbook(site, "--limit", f"all:!{host_of('private')}")
    assert run.rc == 0, run.output[-4000:]
    assert _tables(run) == [
        {"kobe": "changed", "osaka": "ok", "tokyo": "unmanaged"},
        {"kobe": "changed", "osaka": "changed", "tokyo": "unmanaged"},
    ]
    assert sorted(hosts_of(runner.lab.journal(), "install")) == [host_of("kobe"), host_of("osaka")]
    runner.lab.clear_journal()
    again = runner.playbook(site, "--limit", f"all:!{host_of('private')}")
    assert again.rc == 0, again.output[-4000:]
    assert _tables(again) == [{"kobe": "ok", "osaka": "ok", "tokyo": "unmanaged"}] * 2
    assert touched(runner.lab.journal()) == []
    count("scenario", "two playbooks in one run")


def test_what_was_changed_and_undone_is_not_changed_in_the_second_table(runner: Runner, tmp_path: Path) -> None:
    """A farm that the first playbook refused and failed is not tried by the second, and the table says so."""
    runner.lab.patch_farm("kobe", license=NONE)
    runner.lab.clear_journal()
    site = _site(tmp_path, *({"import_playbook": name} for name in (ACTIVATE, ROLLOUT)))
    run = runner.playbook(site)
    assert run.rc == 2, run.output[-4000:]
    first, second = _tables(run)
    assert first == {"kobe": "changed", "osaka": "ok", "private": "refused account_mismatch", "tokyo": "unmanaged"}
    assert second == {"kobe": "ok", "osaka": "ok", "private": "failed not_tried", "tokyo": "unmanaged"}
    assert effects(runner) == {"kobe": ["activated"]}
    count("scenario", "two playbooks in one run, a farm refused")
