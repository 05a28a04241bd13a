# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables that are no texts, or not what they look like: each farm is refused alone, and nothing of it is sent."""

from __future__ import annotations

import typing as t

import pytest

from counts import count
from harness.reading import outcomes, states
from harness.runner import Run, Runner
from harness.worlds import EMAIL, NONE, PASSWORD, PREPAID_KEY, world
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor

ACTIVATE: t.Final = "fleetops.parallels_ras.activate"
DRIFT: t.Final = "fleetops.parallels_ras.drift"
# Variables of a farm, and what is said of it. Those of another account are in an organization of their own.
FARMS: t.Final[dict[str, tuple[dict[str, t.Any], tuple[str, ...]]]] = {
    "octal": ({"ras_license_key": 0o123456701}, ("ras_license_key", "must be text", "whole number", "in quotes")),
    "null": ({"ras_license_key": None}, ("ras_license_key", "must be text", "nothing (null)")),
    "list": ({"ras_license_key": [PREPAID_KEY]}, ("ras_license_key", "must be text", "a list")),
    "flag": ({"ras_account_password": True, "ras_organization": "a"}, ("ras_account_password", "true or false")),
    "mapping": (
        {"ras_account_password": {"a": PASSWORD}, "ras_organization": "b"},
        ("ras_account_password", "mapping"),
    ),
    "number": ({"ras_api_password": 8765432109}, ("ras_api_password", "must be text", "whole number")),
    "dash": ({"ras_license_key": PREPAID_KEY.replace("-", "\u2010", 1)}, ("ras_license_key", "U+2010 HYPHEN")),
    "bom": ({"ras_license_key": f"\ufeff{PREPAID_KEY}"}, ("ras_license_key", "U+FEFF ZERO WIDTH NO-BREAK SPACE")),
    "cyrillic": (
        {"ras_account_email": EMAIL.replace("e", "\u0435", 1), "ras_organization": "c"},
        ("ras_account_email", "U+0435 CYRILLIC SMALL LETTER IE"),
    ),
    "break": (
        {"ras_account_password": f"{PASSWORD}\n", "ras_organization": "d"},
        ("ras_account_password", "U+000A LINE FEED"),
    ),
    "bidi": ({"ras_api_username": "\u202dsvc-ansible@example.com"}, ("ras_api_username", "U+202D LEFT-TO-RIGHT")),
}
# The same address in another form.
GOOD: t.Final = {"right": {}, "blanks": {"ras_account_email": f" {EMAIL.upper()} "}}


class Ran(t.NamedTuple):
    """A drift check, then an activation, and what the lab saw of each."""

    drift: Run
    activate: Run
    by_drift: dict[str, list[str]]
    by_activate: dict[str, list[str]]
    runner: Runner


@pytest.fixture(scope="module")
def ran(start_lab: StartLab) -> Ran:
    given = {**{name: values for name, (values, _says) in FARMS.items()}, **GOOD}
    runner = start_lab(world({name: {"license": NONE, "vars": values} for name, values in given.items()}))
    drift = runner.playbook(DRIFT)
    by_drift = _asked(runner)
    runner.lab.clear_journal()
    activate = runner.playbook(ACTIVATE)
    return Ran(drift, activate, by_drift, _asked(runner), runner)


def _asked(runner: Runner) -> dict[str, list[str]]:
    asked: dict[str, list[str]] = {}
    for entry in runner.lab.journal():
        asked.setdefault(entry["farm"], []).append(entry["op"])
    return asked


@pytest.mark.parametrize("name", FARMS)
def test_the_farm_is_refused_and_nothing_is_sent(ran: Ran, name: str) -> None:
    values, says = FARMS[name]
    row = outcomes(ran.activate)[name]
    assert states(ran.activate)[name] == "refused invalid_option"
    for part in says:
        assert part in f"{row['message']} {row['remedy']}"
    assert name not in ran.by_activate
    # A drift check has no use for the account's password.
    assert name not in ran.by_drift or "ras_account_password" in values
    count("scenario", f"no plain text: {name}")


def test_the_others_are_activated_under_one_address(ran: Ran) -> None:
    assert {states(ran.activate)[name] for name in GOOD} == {"changed"}
    assert {name for name, ops in ran.by_activate.items() if "activate" in ops} == set(GOOD)
    assert ran.runner.lab.problems() == []


def test_no_secret_is_shown(ran: Ran) -> None:
    for run in (ran.drift, ran.activate):
        assert "8765432109" not in run.output
        assert "21913025" not in run.output
        assert PREPAID_KEY.partition("-")[2] not in run.output
        assert PASSWORD not in run.output
