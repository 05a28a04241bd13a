# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mutants: small patches of the product, each of which some test must notice."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


class NoMutant(ValueError):
    """An entry of the catalog that is no patch of the files as they are."""


@dataclass(frozen=True)
class Mutant:
    """One entry of a catalog file.

    ``old`` occurs exactly once in ``file`` (a path relative to the checkout) and is replaced by ``new``. ``why`` says
    what would go wrong in the world. ``suite`` holds the arguments of the cheapest pytest run that must turn red, and
    ``lane`` says where: what only older releases of ansible-core need shows on the floor.
    """

    name: str
    file: str
    old: str
    new: str
    why: str
    suite: tuple[str, ...]
    lane: str = "main"

    def applied(self, text: str) -> str:
        """The text of the file with the patch in it.

        Raises:
            NoMutant: ``old`` does not occur exactly once, or the patch changes nothing.
        """
        found = text.count(self.old)
        if found != 1:
            raise NoMutant(f"{self.name}: 'old' occurs {found} times in {self.file}, expected once: {self.old!r}")
        if self.new == self.old:
            raise NoMutant(f"{self.name}: 'new' is 'old'")
        return text.replace(self.old, self.new)


def load(folder: Path = HERE) -> list[Mutant]:
    """All mutants, in the order of the files' names.

    Raises:
        NoMutant: Two have the same name, or an entry has other keys than a mutant.
    """
    mutants: list[Mutant] = []
    for path in sorted(folder.glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            try:
                mutants.append(Mutant(**{**entry, "suite": tuple(shlex.split(entry["suite"]))}))
            except (KeyError, TypeError, AttributeError) as error:
                raise NoMutant(f"{path.name}: {entry.get('name', entry)}: {error}") from error
    names = [mutant.name for mutant in mutants]
    double = sorted({name for name in names if names.count(name) > 1})
    if double:
        raise NoMutant(f"the same name twice: {', '.join(double)}")
    return mutants
