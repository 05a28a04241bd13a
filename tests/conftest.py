# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every suite."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

import debian
from paths import in_ci
from runner import LeftOut, Log


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests marked ``full`` unless RAS_FULL=1: left out by choice, they do not count as skipped.

    Those marked ``long`` begin first: at the end one worker would be busy with them alone.
    """
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    if os.environ.get("RAS_FULL") == "1":
        return
    left_out = [item for item in items if item.get_closest_marker("full")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


@pytest.fixture(scope="session", name="needs_command")
def _needs_command() -> Callable[[str, str], None]:
    """A function ``(command, Debian package)`` that installs the package where we may, as the other checks do.

    Where we may not, the test is skipped; in CI, where nothing may be left out, it fails.
    """

    def need(command: str, package: str) -> None:
        try:
            debian.ensure_command(Log(command), command, package, "a test")
        except LeftOut as missing:
            if in_ci():
                raise
            pytest.skip(str(missing))

    return need


@pytest.fixture(scope="session", name="unpacked")
def _unpacked() -> Callable[[str], Path]:
    """A function that fetches a Debian package and unpacks it, without installing it; see ``needs_command``."""

    def unpack(package: str) -> Path:
        try:
            return debian.unpack(Log(package), package, "a test")
        except LeftOut as missing:
            if in_ci():
                raise
            pytest.skip(str(missing))

    return unpack
