# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps that look at the files and at the built collection; none of them runs a playbook."""

from __future__ import annotations

import json
import os
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import debian
import docs
import sanity
import snapshot
import venvs
from lanes import IMPORTER_PYTHONS, Lane
from paths import BUILD, CACHE, COLLECTION_PATH, COLLECTIONS, FULL, NAME, NAMESPACE, ROOT, SNAPSHOT
from runner import Argv, Log, Step, StepFailed

_STRICT = [f"plugins/{name}" for name in ("module_utils", "plugin_utils", "action", "filter", "inventory", "callback")]


def steps(main: Callable[[], Lane]) -> list[Step]:
    """Return the linters and sanity, in the order of their cost.

    Args:
        main: Gives the main lane; called when a step runs, not before.
    """

    def tool(name: str, *args: str, cwd: Path = ROOT) -> Callable[[Log], str]:
        def action(log: Log) -> str:
            log.run([main().tool(name), *args], env=main().env(), cwd=cwd)
            return ""

        return action

    return [
        Step("snapshot", lambda log: f"{len(snapshot.tracked_files(log))} files" if snapshot.take(log) else ""),
        Step("ruff check", tool("ruff", "check", ".")),
        Step("ruff format", tool("ruff", "format", "--check", "--diff", ".")),
        Step("yamllint", tool("yamllint", "--strict", ".", cwd=SNAPSHOT)),
        Step("mypy", lambda log: mypy(log, main())),
        Step("shellcheck", shellcheck),
        Step("changelog", tool("antsibull-changelog", "lint", cwd=SNAPSHOT)),
        Step("ansible-lint", lambda log: ansible_lint(log, main())),
        Step("docs lint", lambda log: docs.lint(log, main())),
        Step("sanity", lambda log: sanity.run(log, main())),
    ]


def mypy(log: Log, lane: Lane) -> str:
    """Check types: the product strictly, under the name that it is imported by; then the tools and the lab."""
    here = COLLECTIONS / COLLECTION_PATH
    # Only folders that hold modules: mypy takes an empty one for an error.
    product = [here / name for name in _STRICT if any((ROOT / name).rglob("*.py"))]
    env = lane.env(MYPYPATH=str(COLLECTIONS))
    log.run([lane.tool("mypy"), "--strict", "--cache-dir", CACHE / "mypy", *product], env=env)
    others = [
        ("tests/tools", "--strict", [ROOT / "tests" / "tools"]),
        ("tests/lab/raslab", "--check-untyped-defs", [ROOT / "tests" / "lab"]),
        ("tests/bench", "--strict", [ROOT / "tests", ROOT / "tests" / "lab", COLLECTIONS]),
        ("extensions/molecule/utils", "--strict", [ROOT / "extensions" / "molecule" / "utils"]),
    ]
    for name, strictness, path in others:
        if (ROOT / name).exists():
            env = lane.env(MYPYPATH=os.pathsep.join(map(str, path)))
            log.run([lane.tool("mypy"), strictness, "--cache-dir", CACHE / "mypy-tests", name], env=env)
    return ""


def shellcheck(log: Log) -> str:
    """Check the shell scripts."""
    debian.ensure_command(log, "shellcheck", "shellcheck", "the check of the shell scripts")
    log.run(["shellcheck", ".ci/run", "extensions/molecule/utils/vault_password"])
    return ""


def ansible_lint(log: Log, lane: Lane) -> str:
    """Run ansible-lint on the snapshot, offline, with the profile that .ansible-lint names."""
    shutil.rmtree(SNAPSHOT / "tests" / "output", ignore_errors=True)
    log.run([lane.tool("ansible-lint"), "--offline", "--strict", "--nocolor"], env=lane.env(), cwd=SNAPSHOT)
    return ""


def build_steps(main: Callable[[], Lane]) -> list[Step]:
    """Return the steps that build the collection and use what was built."""
    return [
        Step("build", lambda log: str(build(log, main()).relative_to(ROOT))),
        Step("install", lambda log: install(log, main())),
        Step("importer", lambda log: importer(log, main())),
    ]


def tarball() -> Path:
    """Return the built collection.

    Raises:
        StepFailed: There is not exactly one.
    """
    found = sorted(BUILD.glob(f"{NAMESPACE}-{NAME}-*.tar.gz"))
    if len(found) != 1:
        where = BUILD.relative_to(ROOT)
        raise StepFailed(f"expected one built collection in {where}, found {len(found)}: did 'build' pass?")
    return found[0]


def build(log: Log, lane: Lane) -> Path:
    """Build the collection out of the snapshot, so that nothing that git ignores gets in."""
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir(parents=True)
    shutil.rmtree(SNAPSHOT / "tests" / "output", ignore_errors=True)
    argv: Argv = [lane.tool("ansible-galaxy"), "collection", "build", "--output-path", BUILD, SNAPSHOT]
    log.run(argv, env=lane.env())
    with tarfile.open(tarball()) as archive:
        names = archive.getnames()
    hidden = {".cache", ".ci", ".git"}
    strays = [name for name in names if name.split("/")[0] in hidden or "__pycache__" in name]
    # Of the tests only their configuration is shipped; build_ignore of galaxy.yml names the rest.
    strays += [name for name in names if name.startswith("tests/") and name != "tests/config.yml"]
    if strays:
        raise StepFailed(f"files that do not belong into the collection: {', '.join(strays[:5])}")
    return tarball()


def install(log: Log, lane: Lane) -> str:
    """Install the built collection into an empty folder and read every module's documentation from there."""
    place = CACHE / "installed"
    shutil.rmtree(place, ignore_errors=True)
    env = lane.env(ANSIBLE_COLLECTIONS_PATH=os.pathsep.join([str(place), str(lane.windows)]), PYTHONPATH="")
    argv: Argv = [lane.tool("ansible-galaxy"), "collection", "install", "--offline", "-p", place, tarball()]
    log.run(argv, env=env, cwd=CACHE)
    installed = place / COLLECTION_PATH
    modules = sorted(path.stem for path in (installed / "plugins" / "modules").glob("*.py") if path.stem != "__init__")
    if not modules:
        raise StepFailed("the installed collection holds no module")
    names = [f"{NAMESPACE}.{NAME}.{module}" for module in modules]
    documents = json.loads(log.output([lane.tool("ansible-doc"), "--json", *names], env=env, cwd=CACHE))
    missing = [name for name in names if "doc" not in documents.get(name, {})]
    if missing:
        raise StepFailed(f"no documentation for {', '.join(missing)}")
    return f"{len(names)} modules documented"


def importer(log: Log, lane: Lane) -> str:
    """Let the Galaxy's importer judge the built collection, in an environment of its own."""
    venv = venvs.make(log, "importer", IMPORTER_PYTHONS)
    config = CACHE / "galaxy-importer.cfg"
    # Its ansible-lint is the one that ran on the snapshot, with a lower profile, and it costs as much as all the rest.
    config.write_text(
        "[galaxy-importer]\nRUN_ANSIBLE_TEST = False\nCHECK_REQUIRED_TAGS = True\nCHECK_CHANGELOG = True\n"
        f"RUN_ANSIBLE_LINT = {FULL}\n"
    )
    env = lane.env(GALAXY_IMPORTER_CONFIG=str(config), PYTHONPATH="")
    env["PATH"] = os.pathsep.join([str(venv.bin), env["PATH"]])
    work = CACHE / "importer"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    log.run([venv.bin / "python", "-m", "galaxy_importer.main", tarball()], env=env, cwd=work)
    return ""
