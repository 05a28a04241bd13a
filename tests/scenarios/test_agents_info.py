# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""agents_info over REST and over WinRM: the same machines of every generation, and what of them is worth a finding."""

from __future__ import annotations

import typing as t

import pytest

from counts import count
from harness.runner import Run, Runner
from harness.windows import windows_world
from harness.worlds import ACTIVE, host_of
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor_full

AGENTS_INFO: t.Final = "fleetops.parallels_ras.agents_info"
BACKENDS: t.Final = ("rest", "winrm")
GENERATIONS: t.Final = (18, 19, 20, 21)
OLD: t.Final = "20.1.0.25000"
OWN_NAMES: t.Final = {"rds": "localhost", "gateway": "127.0.0.1"}


def _farm(name: str, **more: t.Any) -> dict[str, t.Any]:
    """Three machines and a pool."""
    return {
        "license": ACTIVE,
        "sites": [{"name": "Main", "licensing": True, "rds_pools": ["Pool"]}],
        "hosts": [
            {"name": host_of(name)},
            {"name": f"gw.{name}.example.com", "components": ["gateway"], **more.pop("gateway", {})},
            {"name": f"rds.{name}.example.com", "components": ["rds"], **more.pop("rds", {})},
        ],
        **more,
    }


FARMS: t.Final[dict[str, dict[str, t.Any]]] = {
    **{f"v{number}": _farm(f"v{number}", generation=number) for number in GENERATIONS},
    "names": _farm("names", quirks={"agent_enum": "name"}),
    "mixed": _farm("mixed", generation=20, rds={"agent_version": OLD}, vars={"wanted": "20.2.25893"}),
    "ill": _farm("ill", gateway={"agent_state": "ConnectionFailed"}, rds={"enabled": False}),
    # The vendor's appliances list their session host as localhost; two scripts seen on real farms fall back to Name.
    "own": {
        "license": ACTIVE,
        "quirks": {"logical_rows": "name"},
        "sites": [{"name": "Main", "licensing": True, "rds_pools": ["Pool"]}],
        "hosts": [
            {"name": host_of("own"), "components": ["broker", "gateway", "rds"], "listed_as": OWN_NAMES},
            {"name": "rds.own.example.com", "components": ["rds"], "listed_as": {"rds": None}},
        ],
    },
    "bare": _farm("bare", quirks={"logical_rows": "nameless"}),
    "sites": {
        "license": ACTIVE,
        "quirks": {"list_scope": "licensing_site"},
        "sites": [{"name": "Branch"}, {"name": "Head", "licensing": True}],
        "hosts": [{"name": host_of("sites")}, {"name": "branch.sites.example.com", "site": "Branch"}],
    },
}


class Reported(t.NamedTuple):
    """One run over REST and one over WinRM."""

    rest: Run
    winrm: Run
    lab: Runner

    def of(self, backend: str, farm: str) -> dict[str, t.Any]:
        """What was returned for a farm."""
        run: Run = getattr(self, backend)
        return run.results(AGENTS_INFO, host_of(farm))[0]

    def rules(self, backend: str, farm: str) -> dict[str, t.Any]:
        """The findings and what was observed."""
        return {finding["rule"]: finding["observed"] for finding in self.of(backend, farm)["findings"]}


@pytest.fixture(scope="module")
def reported(start_lab: StartLab) -> Reported:
    runner = start_lab(windows_world(FARMS))
    runs = []
    for backend in BACKENDS:
        options = {
            "backend": backend,
            "api_url": "https://{{ ansible_host }}:20443",
            "api_username": "{{ ras_api_username }}",
            "api_password": "{{ ras_api_password }}",
            "ca_path": "{{ ras_ca_path }}",
            "version": "{{ wanted | default(omit) }}",
        }
        run = runner.play([{"name": "Agents", AGENTS_INFO: options}], check=backend == "winrm")
        assert run.rc == 0, run.output
        assert run.changed_hosts == set()
        runs.append(run)
    assert runner.lab.problems() == []
    assert runner.lab.open_sessions() == []
    return Reported(*runs, runner)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("farm", [*(f"v{number}" for number in GENERATIONS), "names"])
