# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters are there before Ansible forks."""

from __future__ import annotations

import pathlib
import subprocess
import sys

from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action import preload

_COLLECTION = "ansible_collections.fleetops.parallels_ras.plugins"
_LOADED = f"import sys, {_COLLECTION}.action.host_info; print(*sys.modules, sep='\\n')"


def test_every_filter_comes_with_an_action() -> None:
    """In a process of its own: in this one other tests load filters."""
    files = pathlib.Path(preload.__file__).parents[2].glob("filter/*.py")
    done = subprocess.run([sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True)
    wanted = {f"{_COLLECTION}.filter.{file.stem}" for file in files}
    assert wanted
    assert wanted - set(done.stdout.split()) == set()
