# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run real ``ansible-playbook`` against a lab and read what came of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import typing as t
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from raslab.testing import Lab

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
# A hang guard only: nothing in the tests takes near that long.
_HANG_SECONDS = 600


@dataclass
class Run:
    """One finished run of ansible-playbook."""

    rc: int
    stdout: str
    stderr: str
    records: list[dict[str, t.Any]] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)

    @property
    def output(self) -> str:
        """All text that a user sees."""
        return self.stdout + self.stderr

    @property
    def warnings(self) -> list[str]:
        """The warnings and deprecations that Ansible showed, each as one line."""
        flat = re.sub(r"\n(?!\[|\n|$)", " ", self.output)
        return re.findall(r"\[(?:WARNING|DEPRECATION WARNING)\]:[^\n]*", flat)

    @property
    def stats(self) -> dict[str, dict[str, int]]:
        """ok, changed, failures, ... of each host."""
        return next((each["hosts"] for each in self.records if each["kind"] == "stats"), {})

    @property
    def custom_stats(self) -> dict[str, t.Any]:
        """What the run handed to AWX with set_stats, for the run as a whole."""
        return next((each["custom"] for each in self.records if each["kind"] == "stats"), {})

    @property
    def changed_hosts(self) -> set[str]:
        """The hosts with a changed task."""
        return {host for host, stats in self.stats.items() if stats["changed"]}

    def results(self, action: str, host: str | None = None) -> list[dict[str, t.Any]]:
        """The results of a module, in order."""
        return [
            each["result"] for each in self.records if each.get("action") == action and host in (None, each.get("host"))
        ]

    def license(self, host: str) -> dict[str, t.Any]:
        """The last result of the license module on a host."""
        return self.results("fleetops.parallels_ras.license", host)[-1]


class Runner:
    """Runs playbooks against one lab from a folder of its own, with an environment that holds nothing of the user's.

    :param folder: where home, logs, caches and temporary files go.
    :param commands: where the commands of Ansible are; beside this Python by default.
    """

    def __init__(self, lab: Lab, folder: Path, forks: int = 20, commands: Path = BIN) -> None:
        self.lab = lab
        self.folder = folder
        self.forks = forks
        self.commands = commands
        self._number = 0
        # The path of a socket has at most 108 bytes, and a checkout may lie deep.
        self._sockets = tempfile.TemporaryDirectory(prefix="ras-")

    def playbook(
        self,
        name: str | Path,
        *args: str,
        check: bool = False,
        extra: t.Mapping[str, t.Any] | None = None,
        env: t.Mapping[str, str] | None = None,
        inventory: Path | None = None,
        patience: float = _HANG_SECONDS,
    ) -> Run:
        """Run a playbook of the collection (by its name) or a file.

        :param extra: extra variables, passed through a file so that nothing is in argv.
        :param patience: seconds after which it counts as hung.
        """
        command, work, record = self._prepare(name, args, check, extra, inventory)
        done = subprocess.run(
            command,
            cwd=work,
            env={**self._env(work, record), **(env or {})},
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=patience,
            check=False,
        )
        records = (
            [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()] if record.exists() else []
        )
        files = [path for path in work.rglob("*") if path.is_file() and path.name != "extra.json"]
        return Run(done.returncode, done.stdout, done.stderr, records, files)

    def inventory(self, path: Path, *args: str, env: t.Mapping[str, str] | None = None) -> Run:
        """Load an inventory with ``ansible-inventory --list``; the hosts are JSON on stdout."""
        _command, work, record = self._prepare("none", ())
        command = [self.commands / "ansible-inventory", "-i", path, "--list", *args]
        done = subprocess.run(
            [*map(str, command), "--vault-password-file", str(self.lab.vault_password_file)],
            cwd=work,
            env={**self._env(work, record), **(env or {})},
            capture_output=True,
            text=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            timeout=_HANG_SECONDS,
            check=False,
        )
        files = [each for each in work.rglob("*") if each.is_file()]
        return Run(done.returncode, done.stdout, done.stderr, files=files)

    def begin(
        self, name: str | Path, *args: str, env: t.Mapping[str, str] | None = None, terminal: int | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a playbook in a session of its own and do not wait for it: for runs that are killed or looked at.

        :param terminal: where it says what it says; without one that is ``output.txt`` of its folder.
        """
        command, work, record = self._prepare(name, args)
        with (work / "output.txt").open("wb") as output:
            return subprocess.Popen(
                command,
                cwd=work,
                env={**self._env(work, record), **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=output if terminal is None else terminal,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _prepare(
        self,
        name: str | Path,
        args: t.Sequence[str],
        check: bool = False,
        extra: t.Mapping[str, t.Any] | None = None,
        inventory: Path | None = None,
    ) -> tuple[list[str], Path, Path]:
        """The command, the folder to run it in, and where the record callback writes."""
        self._number += 1
        work = self.folder / f"run{self._number}"
        work.mkdir(parents=True)
        command = [
            str(self.commands / "ansible-playbook"),
            "-i",
            str(inventory or self.lab.inventory),
            "--vault-password-file",
            str(self.lab.vault_password_file),
        ]
        command += ["--forks", str(self.forks), *(["--check"] if check else []), *args]
        if extra:
            (work / "extra.json").write_text(json.dumps(dict(extra)), encoding="utf-8")
            command += ["-e", f"@{work / 'extra.json'}"]
        command.append(str(name))
        return command, work, work / "record.jsonl"

    def play(
        self,
        tasks: t.Sequence[t.Mapping[str, t.Any]],
        *args: str,
        hosts: str = "ras_licensing_servers",
        play: t.Mapping[str, t.Any] | None = None,
        **options: t.Any,
    ) -> Run:
        """Run a play that is written on the spot.

        :param play: further keys of the play.
        """
        path = self.folder / f"play{self._number + 1}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        content = [{"name": "Test", "hosts": hosts, "gather_facts": False, **(play or {}), "tasks": list(tasks)}]
        path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
        return self.playbook(path, *args, **options)

    def _env(self, work: Path, record: Path) -> dict[str, str]:
        kept = {
            name: os.environ[name]
            for name in ("PATH", "LANG", "ANSIBLE_COLLECTIONS_PATH", "PYTHONPATH")
            if name in os.environ
        }
        (work / "home").mkdir()
        (work / "ansible.cfg").touch()
        return {
            "LANG": "C.UTF-8",
            **kept,
            "HOME": str(work / "home"),
            "ANSIBLE_CONFIG": str(work / "ansible.cfg"),
            "ANSIBLE_LOCAL_TEMP": str(work / "tmp"),
            "ANSIBLE_LOG_PATH": str(work / "ansible.log"),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_SSH_CONTROL_PATH_DIR": self._sockets.name,
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "record",
            "RECORD_FILE": str(record),
        }
