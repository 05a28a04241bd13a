# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rollouts as a user starts them, each against a lab of its own, and the proof that every farm was brought up."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from bench.checkouts import Checkout
from bench.processes import BenchError, cpu_of, run
from bench.rollout_figures import CASES, Rollout
from bench.rollout_world import FULL_VERSION, INSTALLER, MEMBERS, rollout_world
from bench.schedule import durations, LONGEST
from bench.surroundings import clock, environment, prepare
from raslab.testing import Lab

PLAYBOOK = "fleetops.parallels_ras.rollout"
# A hang guard only.
_HANG_SECONDS = 4 * 3600.0


def measure_rollouts(
    checkouts: Iterable[tuple[Checkout, Sequence[int]]], scale: float, folder: Path, say: Callable[[str], None]
) -> list[Rollout]:
    """Roll out everything, in each checkout first the slowest farm alone.

    Args:
        checkouts: Each with the numbers of farms that take part in it.
        scale: What the seconds of the world are multiplied with.
        folder: Where labs and runs have their files.
        say: Prints a line.

    Raises:
        BenchError: A run is not a measurement.
    """
    found = []
    for checkout, chosen in checkouts:
        for farms, forks in [(1, 1), *(case for case in CASES if case[0] in chosen)]:
            seconds = [each * scale for each in (durations(farms) if farms > 1 else [LONGEST])]
            place = folder / f"rollout-{checkout.name or 'this'}-{farms}-{forks}"
            rollout = roll_out(checkout, seconds, forks, place)
            found.append(rollout)
            say(
                f"{checkout.name or 'rollout':8} {farms:4} farms, {forks:3} forks: {rollout.seconds:7.1f} s, "
                f"{rollout.cpu / farms:5.1f} processor s a farm"
            )
    return found


def roll_out(checkout: Checkout, seconds: Sequence[float], forks: int, folder: Path) -> Rollout:
    """One rollout of farms that take these seconds.

    Raises:
        BenchError: It failed, or a farm is not as it was to become.
    """
    prepare(folder, ready_made(checkout.root))
    installer = checkout.root / "tests" / "lab" / "msi" / INSTALLER
    world = rollout_world(seconds, hashlib.sha256(installer.read_bytes()).hexdigest())
    # No PYTHONPATH: Ansible finds the collection as it does at a user's.
    env = {name: value for name, value in environment(folder, checkout.collections).items() if name != "PYTHONPATH"}
    with checkout.lab(world, folder / "lab") as lab:
        argv: list[str | Path] = [Path(sys.executable).parent / "ansible-playbook", "-i", lab.inventory]
        argv += ["--vault-password-file", lab.vault_password_file, "--forks", str(forks), PLAYBOOK]
        lab_cpu = cpu_of(lab.pid)
        cost = run(argv, env=env, folder=folder, hang=_HANG_SECONDS)
        lab_cpu = cpu_of(lab.pid) - lab_cpu
        journal = lab.journal()
        prove(lab, journal)
    noted = clock(folder)
    until, within = phases(journal)
    return Rollout(
        checkout=checkout.name,
        forks=forks,
        durations=tuple(seconds),
        seconds=noted.seconds,
        cpu=cost.cpu - noted.cpu_before,
        lab_cpu=lab_cpu,
        results=noted.results,
        until_first=until,
        wave=within,
    )


def ready_made(root: Path) -> str:
    """The ``ansible.cfg`` that a checkout gives its users; an old one may have none."""
    path = root / "examples" / "single_organization" / "ansible.cfg"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def phases(journal: Sequence[dict[str, Any]]) -> tuple[float, float]:
    """Seconds from the first request to the first installer, and from there to the last request.

    Raises:
        BenchError: No installer was started.
    """
    times = [float(entry["t"]) for entry in journal]
    first = next((float(entry["t"]) for entry in journal if entry["op"] == "install"), None)
    if first is None:
        raise BenchError("no installer was started")
    return first - min(times), max(times) - first


def prove(lab: Lab, journal: Sequence[dict[str, Any]]) -> None:
    """Each farm was installed once, each member pushed once, and all of them have the version.

    Raises:
        BenchError: It was not so, or the lab was asked what it does not model.
    """
    found = Counter((entry["farm"], entry["op"]) for entry in journal if entry["op"] in ("install", "restart", "push"))
    for name in lab.farms:
        changes = {op: found[name, op] for op in ("install", "push")}
        versions = sorted({host["agent_version"] for host in lab.farm(name)["hosts"]})
        if changes != {"install": 1, "push": len(MEMBERS)} or versions != [FULL_VERSION] or not found[name, "restart"]:
            raise BenchError(
                f"the farm {name}: expected one installation, {len(MEMBERS)} pushes, a restart and {FULL_VERSION} "
                f"everywhere, observed {changes} and {versions}"
            )
    if lab.problems() or lab.open_sessions():
        raise BenchError("a rollout left sessions open, or asked what the lab does not model")
