# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fleet of mixed versions is rolled out, four times: announced, done in the vendor's order, and then as wanted."""

from __future__ import annotations

import hashlib
import typing as t
from pathlib import Path

import pytest

from counts import count
from harness.reading import outcomes, preflight_lines
from harness.rollouts import (
    announced,
    done,
    four_rollouts,
    FULL_VERSION,
    hosts_of,
    INSTALLER,
    ROLLOUT,
    rollout_world,
    Rollouts,
    STAGE,
    URL,
    VERSION,
)
from harness.runner import Run, Runner
from harness.worlds import EMAIL, host_of, NONE, SPLA_KEY, TRIAL
from raslab.secrecy import mask_key
from scenarios.conftest import StartLab

TOKEN: t.Final = "token-of-the-download"
_MSI: t.Final = {"vars": {"ras_agents_method": "msi"}}


def _host(name: str, *components: str, **more: t.Any) -> dict[str, t.Any]:
    return {"name": f"{name}.example.com", "components": list(components), **more}


FARMS: t.Final[dict[str, dict[str, t.Any]]] = {
    "canary": {"generation": 19, "vars": {"ras_installer_url": f"{URL}?sig={TOKEN}"}},
    "tokyo": {
        "sites": [{"name": "Main", "licensing": True}, {"name": "Branch"}],
        "hosts": [
            # Not in the order in which they are updated: the branch comes last, and brokers go by priority.
            _host("bg2.tokyo", "broker", "gateway", site="Branch", priority=1),
            _host("br1.tokyo", "broker", site="Branch", priority=0),
            _host("brd.tokyo", "rds", site="Branch"),
            _host("rd1.tokyo", "rds"),
            *[_host(f"gw{number}.tokyo", "gateway") for number in (1, 2)],
            _host("cb3.tokyo", "broker", priority=2, standby=True, agent_state="StandBy"),
            _host("cb2.tokyo", "broker", priority=1),
            _host("cb1.tokyo", "broker", priority=0),
        ],
    },
    "fresh": {"generation": 21, "license": NONE},
    "trial": {"license": TRIAL, "vars": {"ras_installer_src": str(INSTALLER)}},
    "kyoto": {
        "generation": 21,
        "hosts": [
            _host("cb1.kyoto", "broker"),
            _host("cb2.kyoto", "broker", **_MSI),
            _host("rd1.kyoto", "rds", **_MSI),
            _host("gw1.kyoto", "gateway"),
        ],
    },
    # RAS 17, as far as the lab has it: its REST answers nobody, and RASAdmin of its own does not exist.
    "old": {
        "generation": 18,
        "version": "17.1.2.22275",
        "faults": [{"kind": "refuse", "port": "rest"}],
        "vars": {"ras_backup": False},
    },
    "right": {"version": FULL_VERSION, "generation": 21},
}
DUE: t.Final = ("canary", "tokyo", "fresh", "trial", "kyoto", "old")


