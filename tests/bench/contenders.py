# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contenders: how each is run against a lab, and the proof that it did what it was run for."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bench.figures import ENGINE, FLEET_INFO, FLOOR, LICENSE, MODULE, NOTHING, REQUESTS, Sample, URI
from bench.processes import BenchError, Cost, cpu_of, run
from bench.surroundings import clock, environment, HERE, prepare
from raslab.testing import Lab

WORKERS = 64
FORKS = 10
NOTHING_ONCE = "nothing_once"

_EMAIL, _KEY = "licensing@example.com", "AB12CD-ME34EF-GH56IJ-B978KL-MN90CV-55K2XX"
_ADMIN, _ADMIN_PASSWORD = "svc-ansible@example.com", "the administrator's secret"
_HEADERS = {"Content-Type": "application/json; api-version=1.0", "Accept": "application/json"}
_URL = "https://{{ ansible_host }}:20443"
# As tasks of a playbook name them; the secrets are in the vault.
_LOGON = {"username": "{{ ras_api_username }}", "password": "{{ ras_api_password }}"}
_LOCAL = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}


def world(farms: int) -> dict[str, Any]:
    """A world of so many farms that need nothing, in one organization."""
    return {
        "vault": {
            "ras_account_email": _EMAIL,
            "ras_account_password": "correct horse battery staple",
            "ras_api_username": _ADMIN,
            "ras_api_password": _ADMIN_PASSWORD,
            "ras_license_key": _KEY,
        },
        "my_account": {
            "accounts": [
                {
                    "company": "Example Holdings",
                    "people": [{"email": _EMAIL, "password": "correct horse battery staple", "name": "Licensing"}],
                    "keys": [{"key": _KEY, "type": "spla", "users": 0, "expires": "+900d"}],
                }
            ]
        },
        "defaults": {
            "generation": 21,
            # Runs follow each other more quickly than a farm would be looked at.
            "quirks": {"rate_limit": False},
        },
        "farms": [
            {"name": f"f{number:04}", "license": {"state": "active", "account": _EMAIL, "key": _KEY}}
            for number in range(farms)
        ],
    }


def _scan_once() -> dict[str, Any]:
    task = {"fleetops.parallels_ras.fleet_info": {"hosts": "{{ ansible_play_hosts_all }}", "workers": WORKERS}}
    return {"tasks": [{"name": "Scan", **task, "run_once": True}]}


def _license() -> dict[str, Any]:
    options = {"api_url": _URL, "api_username": _LOGON["username"], "api_password": _LOGON["password"]}
    options |= {
        name: f"{{{{ ras_{name} }}}}" for name in ("account_email", "account_password", "license_key", "ca_path")
    }
    return {"tasks": [{"name": "License", "fleetops.parallels_ras.license": {"state": "present", **options}}]}


def _nothing(once: bool) -> dict[str, Any]:
    return {"tasks": [{"name": "Nothing", "ansible.builtin.debug": {"msg": "nothing"}, "run_once": once}]}


def _module() -> dict[str, Any]:
    options = {"url": _URL, **_LOGON, "ca_path": "{{ ras_ca_path }}"}
    return {"vars": _LOCAL, "tasks": [{"name": "Read", "bench_read": options}]}


def _uri() -> dict[str, Any]:
    common = {"ca_path": "{{ ras_ca_path }}", "headers": _HEADERS}
    session = {**_HEADERS, "auth_token": "{{ session.json.authToken }}"}
    logon: dict[str, Any] = {
        "url": f"{_URL}/api/Session/logon",
        "method": "POST",
        "body_format": "json",
        "body": _LOGON,
    }
    read: dict[str, Any] = {"url": f"{_URL}/api/License", "return_content": True, "headers": session}
    logoff: dict[str, Any] = {"url": f"{_URL}/api/Session/logoff", "method": "POST", "headers": session}
    logoff["status_code"] = [200, 204]
    tasks = [
        {"name": name, "ansible.builtin.uri": {**common, **options}, "register": register}
        for name, register, options in (
            ("Log on", "session", logon),
            ("Read the license", "license", read),
            ("Log off", "end", logoff),
        )
    ]
    return {"vars": _LOCAL, "tasks": tasks}


