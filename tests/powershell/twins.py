# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs one script twice, on two equal worlds: by its double, and by the real win_powershell in PowerShell 7."""

from __future__ import annotations

import asyncio
import copy
import json
import typing as t
from pathlib import Path

from harness.worlds import ADMIN, ADMIN_PASSWORD
from raslab.engine.process import Engine
from raslab.engine.run import Place, Scripts
from raslab.journal import Journal
from raslab.powershell import scripts

# They register themselves when they are imported.
# pylint: disable-next=unused-import
from raslab.ras import script_doubles  # noqa: F401 (registers the doubles)
from raslab.secrecy import Scrubber
from raslab.windows.machine import Machine
from raslab.world import read_world, World

_PS = Path(__file__).resolve().parents[2] / "plugins" / "plugin_utils" / "_backends" / "ps"
SESSION: t.Final = {"Username": ADMIN}
SECRETS: t.Final = {"Password": ADMIN_PASSWORD}


def script_text(name: str) -> str:
    """A script with what it includes, as the collection sends it."""
    common = (_PS / "common.ps1").read_text(encoding="utf-8")
    return (_PS / f"{name}.ps1").read_text(encoding="utf-8").replace("# include: common\n", common)


def script_names() -> list[str]:
    """Every script of the collection."""
    return sorted(path.stem for path in _PS.glob("*.ps1") if path.stem != "common")


class Said(t.NamedTuple):
    """What a script answered: its JSON, whether it says that something changed, and win_powershell's whole result."""

    answer: dict[str, t.Any]
    changed: bool
    result: dict[str, t.Any]


class Bench:
    """One engine, and machines that need no network."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._loop = asyncio.new_event_loop()
        self._engine = Engine()
        self.culture = ""

    def close(self) -> None:
        """Ends the engine."""
        self._loop.run_until_complete(self._engine.close())
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def machine(self, world: dict[str, t.Any], host: str | None = None) -> Machine:
        """A host of a new world; the first one of the first farm unless one is named."""
        made: World = read_world(copy.deepcopy(world))
        journal = Journal(Scrubber(made.secrets()))
        machines: dict[str, Machine] = {}

        async def nothing(_machine: Machine) -> None:
            return None

        for farm in made.farms:
            for each in farm.hosts:
                if each.windows:
                    machines[each.name] = Machine(
                        farm, each, made, journal, machines, nothing, lambda _machine, _event: None
                    )
        return machines[host or next(iter(machines))]

    def double(self, machine: Machine, name: str, **given: t.Any) -> Said:
        """The answer of the script's double."""
        run = _run(machine, name, given)
        found = scripts.find(script_text(name))
        assert not isinstance(found, str), found
        ended = self._loop.run_until_complete(found.run(run))
        assert ended.error is None, ended.error
        return Said(json.loads(ended.result), ended.changed, {})

    def engine(
        self, machine: Machine, name: str, change: t.Mapping[str, t.Any] | None = None, text: str = "", **given: t.Any
    ) -> Said:
        """The answer of PowerShell. ``change`` replaces parts of the machine's table, ``text`` the script."""
        result = self.result(machine, name, change, text, **given)
        assert isinstance(result.get("result"), str), json.dumps(result, indent=1)[:6000]
        return Said(json.loads(result["result"]), bool(result["changed"]), result)

    def result(
        self, machine: Machine, name: str, change: t.Mapping[str, t.Any] | None = None, text: str = "", **given: t.Any
    ) -> dict[str, t.Any]:
        """What win_powershell returns, whether the script answered or not."""
        run = _run(machine, name, given)
        arguments = {
            "script": text or script_text(name),
            "parameters": run.parameters,
            "sensitive_parameters": [{"name": key, "value": value} for key, value in run.secure.items()],
        }
        scripts_ = Scripts(self._engine, self.culture)
        return self._loop.run_until_complete(scripts_.run(self._place, run, arguments, change))


def _run(machine: Machine, name: str, given: dict[str, t.Any]) -> scripts.Run:
    secure = given.pop("secrets", {})
    check = given.pop("check", False)
    entry = machine.note(name, name)
    return scripts.Run(machine, given, dict(secure), check, "Administrator", entry)