def test_hosts_of_each_generation(reported: Reported, farm: str, backend: str) -> None:
    result, truth = reported.of(backend, farm), reported.lab.lab.farm(farm)
    seen = {agent["server"]: (agent["kind"], agent["version"], agent["health"]) for agent in result["agents"]}
    kinds = {"broker": "broker", "gateway": "gateway", "rds": "rds_host"}
    assert seen == {
        host["name"]: (kinds[host["components"][0]], host["agent_version"], "ok") for host in truth["hosts"]
    }
    assert {row["server"] for row in result["logical"]} == {"Main", "Pool"}
    assert (result["versions"], result["findings"], result["backend_used"]) == ([truth["version"]], [], backend)
    count("scenario", f"agents_info: {farm} over {backend}")


@pytest.mark.parametrize("backend", BACKENDS)
def test_hosts_that_are_behind(reported: Reported, backend: str) -> None:
    assert reported.rules(backend, "mixed") == {
        "agents_mixed": ["20.1.25000", "20.2.25893"],
        "agents_behind": ["rds.mixed.example.com: 20.1.25000"],
    }
    warnings = getattr(reported, backend).warnings
    assert sum("agents_behind" in text for text in warnings) == sum("agents_mixed" in text for text in warnings) == 1
    count("scenario", f"agents_info: mixed and behind over {backend}")


@pytest.mark.parametrize("backend", BACKENDS)
def test_hosts_that_need_attention(reported: Reported, backend: str) -> None:
    assert reported.rules(backend, "ill") == {"agents_attention": ["gw.ill.example.com: ConnectionFailed"]}
    enabled = {agent["server"]: agent["enabled"] for agent in reported.of(backend, "ill")["agents"]}
    assert enabled == {host_of("ill"): True, "gw.ill.example.com": True, "rds.ill.example.com": False}
    count("scenario", f"agents_info: attention over {backend}")


@pytest.mark.parametrize("backend", BACKENDS)
def test_all_sites_are_reported_even_if_a_list_holds_one(reported: Reported, backend: str) -> None:
    servers = [(agent["server"], agent["site_id"]) for agent in reported.of(backend, "sites")["agents"]]
    assert sorted(servers) == [("branch.sites.example.com", 1), (host_of("sites"), 2)]
    count("scenario", f"agents_info: two sites over {backend}")


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_host_called_localhost_is_the_broker_and_rows_without_a_server_are_read(
    reported: Reported, backend: str
) -> None:
    agents = {(agent["kind"], agent["server"], agent["listed_as"]) for agent in reported.of(backend, "own")["agents"]}
    here = host_of("own")
    assert agents == {
        ("broker", here, ""),
        ("gateway", here, "127.0.0.1"),
        ("rds_host", here, "localhost"),
        ("rds_host", "", "rds.own.example.com"),
    }
    assert reported.rules(backend, "own") == {"agents_unnamed": ["rds.own.example.com (RDSHost)"]}
    assert {row["server"] for row in reported.of(backend, "own")["logical"]} == {"Main", "Pool"}
    assert (reported.of(backend, "bare")["logical"], reported.rules(backend, "bare")) == ([], {})
    count("scenario", f"agents_info: localhost, and rows without a server, over {backend}")


def test_both_back_ends_report_the_same(reported: Reported) -> None:
    def plain(backend: str, farm: str) -> list[dict[str, t.Any]]:
        agents = reported.of(backend, farm)["agents"]
        return sorted(({**agent, "kind_reported": ""} for agent in agents), key=lambda agent: str(agent["server"]))

    for farm in FARMS:
        assert plain("rest", farm) == plain("winrm", farm)
    count("scenario", "agents_info: REST and WinRM agree")
