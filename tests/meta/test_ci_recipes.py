# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""examples/ci: four recipes with one set of command lines, which are executed against a lab, green and red."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift.query import compile_query
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift.reports import (
    policy_schema,
    RENDERERS,
    schema,
)
from junitparser import JUnitXml

from counts import count
from meta.ci_recipes import HERE, RECIPES, SECRETS, steps
from meta.repo import BIN, COLLECTION, load, read, ROOT
from meta.sandbox import beside_a_lab, Sandbox

SYSTEMS: t.Final = sorted(RECIPES)
RECIPE_FILES: t.Final = sorted({file for files in RECIPES.values() for file in files.values()})
DATA: t.Final = ROOT / "tests" / "unit" / "data"
SCHEMAS: t.Final = {
    "github": ["vendor.github-workflows"],
    "gitlab": ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
    # The patterns of this schema are none of ECMAScript's.
    "azure": ["vendor.azure-pipelines", "--data-transform", "azure-pipelines", "--regex-variant", "python"],
}
VAULT_PASSWORD: t.Final = "the secret of the CI system"
ADMIN: t.Final = "svc-ansible@example.com"
ADMINISTRATOR: t.Final = "the password of that administrator"
WORLD: t.Final[dict[str, t.Any]] = {
    "my_account": {
        "accounts": [
            {
                "company": "Example Corp.",
                "people": [{"email": "licensing@example.com", "password": "the password of that account"}],
                "keys": [{"key": "AB12CD-ME34EF-GH56IJ-B978KL-CV55K2", "type": "spla", "expires": "2031-12-31"}],
            }
        ]
    },
    "defaults": {
        "generation": 21,
        "version": "21.2.1.27306",
        "admins": [{"username": ADMIN, "password": ADMINISTRATOR}],
        "windows": {"users": [{"name": ADMIN, "password": ADMINISTRATOR}]},
    },
    "farms": [
        {
            "name": name,
            "license": {
                "state": "active",
                "account": "licensing@example.com",
                "key": "AB12CD-ME34EF-GH56IJ-B978KL-CV55K2",
            },
        }
        for name in ("tokyo", "osaka")
    ],
}
VAULT: t.Final = {
    "ras_account_email": "licensing@example.com",
    "ras_account_password": "the password of that account",
    "ras_license_key": "AB12CD-ME34EF-GH56IJ-B978KL-CV55K2",
    "ras_api_username": ADMIN,
    "ras_api_password": ADMINISTRATOR,
}


def test_every_file_is_known() -> None:
    shared = {"ci/requirements.txt", "ci/vault_password.sh", "ci/drift.yml", "collections/requirements.yml"}
    there = {path.relative_to(HERE).as_posix() for path in HERE.rglob("*") if path.is_file()}
    assert there == {*RECIPE_FILES, *shared}


@pytest.mark.parametrize("system", SCHEMAS)
def test_a_recipe_fits_the_schema_of_its_system(system: str) -> None:
    files = sorted(set(RECIPES[system].values()))
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", *SCHEMAS[system], *files]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("recipe", ["drift", "rollout"])
def test_all_systems_run_the_same_command_lines(recipe: str) -> None:
    wanted = steps("github", recipe)
    assert {system: steps(system, recipe) for system in SYSTEMS} == dict.fromkeys(SYSTEMS, wanted)
    playbooks = [line for step in wanted for line in step if "ansible-playbook" in line]
    assert [COLLECTION + "." + recipe in line for line in playbooks] == [True] * {"drift": 1, "rollout": 2}[recipe]
    # What is checked is what is then done.
    assert playbooks[0].removesuffix(" --check --diff") == playbooks[-1]


@pytest.mark.parametrize("file", RECIPE_FILES)
def test_the_vault_password_comes_from_the_secret_store_into_one_step(file: str) -> None:
    text, system = read(HERE / file), file.split("/")[0]
    uses = [line.split("#")[0].split("//")[0] for line in text.splitlines() if "RAS_VAULT_PASSWORD" in line]
    given = [line.strip() for line in uses if line.strip()]
    if system == "gitlab":
        # A CI/CD variable is in the environment of every job.
        assert given == []
    else:
        assert given
        assert all(re.fullmatch(r"RAS_VAULT_PASSWORD(:| =) " + re.escape(SECRETS[system]), line) for line in given)
    for script in (line for recipe, own in RECIPES[system].items() if own == file for line in steps(system, recipe)):
        assert not [line for line in script if "PASSWORD" in line or "echo" in line or "set -x" in line]


