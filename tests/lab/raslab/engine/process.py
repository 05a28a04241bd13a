# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process of PowerShell: started once, asked over a socket that only its owner can reach, killed when it hangs."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import os
import shutil
import signal
import tempfile
from pathlib import Path
from typing import Any

_HOST = Path(__file__).resolve().parent / "host"
# The longest line of an answer: win_powershell's result with a long list in it.
_LIMIT = 64 * 1024 * 1024
_STARTED_WITHIN = 120.0


class EngineError(RuntimeError):
    """PowerShell is not there, did not start, or did not answer in time."""


def powershell() -> Path:
    """The ``pwsh`` of the variable ``RAS_PWSH``, or the one on PATH. Raises EngineError."""
    found = os.environ.get("RAS_PWSH") or shutil.which("pwsh")
    if not found or not os.access(found, os.X_OK):
        raise EngineError("no PowerShell: expected RAS_PWSH to name a pwsh, or pwsh on PATH")
    return Path(found)


class Engine:
    """One PowerShell. Requests are served one after the other; one that takes too long ends the process.

    One engine serves one version of ansible-core: C# types of the same name would meet in it.
    """

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._one_by_one = asyncio.Lock()

    @functools.cached_property
    def folder(self) -> Path:
        """Made 0700: who reaches the socket in it runs code as its owner."""
        return Path(tempfile.mkdtemp(prefix="ras-engine-"))

    @property
    def temporary(self) -> Path:
        """The folder for temporary files of what runs."""
        return self.folder / "tmp"

    @property
    def _socket(self) -> Path:
        return self.folder / "engine.sock"

    async def _start(self) -> None:
        self.temporary.mkdir(exist_ok=True)
        self._socket.unlink(missing_ok=True)
        cache = Path(os.environ.get("RAS_ENGINE_CACHE") or self.temporary)
        cache.mkdir(parents=True, exist_ok=True)
        with (self.folder / "engine.log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(str(powershell()), "-NoLogo", "-NoProfile", "-NonInteractive", "-File", str(_HOST / "engine.ps1")),
                *("-Socket", str(self._socket), "-Cache", str(cache)),
                # It ends when this pipe does.
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self.temporary,
                env={**os.environ, "NO_COLOR": "1", "TEMP": str(self.temporary), "POWERSHELL_TELEMETRY_OPTOUT": "1"},
                start_new_session=True,
            )
        end = asyncio.get_running_loop().time() + _STARTED_WITHIN
        while True:
            with contextlib.suppress(OSError):
                _reader, writer = await asyncio.open_unix_connection(self._socket)
                writer.close()
                return
            if self._process.returncode is not None or asyncio.get_running_loop().time() > end:
                said = (self.folder / "engine.log").read_text(errors="replace")[-2000:]
                await self.stop()
                raise EngineError(f"PowerShell did not start: {said}")
            await asyncio.sleep(0.02)

    async def ask(self, request: dict[str, Any], within: float = 120.0) -> dict[str, Any]:
        """One request, one answer: ``stdout``, ``stderr`` and ``rc``. Raises EngineError."""
        async with self._one_by_one:
            if self._process is None or self._process.returncode is not None:
                await self._start()
            try:
                line = await asyncio.wait_for(self._exchange(request), within)
            except BaseException as error:
                # Nothing else can stop a script that runs.
                await self.stop()
                if isinstance(error, asyncio.TimeoutError):
                    raise EngineError(f"the script did not end within {within:.0f} s") from error
                raise
        if not line:
            await self.stop()
            raise EngineError("PowerShell ended while the script ran")
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def _exchange(self, request: dict[str, Any]) -> bytes:
        reader, writer = await asyncio.open_unix_connection(self._socket, limit=_LIMIT)
        try:
            writer.write(json.dumps(request).encode() + b"\n")
            await writer.drain()
            return await reader.readline()
        finally:
            writer.close()

    async def stop(self) -> None:
        """Ends the process; the next request starts another."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()

    async def close(self) -> None:
        """Ends it for good and removes what it left."""
        await self.stop()
        if "folder" in self.__dict__:
            shutil.rmtree(self.folder, ignore_errors=True)
