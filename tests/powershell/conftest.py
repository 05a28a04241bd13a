# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One PowerShell for all tests of a worker."""

from __future__ import annotations

import os
import typing as t
from pathlib import Path

import ansible
import pytest

from powershell.twins import Bench
from raslab.engine.run import Place


@pytest.fixture(scope="session")
def place() -> Place:
    """The ansible-core of this lane, and the ansible.windows that runs outside Windows."""
    return Place(Path(ansible.__file__).parent, windows_collections() / "ansible_collections" / "ansible" / "windows")


def windows_collections() -> Path:
    """The folder of collections that the step names; by hand, that of the lane."""
    return Path(os.environ.get("RAS_WINDOWS") or os.environ["ANSIBLE_COLLECTIONS_PATH"].split(os.pathsep)[-1])


@pytest.fixture(scope="session", name="engine_bench")
def _engine_bench(place: Place) -> t.Iterator[Bench]:
    bench = Bench(place)
    yield bench
    bench.close()


@pytest.fixture
def bench(engine_bench: Bench) -> t.Iterator[Bench]:
    """The worker's engine, in the neutral culture again after each test."""
    yield engine_bench
    engine_bench.culture = ""
