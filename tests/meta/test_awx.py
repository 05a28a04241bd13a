# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""examples/awx: what is loaded into AWX names variables and playbooks that exist, and hides what is secret."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.target import _ENVIRONMENT

from counts import count
from meta.awx_stand_in import PASSWORD, serving, StandIn, USER
from meta.repo import BIN, COLLECTION, load, PLAYBOOKS, read, ROOT

AWX: t.Final = ROOT / "examples" / "awx"
OPTIONS: t.Final[dict[str, dict[str, t.Any]]] = load("roles/ras/meta/argument_specs.yml")["argument_specs"]["main"][
    "options"
]
# Type of a question -> types of variables that may get its answer.
TYPES: t.Final = {
    "text": {"str"},
    "textarea": {"str", "raw"},
    "integer": {"int"},
    "float": {"float"},
    "multiplechoice": {"str"},
}
KEYS: t.Final = {"question_name", "question_description", "variable", "type", "required", "default"}


class _Loader(yaml.SafeLoader):
    """Knows ``!unsafe``, which keeps Ansible from evaluating what AWX is to evaluate."""


_Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(t.cast(yaml.ScalarNode, node)))
OBJECTS: t.Final[dict[str, list[dict[str, t.Any]]]] = yaml.load(read(AWX / "setup/objects.yml"), _Loader)
TYPES_OF_CREDENTIALS: t.Final = OBJECTS["ras_awx_credential_types"]
TEMPLATES: t.Final = OBJECTS["ras_awx_job_templates"]
QUESTIONS: t.Final = [(each["name"], question) for each in TEMPLATES for question in each["survey"]]


def test_there_is_a_job_template_for_each_playbook() -> None:
    assert sorted(each["playbook"] for each in TEMPLATES) == sorted(path.name for path in AWX.glob("*.yml"))
    for each in TEMPLATES:
        assert each["name"] == f"RAS {each['playbook'].removesuffix('.yml')}"
        assert (each["job_slice_count"], each["allow_simultaneous"]) == (1, False)
        # What changes farms can be tried in check mode.
        assert each.get("ask_job_type_on_launch", False) is (each["playbook"] != "drift.yml")


@pytest.mark.parametrize(("template", "question"), QUESTIONS, ids=lambda each: str(each)[:40])
def test_a_question_sets_a_variable_of_the_role_to_what_it_may_be(template: str, question: dict[str, t.Any]) -> None:
    option = OPTIONS[question["variable"]]
    assert option["type"] in TYPES[question["type"]], template
    choices = question.get("choices")
    assert choices == option.get("choices")
    bounds = {"choices"} if question["type"] == "multiplechoice" else {"min", "max"}
    assert set(question) == KEYS | bounds
    if question["variable"] != "ras_confirm_deactivate":
        assert question["default"] == load("roles/ras/defaults/main.yml")[question["variable"]]


def test_no_survey_asks_for_a_secret() -> None:
    for _template, question in QUESTIONS:
        assert question["type"] != "password"
        assert not re.search("password|key", question["variable"])


@pytest.mark.parametrize("kind", TYPES_OF_CREDENTIALS, ids=lambda kind: kind["name"])
def test_a_credential_type_feeds_variables_that_are_ours(kind: dict[str, t.Any]) -> None:
    fields = {field["id"]: field for field in kind["inputs"]["fields"]}
    assert (kind["kind"], set(kind["inputs"]["required"])) == ("cloud", set(fields))
    for name, field in fields.items():
        assert field["type"] == "string"
        # AWX shows what is not marked as secret.
        assert field.get("secret", False) is (name not in ("email", "username")), name
    variables = kind["injectors"].get("extra_vars", {})
    environment = kind["injectors"].get("env", {})
    assert set(kind["injectors"]) <= {"extra_vars", "env"}
    assert set(variables) <= set(OPTIONS)
    assert set(environment) <= set(_ENVIRONMENT.values())
    used = [re.fullmatch(r"\{\{ (\w+) \}\}", text) for text in (*variables.values(), *environment.values())]
    assert sorted(match[1] for match in used if match) == sorted(fields)


