# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps that run pytest, molecule and the mutants."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import debian
import lanes
import pwsh
from counts import count
from lanes import Lane
from paths import CACHE, COLLECTION_PATH, COLLECTIONS, cpus, FULL, REPORTS, ROOT
from runner import Log, Step, StepFailed

GetLane = Callable[[], Lane]
_FULL_LIMIT = 5400.0
# A guard against a suite that hangs, not a bound of its time: a slow machine takes twice as long.
_LIMIT = 2400.0


def _has_tests(folder: str) -> bool:
    return any((ROOT / folder).rglob("test_*.py"))


def _nothing(_log: Log) -> dict[str, str]:
    return {}


def ssh_client(log: Log) -> dict[str, str]:
    """Make sure that there is an SSH client: Ansible's connection of that name starts one.

    Raises:
        LeftOut: There is none, and it could not be installed.
    """
    debian.ensure_command(log, "ssh", "openssh-client", "the connection ssh")
    return {}


def pytest_step(
    name: str,
    lane: GetLane,
    folder: str,
    workers: int,
    *args: str,
    more: Callable[[Log], dict[str, str]] = _nothing,
) -> Step:
    """Return a step that runs pytest on a folder; a run without a single test fails (pytest's exit code 5).

    ``more`` gives variables of the environment besides the lane's.
    """

    def action(log: Log) -> str:
        used = lane()
        env = used.env(**more(log))
        label = name.replace(" ", "-")
        temporary = CACHE / "tmp" / label
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.parent.mkdir(parents=True, exist_ok=True)
        argv: list[str | Path] = [used.python, "-m", "pytest", folder, "-q", "-ra"]
        # By file: the tests of a file may share one costly run of the lab. In their order: the longest come first.
        argv += ["-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder", f"--basetemp={temporary}"]
        argv += [f"--junitxml={REPORTS / label}.xml", "-o", f"junit_suite_name={label}", *args]
        count("lane", f"{used.name}: {used.title()}")
        log.run(argv, env=env, limit=_FULL_LIMIT if FULL else _LIMIT)
        return last_line(log)

    return Step(name, action)


def payloads(main: GetLane, floor: GetLane, workers: int) -> Step:
    """Return the step that lets farms say templates to each ansible-core of both lanes and to the least patch levels.

    The tests and the lab run in the main lane; only the commands of Ansible are those of the other cores.
    """

    def every_core(log: Log) -> dict[str, str]:
        used = [main(), floor(), *lanes.cores(log)]
        for each in used[2:]:
            count("lane", f"{each.name}: {each.title()}")
        rows = [
            {"name": each.core, "commands": str(each.venv.bin), "collections": each.env()["ANSIBLE_COLLECTIONS_PATH"]}
            for each in used
        ]
        return {"RAS_CORES": json.dumps(rows)}

    # One by one: a file holds the tests for all cores, and they share nothing.
    return pytest_step("payloads", main, "tests/payloads", workers, "--dist", "load", more=every_core)


def scripts_step(name: str, main: GetLane, lane: GetLane, folder: str, *args: str) -> Step:
    """Return a step that runs the collection's scripts in PowerShell, with the ansible-core of a lane.

    Worlds that leave it to the step let their hosts run them there.

    The collection ansible.windows is that of the main lane: older ones hang outside Windows.
    """

    def more(log: Log) -> dict[str, str]:
        return {**pwsh.env(log), "RAS_WINDOWS": str(main().windows), "RAS_SCRIPTS": "engine"}

    return pytest_step(name, lane, folder, cpus(), *args, more=more)


def last_line(log: Log) -> str:
    """Return pytest's own closing line without its decoration."""
    lines = [line.strip(" =") for line in log.path.read_text(errors="replace").splitlines() if " passed" in line]
    return lines[-1] if lines else ""


