# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read ``matrix.yml`` into cases: one fault that meets one request of one farm, and all that must come of it."""

from __future__ import annotations

import itertools
import random
import typing as t
from dataclasses import dataclass
from pathlib import Path

import yaml

from raslab.faults import ALIASES, KINDS

MATRIX: t.Final = Path(__file__).resolve().parent / "matrix.yml"
WRITE_OPS: t.Final = ("activate", "deactivate")
_ROW_KEYS: t.Final = frozenset("at fault farms times code effect sent changed finding open again".split())
_SEED: t.Final = 20260214
# A floor case costs a second lane its time: one of so many of the selection.
_FLOOR_STRIDE: t.Final = 4


@dataclass(frozen=True)
class FarmKind:
    """What a farm of the matrix is asked, and what a run without faults does to it."""

    name: str
    module: str
    requests: tuple[str, ...]
    effect: tuple[str, ...]
    sent: t.Mapping[str, int]
    check: bool
    changed: bool

    def operation(self, request: str) -> tuple[str, int]:
        """The lab's operation of a request, and how many of that operation were sent before it."""
        operations = [self._operation(name) for name in self.requests]
        position = self.requests.index(request)
        return operations[position], operations[:position].count(operations[position])

    def trigger(self, request: str) -> tuple[str, int] | None:
        """After how many requests of which operation this request is the next one; None when it is the first."""
        position = self.requests.index(request)
        if position == 0:
            return None
        operation, before = self.operation(self.requests[position - 1])
        return operation, before + 1

    def _operation(self, request: str) -> str:
        if request in ("write", "write2"):
            return "deactivate" if self.effect == ("deactivated",) else "activate"
        return {"reread": "license", "release": "deactivate"}.get(request, request)


@dataclass(frozen=True)
class Case:
    """One cell of the matrix."""

    id: str
    farm: FarmKind
    fault: str
    request: str
    faults: tuple[t.Mapping[str, t.Any], ...]
    code: str
    effect: tuple[str, ...]
    sent: t.Mapping[str, int]
    changed: bool
    finding: str | None
    open_sessions: int
    again_code: str
    again_effect: tuple[str, ...]

    @property
    def farm_name(self) -> str:
        """The name of the case's farm in the world."""
        return f"{self.farm.module.replace('_', '-')}-{self.id}".lower()


@dataclass(frozen=True)
class Matrix:
    """All cases, and the (fault, request, farm) triples that are left out for a stated reason."""

    farms: t.Mapping[str, FarmKind]
    faults: t.Mapping[str, list[dict[str, t.Any]]]
    cases: tuple[Case, ...]
    left_out: frozenset[tuple[str, str, str]]
    findings: frozenset[str]

    def uncovered(self) -> set[tuple[str, str, str]]:
        """Wire faults that could meet a request of a farm and have neither a row nor a reason."""
        wire = [name for name, parts in self.faults.items() if len(parts) == 1 and _cls(parts[0]) == "wire"]
        wanted = {
            (fault, request, farm.name)
            for fault in wire
            for farm in self.farms.values()
            for request in farm.requests
            if not fault.startswith("says_")
        }
        return wanted - {(case.fault, case.request, case.farm.name) for case in self.cases} - self.left_out

    def selection(self) -> frozenset[str]:
        """What every run has, always the same: each fault, each request of each module, each farm, each code."""
        order = list(self.cases)
        random.Random(_SEED).shuffle(order)
        seen: set[tuple[str, ...]] = set()
        chosen = set()
        for case in order:
            news = {
                ("fault", case.fault),
                ("request", case.request, case.farm.module),
                ("farm", case.farm.name),
                ("code", case.code, case.farm.module),
            } - seen
            if news:
                seen |= news
                chosen.add(case.id)
        return frozenset(chosen)

    def floor(self) -> frozenset[str]:
        """The part of the selection that the floor lane runs too."""
        return frozenset(sorted(self.selection())[::_FLOOR_STRIDE])


