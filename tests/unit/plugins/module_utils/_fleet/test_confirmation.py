# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument that names the farms to be deactivated: a shell and Ansible must read back what was meant."""

from __future__ import annotations

import json
import random
import shlex
import typing as t

import pytest
import yaml
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.log_text import log_line
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.checks import check_confirmation
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.confirmation import (
    argument_of,
    confirmation_argument,
    remedy_of,
)


def _read(argument: str) -> t.Any:
    """As a shell hands it over, and as Ansible reads what begins with a brace."""
    option, value = shlex.split(argument)
    assert option == "-e"
    return yaml.safe_load(value)


@pytest.mark.parametrize(
    "farms",
    [
        ["tokyo", "osaka"],
        ["tokyo-1", "osaka_2", "a.b.example.com"],
        ["Farm of Tokyo"],
        ["\u6771\u4eac"],
        ["101", "0123", "1e3", "12:30"],
        ["no", "Yes", "null", "~", "on"],
        ["it's", 'say "no"', "a, b", "a: b", "a #b", "[x]", "{{ x }}", "-e", "$(id)", "`id`", "a\\b"],
        ["##vso[task.complete]", "::add-mask::x", "a  b", "\u202ea", "\U0001f600"],
    ],
)
def test_what_is_pasted_is_what_was_meant(farms: list[str]) -> None:
    argument = confirmation_argument(farms)
    assert _read(argument) == {"ras_confirm_deactivate": sorted(farms)}
    # No log changes it on its way.
    assert log_line(argument) == argument
    assert check_confirmation(farms, _read(argument)["ras_confirm_deactivate"]) is None


@pytest.mark.parametrize("seed", range(150))
def test_names_of_all_kinds_come_back(seed: int) -> None:
    rng = random.Random(seed)
    alphabet = [*range(32, 127), *range(9, 14), 0xE9, 0x3042, 0x202E, 0x200B, 0x1F600, 0x2028]
    farms = [
        "".join(chr(rng.choice(alphabet)) for _turn in range(rng.randint(1, 12))) for _turn in range(rng.randint(1, 5))
    ]
    argument = confirmation_argument(farms)
    assert _read(argument) == {"ras_confirm_deactivate": sorted(farms)}
    assert log_line(argument) == argument


def test_usual_names_need_no_quotes_that_output_would_escape() -> None:
    argument = confirmation_argument(["tokyo", "osaka"])
    assert argument == "-e '{ras_confirm_deactivate: [osaka, tokyo]}'"
    assert json.dumps(argument)[1:-1] == argument


def test_the_remedy_ends_with_the_argument() -> None:
    remedy = remedy_of(["tokyo"])
    assert argument_of(remedy) == "-e '{ras_confirm_deactivate: [tokyo]}'"
    assert remedy.endswith(argument_of(remedy))


def test_a_list_that_would_be_cut_is_not_shown_as_one_to_paste() -> None:
    remedy = remedy_of([f"farm-number-{number}" for number in range(200)])
    assert argument_of(remedy) == ""
    assert "200 farms" in remedy
    assert "-e @FILE" in remedy
    assert len(remedy) < 1000


def test_other_remedies_show_no_argument() -> None:
    assert argument_of("Fix it and run again.") == ""
