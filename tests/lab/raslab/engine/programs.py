# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs that one script in PowerShell starts: msiexec.exe, which it waits for, and shutdown.exe."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

from raslab.powershell.scripts import Run
from raslab.ras.host_doubles import note_installation, note_restart
from raslab.windows import msiexec, shutdown
from raslab.windows.command_line import NotUnderstood
from raslab.windows.files import expand
from raslab.windows.programs import MSIEXEC, NotStarted, start_installer


class Programs:
    """What a script may start, and what it holds meanwhile: ``held`` are the files that it has open without sharing."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._machine = run.machine
        self._started: asyncio.Task[msiexec.Result] | None = None

    def close(self) -> None:
        """The script has ended, whatever became of it, and holds nothing any more. The installer goes on."""
        if self._started is not None:
            self._started.cancel()

    async def answer(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """What becomes of one question of a script."""
        try:
            if question["ask"] == "start":
                return self._start(question["file"], question["arguments"], question["held"])
            if question["ask"] == "wait":
                return await self._wait()
            if question["ask"] == "ended":
                return self._ended(question["held"])
            if question["ask"] == "shutdown":
                return self._shutdown(question["arguments"])
        except NotUnderstood as error:
            self._machine.problem(str(error), self._run.entry)
            return {"error": f"raslab: {error}"}
        raise AssertionError(f"raslab: {question['ask']} is asked, and nobody answers that")

    def _start(self, file: str, arguments: str, held: list[str]) -> dict[str, Any]:
        if expand(file).lower() != MSIEXEC.lower():
            raise NotUnderstood(f"the program {file} is not modeled")
        path = str(self._run.get("Path"))
        try:
            starting = start_installer(self._machine, path, arguments)
        except NotStarted as error:
            return {"error": str(error)}
        note_installation(self._run, held=self._holds(held))
        self._started = asyncio.ensure_future(self._install(starting, path, self._holds(held)))
        return {}

    async def _install(self, starting: Any, path: str, is_held: bool) -> msiexec.Result:
        with self._machine.windows.files.hold(path) if is_held else contextlib.nullcontext():
            result: msiexec.Result = await starting
        return result

    async def _wait(self) -> dict[str, Any]:
        assert self._started is not None
        return {"code": (await asyncio.shield(self._started)).code}

    def _ended(self, held: list[str]) -> dict[str, Any]:
        """Right after: a file that the script let go of earlier was not held."""
        args = self._run.entry.args or {}
        args["held"] = args["held"] and self._holds(held)
        return {}

    def _holds(self, held: list[str]) -> bool:
        return expand(str(self._run.get("Path"))).lower() in [expand(each).lower() for each in held]

    def _shutdown(self, arguments: list[str]) -> dict[str, Any]:
        """In its own time: PowerShell needs some to say that it is ordered."""
        if arguments == ["/a"]:
            code, said = shutdown.abort(self._machine)
        elif len(arguments) == 5 and arguments[:2] == ["/r", "/t"] and arguments[3] == "/c":
            note_restart(self._run)
            code, said = shutdown.order(self._machine, float(arguments[2]))
        else:
            raise NotUnderstood(f"shutdown.exe {' '.join(arguments)} is not modeled")
        return {"code": code, "said": said}
