# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts that would run a command if Ansible evaluated them, and whether anything did."""

from __future__ import annotations

import json
import os
import re
import typing as t
from dataclasses import dataclass
from pathlib import Path

from .runner import BIN, Run

# Extra variables, so that the text is short and has nothing in it that a channel would escape.
_COMMAND: t.Final = "jxc"
_PRODUCT: t.Final = str(7331 * 6)
# Each would vanish, change or run if it were evaluated, alone too, when a message is cut in the middle of the text.
_EVALUATED: t.Final = "{#g#}{%if(1)%}{{6*7331}}{%endif%}{{lookup(*" + _COMMAND + ")}}"
_NESTED: t.Final = "{{lookup(*" + _COMMAND + ")}}{%raw%}{{6*7331}}{%endraw%}{{'{{6*7331}}'}}{#g#}"
_BEGIN, _END = "jxq", "qxj"
_WHOLE: t.Final = [f"{_BEGIN}{{}}{inner}{_END}" for inner in (_EVALUATED, _NESTED)]
# What ansible-core says where a text is evaluated and cannot be: 2.16 to 2.18, then 2.19 and newer.
_ERRORS: t.Final = re.compile(
    r"template error|templating string|while templating|error in template|recursive loop|untrusted template", re.I
)


def payload(source: str, *, nested: bool = False) -> str:
    """The text that a source says; its name, in small letters, shows where it came from."""
    assert re.fullmatch("[a-z0-9_]+", source), source
    return _WHOLE[nested].replace("{}", f"{source}:", 1)


@dataclass(frozen=True)
class Core:
    """An ansible-core to run with.

    :ivar commands: the folder of its commands.
    :ivar collections: its ANSIBLE_COLLECTIONS_PATH; None for that of the environment.
    """

    name: str
    commands: Path
    collections: str | None = None

    @property
    def env(self) -> dict[str, str]:
        """The environment of its commands, besides the runner's."""
        return {"ANSIBLE_COLLECTIONS_PATH": self.collections} if self.collections else {}


def cores() -> list[Core]:
    """The cores that the test run has set up (RAS_CORES); the one of this Python where it has not."""
    given = json.loads(os.environ.get("RAS_CORES", "[]"))
    found = [Core(each["name"], Path(each["commands"]), each["collections"]) for each in given]
    return found or [Core(os.environ.get("RAS_LANE", "here"), BIN)]


class Trap:
    """What a payload would do, and what shows that it did.

    :param folder: an empty folder with a short name in small letters.
    """

    def __init__(self, folder: Path) -> None:
        self._mark = folder / "mark"

    @property
    def extra(self) -> dict[str, t.Any]:
        """The extra variables that a payload reads."""
        return {_COMMAND: ["ansible.builtin.pipe", f"touch {self._mark}"]}

    def sprung(self, run: Run) -> list[str]:
        """What shows that a payload was evaluated in a run: nothing may."""
        texts = {"output": run.output, **{str(path): path.read_text("utf-8", "replace") for path in run.files}}
        found = [f"{_PRODUCT} in {name}" for name, text in texts.items() if _PRODUCT in text]
        found += [f"{match[0]!r} in the output" for match in _ERRORS.finditer(run.output)]
        found += ["the command ran"] if self._mark.exists() else []
        return found + [f"changed: {text[:300]!r}" for text in _texts(run.records) if _is_changed(text)]


def arrived(run: Run) -> set[str]:
    """The sources whose payload is in the results of a run."""
    return set(re.findall(rf"{_BEGIN}([a-z0-9_]+):", " ".join(_texts(run.records)).casefold()))


def _texts(value: t.Any) -> t.Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _is_changed(text: str) -> bool:
    """Whether a payload in a text is neither whole nor cut at its end. Names and identifiers are compared folded."""
    for part in text.casefold().split(_BEGIN)[1:]:
        source, _colon, rest = part.partition(":")
        wholes = [whole.removeprefix(f"{_BEGIN}{{}}") for whole in _WHOLE]
        if re.fullmatch("[a-z0-9_]+", source) and not any(_same(rest, whole) for whole in wholes):
            return True
    return False


def _same(rest: str, whole: str) -> bool:
    return rest.startswith(whole) or whole.startswith(rest.partition("…")[0])
