# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RAS hosts whose names, services, signatures, logs, notes and broken connections are templates, in a rollout."""

from __future__ import annotations

import json
import typing as t

import pytest

from counts import count
from harness.payloads import arrived, payload
from harness.rollouts import INSTALLER, ROLLOUT, rollout_world
from harness.worlds import host_of
from payloads.conftest import Attempt, Try
from raslab.journal import MODULE_OPS, SCRIPT_OPS

NOTE: t.Final = r"C:\ProgramData\FleetOps\parallels_ras\drained.json"
# What RAS and Windows say here decides how a run goes on: what is added to it ends the run, as in the farm "host".
_ACCESS: t.Final = ["path", "kind", "sddl", "administrator"]
_DECIDES: t.Final = [
    *_ACCESS,
    "subject",
    "version",
    "sha256",
    "thumbprint",
    "status",
    "start_type",
    "code",
    "Server",
    "ServerType",
    "AgentState",
    "AgentVer",
]


def _adds(source: str, *on: str, **more: t.Any) -> dict[str, t.Any]:
    return {"kind": "add_text", "on": list(on), "text": payload(source), "times": -1, **more}


def _babbles(source: str, on: str, **more: t.Any) -> dict[str, t.Any]:
    return {"kind": "babble", "on": on, "text": payload(source), **more}


def _server(farm: str) -> dict[str, t.Any]:
    return {"name": host_of(farm)}


# A name that no server can have would end the run.
_DRAINED: t.Final = {"server": "gw1.fine.example.com", "kind": "gateway", "site_id": 1, "since": payload("note")}
FARMS: t.Final[dict[str, dict[str, t.Any]]] = {
    "log": {
        "faults": [
            {"kind": "msiexec", "on": "install", "code": 1603, "log": payload("log")},
            _adds("tail", "read_tail"),
        ]
    },
    # Lost in the middle of a task, whose traceback quotes what answered.
    "lost": {"faults": [_babbles("download", "win_get_url")]},
    "signed": {"faults": [_adds("signature", "signature", but=[*_ACCESS, "sha256", "status"])]},
    # Whatever can be added without ending the run.
    "fine": {
        "hosts": [_server("fine"), {"name": "gw1.fine.example.com", "components": ["gateway"]}],
        "windows": {
            "files": {NOTE: json.dumps({"version": 1, "drained": [_DRAINED]})},
            "access": {r"C:\ProgramData\FleetOps": "private", NOTE.rpartition("\\")[0]: "private", NOTE: "private"},
        },
        "faults": [_adds(op, op, but=_DECIDES) for op in SCRIPT_OPS if op != "state_note"],
    },
}
MORE: t.Final[dict[str, dict[str, t.Any]]] = {
    "host": {"faults": [_adds("host", "host_observe")]},
    "signature": {"faults": [_adds("signature", "signature")]},
    "agents": {"faults": [_adds("agents", "ras_agents")]},
    "export": {"faults": [_adds("export", "ras_export")]},
    "modules": {"faults": [_adds("modules", *MODULE_OPS, but=["ansible_job_id", "result", "msg"])]},
    "copy": {"vars": {"ras_installer_src": str(INSTALLER)}, "faults": [_babbles("copy", "win_copy")]},
    **{
        f"lost-{op}".replace("_", "-"): {"faults": [_babbles(op, op)]}
        for op in ("host_install", "win_file", "async_status")
    },
    "restart": {
        "faults": [
            {"kind": "msiexec", "on": "install", "code": 3010, "brought": True},
            _babbles("restart", "host_restart", times=-1),
        ]
    },
    # Whichever task opens its shell at that moment loses its host.
    **{f"open-{number}": {"faults": [_babbles("open", "winrm_open", after=number)]} for number in range(4, 20, 3)},
}


def _tried(attack: Try, farms: dict[str, dict[str, t.Any]]) -> Attempt:
    return attack(rollout_world(farms, ras_waves=["100%"], ras_max_failed_farms=100))


def test_hosts_are_upgraded(attack: Try) -> None:
    tried = _tried(attack, FARMS)
    run = tried.playbook(ROLLOUT)
    assert run.rc == 2
    # Not the note: what it says beside names of servers, which no payload can be, is shown nowhere.
    assert arrived(run) >= {"host_observe", "log", "ras_agents", "signature", "tail", "download"}
    count("scenario", "payloads: rollout")


@pytest.mark.full
def test_hosts_with_every_kind_of_answer(attack: Try) -> None:
    tried = _tried(attack, {**FARMS, **MORE})
    for check in (True, False):
        run = tried.playbook(ROLLOUT, check=check)
        assert run.rc == 2
    count("scenario", "payloads: rollout, every kind of answer")


def test_a_host_that_is_lost_says_what_it_likes(attack: Try) -> None:
    """Its message is not marked by ansible-core before 2.19: naming the variable would be enough."""
    tried = _tried(attack, {"lost": {"faults": [_babbles("lost", "winrm_open", times=-1)]}})
    looked = "{{ ('answer' | fleetops.parallels_ras.untemplated).msg | default('-') }}"
    run = tried.play(
        [
            {"name": "Ask", "ansible.windows.win_ping": {}, "register": "answer", "ignore_unreachable": True},
            {"name": "Look", "ansible.builtin.debug": {"msg": looked}},
            {"name": "Keep", "ansible.builtin.set_fact": {"kept": looked}},
            {"name": "Show", "ansible.builtin.debug": {"msg": "It said {{ kept }}"}},
            {"name": "Read", "fleetops.parallels_ras.host_info": {}, "register": "seen", "failed_when": False},
            {"name": "Show it", "ansible.builtin.debug": {"msg": "{{ seen.failure.message }}"}},
        ]
    )
    shown = [each["msg"] for each in run.results("ansible.builtin.debug")]
    assert len(shown) == 3
    assert all(payload("lost") in text for text in shown)
    count("scenario", "payloads: a lost host")
