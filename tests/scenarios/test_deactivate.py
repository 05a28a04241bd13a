# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The deactivate playbook: nothing without the exact list of farms, and then four runs."""

from __future__ import annotations

import typing as t

import pytest

from counts import count
from harness.reading import outcomes, secrets_in, states
from harness.rhythm import effects, four_times
from harness.runner import Run, Runner
from harness.worlds import (
    ACTIVE,
    ACTIVE_BY_OTHER,
    EMAIL,
    FOREIGN,
    host_of,
    NONE,
    OTHER_EMAIL,
    PRIVATE,
    SPLA_KEY,
    TRIAL,
    world,
)
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor_full

DEACTIVATE: t.Final = "fleetops.parallels_ras.deactivate"
FARMS: t.Final[dict[str, dict[str, t.Any]]] = {
    "tokyo": {"license": ACTIVE},
    "osaka": {"license": ACTIVE_BY_OTHER, "vars": {"ras_account_other_emails": [OTHER_EMAIL]}},
    "kobe": {"license": FOREIGN},
    "nagoya": {"license": TRIAL},
    "sendai": {"license": NONE},
    "nara": {"license": {"state": "active", "account": PRIVATE}, "vars": {"ras_managed": False}},
}
EXACT: t.Final = ["kobe", "nagoya", "osaka", "sendai", "tokyo"]
HELD: t.Final = ("tokyo", "osaka")


@pytest.fixture(scope="module")
def runner(start_lab: StartLab) -> Runner:
    return start_lab(world(FARMS))


@pytest.fixture(autouse=True)
def _licensed(runner: Runner) -> None:
    runner.lab.patch_farm("tokyo", license={"state": "active", "account": EMAIL, "key": SPLA_KEY})
    runner.lab.patch_farm("osaka", license={"state": "active", "account": OTHER_EMAIL, "key": SPLA_KEY})
    runner.lab.clear_journal()


@pytest.mark.parametrize(
    ("name", "confirmed", "check"),
    [
        ("none", None, False),
        pytest.param("a farm is missing", ["tokyo"], False, marks=pytest.mark.full),
        pytest.param("a farm too many", [*EXACT, "nara"], False, marks=pytest.mark.full),
        pytest.param(
            "a host name instead of a farm", ",".join([host_of("tokyo"), *EXACT[:-1]]), True, marks=pytest.mark.full
        ),
    ],
)
def test_without_the_exact_list_nothing_is_written(runner: Runner, name: str, confirmed: t.Any, check: bool) -> None:
    run = runner.playbook(DEACTIVATE, check=check, extra={"ras_confirm_deactivate": confirmed} if confirmed else None)
    assert run.rc == 2
    assert states(run) == {**dict.fromkeys(EXACT, "refused not_confirmed_list"), "nara": "unmanaged"}
    for farm in EXACT:
        assert f"ras_confirm_deactivate to be exactly {EXACT}" in outcomes(run)[farm]["message"]
        # What the output shows can be pasted as it is: no quote of it is escaped.
        argument = f"-e '{{ras_confirm_deactivate: [{', '.join(EXACT)}]}}'"
        assert outcomes(run)[farm]["remedy"].endswith(argument)
        last = run.results("ansible.builtin.fail", host_of(farm))[-1]["msg"]
        assert last.startswith(f"{farm}: not_confirmed_list: ")
        assert "Next: ansible-playbook -i " in last
        assert f" {DEACTIVATE} --limit" in last
        assert f"--limit {host_of(farm)} {argument}" in last
    assert argument in run.output
    assert effects(runner) == {}
    assert runner.lab.journal(op="deactivate") == []
    count("scenario", f"deactivate: confirmation, {name}")


def test_the_exact_list_four_times(runner: Runner) -> None:
    def run(check: bool) -> Run:
        return runner.playbook(DEACTIVATE, "--diff", check=check, extra={"ras_confirm_deactivate": EXACT[::-1]})

    four = four_times(runner, run, expected={farm: ["deactivated"] for farm in HELD}, rc=2)
    rest = {"kobe": "refused account_mismatch", "nagoya": "ok", "sendai": "ok", "nara": "unmanaged"}
    assert states(four.check) == {**rest, **dict.fromkeys(HELD, "due")}
    assert states(four.apply) == {**rest, **dict.fromkeys(HELD, "changed")}
    assert states(four.again) == states(four.drift) == {**rest, **dict.fromkeys(HELD, "ok")}
    for each in four.each():
        assert secrets_in(each) == []
    farms = runner.lab.state()["farms"]
    assert {name: farms[name]["license"]["state"] for name in FARMS} == {
        "tokyo": "deactivated",
        "osaka": "deactivated",
        "kobe": "active",
        "nagoya": "trial",
        "sendai": "none",
        "nara": "active",
    }
    count("scenario", "deactivate: exact list, four runs")


@pytest.mark.full
def test_a_limit_narrows_the_list_and_text_with_commas_will_do(runner: Runner) -> None:
    run = runner.playbook(
        DEACTIVATE,
        "--limit",
        f"{host_of('tokyo')},{host_of('nagoya')}",
        "-e",
        "ras_confirm_deactivate='tokyo, nagoya'",
    )
    assert run.rc == 0, run.output[-3000:]
    assert states(run) == {"tokyo": "changed", "nagoya": "ok"}
    assert effects(runner) == {"tokyo": ["deactivated"]}
    count("scenario", "deactivate: --limit and a list as text")
