# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""PowerShell remoting over WS-Management ([MS-PSRP]): runspace pools, in which psrpcore is the server's protocol.

What a pipeline runs is handed on as the same line and standard input that WinRM's command shell gets, so that one
model understands both.
"""

from __future__ import annotations

import asyncio
import base64
import uuid
import xml.etree.ElementTree as ET
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from raslab.wsman import scripts_of_psrp as scripts
from raslab.wsman.shells import Outcome, Running

POWERSHELL = "http://schemas.microsoft.com/powershell"
# Of one fragment; a ReceiveResponse holds as many as fit into an envelope.
_FRAGMENT, _ENVELOPE = 32_768, 90_000


@dataclass
class Pipeline:
    """One pipeline: what it runs, and what has come as its input."""

    id: str
    script: str
    arguments: list[str]
    lines: list[str] = field(default_factory=list)
    is_complete: bool = False
    running: Running | None = None
    task: asyncio.Task[None] | None = None


class Runspaces:
    """A runspace pool; like a shell it holds on the host that opened it, until that host restarts."""

    def __init__(self, creation_xml: str) -> None:
        """Takes the first fragments of the client."""
        # imported late: only worlds that use PowerShell remoting need psrpcore
        import psrpcore

        self.id = str(uuid.uuid4()).upper()
        self._psrp = psrpcore
        self._pool = psrpcore.ServerRunspacePool()
        self._said: dict[str, deque[bytes]] = defaultdict(deque)
        self._news = asyncio.Event()
        self._files = scripts.OldTransfer()
        self._pipelines: dict[str, Pipeline] = {}
        self._receive("", creation_xml)

    def pipeline(self, pipeline_id: str) -> Pipeline | None:
        """One that was not stopped."""
        return self._pipelines.get(_key(pipeline_id))

    def take_command(self, pipeline_id: str, fragments: str) -> Pipeline:
        """A new pipeline; it may be complete already."""
        self._psrp.ServerPipeline(self._pool, uuid.UUID(pipeline_id))
        self._receive(pipeline_id, fragments)
        return self._pipelines[_key(pipeline_id)]

    def take_input(self, pipeline_id: str, stream: str, fragments: str) -> Pipeline | None:
        """Input of a pipeline, or an answer to what the host was asked."""
        self._receive(pipeline_id, fragments, is_answer=stream == "pr")
        return self.pipeline(pipeline_id)

    def line_of(self, pipeline: Pipeline) -> tuple[str, bytes]:
        """What a complete pipeline runs: the line, and the standard input."""
        return self._files.translate(pipeline.script, pipeline.arguments, pipeline.lines)

    def run(
        self,
        pipeline: Pipeline,
        running: Running,
        spawn: Callable[[Awaitable[None]], asyncio.Task[None]],
        problem: Callable[[str], None],
    ) -> None:
        """Lets a pipeline run.

        Args:
            pipeline: Which one.
            running: What it turned out to be.
            spawn: Runs it as a process of the host.
            problem: Notes that the lab failed: silence would look like a slow host.
        """
        pipeline.task = spawn(self._run(pipeline.id, running, problem))

    async def said(self, pipeline_id: str, timeout: float) -> list[bytes]:
        """What the pool, or one pipeline, has to say. Raises TimeoutError."""
        said = self._said[_key(pipeline_id)]

        async def wait() -> None:
            while not said:
                self._news.clear()
                await self._news.wait()

        await asyncio.wait_for(wait(), timeout)
        taken, size = [], 0
        while said and size + len(said[0]) < _ENVELOPE:
            taken.append(said.popleft())
            size += len(taken[-1])
        return taken

    def stop(self, pipeline_id: str) -> None:
        """Ends a pipeline, whether it runs or not."""
        pipeline = self._pipelines.pop(_key(pipeline_id), None)
        if pipeline and pipeline.task and not pipeline.task.done():
            pipeline.task.cancel()
        self._said.pop(_key(pipeline_id), None)

    def close(self) -> None:
        """Ends everything that runs in it."""
        for pipeline_id in list(self._pipelines):
            self.stop(pipeline_id)

    async def _run(self, pipeline_id: str, running: Running, problem: Callable[[str], None]) -> None:
        outcome = await running.run()
        served = self._pool.pipeline_table[uuid.UUID(pipeline_id)]
        try:
            # Not before: that it runs is nothing that a server says, and a client takes the first answer for output.
            served.start()
            self._answer(served, outcome)
        except Exception as error:  # a bug of the lab must be seen as such
            problem(f"the lab failed: {type(error).__name__}: {error}")
            raise

    def _answer(self, served: Any, outcome: Outcome) -> None:
        """How a process ended, as a pipeline says it: objects, errors, and the code by a call of the host."""
        from psrpcore.types import HostMethodIdentifier, NETException

        for text in outcome.stdout.decode(errors="replace").removesuffix("\r\n").split("\r\n"):
            if text:
                served.write_output(text)
        errors = outcome.stderr.decode(errors="replace").strip()
        if errors and outcome.code:
            served.write_error(NETException(Message=errors))
        elif errors:
            served.host_call(HostMethodIdentifier.WriteErrorLine, [errors])
        if outcome.code:
            served.host_call(HostMethodIdentifier.SetShouldExit, [outcome.code])
        served.complete()
        self._send()

    def _receive(self, pipeline_id: str, fragments: str, is_answer: bool = False) -> None:
        stream = self._psrp.StreamType.prompt_response if is_answer else self._psrp.StreamType.default
        of = uuid.UUID(pipeline_id) if pipeline_id else None
        self._pool.receive_data(self._psrp.PSRPPayload(base64.b64decode(fragments), stream, of))
        while event := self._pool.next_event():
            if isinstance(event, self._psrp.CreatePipelineEvent):
                commands = event.pipeline.commands
                self._pipelines[_key(str(event.pipeline_id))] = Pipeline(
                    str(event.pipeline_id),
                    "\n".join(command.command_text for command in commands),
                    [str(value) for command in commands for _name, value in command.parameters],
                    is_complete=bool(event.pipeline.no_input),
                )
            elif isinstance(event, self._psrp.PipelineInputEvent):
                self._pipelines[_key(str(event.pipeline_id))].lines += _texts(event.data)
            elif isinstance(event, self._psrp.EndOfPipelineInputEvent):
                self._pipelines[_key(str(event.pipeline_id))].is_complete = True
        self._send()

    def _send(self) -> None:
        while payload := self._pool.data_to_send(_FRAGMENT):
            key = _key(str(payload.pipeline_id)) if payload.pipeline_id else ""
            self._said[key].append(base64.b64encode(payload.data))
        self._news.set()


def creation_xml(root: ET.Element) -> str:
    """The first fragments of a client, in the request that creates the pool."""
    return root.findtext(f".//{{{POWERSHELL}}}creationXml") or ""


def _key(pipeline_id: str) -> str:
    # Clients write it in upper case, psrpcore in lower.
    return pipeline_id.lower()


def _texts(data: Any) -> list[str]:
    return [str(each) for each in data] if isinstance(data, (list, tuple)) else [str(data)]
