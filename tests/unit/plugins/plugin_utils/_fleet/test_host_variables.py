# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables of hosts as Ansible itself gives them: what fails is named with its host, and never shown."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import (
    Hosts,
    HostVariables,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.known import (
    name_problem,
    unknown_refusal,
    unusable,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.members import hosts_of_farms
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.outcomes import outcomes
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.view import (
    confirmation_problems,
    farm_name,
    fleet_problems,
    refused_farm,
    slicing_problems,
)

SECRET: t.Final = "a-secret-in-the-clear"
OTHER_VAULT: t.Final = (
    VaultLib([("other", VaultSecret(b"another password"))]).encrypt(SECRET, vault_id="other").decode()
)
# What is written in a file, and what is said of it.
BROKEN: t.Final = {
    "undefined": '"{{ nowhere }}"',
    "nested": '["{{ nowhere }}"]',
    "deep": '{a: [{b: "x {{ nowhere.at.all }}"}]}',
    "part": f'"{SECRET} {{{{ nowhere }}}}"',
    "lookup": "\"{{ lookup('ansible.builtin.file', '/nowhere') }}\"",
    "filter": "\"{{ 'x' | no_such_filter }}\"",
    "arithmetic": f"\"{{{{ 1 / 0 ~ '{SECRET}' }}}}\"",
    "itself": '"{{ ras_license_key }}"',
    "mandatory": '"{{ nowhere | mandatory }}"',
    "vault": "!vault |\n" + "\n".join(f"          {line}" for line in OTHER_VAULT.splitlines()),
}


@pytest.fixture(name="hostvars_of")
def _hostvars_of(tmp_path: Path) -> t.Callable[..., HostVars]:
    """Hosts with variables as text of YAML, read by Ansible, under one vault password that fits nothing."""

    def make(files: t.Mapping[str, str], **more: str) -> HostVars:
        folder = tmp_path / "host_vars"
        folder.mkdir()
        for host, text in files.items():
            (folder / f"{host}.yml").write_text(text, "utf-8")
        for name, text in more.items():
            (folder / name.replace("_yml", ".yml")).write_text(text, "utf-8")
        (tmp_path / "hosts.ini").write_text("\n".join({*files, *(name.removesuffix("_yml") for name in more)}), "utf-8")
        loader = DataLoader()
        loader.set_vault_secrets([("default", VaultSecret(b"a password"))])
        inventory = InventoryManager(loader=loader, sources=[str(tmp_path / "hosts.ini")])
        return HostVars(inventory, VariableManager(loader=loader, inventory=inventory), loader)

    return make


Make = t.Callable[..., HostVars]
GOOD: t.Final = "ras_account_email: licensing@example.com\nras_account_password: the-account-password\n"


@pytest.mark.parametrize("kind", BROKEN)
def test_what_cannot_be_worked_out_is_named_and_not_shown(hostvars_of: Make, kind: str) -> None:
    hostvars = hostvars_of({"h1": f"{GOOD}ras_license_key: {BROKEN[kind]}\n", "h2": GOOD})
    (problem,) = fleet_problems(["h1", "h2"], Hosts(hostvars))
    assert (problem["code"], problem["hosts"]) == ("invalid_option", ["h1"])
    assert "The variable ras_license_key of h1 cannot be worked out" in problem["message"]
    assert SECRET not in str(problem)
    assert "nowhere" not in str(problem)


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("name", ["ras_farm", "ras_organization", "ras_managed", "ansible_host", "ras_allow_slicing"])
def test_no_reader_of_the_fleet_fails(hostvars_of: Make, kind: str, name: str) -> None:
    hosts = ["h1", "h2"]
    text = BROKEN[kind].replace("ras_license_key", name)
    hostvars = hostvars_of({"h1": f"{GOOD}{name}: {text}\n", "h2": f"{GOOD}ras_farm: tokyo\n"})
    assert {host for each in fleet_problems(hosts, Hosts(hostvars)) for host in each["hosts"]} <= {"h1"}
    assert {host for each in slicing_problems(hosts, Hosts(hostvars)) for host in each["hosts"]} <= {"h1"}
    assert [farm_name(HostVariables(hostvars, host)) for host in hosts] == ["h1", "tokyo"]
    assert [each["host"] for each in hosts_of_farms(["h2"], [], Hosts(hostvars))["h2"].all] == ["h2"]
    assert [row["state"] for row in outcomes(hosts, Hosts(hostvars))] == [
        "refused" if _is_read(name) else "failed",
        "failed",
    ]
    assert refused_farm({"msg": "x"}, HostVariables(hostvars, "h1"))["failure"]["code"] == "invalid_option"
    # h1 may be named by whatever its name is.
    assert confirmation_problems(hosts, Hosts(hostvars), ["tokyo", "h1"]) == []


def _is_read(name: str) -> bool:
    return name.startswith(("ras_", "ansible_host"))


def test_a_text_with_braces_that_is_no_template_is_a_text(hostvars_of: Make) -> None:
    hostvars = hostvars_of({"h1": f"{GOOD}ras_license_key: !unsafe 'AB{{{{12CD}}}}EF'\n"})
    assert HostVariables(hostvars, "h1").typed().exact("ras_license_key") == "AB{{12CD}}EF"
    assert unusable(HostVariables(hostvars, "h1")) is None


def test_a_file_that_cannot_be_read_is_its_hosts(hostvars_of: Make) -> None:
    vaulted = VaultLib([("other", VaultSecret(b"another password"))]).encrypt(f"ras_farm: {SECRET}", vault_id="other")
    hostvars = hostvars_of({"h2": GOOD}, h1_yml=vaulted.decode())
    (problem,) = fleet_problems(["h1", "h2"], Hosts(hostvars))
    assert problem["hosts"] == ["h1"]
    assert "The variables of h1 cannot be read" in problem["message"]
    variables = HostVariables(hostvars, "h1")
    for problem in (unknown_refusal(variables), name_problem(variables), unusable(variables)):
        assert problem is not None
        assert problem.code == "invalid_option"
    assert farm_name(variables) == "h1"
    assert variables.noted.get("ras_preflight") is None


def test_a_host_that_the_inventory_does_not_have_has_no_variables(hostvars_of: Make) -> None:
    variables = HostVariables(hostvars_of({"h1": GOOD}), "h9")
    with pytest.raises(RasError, match="of h9 cannot be read"):
        variables.get("ras_farm")
    assert HostVariables({}, "h9").noted.get("ras_farm", 1) == 1


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("ras_manged: false", ["ras_manged"]),
        ("RAS_managed: false\nras_x: 1", ["RAS_managed", "ras_x"]),
        ("ras_x: '{{ nowhere }}'", ["ras_x"]),
        ("ras_x: 1\nras_own_variables: [ras_x]", []),
        ("ras_x: 1\nras_own_variables: ras_x", []),
        ("vault_ras_x: 1\nras_farm: a", []),
        ("ras_preflight: {}\nras_kinds: []\nras_inventory_failure: {}\nras_farms: []", []),
    ],
)
def test_names_are_found_without_a_look_at_their_values(hostvars_of: Make, text: str, refused: list[str]) -> None:
    problem = unknown_refusal(HostVariables(hostvars_of({"h1": text}), "h1"))
    assert (problem.observed["variables"] if problem else []) == refused


