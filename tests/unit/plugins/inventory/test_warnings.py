# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the inventory prints of farms."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.inventory.farms import InventoryModule
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.tests.unit.support.ci_readers import commands_in, PAYLOAD


class Display:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def warning(self, text: str) -> None:
        """As Ansible's."""
        self.lines.append(text)


def test_a_warning_is_no_command_wherever_it_is_broken() -> None:
    module: t.Any = InventoryModule.__new__(InventoryModule)
    module.display = Display()
    module._warn(f"tokyo: {PAYLOAD}", Scrubber(["a secret of 23 letters"]))
    (line,) = module.display.lines
    assert "error" in line
    assert commands_in(line) == []
