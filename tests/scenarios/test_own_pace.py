# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Within a wave each farm goes at its own pace, and the gate is asked when its turn comes."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import yaml

from counts import count
from harness.reading import outcomes, overlay, states, waves
from harness.rollouts import hosts_of, ROLLOUT, rollout_world
from harness.runner import Run, Runner
from harness.worlds import host_of
from scenarios.conftest import StartLab

pytestmark = [pytest.mark.long, pytest.mark.floor]

GATE: t.Final = "fleetops.parallels_ras.farm_gate"
# A guard against hangs only: the host comes back as soon as the other farm has ended.
_PATIENT: t.Final = {"ras_restart_timeout": 540}
_RESTARTS: t.Final = [
    {"kind": "msiexec", "on": "install", "code": 3010},
    {"kind": "restart_never_ends", "on": "restart"},
]


@pytest.fixture(scope="module")
def runner(start_lab: StartLab) -> Runner:
    """The host of one farm restarts and stays away; those of two others do as they should, and have gateways."""
    both = {name: [{"name": host_of(name)}, _gateway(name)] for name in ("kobe", "osaka")}
    farms: dict[str, dict[str, t.Any]] = {
        **{name: {"hosts": hosts} for name, hosts in both.items()},
        "slow": {"faults": _RESTARTS},
        "tokyo": {},
    }
    return start_lab(rollout_world(farms, ras_waves=["100%"], **_PATIENT))


def _gateway(farm: str) -> dict[str, t.Any]:
    return {"name": f"gw1.{farm}.example.com", "components": ["gateway"]}


def _switching_on(runner: Runner, folder: Path) -> str:
    """A hook that waits until the host of the slow farm restarts, and only then lets it come back."""
    control = runner.lab.control_url
    here = {"delegate_to": "localhost", "vars": {"ansible_connection": "local"}}
    seen = {
        "name": "Wait until the other host restarts",
        "ansible.builtin.uri": {"url": f"{control}/journal?farm=slow&op=restart", "return_content": True},
        "register": "site_seen",
        "until": "site_seen.json | length > 0",
        "retries": 540,
        "delay": 1,
    }
    on = {
        "name": "Let it come back",
        "ansible.builtin.uri": {
            "url": f"{control}/farms/slow/hosts/{host_of('slow')}/windows",
            "method": "PATCH",
            "body": {"power": "on"},
            "body_format": "json",
        },
    }
    path = folder / "after_farm.yml"
    path.write_text(yaml.safe_dump([{**seen, **here}, {**on, **here}]), encoding="utf-8")
    return str(path)


def test_a_farm_finishes_while_another_one_of_its_wave_still_restarts(runner: Runner, tmp_path: Path) -> None:
    """The host of the slow farm is switched on by the last task of the other farm: in lock step neither would end."""
    runner.lab.clear_journal()
    hook = {host_of("tokyo"): {"ras_after_farm_tasks": _switching_on(runner, tmp_path)}}
    limit = f"{host_of('slow')},{host_of('tokyo')}"
    run = runner.playbook(ROLLOUT, "--limit", limit, *overlay(runner, "pace", hook))
    assert run.rc == 0, run.output[-4000:]
    assert states(run) == {"slow": "changed", "tokyo": "changed"}
    journal = runner.lab.journal()
    (restart,) = [entry for entry in journal if entry["op"] == "restart"]
    back = min(each["seq"] for each in journal if each["farm"] == "slow" and each["seq"] > restart["seq"])
    assert max(each["seq"] for each in journal if each["farm"] == "tokyo") < back
    # One began before the other had ended.
    assert min(each["seq"] for each in journal if each["farm"] == "tokyo" and each["op"] == "install") < back
    count("scenario", "own pace: a farm finishes while another one restarts")


