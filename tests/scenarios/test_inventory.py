# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory plugin: what farms report, how credentials come in and stay in, and a playbook on such an inventory."""

from __future__ import annotations

import json
import shutil
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from counts import count
from harness.reading import states
from harness.rhythm import four_times
from harness.runner import Run, Runner
from harness.worlds import ACTIVE, ADMIN, ADMIN_PASSWORD, host_of, NONE, world
from scenarios.conftest import StartLab

PLUGIN: t.Final = "fleetops.parallels_ras.farms"
ACTIVATE: t.Final = "fleetops.parallels_ras.activate"
# If what a farm reports were evaluated, this would become 49.
TEMPLATE: t.Final = "Head {{ 7 * 7 }} office"
FARMS: t.Final[dict[str, dict[str, t.Any]]] = {
    "tokyo": {
        "license": NONE,
        "sites": [{"name": "Branch"}, {"name": TEMPLATE, "licensing": True, "rds_pools": ["Pool"]}],
        "hosts": [
            {"name": "gw1.tokyo.example.com", "site": "Branch", "components": ["gateway"]},
            {"name": "cb2.tokyo.example.com", "priority": 1, "standby": True},
            {"name": host_of("tokyo"), "priority": 0},
            {"name": "rd1.tokyo.example.com", "components": ["rds"], "agent_state": "LogonDrain"},
        ],
    },
    "osaka": {"license": ACTIVE, "generation": 20, "quirks": {"logon_answer": "token_only"}},
    "kobe": {"license": ACTIVE},
    "nara": {"license": ACTIVE},
}
# As the vendor's appliances list their session host; and a machine without a server.
OWN: t.Final[dict[str, t.Any]] = {
    "license": ACTIVE,
    "quirks": {"logical_rows": "name"},
    "hosts": [
        {"name": host_of("own"), "components": ["broker", "rds"], "listed_as": {"rds": "localhost"}},
        {"name": "gw1.own.example.com", "components": ["gateway"], "listed_as": {"gateway": None}},
        {"name": "rd1.own.example.com", "components": ["rds"]},
    ],
}
# A password that looks like a template, of a farm that repeats it.
BRACES: t.Final = "a password {{ 7 * 7 }} with braces"
ECHO: t.Final[dict[str, t.Any]] = {
    "license": ACTIVE,
    "admins": [{"username": ADMIN, "password": BRACES, "rights": "root"}],
    "sites": [{"name": f"Site of {BRACES}", "licensing": True}],
}
ENVIRONMENT: t.Final = {"RAS_API_USERNAME": ADMIN, "RAS_API_PASSWORD": ADMIN_PASSWORD}


@pytest.fixture(scope="module", name="runner")
def _runner(start_lab: StartLab) -> Runner:
    return start_lab(world({**FARMS, "echo": ECHO, "own": OWN}))


@pytest.fixture(autouse=True)
def _as_before(runner: Runner) -> None:
    runner.lab.clear_faults()
    runner.lab.clear_journal()


@pytest.fixture(name="folder")
def _folder(runner: Runner, tmp_path: Path) -> Path:
    """Where the inventory file lies, with the certificate of the farms' authority beside it."""
    shutil.copy(runner.lab.ca_path, tmp_path / "ca.pem")
    return tmp_path


def _file(runner: Runner, folder: Path, *farms: str, **options: t.Any) -> Path:
    """Write an inventory file that lists these farms, all of them by default."""
    listed = [{"name": name, "api_url": _url(runner, name)} for name in farms or FARMS]
    content = {"plugin": PLUGIN, "ca_path": "ca.pem", "timeout": 5, "farms": listed, **options}
    path = folder / "ras_farms.yml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path


def _url(runner: Runner, farm: str) -> str:
    return f"https://{runner.lab.host(farm)['address']}:20443"


def _listed(run: Run) -> dict[str, t.Any]:
    """What ansible-inventory printed, without the marks that it puts on what must not be evaluated."""
    assert run.rc == 0, run.output

    def unmarked(pairs: dict[str, t.Any]) -> t.Any:
        return pairs["__ansible_unsafe"] if set(pairs) == {"__ansible_unsafe"} else pairs

    document = "{" + f"\n{run.stdout}".partition("\n{")[2]  # with -v, lines about the run come first
    return t.cast("dict[str, t.Any]", json.loads(document, object_hook=unmarked))