_PLAYS: dict[str, Callable[[], dict[str, Any]]] = {
    FLEET_INFO: _scan_once,
    LICENSE: _license,
    NOTHING: lambda: _nothing(once=False),
    NOTHING_ONCE: lambda: _nothing(once=True),
    MODULE: _module,
    URI: _uri,
}
_SCRIPTS = {FLOOR: "floor", ENGINE: "engine"}
_SILENT = {NOTHING, NOTHING_ONCE}


class Arena:
    """A lab of so many farms, and runs of contenders against it.

    :param folder: where playbooks, home and temporary files go.
    """

    def __init__(self, lab: Lab, folder: Path) -> None:
        self._lab = lab
        self._folder = folder
        self._farms = list(lab.farms)
        prepare(folder)
        for name, make in _PLAYS.items():
            play = {"name": name, "hosts": "ras_licensing_servers", "gather_facts": False, **make()}
            (folder / f"{name}.yml").write_text(json.dumps([play], indent=1), encoding="utf-8")

    def run(self, contender: str, farms: int, number: int = 0) -> Sample:
        """Run a contender over the first so many farms, without the start of its interpreter and of Ansible.

        Raises:
            BenchError: It failed, or the lab was not asked what it had to be asked.
        """
        lab_cpu = cpu_of(self._lab.pid)
        if contender in _SCRIPTS:
            cost = self._start(contender, farms)
            measured = json.loads(cost.output)
            seconds, cpu = measured["seconds"], measured["cpu"]
        else:
            cost = self._start(contender, farms)
            noted = clock(self._folder)
            seconds, cpu = noted.seconds, cost.cpu - noted.cpu_before
        lab_cpu = cpu_of(self._lab.pid) - lab_cpu
        self._prove(contender, farms)
        return Sample(contender, farms, number, seconds, cpu, lab_cpu)

    def watch(self, contender: str, farms: int) -> Cost:
        """Run a contender with an eye on its memory, and none on the time."""
        cost = self._start(contender, farms, watch=True)
        self._prove(contender, farms)
        return cost

    def _start(self, contender: str, farms: int, watch: bool = False) -> Cost:
        if contender in _SCRIPTS:
            order = {
                "urls": [self._lab.farms[name]["url"] for name in self._farms[:farms]],
                "username": _ADMIN,
                "password": _ADMIN_PASSWORD,
                "ca_path": str(self._lab.ca_path),
                "workers": WORKERS,
            }
            argv: list[str | Path] = [sys.executable, "-m", f"bench.{_SCRIPTS[contender]}"]
            return run(argv, env=self._env(), folder=self._folder, said=json.dumps(order).encode(), watch=watch)
        argv = [Path(sys.executable).parent / "ansible-playbook", "-i", self._lab.inventory]
        argv += ["--vault-password-file", self._lab.vault_password_file, "--forks", str(FORKS)]
        if farms < len(self._farms):
            argv += ["--limit", f"ras_licensing_servers[0:{farms - 1}]"]
        return run([*argv, f"{contender}.yml"], env=self._env(), folder=self._folder, watch=watch)

    def _env(self) -> Mapping[str, str]:
        """As of every run; and what competes with us: an ordinary module, with pipelining, which is in its favor."""
        env = environment(self._folder, os.environ.get("ANSIBLE_COLLECTIONS_PATH", ""))
        paths = [os.environ.get("PYTHONPATH", ""), str(HERE.parent)]
        return {
            **env,
            "PYTHONPATH": os.pathsep.join(path for path in paths if path),
            "ANSIBLE_PIPELINING": "1",
            "ANSIBLE_LIBRARY": str(HERE / "library"),
        }

    def _prove(self, contender: str, farms: int) -> None:
        """A run that asked less than the others, or more, would be a wrong measurement."""
        asked: dict[str, list[str]] = {}
        for entry in self._lab.journal():
            answered = entry["op"] if entry["status"] in (200, 204) else f"{entry['op']} {entry['status']}"
            asked.setdefault(entry["farm"], []).append(answered)
        self._lab.clear_journal()
        expected = {} if contender in _SILENT else {name: list(REQUESTS) for name in self._farms[:farms]}
        if asked != expected:
            shown = Counter(" ".join(asked.get(name, ["nothing"])) for name in self._farms[:farms]).most_common(3)
            raise BenchError(f"{contender} with {farms} farms: expected {' '.join(REQUESTS)} of each, observed {shown}")
        if self._lab.problems() or self._lab.open_sessions():
            raise BenchError(f"{contender} left sessions open, or asked what the lab does not model")
