# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the scenarios share: labs that live as long as a module's tests."""

from __future__ import annotations

import contextlib
import typing as t

import pytest

from harness.runner import Runner
from raslab.testing import Lab

StartLab = t.Callable[..., Runner]


@pytest.fixture(scope="module")
def start_lab(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[StartLab]:
    """Start a lab on a world and get a runner for it; all of them stop at the end of the module."""
    with contextlib.ExitStack() as stack:

        def start(world: t.Mapping[str, t.Any], forks: int = 20) -> Runner:
            folder = tmp_path_factory.mktemp("scenario")
            return Runner(stack.enter_context(Lab(world, folder / "lab")), folder / "runs", forks)

        yield start
