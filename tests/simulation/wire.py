# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same histories over the wire: real ansible-playbook against a lab with its listeners."""

from __future__ import annotations

import contextlib
import json
import time
import typing as t
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from harness.killing import kill as kill_with_all
from harness.runner import Runner
from raslab.testing import Lab
from simulation.stage import KILLED, Ran, Stage

# Between two looks whether a run is to be killed.
_LOOK: t.Final = 0.02


class WireStage(Stage):
    """A lab in a process of its own."""

    def __init__(self, lab: Lab, folder: Path) -> None:
        self.lab = lab
        self.folder = folder
        self._runner = Runner(lab, folder / "runs")
        self._number = 0

    def run(self, arguments: Sequence[str], variables: Mapping[str, t.Any], kill: int | None = None) -> Ran:
        self._number += 1
        began = time.monotonic()
        playbook, *more = arguments
        more = [*self.inventories(variables, self._number), *more]
        if kill:
            return self._killed(kill, playbook, more, began)
        done = self._runner.playbook(playbook, *more)
        return Ran(done.rc, done.output, done.records, time.monotonic() - began)

    def _killed(self, kill: int, playbook: str, arguments: Sequence[str], began: float) -> Ran:
        process = self._runner.begin(playbook, *arguments)
        while process.poll() is None and len(self.lab.journal()) < kill:
            time.sleep(_LOOK)
        code = process.poll()
        if code is None:
            kill_with_all(process.pid)
            process.wait()
        work = self._runner.folder / f"run{self._number}"
        shown = (work / "output.txt").read_text("utf-8", "replace")
        record = work / "record.jsonl"
        lines = record.read_text("utf-8").splitlines() if code is not None and record.exists() else []
        records = [json.loads(line) for line in lines]
        return Ran(KILLED if code is None else code, shown, records, time.monotonic() - began)

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)


@contextlib.contextmanager
def wire_stage(world: dict[str, t.Any], folder: Path) -> Iterator[WireStage]:
    """A stage over the wire.

    Raises:
        LabError: The world is wrong.
    """
    with Lab(world, folder / "lab") as lab:
        yield WireStage(lab, folder)
