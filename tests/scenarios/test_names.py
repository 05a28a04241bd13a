# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that are no texts, variables that do not exist, and variables that cannot be worked out: each is its host's."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from counts import count
from harness.reading import overlay, states
from harness.rollouts import ROLLOUT, rollout_world
from harness.runner import Run, Runner
from harness.worlds import ACTIVE, host_of, NONE, world
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
# A vault of another id, as a value of one host.
OTHER_VAULT: t.Final = VaultLib([("other", VaultSecret(b"another password"))]).encrypt("a-secret-key", vault_id="other")


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


TYPO: t.Final = {"ras_manged": False}


@pytest.fixture(scope="module")
def two(start_lab: StartLab) -> Runner:
    return start_lab(world({name: {"license": NONE} for name in ("tokyo", "osaka")}))


@pytest.fixture(name="runner")
def _runner(two: Runner) -> Runner:
    two.lab.clear_journal()
    return two


def test_an_extra_variable_that_does_not_exist_concerns_every_farm(runner: Runner) -> None:
    run = runner.playbook(ACTIVATE, extra=TYPO)
    assert (run.rc, set(states(run).values())) == (2, {"refused invalid_option"})
    drift = runner.playbook(DRIFT, extra=TYPO)
    assert drift.rc == 2
    assert drift.output.count("(did you mean ras_managed?)") >= 2
    assert runner.lab.journal() == []
    count("scenario", "an extra variable that does not exist")


@pytest.mark.parametrize("name", [ACTIVATE, DRIFT])
def test_a_variable_of_the_play_counts_too(runner: Runner, name: str) -> None:
    path = runner.folder / f"{name}.yml"
    path.parent.mkdir(exist_ok=True)  # it may be the first run of all
    path.write_text(yaml.safe_dump([{"ansible.builtin.import_playbook": name, "vars": TYPO}]), encoding="utf-8")
    run = runner.playbook(path)
    assert run.rc == 2
    assert run.output.count("(did you mean ras_managed?)") >= 2
    assert runner.lab.journal() == []
    count("scenario", f"a variable of the play that does not exist: {name}")


# What refuses is one role, before any entry point.
_OTHER_ENTRIES: t.Final = ("backup", "activate", "members", "agents", "verify", "deactivate")


@pytest.mark.parametrize(
    "entry", ["main", "upgrade", *(pytest.param(entry, marks=pytest.mark.full) for entry in _OTHER_ENTRIES)]
)
def test_the_role_itself_refuses_it(runner: Runner, entry: str) -> None:
    role = {"name": "fleetops.parallels_ras.ras", "tasks_from": entry}
    confirmed = {"ras_confirm_deactivate": ["tokyo", "osaka"]}
    run = runner.play([{"ansible.builtin.include_role": role, "vars": {**confirmed, **TYPO}}])
    assert run.rc == 2
    assert "(did you mean ras_managed?)" in run.output
    assert runner.lab.journal() == []
    count("scenario", f"the role refuses a variable that does not exist: {entry}")


def test_another_vault_at_a_host_outside_the_limit_stops_nobody(runner: Runner) -> None:
    broken = runner.folder / "vaulted" / "hosts.yml"
    broken.parent.mkdir(parents=True)
    text = "\n".join(f"            {line}" for line in OTHER_VAULT.decode().splitlines())
    broken.write_text(
        f"all:\n  hosts:\n    {host_of('osaka')}:\n      ras_license_key: !vault |\n{text}\n", encoding="utf-8"
    )
    alone = runner.playbook(ACTIVATE, "-i", str(broken), "--limit", host_of("tokyo"), check=True)
    assert (alone.rc, states(alone)) == (0, {"tokyo": "due"})
    both = runner.playbook(ACTIVATE, "-i", str(broken), check=True)
    assert (both.rc, states(both)) == (2, {"tokyo": "due", "osaka": "refused invalid_option"})
    assert f"ras_license_key of {host_of('osaka')} cannot be worked out" in both.output
    count("scenario", "a vault of another id at one host")


