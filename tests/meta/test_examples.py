# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every example of every module and filter runs, as it is written, against a lab."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import yaml

from counts import count
from harness import rhythm
from harness.rollouts import INSTALLER, sha256_of
from harness.runner import Run, Runner
from harness.windows import windows_world
from harness.worlds import host_of, NONE
from meta.repo import COLLECTION, constant, FILTERS, load, MODULES, PLUGINS
from raslab.testing import Lab

# What the examples of a module must have done to the farm, in order: an example that does nothing proves nothing.
EFFECTS: t.Final[dict[str, list[str]]] = {
    "license": ["activated", "deactivated", "activated"],
    "license_info": [],
    "farm_info": [],
    "agents_info": [],
    "host_info": [],
    "farm_compare": [],
    "farm_failure": [],
    "farm_gate": ["activated"],
    "hook_check": [],
    "host_upgrade": ["made", "installed"],
    "host_upgrade_wait": [],
    "host_restart": ["restarted"],
    "host_restart_wait": ["restarted"],
    "private_folder": ["made"],
    "fleet_info": [],
    "fleet_run": [],
    "drift_report": [],
    "settings_export": ["made", "exported", "made", "exported"],
    "agent_upgrade": ["made", "drained", "updated", "undrained"],
}
COUNTED: t.Final = rhythm.EFFECTS | {"exported", "drained", "updated", "undrained", "made", "installed", "restarted"}
# The version of the farm and its licensing server where another module's examples may have changed it, or must not.
HAS: t.Final = {
    "agent_upgrade": "21.2.1.27306",
    "host_upgrade": "21.2.1.27306",
    "host_upgrade_wait": "21.2.0.28000",
}
GATEWAY: t.Final = {"name": "gw1.tokyo.example.com", "components": ["gateway"]}


def plays(kind: str, name: str) -> list[dict[str, t.Any]]:
    """The examples of a plugin as one playbook: its tasks in a play of their own, then its plays."""
    page = PLUGINS / kind / f"{name}.yml"
    text = load(page)["EXAMPLES"] if page.exists() else constant(PLUGINS / kind / f"{name}.py", "EXAMPLES")
    examples: list[dict[str, t.Any]] = yaml.safe_load(text)
    tasks = [item for item in examples if "hosts" not in item]
    first = {"name": f"Examples of {name}", "hosts": "ras_licensing_servers", "gather_facts": False, "tasks": tasks}
    return [*([first] if tasks else []), *(item for item in examples if "hosts" in item)]


def run(runner: Runner, kind: str, name: str) -> Run:
    """Run the examples of a plugin and hold each to having run."""
    playbook = plays(kind, name)
    path = runner.folder / f"{name}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(playbook, sort_keys=False, allow_unicode=True), encoding="utf-8")
    done = runner.playbook(path)
    assert done.rc == 0, done.output
    assert done.warnings == []
    tasks = [task["name"] for play in playbook for task in play["tasks"]]
    ran = [each["task"] for each in done.records if each["kind"] == "ok"]
    assert ran == tasks, "an example was skipped"
    for number, task in enumerate(tasks, 1):
        count("example", f"{name} {number}: {task}")
    return done


@pytest.fixture(scope="module", name="runner")
def _runner(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Runner]:
    folder: Path = tmp_path_factory.mktemp("examples")
    farm = {"license": NONE, "hosts": [{"name": host_of("tokyo")}, GATEWAY]}
    installer = {"ras_installer_src": str(INSTALLER), "ras_installer_sha256": sha256_of()}
    made = windows_world({"tokyo": farm}, inventory_vars={"ras_version": "21.2.27306", **installer})
    made["my_account"]["accounts"][0]["company"] = "Example Corp."  # as the examples of account_company have it
    with Lab(made, folder / "lab") as lab:
        yield Runner(lab, folder / "runs")


@pytest.mark.parametrize("module", MODULES)
def test_examples_of_a_module(runner: Runner, module: str) -> None:
    runner.lab.patch_farm("tokyo", license={"state": "none"})
    if module in HAS:
        runner.lab.patch_farm("tokyo", version=HAS[module], hosts={host_of("tokyo"): {"agent_version": HAS[module]}})
    if module == "agent_upgrade":
        runner.lab.patch_farm("tokyo", hosts={GATEWAY["name"]: {"agent_version": "20.2.0.26050"}})
    runner.lab.clear_journal()
    done = run(runner, "modules", module)
    assert done.results(f"{COLLECTION}.{module}", host_of("tokyo"))
    seen = ["restarted" if each["op"] == "host_restart" else each["effect"] for each in runner.lab.journal("tokyo")]
    assert [effect for effect in seen if effect in COUNTED] == EFFECTS[module]
    assert runner.lab.open_sessions() == []
    assert runner.lab.problems() == []


@pytest.mark.parametrize("name", FILTERS)
def test_examples_of_a_filter(runner: Runner, name: str) -> None:
    text = load(f"plugins/filter/{name}.yml")["EXAMPLES"]
    assert f"{COLLECTION}.{name}" in text
    run(runner, "filter", name)
