# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs scripts of one machine in a real PowerShell, by the real win_powershell."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from raslab.engine import rasadmin
from raslab.engine.disk import Disk
from raslab.engine.model import line_of, ScriptModel
from raslab.engine.process import Engine, EngineError
from raslab.engine.table import environment, machine_table
from raslab.powershell import cmdlets
from raslab.powershell.scripts import Run


@dataclass(frozen=True)
class Place:
    """Where win_powershell comes from: the package folder of ansible-core, and the collection ansible.windows."""

    core: Path
    windows: Path


class Scripts:
    """Scripts of any machine of a lab, one after the other."""

    def __init__(self, engine: Engine, culture: str = "") -> None:
        self._engine = engine
        self._culture = culture
        self._one_by_one = asyncio.Lock()
        self._count = 0

    async def run(
        self, place: Place, run: Run, arguments: Mapping[str, Any], change: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """What win_powershell returns for its arguments. Raises EngineError.

        :param change: parts of the machine's table to put in the place of the model's. ``cmdlets`` and ``module`` are
            no parts of it: what cmdlets of RAS answer (:class:`ScriptModel`), and how their module lies on the disk
            (:func:`rasadmin.write`; ``elsewhere``: in another folder).
        """
        asked = {
            **arguments,
            "_ansible_check_mode": run.check,
            "_ansible_remote_tmp": str(self._engine.temporary),
            "_ansible_module_name": "ansible.windows.win_powershell",
        }
        direct = {"core": str(place.core), "collection": str(place.windows), "arguments": asked}
        answer = await self.exchange(run, {"direct": direct}, change)
        try:
            result: dict[str, Any] = json.loads(answer["stdout"])
        except ValueError:
            raise EngineError(f"win_powershell gave no JSON: {answer['stdout']}{answer['stderr']}") from None
        return result

    async def exchange(
        self, run: Run, request: Mapping[str, Any], change: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Any request of the engine, on the machine of ``run``, whose model follows what the script did."""
        async with self._one_by_one:
            self._count += 1
            disk = Disk(self._engine.folder / "root", run.machine.windows.files)
            disk.lay()
            table = dict(change or {})
            model = ScriptModel(run, disk, table.pop("cmdlets", None))
            layout = table.pop("module", "root")
            socket = self._engine.folder / f"model-{self._count}.sock"
            with _with_module(disk, model, layout), contextlib.closing(model):
                async with _served(socket, model):
                    answer = await self._engine.ask(
                        {
                            "env": environment(run.machine),
                            "machine": {**machine_table(run.machine), **table},
                            "root": str(disk.root),
                            "model": str(socket),
                            "culture": self._culture,
                            **request,
                        }
                    )
            disk.collect()
            return answer


@contextlib.contextmanager
def _with_module(disk: Disk, model: ScriptModel, layout: str) -> Iterator[None]:
    """The module of RAS, where the product is: the model of files does not hold it."""
    ras = model.admin.machine.windows.ras
    if ras is None or model.admin.module is None:
        yield
        return
    before = set(disk.root.rglob("*"))
    folder = disk.path(ras.folder) / "Modules"
    if layout == "elsewhere":
        folder, layout = disk.path("C:\\Elsewhere"), "root"
    rasadmin.write(folder, model.admin.major, model.admin.host.agent_version, layout)
    own = set(disk.root.rglob("*")) - before
    yield
    for path in sorted(own, reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()


@contextlib.asynccontextmanager
async def _served(socket: Path, model: ScriptModel) -> AsyncIterator[None]:
    """The model's end of the script's questions."""

    asked: set[asyncio.Task[Any]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        asked.add(task)
        task.add_done_callback(asked.discard)
        try:
            line = await reader.readline()
            if line:
                writer.write(line_of(await model.answer(json.loads(line))))
                await writer.drain()
        finally:
            writer.close()

    server = await asyncio.start_unix_server(serve, socket)
    try:
        yield
    finally:
        server.close()
        # A script that was killed asks for no answer any more, such as for the end of an installer.
        for task in list(asked):
            task.cancel()
        await server.wait_closed()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(socket)


assert cmdlets.FIRST_RASADMIN == 18, "the head of the module is for RASAdmin"