# Minutes of rollouts: in the whole matrices only.
pytestmark = [pytest.mark.full, pytest.mark.long]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where exported settings are fetched to."""
    return tmp_path_factory.mktemp("backup")


@pytest.fixture(scope="module")
def runner(start_lab: StartLab, folder: Path) -> Runner:
    return start_lab(rollout_world(FARMS, ras_backup_dest=str(folder), ras_waves=["100%"]))


@pytest.fixture(scope="module")
def four(runner: Runner) -> Rollouts:
    def run(check: bool) -> Run:
        return runner.playbook(ROLLOUT, "-vv", check=check)

    # Two farms take a step that no document of the vendor describes.
    return four_rollouts(runner, run, secrets=[TOKEN], warnings=["upgrade_path"])


def test_check_announces_all_of_it(four: Rollouts) -> None:
    said = announced(four.check)
    members = {f"{name}.kyoto.example.com" for name in ("cb2", "rd1")}
    assert said.installs == {host_of(farm) for farm in DUE} | members
    assert said.licenses == {"fresh": ["activated"], "trial": ["activated"]}
    names = ["cb2", "cb3", "gw1", "gw2", "rd1", "br1", "bg2", "brd"]
    assert said.rounds["tokyo"] == [[f"{name}.tokyo.example.com"] for name in names]
    assert said.rounds["kyoto"] == [["gw1.kyoto.example.com"]]
    assert said.member_rounds == {"kyoto": [[f"{name}.kyoto.example.com"] for name in ("cb2", "rd1")]}
    lines = preflight_lines(four.check)
    assert "upgrade from 20.2.25893 to 21.2.28000; then 8 agents in 8 rounds" in lines[host_of("tokyo")]
    assert "nothing to do" in lines[host_of("right")]
    rows = outcomes(four.check)
    assert {farm: row["state"] for farm, row in rows.items()} == {**dict.fromkeys(DUE, "due"), "right": "ok"}
    count("scenario", "rollout: a fleet of mixed versions, four runs")


def test_every_server_has_the_version_and_its_old_state(runner: Runner, four: Rollouts) -> None:
    for name in FARMS:
        farm = runner.lab.farm(name)
        assert farm["version"] == FULL_VERSION, name
        assert farm["license"]["account"] == EMAIL, name
        assert farm["license"]["key"] == mask_key(SPLA_KEY), name
        for host in farm["hosts"]:
            shown = (host["agent_version"], host["agent_state"], host["enabled"])
            assert shown == (FULL_VERSION, "StandBy" if host["name"].startswith("cb3") else "OK", True), host["name"]
    count("scenario", "rollout: every server at the version")


def test_one_backup_before_the_one_installation(runner: Runner, four: Rollouts, folder: Path) -> None:
    assert done(four.applied).installs["old"] == [host_of("old")]
    for name in set(DUE) - {"old"}:
        host = host_of(name)
        mine = [entry for entry in four.applied if entry["host"] == host]
        assert hosts_of(mine, "install") == [host]
        assert [entry["effect"] for entry in mine if entry["effect"] in ("exported", "installed")] == [
            "exported",
            "installed",
        ]
        [fetched] = folder.glob(f"**/{name}-ras-settings-*.dat2")
        kept = {
            path.rpartition("\\")[2]: each["sha256"]
            for path, each in runner.lab.host(name)["windows"]["files"].items()
            if path.endswith(".dat2")
        }
        assert kept == {fetched.name: hashlib.sha256(fetched.read_bytes()).hexdigest()}
    assert not list(folder.glob("**/right-*"))
    count("scenario", "rollout: backup before the installation")


def test_no_installer_is_left_on_any_host(runner: Runner, four: Rollouts) -> None:
    for name in FARMS:
        for host in runner.lab.farm(name)["hosts"]:
            left = [path for path in host["windows"]["files"] if path.startswith(STAGE) and path.endswith(".msi")]
            assert left == [], host["name"]
    count("scenario", "rollout: nothing staged is left")


def test_the_farm_goes_first_then_its_license_then_its_agents(four: Rollouts) -> None:
    kinds = {"installed": "installed", "activated": "activated", "updated": "updated"}
    for name in DUE:
        # Members that install by themselves have their place among the agents.
        order = [
            kinds[entry["effect"]]
            for entry in four.applied
            if entry["farm"] == name
            and entry["effect"] in kinds
            and (entry["effect"] != "installed" or entry["host"] == host_of(name))
        ]
        assert order == sorted(order, key=["installed", "activated", "updated"].index), name
    count("scenario", "rollout: order in a farm")


def test_gateways_never_fall_below_half(four: Rollouts) -> None:
    # Two gateways, half of them up: only one is out of service, and it is back before the next.
    gateways = {f"gw{number}.tokyo.example.com" for number in (1, 2)}
    events = [
        (entry["op"], entry["host"])
        for entry in four.applied
        if entry["host"] in gateways and entry["op"] in ("push", "restart")
    ]
    assert events == [(op, host) for host in sorted(gateways) for op in ("push", "restart")]
    # Out and in again, each of them.
    out, back = (
        sorted(each["args"]["server"] for each in four.applied if each["effect"] == effect)
        for effect in ("drained", "undrained")
    )
    assert out == back
    assert gateways <= set(out)
    count("scenario", "rollout: gateways stay in service")


def test_members_install_by_themselves_after_the_licensing_server(four: Rollouts) -> None:
    installs = done(four.applied).installs["kyoto"]
    assert installs == [f"{name}.kyoto.example.com" for name in ("cb1", "cb2", "rd1")]
    assert hosts_of(four.applied, "push").count("gw1.kyoto.example.com") == 1
    # Brokers, gateways, session hosts: whoever installs by itself.
    order = [
        (entry["op"], entry["host"].split(".")[0])
        for entry in four.applied
        if entry["farm"] == "kyoto" and entry["op"] in ("install", "push")
    ]
    assert order == [("install", "cb1"), ("install", "cb2"), ("push", "gw1"), ("install", "rd1")]
    # A host is restarted only where its installer asks for it, and here none does.
    restarted = [host for host in hosts_of(four.applied, "restart") if host.endswith(".kyoto.example.com")]
    assert restarted == ["gw1.kyoto.example.com"]
    count("scenario", "rollout: members that install by themselves, four runs")


def test_the_table_shows_what_was_and_what_is(four: Rollouts) -> None:
    rows = outcomes(four.apply)
    assert {farm: row["state"] for farm, row in rows.items()} == {**dict.fromkeys(DUE, "changed"), "right": "ok"}
    assert rows["tokyo"]["versions"] == ["20.2.25893", VERSION]
    assert rows["tokyo"]["agents"] == "9/9"
    assert rows["kyoto"]["agents"] == "4/4"
    assert rows["old"]["versions"] == ["17.1.22275", VERSION]
    assert rows["right"]["versions"] == [VERSION, VERSION]
    assert rows["tokyo"]["seconds"] > 0
    assert outcomes(four.again)["tokyo"]["versions"] == [VERSION, VERSION]
    count("scenario", "rollout: the table")


def test_awx_gets_the_records_of_all_farms(four: Rollouts) -> None:
    for run in four.each():
        assert run.custom_stats["ras_farms"] == list(outcomes(run).values())
    assert [row["state"] for row in four.drift.custom_stats["ras_farms"]] == ["ok"] * len(FARMS)
    count("scenario", "rollout: records for AWX")


def test_a_license_that_is_reported_only_after_the_upgrade_is_judged_then(four: Rollouts) -> None:
    lines = preflight_lines(four.check)
    assert lines[host_of("old")].startswith("old: due: upgrade from 17.1.22275 to 21.2.28000 (worth a look: path, ")
    assert (outcomes(four.check)["old"]["license"], outcomes(four.apply)["old"]["account_match"]) == (None, "match")
    count("scenario", "rollout: RAS 17")


def test_the_installer_comes_once_and_from_its_source(four: Rollouts) -> None:
    assert sorted(set(hosts_of(four.applied, "win_copy"))) == [host_of("trial")]
    urls = hosts_of(four.applied, "win_get_url")
    assert len(urls) == len(set(urls)) == 7
    assert host_of("trial") not in urls
    count("scenario", "rollout: installer by address and from the controller")
