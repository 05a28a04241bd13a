# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes wrong over winrm, psrp and ssh: one table of faults, and each connection its own words and remedies."""

from __future__ import annotations

import typing as t
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh
import certifi
import pytest
from ansible.release import __version__

from counts import count
from harness.reading import secrets_in
from harness.rollouts import FULL_VERSION, INSTALLER, rollout_world, sha256_of, VERSION
from harness.runner import Run, Runner
from harness.worlds import host_of
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor

C: t.Final = "fleetops.parallels_ras."
LOOK: t.Final = {"name": "Look", f"{C}host_info": {}, "ignore_errors": True}
HOSTS: t.Final = 4
CONNECTIONS: t.Final = ("winrm", "psrp", "ssh")
WRONG: t.Final = "a wrong password of Windows"
OPTIONS: t.Final = {"version": VERSION, "installer_src": str(INSTALLER), "installer_sha256": sha256_of()}
POLL: t.Final = {"poll_interval": 0.5}
_TAKES_PASSWORDS: t.Final = not __version__.startswith("2.16.")
_SECURE: t.Final[dict[str, t.Any]] = {"scheme": "https", "auth": ["ntlm"]}


@dataclass
class Way:
    """One connection, and how it goes wrong.

    :ivar variables: of hosts, by the row of the table.
    :ivar env: of the controller, by the row.
    """

    variables: dict[str, dict[str, t.Any]] = field(default_factory=dict)
    env: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One fault that is there before anybody is let in, or that keeps everybody out.

    :ivar cause: what a message names.
    :ivar words: of the remedy, by connection.
    :ivar codes: of as many hosts as there are.
    :ivar logons: how many hosts saw one.
    """

    cause: str
    words: dict[str, str]
    codes: dict[str, int]
    logons: int


ROWS: t.Final = {
    "rejected": Row(
        "(the Windows user was rejected)",
        {"winrm": "the transport", "psrp": "ansible_psrp_auth", "ssh": "administrators_authorized_keys"},
        {"host_unreachable": 2, "not_tried": 2},
        2,
    ),
    "untrusted": Row(
        " is not ",
        {"winrm": "ansible_winrm_ca_trust_path", "psrp": "ansible_psrp_ca_cert", "ssh": "known_hosts"},
        {"host_unreachable": HOSTS},
        0,
    ),
    "library": Row(
        "(a library or program is missing on the controller",
        {"winrm": "pywinrm[kerberos]", "psrp": "Install pypsrp", "ssh": "OpenSSH client"},
        {"host_unreachable": HOSTS},
        0,
    ),
}


@pytest.fixture(scope="module")
def runner(start_lab: StartLab) -> Runner:
    farms = {
        f"{way}{number}": {
            "hosts": [{"name": host_of(f"{way}{number}"), "windows": {"connection": way, "winrm": _SECURE}}]
        }
        for way in CONNECTIONS
        for number in range(HOSTS)
    }
    return start_lab(rollout_world(farms))


@pytest.fixture(scope="module")
def ways(runner: Runner, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Way]:
    folder = tmp_path_factory.mktemp("wrong")
    key = folder / "key"
    key.touch(0o600)
    key.write_bytes(_new_key().export_private_key())
    known = folder / "known_hosts"
    for line in (Path(runner.lab.inventory).parent / "known_hosts").read_text("utf-8").splitlines():
        with known.open("a", encoding="utf-8") as file:
            file.write(f"{line.split()[0]} {_new_key().export_public_key().decode()}")
    absent = folder / "python" / "pypsrp"
    absent.mkdir(parents=True)
    (absent / "__init__.py").write_text("raise ImportError(\"No module named 'pypsrp'\")\n", encoding="utf-8")
    strict = f"-o UserKnownHostsFile={known} -o StrictHostKeyChecking=yes"
    return {
        "winrm": Way(
            {
                "rejected": {"ansible_password": WRONG},
                "untrusted": {"ansible_winrm_ca_trust_path": certifi.where()},
                "library": {"ansible_winrm_transport": "kerberos"},
            },
        ),
        "psrp": Way(
            {"rejected": {"ansible_password": WRONG}, "untrusted": {"ansible_psrp_ca_cert": certifi.where()}},
            {"library": {"PYTHONPATH": str(absent.parent)}},
        ),
        "ssh": Way(
            {
                "rejected": {"ansible_ssh_private_key_file": str(key)},
                "untrusted": {"ansible_ssh_common_args": strict},
                # Before 2.19 a password needs a program.
                "library": {"ansible_ssh_executable": "no-such-ssh"}
                if _TAKES_PASSWORDS
                else {"ansible_password": WRONG},
            },
        ),
    }


def _new_key() -> t.Any:
    return asyncssh.generate_private_key("ssh-ed25519")


def _play(runner: Runner, tasks: list[dict[str, t.Any]], hosts: t.Sequence[str], **options: t.Any) -> Run:
    runner.lab.clear_journal()
    run = runner.play(tasks, "-vvvv", "--limit", ",".join(map(host_of, hosts)), **options)
    assert secrets_in(run, WRONG) == []
    assert runner.lab.problems() == []
    return run


def _logons(name: str) -> set[int]:
    """How often one host may see a user that it rejects: where Ansible lost what ssh said, ssh is asked once more."""
    return {1, 2} if name == "ssh" else {1}


@pytest.mark.parametrize("name", CONNECTIONS)
@pytest.mark.parametrize("row", ROWS)
def test_who_cannot_be_let_in(runner: Runner, ways: dict[str, Way], name: str, row: str) -> None:
    """The second task is how a role goes on: what was rejected is not tried again."""
    way, expected = ways[name], ROWS[row]
    farms = [f"{name}{number}" for number in range(HOSTS)]
    options = {"extra": way.variables.get(row), "env": way.env.get(row)}
    run = _play(runner, [LOOK, {**LOOK, "name": "Again"}] if row == "rejected" else [LOOK], farms, **options)
    failures = [result["failure"] for result in run.results(f"{C}host_info")]
    assert Counter(failure["code"] for failure in failures[:HOSTS]) == expected.codes, run.output[-3000:]
    for failure in failures:
        if failure["code"] == "host_unreachable":
            assert expected.cause in failure["message"], failure
            assert expected.words[name] in failure["remedy"], failure
    assert {failure["code"] for failure in failures[HOSTS:]} <= {"not_tried"}
    journal = runner.lab.journal()
    assert {entry["op"] for entry in journal} <= {"winrm_refused"}
    assert len({entry["farm"] for entry in journal}) == expected.logons
    assert set(Counter(entry["farm"] for entry in journal).values()) <= _logons(name)
    count("scenario", f"{row} over {name}")


@pytest.mark.parametrize("name", CONNECTIONS)
def test_a_start_whose_answer_is_lost_is_not_started_again(runner: Runner, name: str) -> None:
    farm = f"{name}0"
    runner.lab.add_fault(farm, on="host_install", kind="reset_after")
    plan = {"name": "Plan", f"{C}host_upgrade": {**OPTIONS, "reboot": "auto"}, "register": "planned"}
    start = {**OPTIONS, "reboot": "auto", "upgrade": "{{ planned.upgrade }}"}
    wait = {**OPTIONS, **POLL, "upgrade": "{{ started.upgrade }}"}
    tasks = [
        plan,
        {"name": "Make the folder", f"{C}private_folder": {"path": "{{ planned.files.folder }}"}},
        {
            "name": "Copy the installer",
            "ansible.windows.win_copy": {"src": str(INSTALLER), "dest": "{{ planned.files.path }}"},
        },
        {"name": "Start", f"{C}host_upgrade": start, "register": "started"},
        {"name": "Wait", f"{C}host_upgrade_wait": wait},
    ]
    run = _play(runner, tasks, [farm])
    assert run.rc == 0, run.output[-3000:]
    journal = runner.lab.journal(farm)
    assert [entry["op"] for entry in journal if entry["op"] in ("host_install", "install")] == [
        "host_install",
        "install",
    ]
    assert runner.lab.host(farm)["agent_version"] == FULL_VERSION
    count("scenario", f"the answer to a start is lost over {name}")


@pytest.mark.parametrize("name", CONNECTIONS)
def test_a_host_that_stays_away_ends_the_wait_in_its_time(runner: Runner, name: str) -> None:
    farm = f"{name}1"
    runner.lab.add_fault(farm, on="restart", kind="restart_never_ends")
    wait = {**POLL, "restart": "{{ ordered.restart }}", "restart_timeout": 3}
    tasks = [
        {"name": "Order", f"{C}host_restart": {"reboot": "auto"}, "register": "ordered"},
        {"name": "Wait", f"{C}host_restart_wait": wait},
    ]
    run = _play(runner, tasks, [farm])
    (waited,) = run.results(f"{C}host_restart_wait")
    assert waited["failure"]["code"] == "host_not_back", waited
    assert len(runner.lab.journal(farm, op="host_restart")) == 1
    count("scenario", f"a host that stays away over {name}")


@pytest.mark.parametrize("name", CONNECTIONS)
def test_a_wait_ends_at_once_where_the_user_is_rejected(runner: Runner, ways: dict[str, Way], name: str) -> None:
    """In a wait of ten minutes, one logon: more would lock the user."""
    farm = f"{name}2"
    wait = {**POLL, "restart": "{{ ordered.restart }}", "restart_timeout": 600}
    tasks = [
        {"name": "Order", f"{C}host_restart": {"reboot": "auto"}, "register": "ordered"},
        {"name": "Until it is back", "ansible.builtin.pause": {"seconds": 2}},
        {"name": "Wait", f"{C}host_restart_wait": wait, "vars": ways[name].variables["rejected"]},
    ]
    run = _play(runner, tasks, [farm])
    (waited,) = run.results(f"{C}host_restart_wait")
    assert waited["failure"]["code"] == "host_unreachable", waited
    assert len(runner.lab.journal(farm, op="winrm_refused")) in _logons(name)
    count("scenario", f"a wait with a rejected user over {name}")
