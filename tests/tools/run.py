# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verbs of the Makefile. Any Python from 3.10 on runs this; the interpreter of each lane is found from here."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

if sys.version_info < (3, 10):  # noqa: UP036  a clear sentence where the machine's python3 is old
    sys.exit("python3 is too old: install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3.12 ...")

import activation
import checks
import docs
import lanes
import locks
import suites
from paths import CACHE, COUNTS_FILE, REPORTS, ROOT
from runner import Log, Result, run_blocks, run_step, say, Step, StepFailed, stop_all
from summary import print_summary
from venvs import only_one


class Workshop:
    """The lanes of this run, each set up once, when the first step asks for it."""

    def __init__(self) -> None:
        self._ready: dict[str, lanes.Lane] = {}
        self._guards = {"main": threading.Lock(), "floor": threading.Lock()}

    def set_up(self, log: Log, name: str) -> str:
        """Set a lane up and return what it consists of."""
        with self._guards[name]:
            if name not in self._ready:
                self._ready[name] = {"main": lanes.main, "floor": lanes.floor}[name](log)
            activation.write(self._ready[name])
            return self._ready[name].title()

    def lane(self, name: str) -> Callable[[], lanes.Lane]:
        """Return a function that gives the lane, or fails where its set-up failed."""

        def get() -> lanes.Lane:
            if name not in self._ready:
                raise StepFailed(f"the {name} lane was not set up")
            return self._ready[name]

        return get

    def step(self, name: str) -> Step:
        """Return the step that sets the lane up."""
        return Step(f"set-up {name}", lambda log: self.set_up(log, name))


def chosen(blocks: Sequence[Sequence[Step]]) -> list[list[Step]]:
    """Keep the steps that the environment variable ONLY names (separated by commas), with the set-up and the snapshot.

    Raises:
        SystemExit: A name is not one of a step; a typo may not look like a green run.
    """
    wanted = {word.strip() for word in os.environ.get("ONLY", "").split(",") if word.strip()}
    known = {step.name for block in blocks for step in block}
    if wanted - known:
        sys.exit(f"ONLY={','.join(sorted(wanted - known))}: no such step; the steps are: {', '.join(sorted(known))}")
    if not wanted:
        return [list(block) for block in blocks]
    wanted |= {name for name in known if name.startswith(("set-up", "snapshot"))}
    return [[step for step in block if step.name in wanted] for block in blocks]


def finish(results: Sequence[Result], begin: float) -> int:
    """Print the summary and return the exit code."""
    say(f"\nwall time {time.monotonic() - begin:.0f}s, logs in {(CACHE / 'logs').relative_to(ROOT)}")
    return 0 if print_summary(results) else 1


def run_test(*, only_lint: bool = False) -> int:
    """Run everything that the machine can run; the checks and the suites side by side."""
    begin = time.monotonic()
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir(parents=True)
    os.environ["RAS_COUNTS_FILE"] = str(COUNTS_FILE)
    workshop = Workshop()
    main = workshop.lane("main")
    first = run_step(workshop.step("main"))
    if first.state != "PASS":
        return finish([first], begin)
    if only_lint:
        blocks = [checks.steps(main)]
    else:
        light, heavy = suites.blocks(main, workshop.lane("floor"))
        blocks = [[*checks.steps(main), *checks.build_steps(main), *light], [workshop.step("floor"), *heavy]]
    return finish([first, *run_blocks(chosen(blocks))], begin)


def run_steps(*steps: Step) -> int:
    """Run steps in order and stop at the first that fails."""
    return 0 if all(run_step(step).state == "PASS" for step in steps) else 1


def run_build() -> int:
    """Build the collection and say where it is."""
    workshop = Workshop()
    build = Step("build", lambda log: str(checks.build(log, workshop.lane("main")()).relative_to(ROOT)))
    return run_steps(workshop.step("main"), checks.steps(workshop.lane("main"))[0], build)


def run_docs() -> int:
    """Check the documentation and render the pages of the plugins."""
    workshop = Workshop()
    main = workshop.lane("main")
    every = {step.name: step for step in checks.steps(main)}
    render = Step("docs pages", lambda log: docs.render(log, main()))
    return run_steps(workshop.step("main"), every["snapshot"], every["docs lint"], render)


