# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The process of PowerShell: who can reach it, when it ends, and what becomes of a script that hangs."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys
import time
import typing as t
from pathlib import Path

import pytest

from harness.windows import windows_world
from harness.worlds import ACTIVE
from powershell.twins import Bench, SECRETS, SESSION
from raslab.engine.process import Engine, EngineError
from raslab.reading import WorldError
from raslab.world import read_world


@pytest.mark.floor
@pytest.mark.parametrize("name", ["host_observe", "ras_observe"])
def test_a_script_runs_with_every_ansible_core(bench: Bench, name: str) -> None:
    machine = bench.machine(windows_world({"alpha": {"license": ACTIVE}}))
    given: dict[str, t.Any] = {} if name == "host_observe" else {**SESSION, "secrets": SECRETS}
    said = bench.engine(machine, name, **given)
    assert (said.answer["ok"], said.changed) == (True, False)


def test_only_its_owner_reaches_it() -> None:
    async def look() -> tuple[int, int]:
        engine = Engine()
        try:
            await engine.ask({"script": "'hello'", "stdin": ""})
            return os.stat(engine.folder).st_mode, os.stat(engine.folder).st_uid
        finally:
            await engine.close()

    mode, owner = asyncio.run(look())
    assert (stat.S_IMODE(mode), owner) == (0o700, os.getuid())


def test_a_script_that_hangs_ends_with_its_process_and_the_next_one_runs() -> None:
    async def ask() -> str:
        engine = Engine()
        try:
            with pytest.raises(EngineError, match="did not end within 2 s"):
                await engine.ask({"script": "Start-Sleep -Seconds 600", "stdin": ""}, within=2)
            said = await engine.ask({"script": "'again'", "stdin": ""})
            return str(said["stdout"]).strip()
        finally:
            await engine.close()

    assert asyncio.run(ask()) == "again"


def test_it_ends_with_the_process_that_started_it() -> None:
    """Also with one that is killed, and can clean up nothing."""
    code = (
        "import asyncio, os, sys\n"
        "from raslab.engine.process import Engine\n"
        "async def main():\n"
        "    engine = Engine()\n"
        "    await engine.ask({'script': '1', 'stdin': ''})\n"
        "    print(engine._process.pid, engine.folder, flush=True)\n"
        "    await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        said = starter.stdout.readline().split()
        starter.kill()
    pid, folder = int(said[0]), Path(said[1])
    end = time.monotonic() + 60
    while time.monotonic() < end and _runs(pid):
        time.sleep(0.05)
    assert not _runs(pid)
    assert not folder.exists()


def _runs(pid: int) -> bool:
    try:
        return ") Z " not in open(f"/proc/{pid}/stat", encoding="utf-8").read()
    except OSError:
        return False


def test_hosts_that_run_any_script_have_new_passwords_only() -> None:
    world = windows_world({"alpha": {}})
    users = [{"name": "Administrator", "password": "from a file"}]
    world["defaults"]["windows"] = {"powershell": "engine", "users": users}
    with pytest.raises(WorldError, match="leave them out"):
        read_world(world)
    world["defaults"]["windows"] = {"users": users}
    (farm,) = read_world(world).farms
    assert farm.hosts[0].windows is not None
    assert farm.hosts[0].windows.powershell == "doubles"
