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

T = t.TypeVar("T")


@dataclass
class Ran:
    """One command that has ended.

    Attributes:
        code: Its exit code.
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

    @property
    def verdict(self) -> dict[str, t.Any]:
        """What a look for drift handed to AWX."""
        for each in reversed(self.records):
            if each["kind"] == "stats":
                return dict(each["custom"].get("ras_drift") or {})
        return {}


class Stage(abc.ABC):
    """A world and its commands."""

    folder: Path

    @abc.abstractmethod
    def run(self, arguments: Sequence[str], variables: Mapping[str, t.Any]) -> Ran:
        """Run ansible-playbook.

        Args:
            arguments: The playbook and its options.
            variables: Host, or ``all`` -> variables that are laid over those of the world.
        """

    @abc.abstractmethod
    def state(self) -> dict[str, t.Any]:
        """Accounts and farms as they truly are."""

    @abc.abstractmethod
    def journal(self) -> list[dict[str, t.Any]]:
        """The requests, in the order of their arrival."""

    @abc.abstractmethod
    def attempts(self) -> list[dict[str, t.Any]]:
        """What reached the vendor."""

    @abc.abstractmethod
    def clear_journal(self) -> None:
        """Forget requests and attempts."""

    @abc.abstractmethod
    def wait(self, seconds: float) -> None:
        """Let time pass."""

    @abc.abstractmethod
    def problems(self) -> list[dict[str, t.Any]]:
        """What was asked and is not modeled."""

    @abc.abstractmethod
    def open_sessions(self) -> list[dict[str, t.Any]]:
        """Sessions that nobody ended."""

    @abc.abstractmethod
    def patch_farm(self, name: str, changes: Mapping[str, t.Any]) -> None:
        """Change a farm behind everybody's back."""

    @abc.abstractmethod
    def patch_account(self, email: str, changes: Mapping[str, t.Any]) -> None:
        """Change a person's entry in a business account."""

    @abc.abstractmethod
    def add_fault(self, name: str, fault: Mapping[str, t.Any]) -> None:
        """Put a fault on a farm."""

    @abc.abstractmethod
    def clear_faults(self) -> None:
        """Take all faults off."""

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
