# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SSH server of one host: logons, commands whose meaning others know, and its restarts."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from raslab.connection import until_the_client_leaves
from raslab.faults import Fault
from raslab.powershell.payload import encoded_script
from raslab.ssh.files import sftp_of
from raslab.ssh.keys import Keys
from raslab.windows.machine import Machine
from raslab.windows.users import WindowsUser
from raslab.wsman.shells import Command, Running
from raslab.wsman.strikes import begin, end, word

SSH_PORT = 2222


@dataclass
class Session:
    """One connection; like a shell it is gone when its host restarts."""

    id: str
    connection: Any

    def close(self) -> None:
        """Ends it without a word."""
        self.connection.abort()


class SshListener:
    """One address; opened and closed as the other listeners of a host are."""

    def __init__(
        self, machine: Machine, keys: Keys, understand: Callable[[Machine, WindowsUser, str, bytes], Running]
    ) -> None:
        self.machine = machine
        self._keys = keys
        self._understand = understand
        self._server: Any = None

    async def open(self) -> None:
        """Listens. Raises OSError if the address is taken."""
        if self._server is None:
            # imported late: only worlds that use SSH need asyncssh
            import asyncssh

            self._server = await asyncssh.listen(
                self.machine.host.address,
                SSH_PORT,
                server_factory=lambda: _login(self.machine, self._keys),
                server_host_keys=[self._keys.of_host(self.machine.host.name)],
                process_factory=self._serve,
                sftp_factory=lambda channel: sftp_of(self.machine, channel),
                encoding=None,
                reuse_address=True,
            )

    def close(self) -> None:
        """Stops listening: connections are refused from now on. Living ones are not touched."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _serve(self, process: Any) -> None:
        """Runs one command of a session."""
        machine, line = self.machine, (process.command or "")
        line = line.decode() if isinstance(line, bytes) else line
        # A terminal never ends its input, so only what reads it waits for the end.
        script = encoded_script(line) or line
        stdin = await process.stdin.read() if "$input" in script.lower() else b""
        if not self._is_held(process):
            # What the client was about to send is cut off: nobody knows what it would have been.
            return
        running = self._understand(machine, machine.windows.users[0], line, stdin)
        command = Command(line, waits_for_stdin=False)
        break_off = partial(_break_off, process)
        await begin(machine, running, lambda: command.start(running, machine.spawn), break_off)
        await command.done.wait()
        await end(running, break_off)
        if self._is_held(process):
            process.stdout.write(command.stdout)
            process.stderr.write(command.stderr)
            process.exit(command.code)

    def _is_held(self, process: Any) -> bool:
        """Whether the connection below a command is still there."""
        connection = process.channel.get_connection()
        return any(getattr(held, "connection", None) is connection for held in self.machine.shells.values())


async def _break_off(process: Any, fault: Fault) -> None:
    """Does to the connection what a fault demands; never returns."""
    if not fault.kind.startswith("hang"):
        process.channel.get_connection().abort()
    await until_the_client_leaves()


def _login(machine: Machine, keys: Keys) -> Any:
    import asyncssh

    class Login(asyncssh.SSHServer):
        """Who may come in: the users of the host by password, the first one by the key of the lab."""

        def connection_made(self, connection: Any) -> None:
            session = Session(str(uuid.uuid4()), connection)
            verdict = machine.meet("winrm_open")
            if verdict.wire:
                entry = machine.note("winrm_open", "connection")
                entry.fault = verdict.wire.kind
                machine.journal.end(entry, word(verdict.wire))
                connection.abort()
                return
            machine.shells[session.id] = session
            self._session = session

        def connection_lost(self, exc: Exception | None) -> None:
            session = getattr(self, "_session", None)
            if session:
                machine.shells.pop(session.id, None)

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            computer = machine.windows.computer_name
            if any(user.is_called(username, computer) and user.password == password for user in machine.windows.users):
                return True
            return self._refused()

        def public_key_auth_supported(self) -> bool:
            return True

        def validate_public_key(self, username: str, key: Any) -> bool:
            first = machine.windows.users[0]
            if first.is_called(username, machine.windows.computer_name) and keys.is_of_client(key):
                return True
            return self._refused()

        @staticmethod
        def _refused() -> bool:
            """A logon with a wrong password or key: a real host would count it."""
            machine.journal.end(machine.note("winrm_refused", "logon"), 401)
            return False

    return Login()