def run_picture() -> int:
    """Take the picture of the HTML report."""
    workshop = Workshop()
    picture = Step("picture", lambda log: docs.picture(log, workshop.lane("main")()))
    return run_steps(workshop.step("main"), picture)


def run_demo() -> int:
    """Run the demo in the main lane, with its output on the terminal."""
    workshop = Workshop()
    if run_steps(workshop.step("main")) != 0:
        return 1
    lane = workshop.lane("main")()
    return in_front([str(lane.python), str(ROOT / "tests" / "demo" / "demo.py")], lane.env())


def run_bench() -> int:
    """Measure in the main lane and write docs/performance.md; what makes it shorter writes its page elsewhere."""
    shorter = asked("only", "sizes", "runs", "scale")
    page = CACHE / "bench" / "performance.md" if shorter else ROOT / "docs" / "performance.md"
    figures = CACHE / "bench" / "figures.json"
    return run_module("bench.run", f"--page={page}", f"--figures={figures}", *shorter, *asked("base"))


def run_simulate() -> int:
    """Play histories in the main lane; what fails is written, shrunk, below .cache."""
    if os.environ.get("PLANTED"):
        return run_module("simulation.planted")
    words = asked("seeds", "minutes", "level", "history", "first", "torture", "every")
    words += [f"--{name}" for name in ("digests", "ledger") if os.environ.get(name.upper())]
    return run_module("simulation.run", f"--keep={CACHE / 'histories'}", *words)


def asked(*names: str) -> list[str]:
    """The options that the environment gives, each by its name in capitals."""
    return [f"--{name}={value}" for name in names if (value := os.environ.get(name.upper()))]


def run_module(*argv: str) -> int:
    """Run a module of tests/ in the main lane, with its output on the terminal."""
    workshop = Workshop()
    if run_steps(workshop.step("main")) != 0:
        return 1
    lane = workshop.lane("main")()
    modules = os.pathsep.join([lane.env()["PYTHONPATH"], str(ROOT / "tests")])
    return in_front([str(lane.python), "-m", *argv], lane.env(PYTHONPATH=modules))


def in_front(argv: list[str], env: dict[str, str]) -> int:
    """Run a command with its output on the terminal, and end it when this run ends."""
    process = subprocess.Popen(argv, cwd=ROOT, env=env)
    try:
        return process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise


def run_setup() -> int:
    """Set both lanes up."""
    workshop = Workshop()
    return run_steps(workshop.step("main"), workshop.step("floor"))


def run_clean() -> int:
    """Remove what the other verbs made."""
    for path in [CACHE, ROOT / "tests" / "output", *ROOT.glob(".*_cache")]:
        shutil.rmtree(path, ignore_errors=True)
    for name in ("plugins", "tests", "roles", "playbooks"):
        for path in sorted(Path(ROOT, name).rglob("__pycache__")):
            shutil.rmtree(path, ignore_errors=True)
    return 0


def _stop(_signal: int, _frame: FrameType | None) -> None:
    stop_all()
    raise KeyboardInterrupt


def main() -> int:
    """Run a verb."""
    verbs: dict[str, Callable[[], int]] = {
        "test": run_test,
        "lint": lambda: run_test(only_lint=True),
        "build": run_build,
        "docs": run_docs,
        "picture": run_picture,
        "locks": lambda: run_steps(Step("locks", locks.regenerate)),
    }
    alone: dict[str, Callable[[], int]] = {
        "demo": run_demo,
        "bench": run_bench,
        "simulate": run_simulate,
        "setup": run_setup,
        "clean": run_clean,
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("verb", choices=[*verbs, *alone])
    verb = parser.parse_args().verb
    signal.signal(signal.SIGTERM, _stop)
    try:
        if verb in alone:
            return alone[verb]()
        # These share the snapshot, the reports and the build folder, so one of them runs at a time in a checkout.
        with only_one("run"):
            return verbs[verb]()
    except StepFailed as failure:
        say(f"FAIL {failure}")
        return 1
    except KeyboardInterrupt:
        stop_all()
        say("stopped")
        return 130


if __name__ == "__main__":
    sys.exit(main())