@pytest.mark.parametrize("file", [file for file in RECIPE_FILES if file.startswith(("github/", "azure/"))])
def test_where_the_system_can_it_takes_no_commands_from_what_farms_say(file: str) -> None:
    playbooks = [
        step for step in _steps_of(load(HERE / file)) if "ansible-playbook" in step.get("script", step.get("run", ""))
    ]
    assert playbooks
    for step in playbooks:
        if file.startswith("azure/"):
            assert step["target"] == {"container": "host", "commands": "restricted", "settableVariables": "none"}
        else:
            # The word that would end it is made anew in each run.
            before = step["run"].split(".venv/bin/ansible-playbook")[0]
            assert re.search(r'^echo "::stop-commands::\$\(python3 -c .*uuid4\(\)\)\'\)"$', before, re.MULTILINE)


def _steps_of(value: t.Any) -> t.Iterator[dict[str, t.Any]]:
    if isinstance(value, dict):
        if "script" in value or "run" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _steps_of(item)


@pytest.mark.parametrize("system", SYSTEMS)
def test_reports_are_kept_when_the_check_is_red(system: str) -> None:
    text = read(HERE / RECIPES[system]["drift"])
    always = {
        "github": r"if: always\(\)\n +uses: actions/upload-artifact@v\d+\n +with:\n +name: drift\n +path: reports\n",
        "gitlab": r"artifacts:\n +when: always\n",
        "azure": r"publish: reports\n +artifact: drift\n +displayName: Reports\n +condition: always\(\)\n",
        "jenkins": r"always \{\n +junit 'reports/drift\.xml'\n +archiveArtifacts 'reports/\*\*'\n",
    }
    assert re.search(always[system], text)
    if system in ("github", "azure"):
        assert "reports/drift.md" in text


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_rollout_waits_for_a_person_and_never_runs_twice_at_once(system: str) -> None:
    text = read(HERE / RECIPES[system]["rollout"])
    waits = {
        "github": r"\n  rollout:\n    needs: check\n    environment: ras-production\n",
        "gitlab": r"\nras-rollout:\n(?:    ?.*\n|  .*\n)*?      when: manual\n",
        "azure": r"deployment: rollout\n +environment: ras-production\n",
        "jenkins": r"stage\('Approve'\) \{\n.*\n +steps \{\n +input message: ",
    }
    alone = {
        "github": "concurrency:\n  group: ras-rollout\n  cancel-in-progress: false\n",
        "gitlab": "resource_group: ras-rollout\n",
        "azure": "lockBehavior: sequential\n",
        "jenkins": "disableConcurrentBuilds()\n",
    }
    assert re.search(waits[system], text)
    assert alone[system] in text


def test_what_a_job_installs_is_what_was_tested() -> None:
    pins = {line for line in read(HERE / "ci/requirements.txt").splitlines() if not line.startswith("#")}
    locked = re.findall(r"^(\S+==\S+)", read("tests/locks/main.txt"), re.MULTILINE)
    assert pins <= set(locked)
    needed = {re.split(r"[<>=]", line)[0] for line in read("requirements.txt").splitlines() if line[:1] != "#"}
    assert {pin.split("==")[0] for pin in pins} == needed | {"ansible-core"}
    collections = {each["name"]: each["version"] for each in load(HERE / "collections/requirements.yml")["collections"]}
    windows = json.loads(read("tests/locks/collections.json"))
    assert collections[COLLECTION] == load("galaxy.yml")["version"]
    assert f'"{collections["ansible.windows"]}"' in json.dumps(windows)
    assert set(collections) == {COLLECTION, *load("galaxy.yml")["dependencies"]}


def test_every_format_for_people_is_written() -> None:
    """All but the one that a node exporter reads: what lies in reports/ becomes the artifact."""
    outputs = load(HERE / "ci/drift.yml")["ras_drift_outputs"]
    assert set(outputs) == set(RENDERERS) - {"prometheus"}
    assert all(path.startswith("reports/drift.") for path in outputs.values())


@pytest.fixture(name="sandbox", scope="module")
def _sandbox(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Sandbox]:
    """A repository of a reader's: the examples copied, an inventory, and a vault that the CI's secret opens."""
    folder = tmp_path_factory.mktemp("ci")
    with beside_a_lab(folder, WORLD) as sandbox:
        shutil.copytree(HERE, sandbox.folder, dirs_exist_ok=True)
        hosts = {f"cb1.{farm['name']}.example.com": {"ras_farm": farm["name"]} for farm in WORLD["farms"]}
        sandbox.write("inventory.yml", yaml.safe_dump({"ras_licensing_servers": {"hosts": hosts}}))
        sandbox.write("group_vars/all/vault.yml", yaml.safe_dump(VAULT))
        # In place of the first step, which needs PyPI and the Galaxy.
        (sandbox.folder / ".venv").mkdir()
        os.symlink(BIN, sandbox.folder / ".venv" / "bin")
        rc, output = _typed(sandbox, ".venv/bin/ansible-vault encrypt group_vars/all/vault.yml")
        assert rc == 0, output
        yield sandbox