def load(path: Path = MATRIX) -> Matrix:
    """The matrix of a file.

    :raises ValueError: for a row that names what is not there, or a cell that two rows claim.
    """
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    farms = {name: _farm(name, given) for name, given in data["farms"].items()}
    cases: dict[str, Case] = {}
    for row in data["rows"]:
        if unknown := set(row) - _ROW_KEYS:
            raise ValueError(f"unknown column {sorted(unknown)} in {row}")
        for fault, request, times in itertools.product(
            _many(row["fault"]), _many(row["at"]), _many(row.get("times", ["once", "always"]))
        ):
            for farm in _farms(row, farms, request):
                case = _case(row, farm, data["faults"][fault], fault, request, times)
                if case.id in cases:
                    raise ValueError(f"two rows claim {case.id}")
                cases[case.id] = case
    left_out = {
        (fault, request, farm.name)
        for entry in data["left_out"]
        for request in _many(entry["at"])
        for farm in _farms(entry, farms, request)
        for fault in _many(entry.get("fault", list(data["faults"])))
        if entry["why"]
    }
    findings = frozenset(row["finding"] for row in data["rows"] if "finding" in row)
    return Matrix(farms, data["faults"], tuple(cases.values()), frozenset(left_out), findings)


def _many(value: t.Any) -> list[t.Any]:
    return list(value) if isinstance(value, list) else [value]


def _cls(part: t.Mapping[str, t.Any]) -> str:
    return KINDS[ALIASES.get(part["kind"], part["kind"])].cls


def _farms(row: t.Mapping[str, t.Any], farms: t.Mapping[str, FarmKind], request: str) -> list[FarmKind]:
    named = [farms[name] for name in _many(row["farms"])] if "farms" in row else list(farms.values())
    found = [farm for farm in named if request in farm.requests]
    if not found:
        raise ValueError(f"no farm of {row} sends {request}")
    return found


def _farm(name: str, given: t.Mapping[str, t.Any]) -> FarmKind:
    effect = tuple(given["effect"])
    sent = given.get("sent") or {"activate" if each == "activated" else "deactivate": 1 for each in effect}
    return FarmKind(
        name,
        given["module"],
        tuple(given["requests"]),
        effect,
        sent,
        given.get("check", False),
        given.get("changed", bool(effect)),
    )


def _case(
    row: t.Mapping[str, t.Any], farm: FarmKind, parts: list[dict[str, t.Any]], fault: str, request: str, times: str
) -> Case:
    fine = row["code"] == "ok"
    effect = row.get("effect", "all" if fine else "none")
    shown = {"all": farm.effect, "none": ()}[effect] if isinstance(effect, str) else tuple(effect)
    sent = row.get("sent", "once" if fine else "none")
    numbers = {"once": farm.sent, "none": {}}[sent] if isinstance(sent, str) else sent
    again = row.get("again", {})
    missing = tuple(each for each in farm.effect if each not in shown)
    changed = farm.changed if fine else bool(shown)
    return Case(
        id=f"{farm.name}-{request}-{fault}-{times}".replace("_", "-"),
        farm=farm,
        fault=fault,
        request=request,
        faults=tuple(_placed(part, farm, request, times) for part in parts),
        code=row["code"],
        effect=shown,
        sent={op: numbers.get(op, 0) for op in WRITE_OPS},
        changed=row.get("changed", changed),
        finding=row.get("finding"),
        open_sessions=row.get("open", 0),
        again_code=again.get("code", "ok"),
        again_effect=tuple(again.get("effect", missing)),
    )


def _placed(part: dict[str, t.Any], farm: FarmKind, request: str, times: str) -> dict[str, t.Any]:
    """The fault as the lab takes it, placed where the row wants it."""
    if "on" in part:
        return dict(part)
    if _cls(part) == "host":
        trigger = farm.trigger(request)
        return {**part, "on": trigger[0], "after": trigger[1]} if trigger else dict(part)
    operation, before = farm.operation(request)
    return {**part, "on": operation, "after": before, "times": 1 if times == "once" else -1}