def _hosts(listed: dict[str, t.Any], group: str) -> set[str]:
    return set(listed.get(group, {}).get("hosts", []))


def _asked(runner: Runner) -> dict[str, str]:
    asked: dict[str, list[str]] = {}
    for entry in runner.lab.journal():
        asked.setdefault(entry["farm"], []).append(entry["op"])
    return {farm: " ".join(ops) for farm, ops in asked.items()}


@pytest.mark.floor
def test_farms_report_their_hosts(runner: Runner, folder: Path) -> None:
    runner.lab.add_fault("nara", on="any", kind="refuse", port="rest", times=-1)
    states_ = {"compose": {"ansible_host": "ras_ip"}, "groups": {"ras_draining": "ras_agent_health == 'drained'"}}
    run = runner.inventory(_file(runner, folder, **states_, strict=True), "-vvvv", env=ENVIRONMENT)
    listed, lost = _listed(run), runner.lab.host("nara")["address"]
    variables = listed["_meta"]["hostvars"]
    servers = {host_of(farm) for farm in ("tokyo", "osaka", "kobe")}
    assert _hosts(listed, "ras_licensing_servers") == {*servers, lost}
    assert _hosts(listed, "ras_members") == {f"{name}.tokyo.example.com" for name in ("cb2", "gw1", "rd1")}
    assert _hosts(listed, "ras_brokers") == {*servers, "cb2.tokyo.example.com"}
    assert _hosts(listed, "ras_gateways") == {"gw1.tokyo.example.com"}
    assert _hosts(listed, "ras_rds_hosts") == _hosts(listed, "ras_draining") == {"rd1.tokyo.example.com"}
    assert _hosts(listed, "ras_farm_osaka") == {host_of("osaka")}
    tokyo = variables[host_of("tokyo")]
    assert (tokyo["ras_farm"], tokyo["ras_site"], tokyo["ras_priority"]) == ("tokyo", TEMPLATE, 0)
    assert (tokyo["ras_api_url"], tokyo["ras_ca_path"]) == (_url(runner, "tokyo"), str(folder / "ca.pem"))
    assert tokyo["ras_farm_guid"] == runner.lab.farm("tokyo")["guid"]
    assert tokyo["ansible_host"] == tokyo["ras_ip"] == runner.lab.host("tokyo")["address"]
    assert tokyo["ras_agent_version"] == "21.2.1.27306"
    # The farm that is down is a warning, the others remain, and no playbook will pass it over.
    assert _hosts(listed, "ras_unread_farms") == _hosts(listed, "ras_farm_nara") == {lost}
    assert variables[lost]["ras_inventory_failure"]["code"] == "api_unreachable"
    (warning,) = run.warnings
    assert "nara: api_unreachable" in warning
    assert _asked(runner) == {
        "tokyo": "logon site broker agent logoff",
        "osaka": "logon version site broker broker agent logoff",
        "kobe": "logon site broker agent logoff",
    }
    assert runner.lab.open_sessions() == runner.lab.problems() == []
    assert ADMIN_PASSWORD not in run.output
    count("scenario", "inventory: farms report their hosts, one is down")


@pytest.mark.floor
def test_what_farms_report_is_not_evaluated(runner: Runner, folder: Path) -> None:
    path = _file(runner, folder, "tokyo")
    show = [{"name": "Show", "ansible.builtin.debug": {"msg": "{{ ras_site }}"}}]
    run = runner.play(show, "--limit", host_of("tokyo"), inventory=path, env=ENVIRONMENT)
    assert [each["msg"] for each in run.results("ansible.builtin.debug")] == [TEMPLATE]
    count("scenario", "inventory: what farms report is not evaluated")


def test_localhost_of_a_farm_is_no_host(runner: Runner, folder: Path) -> None:
    run = runner.inventory(_file(runner, folder, "own"), env=ENVIRONMENT)
    listed = _listed(run)
    assert set(listed["_meta"]["hostvars"]) == {host_of("own"), "rd1.own.example.com"}
    assert _hosts(listed, "ras_rds_hosts") == {host_of("own"), "rd1.own.example.com"}
    (warning,) = run.warnings
    assert "own: left out, because the farm does not say which servers they are: gw1.own.example.com" in warning
    count("scenario", "inventory: localhost of a farm")


