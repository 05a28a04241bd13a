# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a history is played on: a world that can be looked at and changed, and commands that are run against it."""

from __future__ import annotations

import abc
import typing as t
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

KILLED: t.Final = -9


class World(t.Protocol):
    """What both levels ask of a world: the methods of :class:`raslab.testing.Lab`."""

    def state(self) -> dict[str, t.Any]: ...
    def journal(self) -> list[dict[str, t.Any]]: ...
    def attempts(self) -> list[dict[str, t.Any]]: ...
    def clear_journal(self) -> None: ...
    def problems(self) -> list[dict[str, t.Any]]: ...
    def open_sessions(self) -> list[dict[str, t.Any]]: ...
    def patch_farm(self, name: str, **changes: t.Any) -> t.Any: ...
    def patch_account(self, email: str, **changes: t.Any) -> t.Any: ...
    def patch_windows(self, farm: str, host: str, **changes: t.Any) -> t.Any: ...
    def add_fault(self, farm: str, **fault: t.Any) -> t.Any: ...
    def clear_faults(self) -> None: ...


@dataclass
class Ran:
    """One command that has ended.

    Attributes:
        code: Its exit code; :data:`KILLED` if it was killed.
        shown: All that a user saw.
        records: The results of its tasks, and what it handed to AWX.
        seconds: How long it took, by the clock of the stage.
    """

    code: int
    shown: str
    records: list[dict[str, t.Any]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rows(self) -> list[dict[str, t.Any]]:
        """The record of each farm in the table at the end; empty where there is none."""
        for each in reversed(self.records):
            if each["kind"] == "stats":
                return list(each["custom"].get("ras_farms") or [])
        return []


class Stage(abc.ABC):
    """A world and its commands.

    Attributes:
        lab: The world.
        folder: Where the files of its commands are.
    """

    lab: World
    folder: Path

    @abc.abstractmethod
    def run(self, arguments: Sequence[str], variables: Mapping[str, t.Any], kill: int | None = None) -> Ran:
        """Run ansible-playbook.

        Args:
            arguments: The playbook and its options.
            variables: Host, or ``all`` -> variables that are laid over those of the world.
            kill: After how many entries of the journal it is killed, if it has not ended.
        """

    @abc.abstractmethod
    def wait(self, seconds: float) -> None:
        """Let time pass."""

    def inventories(self, variables: Mapping[str, t.Any], number: int) -> list[str]:
        """Arguments for variables that are laid over those of the world."""
        if not variables:
            return []
        path = self.folder / f"over{number}" / "hosts.yml"
        path.parent.mkdir(parents=True)
        hosts = {host: dict(given) for host, given in variables.items() if host != "all"}
        content: dict[str, t.Any] = {"all": {"hosts": hosts, "vars": dict(variables.get("all", {}))}}
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return ["-i", str(path)]