def test_names_of_the_play_count_too(hostvars_of: Make) -> None:
    variables = HostVariables(hostvars_of({"h1": GOOD}), "h1")
    problem = unknown_refusal(variables, ["ras_manged", "hostvars", "ras_mine"], ["ras_mine"])
    assert problem is not None
    assert problem.observed == {"variables": ["ras_manged"]}


@pytest.mark.parametrize("own", ["{{ nowhere }}", ["ras_*"], 7, None])
def test_an_own_list_that_cannot_be_used_is_a_refusal(own: t.Any) -> None:
    problem = unknown_refusal(HostVariables({"h1": {"ras_own_variables": own}}, "h1"))
    assert problem is not None
    assert "ras_own_variables" in problem.message


class _Counted(dict[str, t.Any]):
    """Variables that count how often each is read."""

    def __init__(self, values: dict[str, t.Any], reads: list[str]) -> None:
        super().__init__(values)
        self._reads = reads

    def __getitem__(self, name: str) -> t.Any:
        self._reads.append(name)
        if self.get(name) == "broken":
            raise ValueError(name)
        return super().__getitem__(name)


def test_a_host_is_read_once_and_so_is_each_of_its_variables() -> None:
    reads: list[str] = []
    hosts = Hosts({"h1": _Counted({"ras_farm": "tokyo", "ras_license_key": "broken"}, reads)})
    assert hosts["h1"] is hosts["h1"]
    for _again in range(3):
        assert hosts["h1"]["ras_farm"] == "tokyo"
        with pytest.raises(RasError, match="cannot be worked out"):
            hosts["h1"].get("ras_license_key")
        assert "ras_license_key" in hosts["h1"]
        assert "ras_managed" not in hosts["h1"]
    assert sorted(reads) == ["ras_farm", "ras_license_key"]


def test_all_hosts_are_those_of_the_inventory(hostvars_of: Make) -> None:
    hosts = Hosts(hostvars_of({"h1": f'{GOOD}ras_farm: "{{{{ nowhere }}}}"\n', "h2": GOOD}))
    # Before 2.19, the controller may be one of them.
    assert set(hosts) - {"localhost"} == {"h1", "h2"}
    assert ("h1" in hosts, "h9" in hosts, len(hosts)) == (True, False, len(list(hosts)))
    assert hosts.templates("h1")["ras_farm"] == "{{ nowhere }}"
    assert hosts.templates("h9") == {}
    with pytest.raises(RasError, match="of h9 cannot be read"):
        hosts["h9"].get("ras_farm")
