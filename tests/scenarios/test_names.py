# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that are no texts, variables that do not exist, and variables that cannot be worked out: each is its host's."""

from __future__ import annotations

import typing as t

import pytest

from counts import count
from harness.runner import Run, Runner
from harness.worlds import host_of, NONE, world
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor

ACTIVATE: t.Final = "fleetops.parallels_ras.activate"
DRIFT: t.Final = "fleetops.parallels_ras.drift"
NOWHERE: t.Final = "{{ nowhere }}"
NO_FILE: t.Final = "{{ lookup('ansible.builtin.file', '/nowhere/at/all') }}"
# Variables of a farm, and what is said of it, after "of HOST".
BAD: t.Final[dict[str, tuple[dict[str, t.Any], tuple[str, ...]]]] = {
    "number": ({"ras_farm": 101}, ("ras_farm", "must be text", "a whole number", "in quotes")),
    "no": ({"ras_farm": False}, ("ras_farm", "must be text", "true or false")),
    "null": ({"ras_farm": None}, ("ras_farm", "must be text", "nothing (null)")),
    "list": ({"ras_farm": ["tokyo"]}, ("ras_farm", "must be text", "a list")),
    "off": ({"ras_organization": False}, ("ras_organization", "must be text", "true or false")),
    "manged": ({"ras_manged": False}, ("ras_manged (did you mean ras_managed?) does not exist",)),
    "upper": ({"RAS_MANAGED": False}, ("RAS_MANAGED", "ras_managed")),
    "strange": ({"ras_color_of_the_door": "red"}, ("ras_color_of_the_door", "ras_own_variables")),
    "key": ({"ras_license_key": NOWHERE}, ("ras_license_key", "cannot be worked out")),
    "email": ({"ras_account_email": NO_FILE}, ("ras_account_email", "cannot be worked out")),
    "name": ({"ras_farm": NOWHERE}, ("ras_farm", "cannot be worked out")),
    "left-out": ({"ras_managed": NOWHERE}, ("ras_managed", "cannot be worked out")),
    "address": ({"ansible_host": NOWHERE}, ("ansible_host", "cannot be worked out")),
}
GOOD: t.Final[dict[str, dict[str, t.Any]]] = {
    "right": {},
    "digits": {"ras_farm": "101"},
    "word": {"ras_farm": "no", "ras_organization": "off"},
    "own": {"ras_customer": "a", "ras_own_variables": ["ras_customer"]},
}


class Ran(t.NamedTuple):
    """A drift check, then an activation, and which farms the lab heard of in each."""

    drift: Run
    activate: Run
    by_drift: set[str]
    by_activate: set[str]
    runner: Runner


@pytest.fixture(scope="module")
def ran(start_lab: StartLab) -> Ran:
    given = {**{name: values for name, (values, _says) in BAD.items()}, **GOOD}
    runner = start_lab(world({name: {"license": NONE, "vars": values} for name, values in given.items()}))
    drift = runner.playbook(DRIFT)
    by_drift = {entry["farm"] for entry in runner.lab.journal()}
    runner.lab.clear_journal()
    activate = runner.playbook(ACTIVATE)
    return Ran(drift, activate, by_drift, {entry["farm"] for entry in runner.lab.journal()}, runner)


def rows_of(run: Run) -> dict[str, dict[str, t.Any]]:
    """Inventory host -> its record in the table."""
    facts = [each["result"].get("ansible_facts", {}) for each in run.records if "result" in each]
    return {row["host"]: row for fact in facts for row in fact.get("__ras_outcomes", [])}


@pytest.mark.parametrize("name", BAD)
def test_the_farm_is_refused_alone(ran: Ran, name: str) -> None:
    row = rows_of(ran.activate)[host_of(name)]
    assert (row["state"], row["code"]) == ("refused", "invalid_option")
    text = f"{row['message']} {row['remedy']}"
    for part in (*BAD[name][1], host_of(name)):
        assert part in text
    assert name not in ran.by_activate
    assert name not in ran.by_drift
    count("scenario", f"no name, or no variable: {name}")


def test_the_others_are_activated(ran: Ran) -> None:
    assert {name: rows_of(ran.activate)[host_of(name)]["state"] for name in GOOD} == dict.fromkeys(GOOD, "changed")
    assert ran.activate.rc == 2
    assert ran.runner.lab.problems() == []