def _load(awx: StandIn, home: Path, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    (home / "ansible.cfg").touch()
    env = {**os.environ, "HOME": str(home), "ANSIBLE_CONFIG": str(home / "ansible.cfg"), "ANSIBLE_NOCOLOR": "1"}
    env |= {"CONTROLLER_HOST": awx.url, "CONTROLLER_USERNAME": USER, "CONTROLLER_PASSWORD": PASSWORD, **more}
    command = [BIN / "ansible-playbook", "setup/load.yml", *args]
    return subprocess.run(command, cwd=AWX, env=env, capture_output=True, text=True, check=False, timeout=120)


def test_an_address_that_is_invalid_is_reported(tmp_path: Path) -> None:
    with serving() as awx:
        done = _load(awx, tmp_path, CONTROLLER_HOST="")
    assert done.returncode == 2
    assert "CONTROLLER_HOST is not an address of AWX" in done.stdout + done.stderr


# Some fifty requests, each a process of its own.
@pytest.mark.full
def test_loading_makes_everything_once(tmp_path: Path) -> None:
    with serving() as awx:
        done = _load(awx, tmp_path, "-vvv")
        assert done.returncode == 0, done.stdout + done.stderr
        assert PASSWORD not in done.stdout + done.stderr
        made = {kind: [each["name"] for each in awx.objects[kind]] for kind in ("credential_types", "job_templates")}
        assert made == {
            "credential_types": [each["name"] for each in TYPES_OF_CREDENTIALS],
            "job_templates": [each["name"] for each in TEMPLATES],
        }
        # What AWX evaluates arrives as it was written.
        assert [each["injectors"] for each in awx.objects["credential_types"]] == [
            each["injectors"] for each in TYPES_OF_CREDENTIALS
        ]
        assert {(each["project"], each["inventory"]) for each in awx.objects["job_templates"]} == {(8, 3)}
        assert [each["spec"] for each in awx.surveys.values()] == [each["survey"] for each in TEMPLATES]
        # A person has changed something meanwhile: it, and nothing else, is brought back.
        awx.objects["job_templates"][1]["job_slice_count"] = 4
        awx.writes.clear()
        again = _load(awx, tmp_path)
        assert again.returncode == 0, again.stdout
        assert awx.writes == [f"PATCH /api/v2/job_templates/{awx.objects['job_templates'][1]['id']}/"]
        assert awx.objects["job_templates"][1]["job_slice_count"] == 1
    count("example", "examples/awx: load everything, and once more")


def test_an_execution_environment_can_be_prepared(tmp_path: Path) -> None:
    """As far as it goes without a container engine: the builder writes what it would build."""
    for name in ("awx/setup/execution-environment.yml", "ci/collections/requirements.yml"):
        target = tmp_path / ("collections" if name.endswith("requirements.yml") else ".") / Path(name).name
        target.parent.mkdir(exist_ok=True)
        target.write_text(read(ROOT / "examples" / name), encoding="utf-8")
    command = [sys.executable, "-m", "ansible_builder", "create", "--output-filename", "Containerfile"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ansible-core==" in (tmp_path / "context" / "Containerfile").read_text("utf-8")
    pins = read(ROOT / "examples/ci/ci/requirements.txt")
    core = load("examples/awx/setup/execution-environment.yml")["dependencies"]["ansible_core"]["package_pip"]
    assert core in pins.splitlines()


def test_the_playbooks_import_ours() -> None:
    assert {path.name for path in AWX.glob("*.yml")} == {path.name for path in PLAYBOOKS.glob("[!_]*.yml")}
    for path in AWX.glob("*.yml"):
        (imported,) = load(f"examples/awx/{path.name}")
        assert imported["ansible.builtin.import_playbook"] == f"{COLLECTION}.{path.stem}"
