# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same histories over the wire: real ansible-playbook against a lab with its listeners."""

from __future__ import annotations

import contextlib
import time
import typing as t
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from harness.runner import Runner
from raslab.testing import Lab
from simulation.stage import Ran, Stage


class WireStage(Stage):
    """A lab in a process of its own."""

    def __init__(self, lab: Lab, folder: Path) -> None:
        self.lab = lab
        self.folder = folder
        self._runner = Runner(lab, folder / "runs")
        self._number = 0

    def run(self, arguments: Sequence[str], variables: Mapping[str, t.Any]) -> Ran:
        self._number += 1
        began = time.monotonic()
        playbook, *more = arguments
        done = self._runner.playbook(playbook, *self.inventories(variables, self._number), *more)
        return Ran(done.rc, done.output, done.records, time.monotonic() - began)

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