def molecule(log: Log, lane: Lane) -> str:
    """Run the scenarios of molecule, each against a lab of its own; upgrades in the whole matrices only."""
    names = sorted(path.parent.name for path in ROOT.glob("extensions/molecule/*/molecule.yml"))
    wanted = [name for name in names if FULL or name == "default"]
    for name in wanted:
        argv: list[str | Path] = [lane.tool("molecule"), "test", "--scenario-name", name]
        # Below 'ansible_collections', where molecule finds that the checkout is a collection.
        log.run(argv, env=lane.env(), cwd=COLLECTIONS / COLLECTION_PATH, limit=_LIMIT)
        count("scenario", f"molecule: {name}")
    verified = log.path.read_text(errors="replace").count(" passed in ")
    # molecule passes a scenario without a single test.
    if not wanted or verified != len(wanted):
        raise StepFailed(f"expected {len(wanted)} verified scenarios, observed {verified}")
    return f"{len(wanted)} scenarios: {', '.join(wanted)}"


def unclaimed_tests(folders: list[str]) -> list[str]:
    """List the test files that lie in none of the folders: a test that nobody runs looks green for ever."""
    claimed = [ROOT / folder for folder in folders]
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return [str(file.relative_to(ROOT)) for file in files if not any(folder in file.parents for folder in claimed)]


def blocks(main: GetLane, floor: GetLane) -> list[list[Step]]:
    """Return the suites that are there, in two blocks that run side by side, the quickest answers first.

    The first block holds what uses one processor for most of its time.
    """
    # The unit tests of the floor lane cover the wire, so it meets the faults in the whole matrices only.
    floor_only = ("-m", "floor or floor_full") if FULL else ("-m", "floor", "--ignore=tests/scenarios/faults")
    light = [
        ("tools main", main, "tests/tools", ()),
        ("browser main", main, "tests/browser", ()),
        ("leak main", main, "tests/leak", ()),
        ("meta main", main, "tests/meta", ()),
        ("demo main", main, "tests/demo", ()),
        ("simulation main", main, "tests/simulation", ()),
        ("bench main", main, "tests/bench", ()),
    ]
    heavy = [
        ("unit main", main, "tests/unit", ()),
        ("unit floor", floor, "tests/unit", ()),
        ("lab main", main, "tests/lab/tests", ()),
        ("lab floor", floor, "tests/lab/tests", ("-m", "floor")),
        ("scenarios main", main, "tests/scenarios", ()),
        ("scenarios floor", floor, "tests/scenarios", floor_only),
    ]
    unclaimed = unclaimed_tests(
        ["tests/payloads", "tests/powershell", *(folder for _name, _lane, folder, _args in [*light, *heavy])]
    )
    if unclaimed:

        def refuse(_log: Log) -> str:
            raise StepFailed(f"no suite of tests/tools/suites.py runs {', '.join(unclaimed)}")

        return [[Step("suites", refuse)], []]
    found = [
        [
            pytest_step(
                name, lane, folder, workers, *args, more=ssh_client if folder == "tests/scenarios" else _nothing
            )
            for name, lane, folder, args in block
            if _has_tests(folder)
        ]
        # One more than there are processors: many tests wait for a time-out of the farm.
        for block, workers in ((light, cpus()), (heavy, cpus() + 1))
    ]
    found[1].append(payloads(main, floor, cpus() + 1))
    found[0].append(scripts_step("powershell main", main, main, "tests/powershell"))
    found[0].append(scripts_step("powershell floor", main, floor, "tests/powershell", "-m", "floor"))
    if FULL:
        for folder in ("faults", "upgrade_faults"):
            found[0].append(scripts_step(f"{folder} in powershell", main, main, f"tests/scenarios/{folder}"))
    found[0].append(Step("molecule main", lambda log: molecule(log, main())))
    mutants = ROOT / "tests" / "mutants" / "run.py"
    if FULL and mutants.exists():

        def run_mutants(log: Log) -> str:
            for lane in (main(), floor()):
                log.run([lane.python, mutants], env=lane.env(), limit=_FULL_LIMIT)
            return ""

        found[1].append(Step("mutants", run_mutants))
    return found
