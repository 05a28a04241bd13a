# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests with payloads share: a lab a test, and each ansible-core that the test run has set up."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import typing as t
from pathlib import Path

import pytest

from harness.payloads import Core, cores, Trap
from harness.runner import Run, Runner
from raslab.testing import Lab


class Attempt:
    """Runs against one lab with one ansible-core; no run may evaluate a payload."""

    def __init__(self, runner: Runner, core: Core, trap: Trap) -> None:
        self.runner = runner
        self._core = core
        self.trap = trap

    def playbook(self, name: str | Path, *args: str, extra: t.Mapping[str, t.Any] | None = None, **more: t.Any) -> Run:
        """Run a playbook, whatever comes of it."""
        return self._judged(
            self.runner.playbook(name, *args, extra={**self.trap.extra, **(extra or {})}, env=self._core.env, **more)
        )

    def play(
        self, tasks: list[dict[str, t.Any]], *args: str, extra: t.Mapping[str, t.Any] | None = None, **more: t.Any
    ) -> Run:
        """Run a play that is written on the spot."""
        variables = {**self.trap.extra, **(extra or {})}
        return self._judged(self.runner.play(tasks, *args, extra=variables, env=self._core.env, **more))

    def _judged(self, run: Run) -> Run:
        assert self.trap.sprung(run) == [], run.output[-4000:]
        return run


Try = t.Callable[[t.Mapping[str, t.Any]], Attempt]


@pytest.fixture(params=cores(), ids=lambda core: core.name)
def core(request: pytest.FixtureRequest) -> Core:
    """Each ansible-core."""
    return t.cast("Core", request.param)


@pytest.fixture
def attack(core: Core, tmp_path: Path) -> t.Iterator[Try]:
    """Start a lab on a world, to be run against with this core."""
    # Farms fold what looks like an identifier, so that the folder of a test, with capitals in its name, will not do.
    folder = Path(tempfile.mkdtemp(prefix="jx"))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder)

        def start(world: t.Mapping[str, t.Any]) -> Attempt:
            lab = stack.enter_context(Lab(world, tmp_path / "lab"))
            return Attempt(Runner(lab, tmp_path / "runs", commands=core.commands), core, Trap(folder))

        yield start
