# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The WinRM service: authentication, shells, and commands whose meaning others know."""

from __future__ import annotations

import asyncio
import base64
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from aiohttp import hdrs, web

from raslab.connection import local_address
from raslab.windows.machine import Machine
from raslab.windows.users import WindowsUser
from raslab.wsman import soap
from raslab.wsman.auth import basic_user, NtlmSession, SEALED_TYPE, Unsealable
from raslab.wsman.remoting import answer_pool
from raslab.wsman.runspaces import creation_xml, POWERSHELL, Runspaces
from raslab.wsman.shells import Command, Running, Shell
from raslab.wsman.strikes import begin, end, over_http, word

# One envelope must stay below MaxEnvelopeSize (153600 bytes in every client's header), base64 and two streams included
_PIECE = 48_000
# An answer must arrive before the client's own patience ends
_MARGIN = 0.5


@dataclass
class _Connection:
    """What is remembered of one TCP connection, for NTLM authenticates connections and not requests."""

    ntlm: NtlmSession | None = None


@dataclass
class WinRmService:
    """One service for all hosts; the address that a client connected to says which machine it means."""

    understand: Callable[[Machine, WindowsUser, str, bytes], Running]
    machines: dict[str, Machine] = field(default_factory=dict)
    _connections: weakref.WeakKeyDictionary[object, _Connection] = field(default_factory=weakref.WeakKeyDictionary)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answers one request."""
        machine = self.machines[local_address(request)]
        body = await request.read()
        connection = self._connections.setdefault(request.transport, _Connection())
        user, challenge = self._authenticate(machine, connection, request.headers.get(hdrs.AUTHORIZATION, ""))
        if user is None:
            return web.Response(status=401, headers=[("WWW-Authenticate", value) for value in challenge])
        if request.path.rstrip("/").lower() != "/wsman" or request.method != "POST":
            return web.Response(status=404)
        sealed = "encrypted" in request.headers.get(hdrs.CONTENT_TYPE, "")
        if not body:  # the handshake of a client that seals what follows
            return web.Response(status=200)
        try:
            if sealed:
                if connection.ntlm is None:
                    raise Unsealable("no NTLM session")
                body = connection.ntlm.unseal(body)
            asked = soap.read(body)
        except (Unsealable, soap.BadEnvelope):
            return web.Response(status=400)
        try:
            status, answer = await self._answer(request, machine, user, asked)
        except Exception as error:  # a bug of the lab must be seen as such, not as the product's fault
            machine.problem(f"the lab failed: {type(error).__name__}: {error}")
            return web.Response(status=500)
        if sealed and connection.ntlm is not None:
            return web.Response(
                status=status, body=connection.ntlm.seal(answer), headers={hdrs.CONTENT_TYPE: SEALED_TYPE}
            )
        return web.Response(status=status, body=answer, headers={hdrs.CONTENT_TYPE: soap.CONTENT_TYPE})

    def _authenticate(
        self, machine: Machine, connection: _Connection, header: str
    ) -> tuple[WindowsUser | None, list[str]]:
        """The user, or what a 401 offers."""
        windows = machine.windows
        offered = windows.winrm.auth
        challenge = [{"basic": 'Basic realm="WSMAN"', "ntlm": "Negotiate"}[method] for method in offered]
        scheme, _blank, value = header.partition(" ")
        if not header and connection.ntlm is not None and connection.ntlm.user is not None:
            return connection.ntlm.user, []
        if scheme == "Basic" and "basic" in offered:
            user = basic_user(value, windows.users, windows.computer_name)
            return user or self._refused(machine), challenge
        if scheme in ("Negotiate", "NTLM") and "ntlm" in offered:
            if connection.ntlm is None or connection.ntlm.user is not None:
                connection.ntlm = NtlmSession(windows.users, windows.computer_name)
            try:
                token = connection.ntlm.step(base64.b64decode(value))
            except ValueError:
                token = None
            if connection.ntlm.user is not None:
                return connection.ntlm.user, []
            if token is None:
                connection.ntlm = None
                return self._refused(machine), challenge
            return None, [f"{scheme} {base64.b64encode(token).decode()}"]
        return None, challenge

    @staticmethod
    def _refused(machine: Machine) -> None:
        """A logon with a wrong name or password: a real host would count it."""
        machine.journal.end(machine.note("winrm_refused", "logon"), 401)

    async def _answer(
        self, request: web.BaseRequest, machine: Machine, user: WindowsUser, asked: soap.Request
    ) -> tuple[int, bytes]:
        is_remoting = asked.resource.startswith(POWERSHELL + "/")
        if not is_remoting and not asked.resource.startswith(soap.SHELL + "/"):
            machine.problem(f"the WS-Management resource {asked.resource} is not modeled")
            return _fault(machine, asked, soap.UNKNOWN_RESOURCE)
        # PowerShell remoting is there on request only.
        if not (machine.windows.connection == "psrp" if is_remoting else asked.resource.endswith("/cmd")):
            machine.problem(f"the remote shell {asked.resource} is not modeled")
            return _fault(machine, asked, soap.UNKNOWN_RESOURCE)
        if asked.verb == "Create":
            return await self._create(request, machine, asked, is_remoting)
        shell = machine.shells.get(asked.shell_id)
        if asked.verb == "Delete":
            if shell:
                shell.close()
                machine.shells.pop(asked.shell_id)
            return 200, soap.response(asked, "")
        if isinstance(shell, Runspaces):
            body = await answer_pool(request, machine, asked, shell, partial(self.understand, machine, user))
            return (200, soap.response(asked, body)) if isinstance(body, str) else _fault(machine, asked, body)
        if not isinstance(shell, Shell):
            return _fault(machine, asked, soap.UNKNOWN_SHELL)
        if asked.verb == "Command":
            command = Command(asked.command_line, asked.options.get("WINRS_CONSOLEMODE_STDIN", "TRUE") == "FALSE")
            shell.commands[command.id] = command
            if not command.waits_for_stdin:
                await self._start(request, machine, user, command)
            body = f"<rsp:CommandResponse><rsp:CommandId>{command.id}</rsp:CommandId></rsp:CommandResponse>"
            return 200, soap.response(asked, body)
        known = shell.commands.get(asked.command_id)
        if asked.verb == "Signal":
            if known:
                known.kill()
                shell.commands.pop(known.id)
            return 200, soap.response(asked, "<rsp:SignalResponse/>")
        if known is None:
            return _fault(machine, asked, soap.UNKNOWN_SHELL)
        if asked.verb == "Send":
            data, end = asked.stdin()
            known.stdin += data
            if end and known.waits_for_stdin:
                await self._start(request, machine, user, known)
            return 200, soap.response(asked, "<rsp:SendResponse/>")
        if asked.verb == "Receive":
            return await self._receive(request, machine, asked, known)
        machine.problem(f"the WS-Management action {asked.verb} is not modeled")
        return _fault(machine, asked, soap.UNKNOWN_ACTION)

    async def _create(
        self, request: web.BaseRequest, machine: Machine, asked: soap.Request, is_remoting: bool
    ) -> tuple[int, bytes]:
        verdict = machine.meet("winrm_open")
        if verdict.wire:
            entry = machine.note("winrm_open", "shell")
            entry.fault = verdict.wire.kind
            if verdict.wire.params.get("status"):
                machine.journal.end(entry, verdict.wire.params["status"])
                return verdict.wire.params["status"], b""
            machine.journal.end(entry, word(verdict.wire))
            await over_http(request)(verdict.wire)
        shell = Runspaces(creation_xml(asked.root)) if is_remoting else Shell()
        machine.shells[shell.id] = shell
        return 200, soap.response(
            asked,
            f"<x:ResourceCreated><a:Address>http://{machine.host.address}:5985/wsman</a:Address><a:ReferenceParameters>"
            f'<w:ResourceURI>{asked.resource}</w:ResourceURI><w:SelectorSet><w:Selector Name="ShellId">{shell.id}'
            f"</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>"
            f"<rsp:Shell><rsp:ShellId>{shell.id}</rsp:ShellId></rsp:Shell>",
        )

    async def _start(self, request: web.BaseRequest, machine: Machine, user: WindowsUser, command: Command) -> None:
        running = self.understand(machine, user, command.line, bytes(command.stdin))
        await begin(machine, running, lambda: command.start(running, machine.spawn), over_http(request))

    async def _receive(
        self, request: web.BaseRequest, machine: Machine, asked: soap.Request, command: Command
    ) -> tuple[int, bytes]:
        try:
            await asyncio.wait_for(command.done.wait(), max(0.1, asked.timeout - _MARGIN))
        except asyncio.TimeoutError:
            return _fault(machine, asked, soap.OPERATION_TIMED_OUT)
        if command.running:
            await end(command.running, over_http(request))
        out, err, is_all = command.take(_PIECE)
        body = "".join(soap.stream(name, command.id, data) for name, data in (("stdout", out), ("stderr", err)) if data)
        if is_all:
            body += soap.stream("stdout", command.id, b"", True) + soap.stream("stderr", command.id, b"", True)
        state = "Done" if is_all else "Running"
        code = f"<rsp:ExitCode>{command.code}</rsp:ExitCode>" if is_all else ""
        body += f'<rsp:CommandState CommandId="{command.id}" State="{soap.SHELL}/CommandState/{state}">{code}'
        return 200, soap.response(asked, f"<rsp:ReceiveResponse>{body}</rsp:CommandState></rsp:ReceiveResponse>")


def _fault(machine: Machine, asked: soap.Request, kind: tuple[int, str, str]) -> tuple[int, bytes]:
    return 500, soap.fault(asked.message_id, kind, machine.windows.computer_name)
