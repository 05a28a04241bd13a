# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read ``matrix.yml`` into cases: one fault that meets one point of a rollout, and all that must come of it."""

from __future__ import annotations

import collections
import itertools
import random
import typing as t
from dataclasses import dataclass
from pathlib import Path

import yaml

MATRIX: t.Final = Path(__file__).resolve().parent / "matrix.yml"
STEPS: t.Final = (
    "plan",
    "backup",
    "stage",
    "install",
    "restart",
    "settle",
    "activate",
    "push",
    "drain",
    "undrain",
    "verify",
)
# Those of them that lead to the version on the licensing server.
INSTALLING: t.Final = frozenset(STEPS[: STEPS.index("restart")])
UPGRADED: t.Final = ("none", "server", "all")
_ROW_KEYS: t.Final = frozenset("at fault farm state code upgraded says fix".split())
_SEED: t.Final = 20260321


@dataclass(frozen=True)
class Case:
    """One cell of the matrix.

    :ivar at: the point, or the step of a fault that names its place itself.
    :ivar faults: in the lab's words, except ``host``, which is the first part of a name.
    :ivar also: what else is changed in the farm: ``windows`` of the licensing server.
    """

    id: str
    farm: str
    fault: str
    at: str
    step: str
    faults: tuple[t.Mapping[str, t.Any], ...]
    also: t.Mapping[str, t.Any]
    state: str
    code: str
    upgraded: str
    says: tuple[str, ...]
    fixes: tuple[str, ...]


@dataclass(frozen=True)
class Matrix:
    """All cases.

    :ivar judged: the faults whose rows are unit tests, too: ``_upgrade/test_fault_matrix.py``.
    """

    points: t.Mapping[str, t.Mapping[str, t.Any]]
    faults: t.Mapping[str, list[dict[str, t.Any]]]
    cases: tuple[Case, ...]
    judged: tuple[str, ...]

    def selection(self) -> tuple[Case, ...]:
        """What every run has: every step once, and every fault that no unit test judges, paired by a fixed seed."""
        order = [case for case in self.cases if case.fault not in self.judged]
        random.Random(_SEED).shuffle(order)
        chosen: dict[str, Case] = {}
        # A fault that has few rows leaves little choice, so it chooses first.
        rows = collections.Counter(case.fault for case in order)
        for fault in sorted(rows, key=lambda name: (rows[name], name)):
            steps = {case.step for case in chosen.values()}
            mine = [case for case in order if case.fault == fault]
            chosen[fault] = next((case for case in mine if case.step not in steps), mine[0])
        covered = {case.step for case in chosen.values()}
        missing = {case.step: case for case in order if case.step not in covered}
        return (*chosen.values(), *missing.values())


def load(path: Path = MATRIX) -> Matrix:
    """The matrix of a file.

    :raises ValueError: for a row that names what is not there, or a cell that two rows claim.
    """
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    cases: dict[str, Case] = {}
    for row in data["rows"]:
        if unknown := set(row) - _ROW_KEYS:
            raise ValueError(f"unknown column {sorted(unknown)} in {row}")
        for fault, at in itertools.product(_many(row["fault"]), _many(row["at"])):
            case = _case(row, data["points"], data["faults"][fault], fault, at)
            if case.id in cases:
                raise ValueError(f"two rows claim {case.id}")
            cases[case.id] = case
    if unknown := set(data["judged"]) - set(data["faults"]):
        raise ValueError(f"judged, and no fault: {sorted(unknown)}")
    return Matrix(data["points"], data["faults"], tuple(cases.values()), tuple(data["judged"]))


def _many(value: t.Any) -> list[t.Any]:
    return list(value) if isinstance(value, list) else [value]


def _case(
    row: t.Mapping[str, t.Any],
    points: t.Mapping[str, t.Mapping[str, t.Any]],
    parts: list[dict[str, t.Any]],
    fault: str,
    at: str,
) -> Case:
    point = points.get(at, {})
    step = point.get("step", at)
    if step not in STEPS:
        raise ValueError(f"{at} is neither a point nor a step")
    fine = row["code"] == "ok"
    case = Case(
        id=f"{fault}-{at}".replace("_", "-"),
        farm=row.get("farm", "pair"),
        fault=fault,
        at=at,
        step=step,
        faults=tuple(_placed(part, point) for part in parts if "kind" in part),
        also=next((part["also"] for part in parts if "also" in part), {}),
        state=row.get("state", "changed" if fine else "failed"),
        code=row["code"],
        upgraded=row.get("upgraded", "all" if fine else "none"),
        says=tuple(_many(row.get("says", []))),
        fixes=tuple(_many(row.get("fix", []))),
    )
    if any("on" not in part for part in case.faults) or case.upgraded not in UPGRADED:
        raise ValueError(f"{case.id} does not say where the fault is, or which hosts are upgraded")
    return case


def _placed(part: t.Mapping[str, t.Any], point: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """A part of a fault where it says, or the row. A port is closed once so many requests were answered."""
    if not point or "on" in part:
        return dict(part)
    return {"on": point["on"], "after": point["after"] + (part["kind"] == "refuse"), **part}
