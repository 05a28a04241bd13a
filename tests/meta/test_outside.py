# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes over a border is marked: every filter, action and fact passes through one place that does it."""

from __future__ import annotations

import importlib
import re
import typing as t
from pathlib import Path

import jinja2
import pytest
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import RasAction
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import nodes

from meta.repo import COLLECTION, FILTERS, load, MODULES, PLAYBOOKS, PLUGINS, read, ROLE, ROLES, ROOT

_PACKAGE: t.Final = f"ansible_collections.{COLLECTION}.plugins"
FILES: t.Final = [*sorted(ROLES.rglob("tasks/*.yml")), ROLE / "vars" / "main.yml", *sorted(PLAYBOOKS.glob("*.yml"))]
# Where Ansible keeps what an expression gives, or evaluates it once more: what is used later was a template once.
KEEPERS: t.Final = {f"ansible.builtin.{name}" for name in ("set_fact", "add_host", "group_by", "set_stats")}
# The one variable besides registered ones that holds what a host said that could not be reached.
FAILED: t.Final = "ansible_failed_result"


def _tasks(node: t.Any) -> t.Iterator[dict[str, t.Any]]:
    """The tasks below a node of YAML, at any depth."""
    if isinstance(node, list):
        for item in node:
            yield from _tasks(item)
    elif isinstance(node, dict):
        yield node
        for key in ("tasks", "block", "rescue", "always"):
            yield from _tasks(node.get(key, []))


TASKS: t.Final = [(path.relative_to(ROOT).as_posix(), task) for path in FILES for task in _tasks(load(path))]


def _leaves(value: t.Any) -> t.Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, str):
        yield value


def is_marked(template: str) -> bool:
    """Whether a text holds no template, or is one whole expression that ends in a filter of the collection."""
    body = jinja2.Environment(autoescape=False).parse(template).body
    parts = [part for node in body for part in (node.nodes if isinstance(node, nodes.Output) else [node])]
    if all(isinstance(part, nodes.TemplateData) for part in parts):
        return True
    return len(parts) == 1 and isinstance(parts[0], nodes.Filter) and parts[0].name.startswith(f"{COLLECTION}.")


def _kept() -> list[tuple[str, str]]:
    """File and text of everything that Ansible keeps."""
    found = []
    for path, task in TASKS:
        values = [value for name, value in task.items() if name in KEEPERS] + [task.get("loop")]
        found += [(path, text) for value in values for text in _leaves(value)]
    return found


KEPT: t.Final = _kept()


def test_what_is_kept_ends_in_a_filter_of_ours() -> None:
    assert len(KEPT) > 30
    assert [f"{path}: {text}" for path, text in KEPT if not is_marked(text)] == []


def test_nothing_is_kept_in_another_way() -> None:
    """Ansible has more ways to keep a text; none is used, so that the list above is all there is."""
    others = {"include_vars", "include_facts", "cacheable"}
    for path, task in TASKS:
        names = {key.rsplit(".", 1)[-1] for key in task} | set(task)
        assert not names & others, path
        assert not [key for key in names if key.startswith("with_")], path


@given(data=st.data())
def test_a_text_that_is_put_together_outside_is_refused(data: st.DataObject) -> None:
    """Any expression of ours, spoiled in any of the ways in which marks get lost."""
    _path, text = data.draw(st.sampled_from([each for each in KEPT if "{{" in each[1]]))
    inner = text.strip().removeprefix("{{").removesuffix("}}").strip()
    spoiled = data.draw(
        st.sampled_from(
            [
                f"{{{{ {inner} ~ 'x' }}}}",
                f"{{{{ ({inner}) | string }}}}",
                f"{{{{ [{inner}] | join(' ') }}}}",
                f"{{{{ {inner} }}}} and more",
                f"{{{{ {inner} }}}}{{{{ {inner} }}}}",
                f"{{{{ {inner} if true else said }}}}",
                f"{{% if true %}}{{{{ {inner} }}}}{{% endif %}}",
                f"{{{{ {inner} | default('x') }}}}",
                f"{{{{ ({inner}).message }}}}",
                text.replace(f"{COLLECTION}.", "another.collection."),
            ]
        )
    )
    assert not is_marked(spoiled), spoiled


def _without_strings(text: str) -> str:
    return re.sub(r"'[^']*'", "''", text)


def test_what_others_said_is_read_untemplated() -> None:
    """A registered variable of a module that is not ours, anywhere but in the condition that repeats its task."""
    said = {
        task["register"] for _path, task in TASKS if "register" in task and not any(COLLECTION in key for key in task)
    }
    assert said
    quoted = re.compile(rf"'(\w+)' \| {re.escape(COLLECTION)}\.untemplated\b")
    read_so = {name for path in FILES for text in _leaves(load(path)) for name in quoted.findall(text)}
    assert said | {FAILED} == read_so
    for path, task in TASKS:
        own = {key: value for key, value in task.items() if key not in ("block", "rescue", "always", "tasks")}
        repeated = own.pop("until", "") if "register" in own else ""
        names = (said | {FAILED}) - ({own["register"]} if repeated else set())
        own.pop("register", None)
        for text in _leaves(own):
            used = {name for name in names if re.search(rf"\b{name}\b", _without_strings(text))}
            assert not used, f"{path}: {text}"


def test_every_filter_marks_what_it_returns() -> None:
    kind = importlib.import_module(f"{_PACKAGE}.filter.filters").FilterModule
    assert issubclass(kind, Filters)
    assert kind.filters is Filters.filters
    assert list(kind.FUNCTIONS) == FILTERS


@pytest.mark.parametrize("name", MODULES)
def test_every_action_marks_what_it_returns(name: str) -> None:
    kind = importlib.import_module(f"{_PACKAGE}.action.{name}").ActionModule
    assert issubclass(kind, RasAction)
    assert kind.run is RasAction.run


def test_one_place_knows_how_ansible_marks() -> None:
    files = [path for path in PLUGINS.rglob("*.py") if "unsafe_proxy" in read(path.relative_to(ROOT))]
    assert [Path(path).name for path in files] == ["outside.py"]