_VAULTED: t.Final = (
    "ras_account_password",
    "ansible_host",
    *(
        pytest.param(name, marks=pytest.mark.full)
        for name in ("ras_api_password", "ras_farm", "ras_managed", "ansible_password")
    ),
)


@pytest.mark.parametrize("name", _VAULTED)
def test_one_value_in_another_vault_is_the_failure_of_its_host(runner: Runner, tmp_path: Path, name: str) -> None:
    """Of the first host of the play, whose variables Ansible works out for tasks that concern all."""
    text = "\n".join(f"            {line}" for line in OTHER_VAULT.decode().splitlines())
    connection = "      ansible_connection: winrm\n" if name == "ansible_password" else ""
    path = tmp_path / "hosts.yml"
    path.write_text(
        f"all:\n  hosts:\n    {host_of('osaka')}:\n{connection}      {name}: !vault |\n{text}\n", encoding="utf-8"
    )
    run = runner.playbook(ACTIVATE, "-i", str(path), check=True)
    rows = rows_of(run)
    assert run.rc == 2, run.output[-4000:]
    assert {host: row["state"] for host, row in rows.items()} == {host_of("osaka"): "refused", host_of("tokyo"): "due"}
    assert f"{name} of {host_of('osaka')} cannot be worked out" in rows[host_of("osaka")]["message"]
    drift = runner.playbook(DRIFT, "-i", str(path))
    assert "PLAY RECAP" in drift.output, drift.output[-4000:]
    assert {entry["farm"] for entry in runner.lab.journal()} == {"tokyo"} or name in (
        "ansible_password",
        "ras_account_password",
    )
    count("scenario", f"one value in another vault: {name}")


def test_a_file_in_another_vault_ends_the_run_before_anything_is_sent(runner: Runner, tmp_path: Path) -> None:
    """Ansible itself reads it, before any play."""
    (tmp_path / "host_vars").mkdir()
    (tmp_path / "hosts.yml").write_text(f"all:\n  hosts:\n    {host_of('osaka')}:\n", encoding="utf-8")
    (tmp_path / "host_vars" / f"{host_of('osaka')}.yml").write_bytes(OTHER_VAULT)
    run = runner.playbook(ACTIVATE, "-i", str(tmp_path / "hosts.yml"))
    assert run.rc not in (0, 2), run.output[-4000:]
    assert "ecrypt" in run.output
    assert runner.lab.journal() == []
    count("scenario", "a whole file in another vault")


def test_names_confirm_a_deactivation_as_texts(runner: Runner) -> None:
    number = overlay(runner, "number", {host_of("osaka"): {"ras_farm": 101}})
    deactivate = "fleetops.parallels_ras.deactivate"
    refused = runner.playbook(deactivate, *number, extra={"ras_confirm_deactivate": ["tokyo", 101]}, check=True)
    assert {row["code"] for row in rows_of(refused).values()} == {"invalid_option"}
    run = runner.playbook(deactivate, *number, extra={"ras_confirm_deactivate": ["tokyo", "101"]}, check=True)
    rows = rows_of(run)
    assert (rows[host_of("tokyo")]["code"], rows[host_of("osaka")]["code"]) == (None, "invalid_option")
    count("scenario", "deactivate: a name that is a number")


def test_the_farm_of_a_member_that_cannot_be_read_is_refused(start_lab: StartLab) -> None:
    def farm(name: str, **member: t.Any) -> dict[str, t.Any]:
        rds = {"name": f"rd1.{name}.example.com", "components": ["rds"], "vars": {"ras_agents_method": "msi", **member}}
        return {"hosts": [{"name": host_of(name)}, rds], "license": ACTIVE}

    farms = {
        "number": farm("number", ras_farm=101),
        "typo": farm("typo", ras_agent_method="msi"),
        "nowhere": farm("nowhere", ras_farm=NOWHERE),
        "right": farm("right"),
    }
    runner = start_lab(rollout_world(farms))
    run = runner.playbook(ROLLOUT, check=True)
    refused = "refused invalid_option"
    assert states(run) == {"number": refused, "typo": refused, "nowhere": refused, "right": "due"}
    assert run.rc == 2
    count("scenario", "rollout: members that cannot be read")
