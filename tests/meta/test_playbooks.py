# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks: as many waves as the waves filter can make, the last play always, and messages that stay readable."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible.plugins.loader import action_loader
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.waves import MOST_WAVES

from meta.repo import load, PLAYBOOKS, read, ROLE, ROLES, ROOT, tracked

WRITERS: dict[str, tuple[dict[str, t.Any], dict[str, t.Any]]] = {
    "activate.yml": ({"ras_state": "present"}, {"__ras_wave_tasks": ["activate", "verify"]}),
    "deactivate.yml": (
        {"ras_state": "absent"},
        {"__ras_wave_tasks": ["deactivate", "verify"]},
    ),
    "rollout.yml": (
        {"ras_state": "present", "__ras_upgrade": True},
        {"__ras_wave_tasks": ["backup", "upgrade", "activate", "members", "agents", "verify"]},
    ),
}
READERS = {"drift.yml"}
# The one task whose result may show a secret: who signs in with an address, and what is behind its question mark.
HIDDEN = {"roles/ras/tasks/_stage_installer.yml": "{{ __ras_target_url is search('[?@#]') }}"}


@pytest.mark.parametrize("name", WRITERS)
def test_a_playbook_that_writes_plans_changes_wave_by_wave_and_reports(name: str) -> None:
    common, tasks = WRITERS[name]
    plan, *waves, result = load(PLAYBOOKS / name)
    assert plan["ansible.builtin.import_playbook"] == "_plan.yml"
    # An extra variable may set ras_state: the plan compares it with what the playbook is for.
    assert plan["vars"] == {**common, "__ras_wants": common["ras_state"]}
    assert [wave["ansible.builtin.import_playbook"] for wave in waves] == ["_wave.yml"] * MOST_WAVES
    assert [wave["vars"] for wave in waves] == [
        {**common, "__ras_wave": number, **tasks} for number in range(1, MOST_WAVES + 1)
    ]
    assert result["ansible.builtin.import_playbook"] == "_result.yml"


@pytest.mark.parametrize("name", ["_plan.yml", "_wave.yml", "_result.yml"])
def test_a_lost_host_does_not_end_the_play_for_the_others(name: str) -> None:
    plays = [play for play in load(PLAYBOOKS / name) if "hosts" in play]
    assert plays
    assert all(play["ignore_unreachable"] is True and play["gather_facts"] is False for play in plays)


def test_every_play_pins_what_it_relies_on() -> None:
    """Neither a strategy nor fatal errors of ansible.cfg reach a play: steps of all farms together, and rescue."""
    plays = [(path.name, play) for path in PLAYBOOKS.glob("*.yml") for play in load(path) if "hosts" in play]
    assert len(plays) > 6
    pinned = {"_wave.yml": "ansible.builtin.host_pinned"}
    for name, play in plays:
        assert (play.get("strategy"), play.get("any_errors_fatal")) == (pinned.get(name, "linear"), False), name


def _of_a_wave(tasks: list[dict[str, t.Any]], seen: set[str]) -> t.Iterator[dict[str, t.Any]]:
    """The tasks of a wave with all that they include by name in the role, each file once."""
    for task in tasks:
        yield task
        for part in ("block", "rescue", "always"):
            yield from _of_a_wave(task.get(part, []), seen)
        for how in ("ansible.builtin.include_tasks", "ansible.builtin.import_tasks"):
            # The name may be in the filter that refuses a start in part.
            for name in set(re.findall(r"_?[a-z_]+\.yml", str(task.get(how, "")))) - seen:
                seen.add(name)
                yield from _of_a_wave(load(ROLE / "tasks" / name), seen)


@pytest.mark.parametrize("playbook", WRITERS)
def test_in_a_wave_each_farm_goes_at_its_own_pace(playbook: str) -> None:
    """Under host_pinned what bypasses the loop over hosts ends the run without a table, and run_once runs for each."""
    (play,) = load(PLAYBOOKS / "_wave.yml")
    assert play["strategy"] == "ansible.builtin.host_pinned"
    files = ["_take_steps.yml", *(f"{name}.yml" for name in WRITERS[playbook][1]["__ras_wave_tasks"])]
    seen = set(files)
    parts = [play["tasks"], load(ROLES / "ras_variables" / "tasks" / "main.yml")]
    parts += [load(ROLE / "tasks" / name) for name in files]
    tasks = [task for part in parts for task in _of_a_wave(part, seen)]
    assert len(tasks) > 15
    for task in tasks:
        assert not {"run_once", "throttle", "any_errors_fatal"} & set(task), task
        for action in task:
            found = action_loader.get(action, class_only=True) if "." in action else None
            assert not getattr(found, "BYPASS_HOST_LOOP", False), task
            assert action != "ansible.builtin.group_by", task


def test_a_wave_leaves_the_controller_nothing_to_do() -> None:
    """It is in the play so that a run goes on when all farms of the wave are lost, and shows nothing there."""
    (play,) = load(PLAYBOOKS / "_wave.yml")
    assert play["hosts"] == "{{ __ras_this_wave + ['localhost'] }}"
    first, *_others = play["tasks"]
    assert first["ansible.builtin.meta"] == "end_host"
    assert first["when"] == "inventory_hostname not in __ras_this_wave"


@pytest.mark.parametrize("name", ["_plan.yml", *sorted(READERS)])
def test_the_first_play_ends_a_run_in_part(name: str) -> None:
    """In its pattern: every task of it can be left out by a tag."""
    begin, *_others = load(PLAYBOOKS / name)
    assert begin["ansible.builtin.import_playbook"] == "_begin.yml"
    (first,) = load(PLAYBOOKS / "_begin.yml")
    assert first["hosts"] == "{{ 'all:localhost' | fleetops.parallels_ras.whole_run }}"


def test_no_playbook_uses_serial() -> None:
    """It ignores group variables, and where all hosts of one part are lost, Ansible ends the run without the table."""
    texts = [path.read_text("utf-8") for path in PLAYBOOKS.glob("*.yml")]
    assert texts
    assert not any(re.search(r"^\s*(serial|max_fail_percentage):", text, re.MULTILINE) for text in texts)


def test_no_log_hides_no_message() -> None:
    """The actions keep secrets out themselves; no_log would hide what was observed and what to do."""
    shown = [path for folder in ("roles/", "playbooks/", "examples/") for path in tracked(".yml", under=folder)]
    assert shown
    found = {path.as_posix(): re.findall(r"^\s*-?\s*no_log: \"?([^\"\n]*)", read(path), re.MULTILINE) for path in shown}
    assert {name: set(texts) for name, texts in found.items() if texts} == {
        name: {text} for name, text in HIDDEN.items()
    }


def test_user_facing_playbooks_are_those_with_a_plain_name() -> None:
    """Files with an underscore are parts; ansible-playbook offers the others by name, so their set is an interface."""
    assert {path.name for path in PLAYBOOKS.glob("[!_]*.yml")} == set(WRITERS) | READERS
    assert (ROOT / "playbooks").is_dir()
