# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The README knows every quirk, fault, operation and option, and the sample world works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from raslab.faults import KINDS
from raslab.journal import EVENT_OPS, OPS, WINRM_OPS
from raslab.quirks import QUIRK_NAMES
from raslab.texts import INVENTED, TEXTS
from raslab.world import load_world

_LAB = Path(__file__).resolve().parents[1]
_README = (_LAB / "README.md").read_text(encoding="utf-8")


def _table_keys(section: str) -> set[str]:
    """The names in the first column of the table of ``section``."""
    text = _README.split(f"\n## {section}", 1)[1].split("\n## ", 1)[0]
    first_cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return {name for cell in first_cells for name in re.findall(r"`([a-z0-9_]+)`", cell)}


def test_the_quirk_table_is_complete() -> None:
    assert _table_keys("Quirks") == set(QUIRK_NAMES)


def test_the_fault_table_is_complete() -> None:
    assert _table_keys("Faults") == set(KINDS)


@pytest.mark.parametrize("op", [*OPS, *WINRM_OPS, *EVENT_OPS])
def test_every_operation_is_named(op: str) -> None:
    assert re.search(rf"\b{op}\b", _README.split("Ops:", 1)[1].split("An attempt", 1)[0])


def test_the_sample_world_is_what_its_comment_says() -> None:
    farms = {farm.name: farm.license for farm in load_world(_LAB / "worlds" / "small.yml").farms}
    assert {name: (license_.state, license_.company) for name, license_ in farms.items()} == {
        "tokyo": ("none", None),
        "osaka": ("trial", "Example Holdings"),
        "nagoya": ("active", "Private"),
    }


def test_only_four_texts_are_documented() -> None:
    documented = {
        (name, language)
        for name, text in TEXTS.items()
        for language, source in (("en", text.en_source), ("ja", text.ja_source))
        if source != INVENTED
    }
    assert documented == {
        ("credentials_rejected", "en"),
        ("credentials_rejected", "ja"),
        ("not_activated", "en"),
        ("account_exists", "ja"),
    }
