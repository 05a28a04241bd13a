# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab's own tests of WinRM share: a world of Windows hosts, real clients for it, and real ansible-playbook."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import winrm
import yaml

from labclient import world
from raslab.testing import Lab

USER, WINDOWS_PASSWORD = "Ansible", "windows-password"
OLD_BUILD, NEW_BUILD = "20.2.0.26050", "21.2.28000"
INSTALLER_URL = "https://download.example.com/RASInstaller-21.2.28000.msi"
_HANG_SECONDS = 300
_MARK = re.compile(r"# include: common\n")
_SCRIPTS = Path(__file__).resolve().parents[2] / "plugins" / "plugin_utils" / "_backends" / "ps"


def windows_world(farms: list[dict[str, Any]], downloads: dict[str, str] | None = None) -> dict[str, Any]:
    """A world in which every host has a Windows side."""
    described = world(farms)
    described["defaults"]["windows"] = {"users": [{"name": USER, "password": WINDOWS_PASSWORD}]}
    described["downloads"] = downloads or {}
    return described


def farm(name: str, **keys: Any) -> dict[str, Any]:
    """A farm of generation 20 with one broker, unless ``keys`` say otherwise."""
    return {"name": name, "generation": 20, "version": OLD_BUILD, **keys}


def script(name: str) -> str:
    """One of the collection's scripts with its include taken in."""
    common = (_SCRIPTS / "common.ps1").read_text(encoding="utf-8")
    return _MARK.sub(lambda _match: common, (_SCRIPTS / f"{name}.ps1").read_text(encoding="utf-8"))


@dataclass
class Box:
    """One farm of the lab, by default seen through its first host."""

    lab: Lab
    name: str
    host: str

    @property
    def address(self) -> str:
        return str(self.lab.farms[self.name]["hosts"][self.host])

    @property
    def truth(self) -> dict[str, Any]:
        return self.lab.host(self.name, self.host)

    @property
    def windows(self) -> dict[str, Any]:
        return dict(self.truth["windows"])

    @property
    def problems(self) -> list[str]:
        return [problem["text"] for problem in self.lab.problems() if problem["farm"] == self.name]

    def journal(self, op: str | None = None) -> list[dict[str, Any]]:
        return self.lab.journal(self.name, op)

    def session(self, transport: str = "basic", password: str = WINDOWS_PASSWORD, **options: Any) -> winrm.Session:
        """A real pywinrm session over plain HTTP."""
        target = f"http://{self.address}:5985/wsman"
        return winrm.Session(target, auth=(USER, password), transport=transport, **options)


@dataclass
class Playbook:
    """One finished run of ansible-playbook: the results of its tasks by their names."""

    rc: int
    output: str
    results: dict[str, dict[str, Any]] = field(default_factory=dict)


def play(lab: Lab, hosts: str, tasks: list[dict[str, Any]], folder: Path, *arguments: str) -> Playbook:
    """Runs real ansible-playbook with the tasks, each of which has a name."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "play.yml"
    content = [{"name": "Test", "hosts": hosts, "gather_facts": False, "tasks": tasks}]
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
    kept = {name: os.environ[name] for name in ("PATH", "ANSIBLE_COLLECTIONS_PATH", "PYTHONPATH") if name in os.environ}
    (folder / "ansible.cfg").touch()
    record = folder / "record.jsonl"
    callbacks = Path(__file__).resolve().parents[1] / "harness" / "callback_plugins"
    done = subprocess.run(
        [
            str(Path(sys.executable).parent / "ansible-playbook"),
            *("-i", str(lab.inventory), "--vault-password-file", str(lab.vault_password_file)),
            *arguments,
            str(path),
        ],
        env={
            **kept,
            "LANG": "C.UTF-8",
            "HOME": str(folder),
            "ANSIBLE_CONFIG": str(folder / "ansible.cfg"),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_CALLBACK_PLUGINS": str(callbacks),
            "ANSIBLE_CALLBACKS_ENABLED": "record",
            "RECORD_FILE": str(record),
        },
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=_HANG_SECONDS,
        check=False,
    )
    run = Playbook(done.returncode, done.stdout + done.stderr)
    for line in record.read_text(encoding="utf-8").splitlines() if record.exists() else []:
        entry = json.loads(line)
        if entry.get("task"):
            run.results[entry["task"]] = {**entry["result"], "failed": entry["kind"] in ("failed", "ignored")}
    return run
