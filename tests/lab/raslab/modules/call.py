# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of a module on a host, and the register of modules."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from raslab.journal import Entry
from raslab.windows.machine import Machine
from raslab.windows.model import WindowsHost


class ModuleFailed(Exception):
    """What ``FailJson`` does: ends the module with a message, and with what its result held so far."""

    def __init__(self, message: str, **result: Any) -> None:
        super().__init__(message)
        self.message = message
        self.result = result


class NotModeled(Exception):
    """A use of a module that the lab does not model."""


@dataclass
class ModuleCall:
    """Everything that a module's double may look at; ``user`` is who it runs as, ``in_job`` is in the background."""

    machine: Machine
    name: str
    args: dict[str, Any]
    check: bool
    diff: bool
    user: str
    entry: Entry
    result: dict[str, Any] = field(default_factory=dict)
    in_job: bool = False

    @property
    def windows(self) -> WindowsHost:
        return self.machine.windows

    def fail(self, message: str) -> ModuleFailed:
        """The failure with the result so far; the caller raises it."""
        return ModuleFailed(message, **self.result)

    def only(self, *modeled: str) -> None:
        """Refuses every argument that is set and not one of ``modeled``. Raises NotModeled."""
        from raslab.modules.arguments import is_default

        for option, value in self.args.items():
            if option not in modeled and not is_default(self.name, option, value):
                raise NotModeled(f"the option {option} of {self.name} is not modeled")


Handler = Callable[[ModuleCall], Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class Module:
    """A modeled module: its double, the arguments that the journal may show, and where its shape was taken from."""

    handler: Handler
    shown: tuple[str, ...]
    source: str


MODULES: dict[str, Module] = {}


def module(name: str, source: str, shown: tuple[str, ...] = ()) -> Callable[[Handler], Handler]:
    """Registers a double under the module's short name."""

    def register(handler: Handler) -> Handler:
        MODULES[name] = Module(handler, shown, source)
        return handler

    return register
