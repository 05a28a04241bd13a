# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run an action as Ansible's worker does, on a host whose connection must not be touched."""

from __future__ import annotations

import types
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import RasAction
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_scripts import FakeHost

API_PASSWORD = 'api-p"a&s<s%w\\ \u79d8\u5bc6'
ACCOUNT_PASSWORD = 'acc-p"a&s<s%w\\ \u9375'
ARGS: dict[str, t.Any] = {
    "api_url": "https://127.0.0.1:1",
    "api_username": "svc@example.com",
    "api_password": API_PASSWORD,
}


class Untouchable:
    """A connection that fails the test when anything opens or uses it."""

    transport = "local"
    _load_name = "local"
    # Core asks for it before each action; a set one needs no connection.
    _shell = types.SimpleNamespace(tmpdir="/nowhere")

    def __getattr__(self, name: str) -> t.Any:
        raise AssertionError(f"the connection was used: {name}")


class Task(types.SimpleNamespace):
    """A task as far as actions read it."""

    def copy(self) -> Task:
        """Another one with the same attributes."""
        return Task(**vars(self))


def make(kind: type[RasAction], args: t.Mapping[str, t.Any], *, check: bool = False) -> RasAction:
    """An action with these options."""
    task = Task(args=dict(args), check_mode=check, async_val=0, action="fleetops.parallels_ras.x", diff=False)
    action = kind(task, Untouchable(), None, None, None, None)
    action._load_name = "x"  # set by the plugin loader
    return action


class WinRm(Untouchable):
    """A connection over which only files are fetched; scripts go to a fake host.

    :ivar fetched: the paths on the host that were asked for.
    """

    transport = "winrm"
    _load_name = "winrm"

    def __init__(self, content: bytes | Exception = b"") -> None:
        self.content = content
        self.fetched: list[str] = []

    def fetch_file(self, in_path: str, out_path: str) -> None:
        """Writes the content, half of it before it breaks."""
        self.fetched.append(in_path)
        is_broken = isinstance(self.content, Exception)
        with open(out_path, "wb") as file:
            file.write(b"half of" if is_broken else t.cast("bytes", self.content))
        if is_broken:
            raise t.cast("Exception", self.content)


def perform_on_host(
    kind: type[RasAction], host: FakeHost, connection: WinRm | None = None, *, check: bool = False, **args: t.Any
) -> dict[str, t.Any]:
    """The result of an action whose scripts run on a fake host."""
    action = make(kind, args, check=check)
    action._connection = connection or WinRm()
    action._run_powershell = host.execute
    action._play_context = types.SimpleNamespace(remote_addr="192.0.2.1")
    return action.run(None, {})


def perform(kind: type[RasAction], *, check: bool = False, **args: t.Any) -> dict[str, t.Any]:
    """The result of an action with the connection options and these; None leaves an option out."""
    given = {name: value for name, value in {**ARGS, **args}.items() if value is not None}
    # A raw template among the variables must do no harm: actions do not read them.
    return make(kind, given, check=check).run(None, {"ras_api_password": "{{ undefined_variable }}"})