def test_strict_farms(runner: Runner, folder: Path) -> None:
    runner.lab.add_fault("nara", on="any", kind="refuse", port="rest", times=-1)
    path = _file(runner, folder, strict_farms=True)
    failing = {"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true"}
    run = runner.inventory(path, env={**ENVIRONMENT, **failing})
    assert run.rc != 0
    assert "nara: api_unreachable" in " ".join(run.output.split())
    assert "tokyo.example.com" not in run.stdout
    count("scenario", "inventory: strict_farms")


@pytest.mark.floor_full
def test_the_cache_spares_the_farms_and_holds_no_secret(runner: Runner, folder: Path) -> None:
    runner.lab.add_fault("nara", on="any", kind="refuse", port="rest", times=-1)
    place = folder / "cache"
    options = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(place)}
    path = _file(runner, folder, **options)
    first = _listed(runner.inventory(path, env=ENVIRONMENT))
    stored = "".join(file.read_text("utf-8") for file in place.iterdir())
    assert "rd1.tokyo.example.com" in stored
    assert [secret for secret in (ADMIN_PASSWORD, ADMIN, "authToken", "nara") if secret in stored] == []
    runner.lab.clear_journal()
    runner.lab.patch_farm("kobe", hosts={host_of("kobe"): {"agent_state": "NeedsAttention"}})
    assert _listed(runner.inventory(path, env=ENVIRONMENT)) == first
    assert _asked(runner) == {}
    # A farm that could not be read is asked again; the others are not.
    runner.lab.clear_faults()
    third = _listed(runner.inventory(path, env=ENVIRONMENT))
    assert host_of("nara") in _hosts(third, "ras_licensing_servers")
    assert set(_asked(runner)) == {"nara"}
    runner.lab.clear_journal()
    assert third["_meta"]["hostvars"][host_of("kobe")]["ras_agent_health"] == "ok"
    show = {"name": "Show", "ansible.builtin.debug": {"msg": "{{ ras_agent_health }}"}}
    run = runner.play([show], "--flush-cache", "--limit", host_of("kobe"), inventory=path, env=ENVIRONMENT)
    assert [each["msg"] for each in run.results("ansible.builtin.debug")] == ["attention"]
    assert set(_asked(runner)) == set(FARMS)
    runner.lab.patch_farm("kobe", hosts={host_of("kobe"): {"agent_state": "OK"}})
    count("scenario", "inventory: cache")


@pytest.mark.floor_full
def test_a_wrong_password_reaches_two_farms_at_most(runner: Runner, folder: Path) -> None:
    wrong = "quite another password"
    run = runner.inventory(_file(runner, folder), "-vvvv", env={**ENVIRONMENT, "RAS_API_PASSWORD": wrong})
    listed = _listed(run)
    assert len(runner.lab.journal(op="logon")) == 2
    assert len(_hosts(listed, "ras_unread_farms")) == len(FARMS)
    codes = sorted(each["ras_inventory_failure"]["code"] for each in listed["_meta"]["hostvars"].values())
    assert codes == [*["api_credentials_rejected"] * 2, *["not_tried"] * 2]
    assert wrong not in run.output
    assert len(run.warnings) == len(FARMS)
    count("scenario", "inventory: wrong password")


@pytest.mark.floor_full
def test_a_password_of_the_environment_is_no_template_and_comes_back_nowhere(runner: Runner, folder: Path) -> None:
    options = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(folder / "cache")}
    path = _file(runner, folder, "echo", **options)
    run = runner.inventory(path, "-vvvv", env={**ENVIRONMENT, "RAS_API_PASSWORD": BRACES})
    assert _listed(run)["_meta"]["hostvars"][host_of("echo")]["ras_site"] == "Site of ********"
    stored = [file.read_text("utf-8") for file in (folder / "cache").iterdir()]
    assert [text for text in (run.output, *stored) if "with braces" in text] == []
    assert all("Site of ********" in text for text in stored)
    count("scenario", "inventory: a farm repeats the password")


def test_a_file_of_another_name_is_left_alone(runner: Runner, folder: Path) -> None:
    path = _file(runner, folder, "kobe").rename(folder / "farms.yml")
    run = runner.inventory(path, env={**ENVIRONMENT, "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true"})
    assert run.rc != 0
    assert runner.lab.journal() == []
    count("scenario", "inventory: a file of another name")


