# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A world in this process, and the commands that are run against it."""

from __future__ import annotations

import contextlib
import json
import os
import typing as t
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from unittest import mock

from raslab.output import write_files
from simulation.process.clock import Clock
from simulation.process.core import in_one_process, run_playbook
from simulation.process.farms import QuietLab
from simulation.process.transport import asking
from simulation.stage import KILLED, Ran, Stage


class ProcessStage(Stage):
    """Everything in one process, in a time of its own.

    Args:
        lab: The world.
        folder: Where its files are.
    """

    def __init__(self, lab: QuietLab, folder: Path, seed: int) -> None:
        self.lab = lab
        self.folder = folder
        self._seed = seed
        self._number = 0
        write_files(lab.running, folder / "lab", "")

    def run(self, arguments: Sequence[str], variables: Mapping[str, t.Any], kill: int | None = None) -> Ran:
        self._number += 1
        work = self.folder / f"run{self._number}"
        given = ["-i", str(self.folder / "lab" / "inventory.yml"), *self.inventories(variables, self._number)]
        given += ["--vault-password-file", str(self.folder / "lab" / "vault_password")]
        began = self.lab.clock.now
        entries = self.lab.running.journal.entries
        network = self.lab.network
        network.is_killed, network.has_killed = (lambda: len(entries) >= kill) if kill else None, False
        code, shown = run_playbook([*given, *arguments], work, self._seed + self._number)
        network.is_killed = None
        if network.has_killed:
            # What it did after that, such as to say so, nobody saw.
            return Ran(KILLED, shown, [], self.lab.clock.now - began)
        record = work / "record.jsonl"
        lines = record.read_text("utf-8").splitlines() if record.exists() else []
        return Ran(code, shown, [json.loads(line) for line in lines], self.lab.clock.now - began)

    def wait(self, seconds: float) -> None:
        self.lab.clock.sleep(seconds)


@contextlib.contextmanager
def process_stage(world: dict[str, t.Any], folder: Path, seed: int) -> Iterator[ProcessStage]:
    """A stage in this process; one at a time.

    Raises:
        WorldError: The world is wrong.
    """
    clock = Clock()
    folder.mkdir(parents=True, exist_ok=True)
    home = folder / "home"
    home.mkdir()
    before = Path.cwd()
    with clock.passing(), in_one_process(), mock.patch.dict(os.environ, {"HOME": str(home)}):
        # Over the wire there are no further addresses of IPv6 on the loopback.
        lab = QuietLab(world, clock, is_ipv6=seed % 4 == 3)
        with asking(lab.network, clock):
            os.chdir(folder)
            try:
                yield ProcessStage(lab, folder, seed)
            finally:
                os.chdir(before)
                lab.stop()
                clock.close()