def _typed(sandbox: Sandbox, *lines: str, password: str = VAULT_PASSWORD) -> tuple[int, str]:
    """Lines as a CI system runs them: the secret is in the environment, and so is the program that hands it over."""
    secret = f"export ANSIBLE_VAULT_PASSWORD_FILE=ci/vault_password.sh RAS_VAULT_PASSWORD='{password}'\n"
    return sandbox.run(secret + "\n".join(lines) + "\n")


def _drift(sandbox: Sandbox, **options: str) -> tuple[int, str]:
    prepare, drift = steps("github", "drift")
    assert [line.split()[0] for line in prepare] == ["python3", ".venv/bin/pip", ".venv/bin/ansible-galaxy"]
    return _typed(sandbox, *drift, **options)


def _reports(sandbox: Sandbox) -> dict[str, str]:
    folder = sandbox.folder / "reports"
    return {path.name: path.read_text("utf-8") for path in folder.iterdir()} if folder.exists() else {}


def test_drift_is_green_then_red_for_the_right_reason(sandbox: Sandbox) -> None:
    rc, output = _drift(sandbox)
    assert rc == 0, output
    assert "ok: 2 farms (2 ok)" in output
    green = _reports(sandbox)
    assert json.loads(green["drift.json"])["verdict"] == "ok"
    assert JUnitXml.fromstring(green["drift.xml"].encode()).failures == 0
    # Somebody wants another key for a farm than it has.
    sandbox.write("host_vars/cb1.osaka.example.com/ras.yml", "ras_license_key: AB12CD-ME34EF-GH56IJ-B978KL-OTHER1\n")
    rc, output = _drift(sandbox)
    assert rc == 2, output
    assert "drift: 2 farms (1 ok, 1 error)" in output
    red = _reports(sandbox)
    assert (
        set(red)
        == set(green)
        == {Path(path).name for path in load(HERE / "ci/drift.yml")["ras_drift_outputs"].values()}
    )
    assert json.loads(red["drift.json"])["verdict"] == "drift"
    suites = JUnitXml.fromstring(red["drift.xml"].encode())
    failed = [(case.classname, case.name) for suite in suites for case in suite if case.result and case.is_failure]
    assert (suites.errors, failed) == (0, [("default.osaka", "key_mismatch")])
    assert "key_mismatch" in red["drift.md"].replace("\\", "")
    for text in (output, *red.values()):
        assert not [secret for secret in (VAULT_PASSWORD, *VAULT.values()) if "@" not in secret and secret in text]
    count("example", "examples/ci: drift, green and red")


def test_a_wrong_or_missing_secret_is_red_and_leaves_no_report_of_the_day_before(sandbox: Sandbox) -> None:
    for password in ("not the secret", ""):
        sandbox.write("reports/drift.json", "{}")
        rc, output = _drift(sandbox, password=password)
        assert rc not in (0, 2), output
        assert _reports(sandbox) == {}
    assert "is not set: give the step the secret of the CI system" in output
    count("example", "examples/ci: drift, without its secret")


def test_the_deliberately_red_run_of_the_guide() -> None:
    """The expression that the guide shows is one, and is true of any report with a farm."""
    (expression,) = re.findall(r"ras_drift_fail_when: (.*)", read("docs/docsite/rst/guide_ci.rst"))
    red = compile_query("fail_when", yaml.safe_load(expression), policy_schema(), schema())
    assert red.holds(json.loads((DATA / "drift_report.json").read_text("utf-8")))


@pytest.mark.full
def test_a_rollout_is_checked_before_it_is_done(sandbox: Sandbox) -> None:
    """With nothing to do: README.md and the demo roll out what is due."""
    windows = {"ansible_connection": "winrm", "ansible_user": ADMIN, "ansible_password": ADMINISTRATOR}
    installer = {"ras_installer_src": "/nowhere/RASInstaller.msi", "ras_installer_sha256": "0" * 64}
    sandbox.write("group_vars/all/rollout.yml", yaml.safe_dump({**windows, **installer, "ras_version": "21.2.27306"}))
    lines = [line for step in steps("github", "rollout") for line in step if "ansible-playbook" in line]
    for line in lines:
        rc, output = _typed(sandbox, f"{line} --limit cb1.tokyo.example.com")
        assert rc == 0, output
        assert "1 farm: 0 changed or due, 1 as they were, 0 not as wanted" in output
    count("example", "examples/ci: rollout, checked and done")


def test_the_folder_is_described() -> None:
    assert "| `ci` |" in read("examples/README.md")
