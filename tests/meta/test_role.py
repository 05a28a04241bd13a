# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role's specification, its defaults and its one call of the license module agree with the module."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import license_spec, secret_names
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.known import (
    KNOWN,
    NOTED,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.known import (
    OPTIONS as KNOWN_OPTIONS,
)

from meta.repo import COLLECTION, constant, load, PLAYBOOKS, PLUGINS, read, ROLE, ROLES, ROOT

SPECS: t.Final = load(ROLE / "meta" / "argument_specs.yml")["argument_specs"]
OPTIONS: t.Final[dict[str, dict[str, t.Any]]] = SPECS["main"]["options"]
DEFAULTS: t.Final[dict[str, t.Any]] = load(ROLE / "defaults" / "main.yml")
ENTRIES = sorted(path.stem for path in (ROLE / "tasks").glob("*.yml") if not path.stem.startswith("_"))

# What is handed to AWX, which gives it to the next job as extra variables.
ARTIFACTS: t.Final = {"ras_farms", "ras_drift"}
# What the role notes for its users. All other facts are private: __ras_*.
RESULTS: t.Final = set(NOTED) - ARTIFACTS
# Defaults of the role that differ from the module's, and why.
OWN_DEFAULTS: t.Final = {"api_url": "the module cannot know the address of the inventory host"}


def test_every_task_file_that_can_be_entered_has_an_entry_point() -> None:
    assert sorted(SPECS) == ENTRIES


@pytest.mark.parametrize("entry", sorted(SPECS))
def test_entry_points_take_the_same_options(entry: str) -> None:
    assert SPECS[entry]["options"] == OPTIONS


@pytest.mark.parametrize(("name", "option"), license_spec().items())
def test_every_option_of_the_module_is_one_of_the_role(name: str, option: dict[str, t.Any]) -> None:
    mine = OPTIONS[f"ras_{name}"]
    compared = ["type", "elements", "choices", *([] if name in OWN_DEFAULTS else ["default"])]
    assert {key: mine.get(key) for key in compared} == {key: option.get(key) for key in compared}


def test_values_are_judged_before_core_compares_them_with_the_specification() -> None:
    """Core does so in the first task of the role, and prints all of it; what the role depends on is first."""
    (before,) = load(ROLE / "meta" / "main.yml")["dependencies"]
    assert before == {"role": f"{COLLECTION}.ras_variables"}
    assert load(ROLES / "ras_variables" / "meta" / "main.yml")["allow_duplicates"] is True
    (block,) = load(ROLES / "ras_variables" / "tasks" / "main.yml")
    (find,), (refuse,) = block["block"], block["rescue"]
    assert find[f"{COLLECTION}.fleet_run"] == {"step": "variables", "goes_on": "{{ __ras_is_judged | default(false) }}"}
    assert find["tags"] == refuse["tags"] == refuse["ansible.builtin.include_tasks"]["apply"]["tags"] == "always"
    # Whatever the step says, and also where it fails itself.
    assert "failed_when" not in find
    assert find["when"] == "not __ras_is_survey | default(false)"


def test_who_judges_the_variables_lets_core_not_do_it() -> None:
    """Where a playbook says that variables are judged, core must not refuse them first."""
    for path in PLAYBOOKS.glob("*.yml"):
        for _above, name, value in _walk(load(path)):
            if name in ("ansible.builtin.include_role", "ansible.builtin.import_role"):
                assert value["rolespec_validate"] is False, path.name


def test_own_defaults_are_still_needed() -> None:
    for name in OWN_DEFAULTS:
        assert OPTIONS[f"ras_{name}"].get("default") != license_spec()[name].get("default")


def test_specification_and_defaults_file_agree() -> None:
    assert {name: option["default"] for name, option in OPTIONS.items() if "default" in option} == DEFAULTS


def test_secrets_have_no_choices() -> None:
    """Core prints the value that a role's specification rejects; a text without choices is never rejected."""
    for name in secret_names(license_spec()):
        option = OPTIONS[f"ras_{name}"]
        assert "choices" not in option
        assert option["type"] == "str" or (option["type"], option["elements"]) == ("list", "str")


def test_the_one_call_of_the_module_passes_every_option() -> None:
    (task,) = load(ROLE / "tasks" / "_call_license.yml")
    assert task["module_defaults"] == {f"{COLLECTION}.license": "{{ __ras_connection }}"}
    connection = load(ROLE / "vars" / "main.yml")["__ras_connection"]
    assert not set(connection) & set(task[f"{COLLECTION}.license"])
    passed = {**connection, **task[f"{COLLECTION}.license"]}
    # Behind more than a name, a number would be a text before the module sees it.
    optional = "default(omit) | fleetops.parallels_ras.given_text"
    expected = {
        name: f"{{{{ ras_{name} }}}}" if f"ras_{name}" in DEFAULTS else f"{{{{ ras_{name} | {optional} }}}}"
        for name in license_spec()
    }
    expected["state"] = "{{ ras_state | fleetops.parallels_ras.whole_role | fleetops.parallels_ras.given_text }}"
    assert passed == expected


def test_who_reads_the_farm_takes_the_same_way_to_it() -> None:
    (task,) = load(ROLE / "tasks" / "_read_farm.yml")
    assert task["module_defaults"] == {f"{COLLECTION}.farm_info": "{{ __ras_connection }}"}
    assert set(task[f"{COLLECTION}.farm_info"]) == {"expected_version", "agents"}


def test_only_one_file_calls_the_module() -> None:
    called = re.compile(rf"^ *{re.escape(COLLECTION)}\.license:$", re.MULTILINE)
    callers = [path.name for path in ROLES.rglob("*.yml") if called.search(path.read_text("utf-8"))]
    assert callers == ["_call_license.yml"]


def test_playbooks_enter_the_role_through_its_entry_points() -> None:
    texts = [path.read_text("utf-8") for path in PLAYBOOKS.glob("*.yml")]
    entered = {name for text in texts for name in re.findall(r"tasks_from: ([a-z_]+)\n", text)}
    entered |= {
        name for text in texts for names in re.findall(r"ras_wave_tasks: \[(.*)\]", text) for name in names.split(", ")
    }
    assert entered
    # What the playbooks put together themselves is no step that a user would take.
    assert entered - {"_take_steps"} <= set(ENTRIES)


def _walk(node: t.Any, key: str = "") -> t.Iterator[tuple[str, str, t.Any]]:
    """Each key below a node of YAML, with the key above it and its value; texts in lists have the key of their list."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield key, str(name), value
            yield from _walk(value, str(name))
    elif isinstance(node, list):
        for value in node:
            if isinstance(value, str):
                yield key, "", value
            yield from _walk(value, key)


def _set_and_read() -> tuple[set[str], set[str]]:
    """The variables that task files and playbooks set, and those that their expressions read."""
    was_set, was_read = set(), set()
    for path in (*ROLES.rglob("tasks/*.yml"), *ROLE.rglob("vars/*.yml"), *PLAYBOOKS.glob("*.yml")):
        for above, name, value in _walk(load(path)):
            if name in ("register", "loop_var"):
                was_set.add(value)
                if name == "loop_var":
                    was_read.add(value)  # an item may only count
                continue
            if above in ("vars", "set_fact", "ansible.builtin.set_fact", "ansible.builtin.add_host"):
                was_set.add(name)
            elif name.startswith("__ras_"):
                was_set.add(name)
            if isinstance(value, str):
                was_read |= set(re.findall(r"\b_*ras_[a-z_]+\b", value))
    return was_set, was_read


SET, READ = _set_and_read()
READ_BY_PLUGINS: t.Final = {
    name
    for path in (ROOT / "plugins").rglob("*.py")
    for name in re.findall(r'"(__ras_[a-z_]+)"', path.read_text("utf-8"))
}


def test_what_is_noted_on_a_host_is_forgotten_when_the_next_playbook_begins() -> None:
    """Two playbooks in one run share facts and registered variables."""
    noted: set[str] = set()
    for path in (*ROLES.rglob("tasks/*.yml"), *PLAYBOOKS.glob("*.yml")):
        for above, name, value in _walk(load(path)):
            if name == "register":
                noted.add(value)
            elif above == "ansible.builtin.set_fact":
                noted.add(name)
    (task,) = load(ROLE / "tasks" / "_forget.yml")
    # The controller's, set anew by each playbook; and what a look for drift reads and judges at once.
    elsewhere = {"__ras_begun", "__ras_assigned", "__ras_fleet_plan", "__ras_reached", "__ras_outcomes"}
    elsewhere |= {"__ras_run", "__ras_scan", "__ras_report"}
    assert noted - elsewhere == set(task["ansible.builtin.set_fact"])


def _handed_on() -> set[str]:
    """The private facts and results that a file of tasks reads and does not note itself."""
    noted: dict[str, set[str]] = {}
    read_in: dict[str, set[str]] = {}
    for path in ROLE.rglob("tasks/*.yml"):
        if path.stem == "_forget":
            continue
        for above, name, value in _walk(load(path)):
            if name == "register":
                noted.setdefault(value, set()).add(path.name)
            elif above == "ansible.builtin.set_fact":
                noted.setdefault(name, set()).add(path.name)
            if isinstance(value, str) and name != "register":
                for each in re.findall(r"\b__ras_[a-z_]+\b", value):
                    read_in.setdefault(each, set()).add(path.name)
    return {name for name, files in noted.items() if name.startswith("__ras_") and read_in.get(name, set()) - files}


def test_little_is_handed_from_file_to_file() -> None:
    """Whoever changes one file has to know what the others expect: facts that files hand on are an interface."""
    handed = _handed_on()
    assert {"__ras_hosts", "__ras_agents", "__ras_plan_result"} <= handed
    assert len(handed) <= 15, sorted(handed)


def test_the_role_has_few_files_of_tasks() -> None:
    """What waits, loops or decides is Python; files of tasks say what comes after what."""
    assert len(list((ROLE / "tasks").glob("*.yml"))) <= 26


# Modules of the role's tasks that change nothing, on hosts, in farms or in files.
_READ: t.Final = {
    *(f"ansible.builtin.{name}" for name in ("assert", "debug", "fail", "set_fact", "set_stats")),
    *(f"{COLLECTION}.{name}" for name in ("host_info", "farm_info", "agents_info", "hook_check", "host_restart_wait")),
    *(f"{COLLECTION}.{name}" for name in ("farm_compare", "farm_failure", "fleet_run")),
}
_KEYWORDS: t.Final = {
    *(
        "changed_when",
        "check_mode",
        "delay",
        "delegate_facts",
        "delegate_to",
        "diff",
        "failed_when",
        "ignore_unreachable",
        "loop",
        "name",
    ),
    *("loop_control", "module_defaults", "no_log", "poll", "async", "register", "retries", "run_once", "until", "vars"),
    "when",
}


def _unheld(tasks: t.Sequence[dict[str, t.Any]], seen: frozenset[str] = frozenset()) -> list[str]:
    """The tasks that may write, and that neither have the filter whole_role nor are included by one that has it."""
    found: list[str] = []
    for task in tasks:
        parts = {name: task[name] for name in ("block", "rescue", "always") if name in task}
        found += [name for part in parts.values() for name in _unheld(part, seen)]
        modules = set(task) - _KEYWORDS - set(parts)
        given = str([task.get(name) for name in (*modules, "loop")])
        if parts or modules <= _READ or "whole_role" in given or task.get("check_mode") is True:
            continue
        (module,) = modules
        if module in ("ansible.builtin.import_tasks", "ansible.builtin.include_tasks"):
            # The name may depend on what is done.
            names = task["loop"] if task[module] == "{{ item }}" else re.findall(r"[a-z_]+\.yml", task[module])
            assert names, task
            for name in set(names) - seen:
                found += _unheld(load(ROLE / "tasks" / name), seen | {name})
        else:
            found.append(f"{task['name']}: {module}")
    return found


@pytest.mark.parametrize("entry", sorted(set(ENTRIES) - {"drift"}))
def test_no_task_that_writes_can_be_started_at(entry: str) -> None:
    """--start-at-task and --step leave out single tasks, such as the checks: the task that writes refuses itself."""
    assert _unheld(load(ROLE / "tasks" / f"{entry}.yml")) == []


def test_no_task_of_the_role_has_a_tag() -> None:
    """So that tags leave out the whole role or nothing of it."""
    assert [
        path.name for path in ROLE.rglob("tasks/*.yml") for _above, name, _v in _walk(load(path)) if name == "tags"
    ] == []


@pytest.mark.parametrize("entry", sorted(set(ENTRIES) - {"main", "preflight", "drift"}))
def test_every_entry_point_refuses_what_is_not_managed_first(entry: str) -> None:
    """Names, types and choices are judged before, by the role that this one depends on."""
    tasks = load(ROLE / "tasks" / f"{entry}.yml")
    (place,) = [number for number, task in enumerate(tasks) if "{{ __ras_unmanaged }}" in str(task.get("vars"))]
    refuse = tasks[place]
    assert "_fail.yml" in refuse["ansible.builtin.include_tasks"]
    assert "not ras_managed | bool" in str(refuse["when"])
    # What is left out where it is not managed may come before it.
    assert all("and ras_managed | bool" in str(task["when"]) for task in tasks[:place])


def test_private_variables_that_are_read_are_set() -> None:
    """A typo, or a variable whose source is gone."""
    assert len(SET) > 50
    assert len(READ) > 50
    assert {name for name in READ | READ_BY_PLUGINS if name.startswith("__ras_")} - SET == set()


def test_private_variables_that_are_set_are_read() -> None:
    assert {name for name in SET if name.startswith("__ras_")} - READ - READ_BY_PLUGINS == set()


def test_variables_that_are_read_are_declared() -> None:
    """A variable that no specification knows is a typo, or an option that nobody can find."""
    groups = {"ras_licensing_servers", "ras_members"}
    known = set(OPTIONS) | RESULTS | groups
    assert {name for name in READ if not name.startswith("__")} - known == set()


def test_variables_that_are_set_are_options_results_or_private() -> None:
    """What is neither an option nor a result is the role's own, and its name says so."""
    own = {name for name in SET if name.startswith("ras_")}
    assert own - set(OPTIONS) - RESULTS == set()
    assert own >= RESULTS


def test_what_is_handed_to_awx_may_come_back() -> None:
    files = (*ROLES.rglob("tasks/*.yml"), *PLAYBOOKS.glob("*.yml"))
    stats = [
        value for path in files for _above, name, value in _walk(load(path)) if name == "ansible.builtin.set_stats"
    ]
    assert {name for each in stats for name in each["data"]} == ARTIFACTS


def test_the_known_variables_are_those_of_the_specification() -> None:
    """One source: an option that is added to the specification is known, and no list has to follow."""
    assert set(OPTIONS) == KNOWN_OPTIONS
    assert {name for name in KNOWN if not name.startswith("ras_")} == set()
    assert set(OPTIONS) | RESULTS | ARTIFACTS <= KNOWN


_EXAMPLE_KINDS: t.Final = ("modules", "inventory")


def test_the_role_documents_its_results_and_nothing_private() -> None:
    readme, specs = (read(path) for path in (ROLE / "README.md", ROLE / "meta" / "argument_specs.yml"))
    assert {name for name in RESULTS if f"`{name}`" not in readme} == set()
    assert "__ras_" not in readme + specs
    documented = [path for kind in _EXAMPLE_KINDS for path in (PLUGINS / kind).glob("*.py")]
    assert documented
    for path in documented:
        assert "__ras_" not in constant(path, "DOCUMENTATION") + constant(path, "EXAMPLES"), path.name
    assert [path.name for path in (PLUGINS / "filter").glob("*.yml") if "__ras_" in path.read_text("utf-8")] == []


def test_documentation_markup_is_not_broken() -> None:
    text = (ROLE / "meta" / "argument_specs.yml").read_text("utf-8")
    assert not re.findall(r"\b(?:R|RV)(?:failure|ignore:)\S*", text)


def test_every_choice_is_explained() -> None:
    for name, option in OPTIONS.items():
        text = " ".join(option["description"])
        missing = [choice for choice in option.get("choices", []) if not re.search(rf"\b{choice}\b", text)]
        assert not missing, f"{name} does not say what {missing} does"