def test_a_limit_in_any_order_makes_the_waves_of_its_farms(runner: Runner) -> None:
    """Members are no hosts of a wave: those that the limit holds or leaves out move nobody into another one."""
    limits = (
        [host_of("osaka"), _gateway("kobe")["name"], host_of("kobe")],
        [host_of("osaka"), host_of("kobe")],
        [_gateway("osaka")["name"], host_of("kobe"), _gateway("kobe")["name"], host_of("osaka")],
    )
    for limit in limits:
        run = runner.playbook(ROLLOUT, "--limit", ",".join(limit), check=True, extra={"ras_waves": [1, "100%"]})
        assert run.rc == 0, run.output[-4000:]
        assert [hosts & {host_of("kobe"), host_of("osaka")} for hosts in waves(run)] == [
            {host_of("kobe")},
            {host_of("osaka")},
        ]
        assert "no hosts matched" not in run.output
    count("scenario", "own pace: a limit in any order")


@pytest.mark.parametrize(("forks", "sentence"), [("1", "2 farms, forks 1: 1 at a time"), ("2", "forks 2: each wave")])
def test_the_plan_says_how_long_a_wave_takes(runner: Runner, forks: str, sentence: str) -> None:
    limit = f"{host_of('kobe')},{host_of('osaka')}"
    run = runner.playbook(ROLLOUT, "--limit", limit, "--forks", forks, check=True)
    assert run.rc == 0, run.output[-4000:]
    (said,) = [each["result"]["msg"] for each in run.records if each.get("task") == "Show how long the waves take"]
    assert sentence in said
    count("scenario", f"own pace: what {forks} forks mean")


def test_a_farm_that_fails_keeps_the_next_one_of_its_wave_from_starting(runner: Runner) -> None:
    """With one fork, the turn of the second farm comes when the first has failed."""
    runner.lab.clear_journal()
    runner.lab.add_fault("kobe", kind="msiexec", on="install", times=1)
    limit = f"{host_of('kobe')},{host_of('osaka')}"
    run = runner.playbook(ROLLOUT, "--limit", limit, "--forks", "1")
    assert run.rc == 2
    assert states(run) == {"kobe": "failed install_failed", "osaka": "not_tried not_tried"}
    message = outcomes(run)["osaka"]["message"]
    assert message == "Not tried: 1 farm of this run did not end well (kobe); ras_max_failed_farms=0."
    assert hosts_of(runner.lab.journal(), "install") == [host_of("kobe")]
    count("scenario", "own pace: the gate inside a wave")


def test_the_module_alone_counts_what_farms_say(runner: Runner) -> None:
    run = _gates(runner, ["kobe", "osaka", "tokyo"], fails="osaka")
    assert run.rc == 0, run.output[-4000:]
    stops = {each["host"]: each["result"]["stop"] for each in run.records if each.get("task") == "Enter"}
    assert {host for host, stop in stops.items() if stop} == {host_of("tokyo")}
    assert "(osaka)" in stops[host_of("tokyo")]
    count("scenario", "own pace: the module alone")


def _gates(runner: Runner, farms: t.Sequence[str], fails: str) -> Run:
    same = {"run": "r", "host": "{{ inventory_hostname }}", "farm": "{{ ras_farm }}"}
    ends = f"{{{{ 'it broke' if ras_farm == '{fails}' else '' }}}}"
    tasks: list[dict[str, t.Any]] = [
        {"name": "Enter", GATE: {**same, "step": "enter", "playing": "{{ ansible_play_hosts }}"}, "register": "gate"},
        {"name": "Leave", GATE: {**same, "step": "leave", "problem": ends}, "when": "gate.stop == ''"},
    ]
    limit = ",".join(map(host_of, farms))
    return runner.play(tasks, "--limit", limit, "--forks", "1", play={"strategy": "ansible.builtin.host_pinned"})


def test_the_lab_was_asked_nothing_strange(runner: Runner) -> None:
    assert runner.lab.problems() == []
    assert runner.lab.open_sessions() == []
