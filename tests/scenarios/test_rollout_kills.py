# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller is killed at the boundaries of a rollout's steps; the same command again ends well."""

from __future__ import annotations

import concurrent.futures
import time
import typing as t
from dataclasses import dataclass
from pathlib import Path

import pytest

from counts import count
from harness.killing import kill
from harness.reading import states
from harness.rollouts import ROLLOUT
from harness.runner import Run, Runner
from harness.upgrades import done_twice, upgrade_world, upgraded
from harness.worlds import ADMIN_PASSWORD
from raslab.testing import Lab

pytestmark = pytest.mark.long

# A hang guard only: each of these moments comes within seconds.
_PATIENCE = 240
_AT_ONCE = 3


class Moment(t.NamedTuple):
    """When a run is killed: as soon as the journal holds such an entry.

    :ivar begun: True: while it goes on. False: when it has ended.
    """

    name: str
    op: str
    begun: bool = False
    full: bool = False


MOMENTS = (
    Moment("planned", "state_note", full=True),
    Moment("exported", "ras_export", full=True),
    Moment("downloaded", "win_get_url", full=True),
    Moment("install-begun", "install", begun=True, full=True),
    Moment("installed", "install", full=True),
    Moment("restart-begun", "restart", begun=True, full=True),
    Moment("restarted", "restart", full=True),
    Moment("activated", "activate", full=True),
    Moment("drained", "ras_drain", full=True),
    Moment("push-begun", "push", begun=True),
    Moment("pushed", "push", full=True),
    # Its agent asks for a restart, which nobody has begun.
    Moment("waiting", "push"),
)


@dataclass
class Killed:
    """A farm after a killed run, and after the same command again."""

    at_kill: list[dict[str, t.Any]]
    drained: set[str]
    again: Run
    journal: list[dict[str, t.Any]]
    truth: dict[str, t.Any]


def _farm(name: str) -> dict[str, t.Any]:
    """A farm never activated, whose installer asks for a restart, with a host that an administrator disabled."""
    rd1 = f"rd1.{name}.example.com"
    return {
        "license": {"state": "none"},
        "hosts": [
            {"name": f"cb1.{name}.example.com"},
            {"name": rd1, "components": ["rds"]},
            {"name": f"rd2.{name}.example.com", "components": ["rds"], "enabled": False},
        ],
        "faults": [
            {"on": "install", "kind": "msiexec", "code": 3010},
            *([{"on": "push", "kind": "push_needs_restart", "host": rd1}] if name == "waiting" else []),
        ],
        "admins": [{"username": f"{name}@example.com", "password": ADMIN_PASSWORD}],
        "vars": {
            "ras_farm": name,
            "ras_organization": name,
            "ras_account_email": f"{name}@example.com",
            "ras_api_username": f"{name}@example.com",
        },
        "windows": {"durations": {"install": 1.5, "restart": 1.0, "push": 1.5}},
    }


def _comes(entry: t.Mapping[str, t.Any], moment: Moment) -> bool:
    return entry["op"] == moment.op and not entry["check"] and (moment.begun or entry["status"] != "open")


def _killed(lab: Lab, moment: Moment, folder: Path) -> Killed:
    runner = Runner(lab, folder / moment.name, forks=5)
    limit = ("--limit", f"*.{moment.name}.example.com")
    process = runner.begin(ROLLOUT, *limit)
    try:
        deadline = time.monotonic() + _PATIENCE
        while not any(_comes(entry, moment) for entry in lab.journal(moment.name)):
            assert process.poll() is None, f"the run ended before it was killed, code {process.returncode}"
            assert time.monotonic() < deadline, "the moment did not come"
            time.sleep(0.02)
    finally:
        kill(process.pid)
        process.wait()
    at_kill = lab.journal(moment.name)
    drained = {host["name"] for host in lab.farm(moment.name)["hosts"] if not host["enabled"]}
    again = runner.playbook(ROLLOUT, *limit)
    return Killed(at_kill, drained, again, lab.journal(moment.name), lab.farm(moment.name))


def _wanted(session: pytest.Session) -> list[Moment]:
    params = [getattr(item, "callspec", None) for item in session.items]
    found = {spec.params["moment"].name for spec in params if spec and "moment" in spec.params}
    return [moment for moment in MOMENTS if moment.name in found]


@pytest.fixture(scope="module")
def killed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> t.Iterator[t.Callable[[str], Killed]]:
    """All kills, some at once, each with a farm, a run and a folder of its own."""
    folder = tmp_path_factory.mktemp("kills")
    wanted = _wanted(request.session)
    names = [moment.name for moment in wanted]
    world = upgrade_world({name: _farm(name) for name in names}, [f"{name}@example.com" for name in names])
    with Lab(world, folder / "lab") as lab, concurrent.futures.ThreadPoolExecutor(_AT_ONCE) as pool:
        futures = {moment.name: pool.submit(_killed, lab, moment, folder / "runs") for moment in wanted}
        yield lambda name: futures[name].result()
        assert lab.problems() == []


@pytest.mark.parametrize(
    "moment", [pytest.param(each, id=each.name, marks=[pytest.mark.full] if each.full else []) for each in MOMENTS]
)
def test_kill(moment: Moment, killed: t.Callable[[str], Killed]) -> None:
    """Converged, nothing done twice; out of service is whom an administrator disabled, and nobody else."""
    count("kill", moment.name)
    farm = killed(moment.name)
    assert any(_comes(entry, moment) for entry in farm.at_kill)
    assert upgraded(farm.truth) == "all", farm.again.output[-4000:]
    assert (farm.again.rc, states(farm.again)) == (0, {moment.name: "changed"}), farm.again.output[-4000:]
    assert done_twice(farm.journal) == set()
    for op in ("install", "push", "activate"):
        hosts = [entry["host"] for entry in farm.journal if entry["op"] == op]
        assert len(hosts) == len(set(hosts)), f"{op} was tried twice: {hosts}"
    enabled = {host["name"].split(".")[0]: host["enabled"] for host in farm.truth["hosts"]}
    assert enabled == {"cb1": True, "rd1": True, "rd2": False}
    assert (farm.truth["license"]["state"], farm.truth["license"]["account"]) == (
        "active",
        f"{moment.name}@example.com",
    )


@pytest.mark.parametrize("name", [pytest.param("drained", marks=pytest.mark.full), "push-begun"])
def test_a_host_was_really_left_drained(name: str, killed: t.Callable[[str], Killed]) -> None:
    """Or that nobody is left out of service would prove nothing."""
    assert f"rd1.{name}.example.com" in killed(name).drained


def test_a_host_that_waits_for_a_restart_comes_back_after_it(killed: t.Callable[[str], Killed]) -> None:
    """Also when the run that took it out was killed before the restart."""
    farm = killed("waiting")
    assert "rd1.waiting.example.com" in farm.drained
    happened = [
        entry["effect"] if entry["op"] == "ras_drain" else entry["op"]
        for entry in farm.journal
        if (entry["op"] in ("push", "restart") and entry["host"] == "rd1.waiting.example.com")
        or (entry["op"] == "ras_drain" and not entry["check"])
    ]
    assert happened == ["drained", "push", "restart", "undrained"]
    count("kill", "waiting, restarted by the next run")
