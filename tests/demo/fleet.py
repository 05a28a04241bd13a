# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the collection's playbooks on the fleet of the lab, as a user would, and reads what came of it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_CALLBACKS = Path(__file__).resolve().parent.parent / "harness" / "callback_plugins"
_COMMAND = ("ansible-playbook", "-i", "inventory.yml", "--vault-password-file", "vault_password")
_STOP_SECONDS = 10
# What stops the demo.
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Outcome:
    """One finished run of a playbook.

    Attributes:
        rc: The exit code.
        changed: The farms with a changed task, out of Ansible's recap.
        refused: Farm -> failure code.
        table: The table of all farms as the playbook shows it: cells, the head first.
        total: The line under that table.
        reasons: The lines under that: one for each farm that is not as wanted.
        recap: Ansible's recap, summed up over all hosts.
    """

    rc: int
    changed: frozenset[str]
    refused: dict[str, str]
    table: list[list[str]]
    total: str
    reasons: list[str]
    recap: str


@dataclass(frozen=True)
class Survey:
    """One finished drift check.

    Attributes:
        rc: The exit code.
        report: What it wrote as JSON.
        files: All its files.
    """

    rc: int
    report: dict[str, Any]
    files: list[Path]


class Fleet:
    """The control machine of a user who works in ``folder``, beside inventory, vault and vault password.

    Args:
        folder: The folder.
        logs: Where the whole output of each run is kept.
        farms: Inventory host -> farm.
    """

    def __init__(self, folder: Path, logs: Path, farms: dict[str, str]) -> None:
        self._folder = folder
        self._logs = logs
        self._farms = farms
        # Empty: what the user's own ansible.cfg says has no part in the demo.
        self._config = logs / "ansible.cfg"
        self._config.touch()

    @staticmethod
    def command(playbook: str, *args: str) -> list[str]:
        """Return the command line of a run."""
        return [*_COMMAND, f"fleetops.parallels_ras.{playbook}", *args]

    def log(self, name: str) -> Path:
        """Return the file with the output of the run ``name``."""
        return self._logs / f"{name}.log"

    def record(self, name: str) -> Path:
        """Return the file with the results of the tasks of the run ``name``."""
        return self._logs / f"{name}.jsonl"

    def run(self, name: str, command: list[str]) -> Outcome:
        """Run a playbook and wait for its end.

        Args:
            name: The name of the run's log.
            command: What :meth:`command` returned.

        Raises:
            RuntimeError: The playbook ended without the table of all farms.
        """
        record = self.record(name)
        rc = self._end(name, command, {"ANSIBLE_CALLBACKS_ENABLED": "record", "RECORD_FILE": str(record)})
        lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
        return self._read(rc, [json.loads(line) for line in lines], self.log(name))

    def survey(self, name: str, command: list[str]) -> Survey:
        """Run the playbook ``drift``, which writes its reports below the folder, and wait for its end.

        Raises:
            RuntimeError: It ended without a new report.
        """
        report = self._folder / "reports" / "drift.json"
        before = report.stat().st_mtime_ns if report.exists() else 0
        rc = self._end(name, command, {})
        if not report.exists() or report.stat().st_mtime_ns == before:
            raise RuntimeError(f"ansible-playbook ended with {rc} and without a report: see {self.log(name)}")
        return Survey(rc, json.loads(report.read_text(encoding="utf-8")), sorted(report.parent.iterdir()))

    def progress(self, name: str) -> list[str]:
        """What the callback ``progress`` said in the run ``name``, as far as the end of each phase."""
        lines = self.log(name).read_text(encoding="utf-8").splitlines()
        return list(
            {line.partition(" | ")[0]: line for line in lines if line.endswith((" elapsed", " to go"))}.values()
        )

    def _end(self, name: str, command: list[str], env: dict[str, str]) -> int:
        env = {**self._environment(), **env}
        with open(self.log(name), "wb") as log:
            return _run_to_end([str(_tool(command[0])), *command[1:]], self._folder, env, log)

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "ANSIBLE_CONFIG": str(self._config),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_FORKS": "20",
            "ANSIBLE_CALLBACK_PLUGINS": str(_CALLBACKS),
            "ANSIBLE_STDOUT_CALLBACK": "fleetops.parallels_ras.progress",
        }

    def _read(self, rc: int, records: list[dict[str, Any]], log: Path) -> Outcome:
        facts = [each["result"].get("ansible_facts", {}) for each in records if each["kind"] == "ok"]
        ended = next((each["__ras_outcomes"] for each in reversed(facts) if "__ras_outcomes" in each), None)
        shown = next(
            (each["result"]["msg"] for each in reversed(records) if each.get("task") == "Show all farms"), None
        )
        if ended is None or shown is None:
            raise RuntimeError(f"ansible-playbook ended with {rc} and without the table of all farms: see {log}")
        size = 1 + len(ended)
        hosts = next(each["hosts"] for each in records if each["kind"] == "stats")
        counts = {name: sum(host[name] for host in hosts.values()) for name in ("changed", "unreachable", "failures")}
        return Outcome(
            rc=rc,
            changed=frozenset(self._farms[host] for host, stats in hosts.items() if stats["changed"]),
            refused={row["farm"]: row["code"] for row in ended if row["code"]},
            table=[[cell.strip() for cell in line.split("  ") if cell.strip()] for line in shown[:size]],
            total=shown[size],
            reasons=shown[size + 1 :],
            recap=(
                f"PLAY RECAP, all hosts: changed={counts['changed']} unreachable={counts['unreachable']} "
                f"failed={counts['failures']}; exit code {rc}"
            ),
        )


def _tool(name: str) -> Path:
    """Return the command that belongs to this Python, so that no other Ansible of the machine gets in."""
    path = Path(sys.executable).parent / name
    if not path.exists():
        raise RuntimeError(f"{name} is not installed beside {sys.executable}: run 'make demo', which sets it up")
    return path


def _run_to_end(command: list[str], folder: Path, env: dict[str, str], log: Any) -> int:
    """Run a command and return its exit code; when this process has to stop, the command goes first."""
    # Stopped in the middle of the start, nobody would know the process: these signals wait until it is known.
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        # A session of its own: Ctrl-C reaches this process alone, and what it started is ended from here, whole.
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_let_stops_through,
        )
    except BaseException:
        _let_stops_through()
        raise
    try:
        _let_stops_through()
        return process.wait()
    except BaseException:
        # Ansible takes its workers along on SIGINT.
        process.send_signal(signal.SIGINT)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        _end_workers(folder)
        raise


def _let_stops_through() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)


def _end_workers(folder: Path) -> None:
    """End what Ansible left behind: its workers have sessions of their own and may outlive it by a moment."""
    ends_at = time.monotonic() + _STOP_SECONDS
    while (workers := _workers(folder)) and time.monotonic() < ends_at:
        for pid in workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)


def _workers(folder: Path) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it ended meanwhile, or belongs to somebody else
            if (process / "cwd").readlink() == folder and b"ansible-playbook" in (process / "cmdline").read_bytes():
                found.append(int(process.name))
    return found