@pytest.mark.floor_full
@pytest.mark.parametrize("source", ["extra_vars", "use_extra_vars", "inline_vault", "lookup"])
def test_credentials(runner: Runner, folder: Path, source: str) -> None:
    """From the environment, they come in the other tests."""
    vault = Path(shutil.copy(runner.lab.dir / "group_vars" / "all" / "vault.yml", folder / "vault.yml"))
    options: dict[str, t.Any] = {"api_username": ADMIN}
    args: list[str] = []
    if source == "extra_vars":
        options = {}
        args = ["-e", f"@{vault}"]
    elif source == "use_extra_vars":
        options.update(use_extra_vars=True, api_password="{{ ras_api_password }}")
        args = ["-e", f"@{vault}"]
    elif source == "lookup":
        text = "lookup('ansible.builtin.unvault', inventory_dir ~ '/vault.yml') | from_yaml"
        options["api_password"] = "{{ (" + text + ").ras_api_password }}"
    path = _file(runner, folder, "kobe", **options)
    if source == "inline_vault":
        secret = VaultSecret(runner.lab.vault_password_file.read_bytes().strip())
        text = VaultLib([("default", secret)]).encrypt(ADMIN_PASSWORD).decode()
        lines = "".join(f"  {line}\n" for line in text.splitlines())
        path.write_text(path.read_text("utf-8") + f"api_password: !vault |\n{lines}", encoding="utf-8")
    run = runner.inventory(path, *args)
    assert _hosts(_listed(run), "ras_licensing_servers") == {host_of("kobe")}
    assert run.warnings == []
    if not args:  # ansible-inventory itself shows extra variables
        assert ADMIN_PASSWORD not in run.output
        assert [name for name in run.files if ADMIN_PASSWORD in name.read_text("utf-8", "replace")] == []
    count("scenario", f"inventory: credentials by {source}")


@pytest.mark.floor_full
@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"strict_farm": True}, "options that do not exist: strict_farm"),
        ({"api_password": "{{ nowhere }}"}, "The template in api_password cannot be evaluated"),
        ({"api_password": None}, "(kobe): api_password must be text: expected a text in quotes"),
        ({"workers": 0}, "expected 1 or more, observed 0"),
        ({"farms": []}, "farms lists no farm"),
    ],
)
def test_a_file_that_is_wrong(runner: Runner, folder: Path, options: dict[str, t.Any], says: str) -> None:
    """Variables of groups cannot help: Ansible reads them when the inventory is complete."""
    group_vars = folder / "group_vars" / "all"
    group_vars.mkdir(parents=True)
    shutil.copy(runner.lab.dir / "group_vars" / "all" / "vault.yml", group_vars)
    path = _file(runner, folder, "kobe", **{"api_username": ADMIN, "api_password": ADMIN_PASSWORD, **options})
    run = runner.inventory(path, env={"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true"})
    assert run.rc != 0
    assert says in " ".join(run.output.split())
    assert ADMIN_PASSWORD not in run.output
    assert runner.lab.journal() == []
    count("scenario", f"inventory: {says}")


@pytest.mark.full
def test_activate_runs_on_it(runner: Runner, folder: Path) -> None:
    """The vault beside the inventory gives the plays what they need; the plugin has the environment.

    The farm that could not be read is not passed over.
    """
    runner.lab.add_fault("nara", on="any", kind="refuse", port="rest", times=-1)
    path = _file(runner, folder, "tokyo", "osaka", "nara")
    shutil.copytree(runner.lab.dir / "group_vars", folder / "group_vars")

    def run(check: bool) -> Run:
        return runner.playbook(ACTIVATE, check=check, inventory=path, env=ENVIRONMENT, extra={"ras_timeout": 2})

    four = four_times(runner, run, expected={"tokyo": ["activated"]}, rc=2, warnings=["nara: api_unreachable"])
    others = {"osaka": "ok", "nara": "refused api_unreachable"}
    assert states(four.apply) == {"tokyo": "changed", **others}
    assert states(four.drift) == {"tokyo": "ok", **others}
    count("scenario", "inventory: activate, four runs, a farm is down")
