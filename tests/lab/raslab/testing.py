# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``Lab``: a lab in a process of its own, for tests and demos. Standard library only."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import urllib.parse
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

_START_SECONDS = 60
_STOP_SECONDS = 20


class LabError(RuntimeError):
    """The lab did not start, or refused a control request."""


class Lab:
    """Starts ``python -m raslab up`` on ``world`` with its files in ``dir``; use it as a context manager.

    ``world`` is a mapping or the path of a world file. ``python`` is the interpreter that runs the lab (it needs
    aiohttp, cryptography, PyYAML and ansible-core); default: this one. Raises LabError if the lab does not start.
    """

    def __init__(self, world: Mapping[str, Any] | str | Path, dir: str | Path, python: str | None = None) -> None:
        self._world = world
        self.dir = Path(dir).resolve()
        self._python = python or sys.executable
        self._process: subprocess.Popen[bytes] | None = None
        self.inventory = self.dir / "inventory.yml"
        self.vault_password_file = self.dir / "vault_password"
        self.ca_path = self.dir / "ca.pem"
        self.log_path = self.dir / "lab.log"
        self.control_url = ""
        self.pid = 0
        self.farms: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Lab:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> Lab:
        """Returns when every host answers."""
        self.dir.mkdir(parents=True, exist_ok=True)
        read_end, write_end = os.pipe()
        is_path = isinstance(self._world, (str, Path))
        command = [self._python, "-m", "raslab", "up", str(self._world) if is_path else "-", "--dir", str(self.dir)]
        command += ["--ready-fd", str(write_end), "--parent-pid", str(os.getpid())]
        # a world holds passwords: it goes through a pipe, never into a file of ours
        world = b"" if is_path else json.dumps(self._world, default=str).encode()
        with open(self.log_path, "wb") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[write_end],
                env={**os.environ, "PYTHONPATH": self._python_path(), "PYTHONUNBUFFERED": "1"},
            )
        os.close(write_end)
        with os.fdopen(read_end, "rb") as ready:
            assert self._process.stdin is not None
            try:
                self._process.stdin.write(world)
                self._process.stdin.close()
            except BrokenPipeError:
                pass  # it died early; its log says why
            said = ready.read()  # ends when the lab closes its end, be it by dying
        if not said:
            status = self._process.wait(_START_SECONDS)
            self._process = None
            raise LabError(f"the lab did not start ({status}): {self.log_path.read_text(errors='replace')[-2000:]}")
        summary = json.loads(said)
        self.pid = summary["pid"]
        self.control_url = summary["control_url"]
        self.farms = summary["farms"]
        return self

    def stop(self) -> int | None:
        """Stops the lab and returns its exit status; None if it was not running."""
        if self._process is None:
            return None
        process, self._process = self._process, None
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise LabError("the lab did not stop on SIGTERM") from None

    def state(self) -> dict[str, Any]:
        """Accounts and farms as they truly are."""
        return dict(self._ask("GET", "/state"))

    def journal(self, farm: str | None = None, op: str | None = None) -> list[dict[str, Any]]:
        """The requests in the order of their arrival."""
        query = {name: value for name, value in (("farm", farm), ("op", op)) if value is not None}
        return list(self._ask("GET", f"/journal?{urllib.parse.urlencode(query)}"))

    def attempts(self) -> list[dict[str, Any]]:
        """What reached My Account."""
        return list(self._ask("GET", "/attempts"))

    def clear_journal(self) -> None:
        """Forgets requests and attempts; problems stay."""
        self._ask("POST", "/journal/clear")

    def farm(self, name: str) -> dict[str, Any]:
        """The true state of a farm."""
        return dict(self._ask("GET", f"/farms/{urllib.parse.quote(name)}"))

    def patch_farm(self, name: str, **changes: Any) -> dict[str, Any]:
        """Changes a farm behind everybody's back; returns its new state."""
        return dict(self._ask("PATCH", f"/farms/{urllib.parse.quote(name)}", changes))

    def host(self, farm: str, name: str | None = None) -> dict[str, Any]:
        """The true state of one host of a farm, by default of its licensing server."""
        truth = self.farm(farm)
        return next(dict(host) for host in truth["hosts"] if host["name"] == (name or truth["licensing_server"]))

    def patch_windows(self, farm: str, host: str, **changes: Any) -> dict[str, Any]:
        """Changes the Windows side of a host behind everybody's back; returns its new state."""
        return dict(self._ask("PATCH", f"/farms/{urllib.parse.quote(farm)}/hosts/{host}/windows", changes))

    def patch_account(self, email: str, **changes: Any) -> dict[str, Any]:
        """Changes a person's entry in a business account."""
        return dict(self._ask("PATCH", f"/accounts/{urllib.parse.quote(email)}", changes))

    def wait_for(self, farm: str, op: str, status: str | int | None = None, seconds: float = 30.0) -> dict[str, Any]:
        """The first journal entry of ``op`` that has ended (with ``status``). Raises LabError if none comes in time."""
        query = {"farm": farm, "op": op, "seconds": str(seconds), **({} if status is None else {"status": str(status)})}
        return dict(self._ask("GET", f"/journal/wait?{urllib.parse.urlencode(query)}", patience=seconds + 30))

    def add_fault(self, farm: str, **fault: Any) -> int:
        """Puts a fault on a farm; returns its number."""
        return int(self._ask("POST", f"/farms/{urllib.parse.quote(farm)}/faults", fault)["id"])

    def clear_faults(self, farm: str | None = None) -> None:
        """Takes the faults off one farm, or off all."""
        self._ask("DELETE", f"/farms/{urllib.parse.quote(farm)}/faults" if farm else "/faults")

    def open_sessions(self) -> list[dict[str, Any]]:
        """The sessions that nobody logged off."""
        return list(self._ask("GET", "/sessions"))

    def problems(self) -> list[dict[str, Any]]:
        """What was asked and is not modeled; a test asserts that there is nothing."""
        return list(self._ask("GET", "/problems"))

    def _ask(self, method: str, path: str, body: Any = None, patience: float = 30) -> Any:
        # not urllib.request: it loads all CA certificates for each request, and would ask a proxy of the environment
        address = urllib.parse.urlsplit(self.control_url)
        connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=patience)
        try:
            data = None if body is None else json.dumps(body, default=str).encode()
            connection.request(method, path, data, {"Content-Type": "application/json"} if data else {})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise LabError(f"{method} {path}: {content.decode(errors='replace')}")
        return json.loads(content)

    @staticmethod
    def _python_path() -> str:
        here = str(Path(__file__).resolve().parent.parent)
        return os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])
