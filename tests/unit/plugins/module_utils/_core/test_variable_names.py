# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that look like variables of the role: what is unknown is found in any spelling, and what was meant is named."""

from __future__ import annotations

import random
import string
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.variable_names import (
    meant,
    own_variables,
    refusal,
    unknown_variables,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.known import KNOWN


def _misspelled(name: str, chance: random.Random) -> str:
    """A name with one slip of a finger: a letter left out, doubled, changed, or two of them swapped."""
    at = chance.randrange(4, len(name) - 1)
    return chance.choice(
        [
            name[:at] + name[at + 1 :],
            name[:at] + name[at] + name[at:],
            name[:at] + chance.choice(string.ascii_lowercase) + name[at + 1 :],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        ]
    )


@pytest.mark.parametrize("seed", range(300))
def test_one_slip_is_found_and_the_variable_named(seed: int) -> None:
    chance = random.Random(seed)
    name = chance.choice(sorted(KNOWN))
    wrong = _misspelled(name, chance)
    if wrong in KNOWN:
        return
    assert unknown_variables([name, wrong, "other_variable"], KNOWN) == [wrong]
    # Another one may be as near: ras_ip and ras_kinds are short.
    assert meant(wrong, KNOWN) == name or len(name) < 12


@pytest.mark.parametrize(
    ("wrong", "likely"),
    [
        ("ras_manged", "ras_managed"),
        ("ras_mangaed", "ras_managed"),
        ("RAS_MANAGED", "ras_managed"),
        ("Ras_Managed", "ras_managed"),
        ("ras-managed", "ras_managed"),
        ("ras.managed", "ras_managed"),
        ("ras managed", "ras_managed"),
        ("ras__managed", "ras_managed"),
        (" ras_managed", "ras_managed"),
        ("ras_managed ", "ras_managed"),
        ("ras_managed\u200b", "ras_managed"),
        ("\ufeffras_managed", "ras_managed"),
        ("ras\uff3fmanaged", "ras_managed"),
        ("ras_m\u0430naged", "ras_managed"),
        ("ras_unmanaged", "ras_managed"),
        ("ras_acount_email", "ras_account_email"),
        ("ras_email", "ras_account_email"),
        ("ras_license_keys", "ras_license_key"),
        ("ras_organizaton", "ras_organization"),
        ("ras_farm_name", "ras_farm"),
        ("ras_max_failed", "ras_max_failed_farms"),
        ("ras_confirm_deactivation", "ras_confirm_deactivate"),
        ("ras_color_of_the_door", None),
        ("ras_", None),
    ],
)
def test_what_was_likely_meant(wrong: str, likely: str | None) -> None:
    assert unknown_variables([wrong], KNOWN) == [wrong]
    assert meant(wrong, KNOWN) == likely


@pytest.mark.parametrize(
    "name",
    ["ras", "rasmanaged", "__ras_plan", "_ras_managed", "vault_ras_key", "brass_managed", "x_ras_y", "", 7, None],
)
def test_other_names_are_nobodys_business(name: t.Any) -> None:
    assert unknown_variables([name], KNOWN) == []


def test_known_and_own_ones_pass() -> None:
    assert unknown_variables(KNOWN, KNOWN) == []
    assert unknown_variables(["ras_mine", "ras_yours"], KNOWN, ["ras_mine"]) == ["ras_yours"]


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ([], set()),
        ("", set()),
        (["ras_a", " ras_b "], {"ras_a", "ras_b"}),
        ("ras_a, ras_b,", {"ras_a", "ras_b"}),
        (("ras_a",), {"ras_a"}),
    ],
)
def test_own_variables_are_a_list_or_a_text(value: t.Any, names: set[str]) -> None:
    assert own_variables(value) - {""} == names


@pytest.mark.parametrize(
    "value", [None, True, 7, {"ras_a": 1}, [7], [None], [["ras_a"]], ["ras_*"], ["*"], ["mine"], ["ras_a b"]]
)
def test_own_variables_switch_nothing_else_off(value: t.Any) -> None:
    with pytest.raises(RasError, match="ras_own_variables") as caught:
        own_variables(value)
    assert caught.value.code == "invalid_option"


def test_the_refusal_names_host_and_variables_in_one_line() -> None:
    one = refusal("h1", ["ras_manged"], KNOWN)
    assert one.message.startswith("Variable of h1: ras_manged (did you mean ras_managed?) does not exist")
    assert "ras_own_variables" in one.remedy
    many = refusal("h1", [f"ras_x{number}\n##[error]" for number in range(9)], KNOWN)
    assert "and 4 more do not exist" in many.message
    assert "\n" not in many.message
    assert "##[" not in many.message
