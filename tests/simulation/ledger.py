# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ledger of histories that were played, and the page that is made of it: no figure of it is written by hand."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import typing as t
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

HERE: t.Final = Path(__file__).resolve().parent
ROOT: t.Final = HERE.parent.parent
LEDGER: t.Final = HERE / "ledger.jsonl"
FOUND: t.Final = HERE / "found.yml"
PAGE: t.Final = ROOT / "docs" / "reliability.md"
_HEAD: t.Final = """\
<!-- Copyright (c) 2026, FleetOps contributors -->
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Written by `make simulate LEDGER=1`: change tests/simulation, not this page. -->

# Reliability

A *history* is a random sequence of worlds, commands, people and faults, drawn from a seed. It is played against the
simulated farms of the lab and judged by rules that are written from the design, not from the code. Nothing here ran
against the real product: it says how the collection behaves when farms, hosts, people and the vendor do what nobody
planned, as far as the lab knows how they behave.
"""


@dataclass(frozen=True)
class Session:
    """One run of ``make simulate`` that was to be remembered.

    Attributes:
        level: ``process``, ``wire`` or ``torture``.
        seeds: The first and the last.
        commands: Runs of ansible-playbook.
        faults: That struck.
        kills: Runs that were killed.
        violations: Histories that broke a rule.
    """

    date: str
    commit: str
    level: str
    seeds: str
    histories: int
    commands: int
    faults: int
    kills: int
    violations: int
    minutes: float


def commit() -> str:
    """Of the checkout; with a plus where it holds changes."""
    git = ["git", "-C", str(ROOT)]
    name = subprocess.run([*git, "rev-parse", "--short=10", "HEAD"], capture_output=True, text=True, check=True)
    parts = ["--", "plugins", "roles", "playbooks"]
    changed = subprocess.run([*git, "status", "--porcelain", *parts], capture_output=True, text=True, check=True)
    return name.stdout.strip() + ("+" if changed.stdout.strip() else "")


def today() -> str:
    """In UTC."""
    return dt.datetime.now(dt.timezone.utc).date().isoformat()


def remember(session: Session) -> None:
    """Add a session to the ledger, and make the page anew."""
    with LEDGER.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(session)) + "\n")
    PAGE.write_text(page(sessions(), found()), encoding="utf-8")


def sessions() -> list[Session]:
    """All that are remembered, in their order."""
    lines = LEDGER.read_text("utf-8").splitlines() if LEDGER.exists() else []
    return [Session(**json.loads(line)) for line in lines]


def found() -> list[dict[str, str]]:
    """What histories have found since the start: ``date``, ``where``, ``what``, ``kept``."""
    return list(yaml.safe_load(FOUND.read_text("utf-8")) or [])


def page(played: t.Sequence[Session], violations: t.Sequence[t.Mapping[str, str]]) -> str:
    """The page."""
    lines = [_HEAD]
    if played:
        newest = played[-1]
        total = f"{sum(each.histories for each in played):,} histories".replace(",", " ")
        lines += [
            f"Since {played[0].date}: {total} with {_sum(played, 'commands')} runs of `ansible-playbook`, "
            f"{_sum(played, 'faults')} faults that struck and {_sum(played, 'kills')} runs that were killed. "
            f"The newest are of {newest.date}.\n",
            "## Sessions\n",
            "| date | commit | level | seeds | histories | commands | faults | killed | broke a rule | minutes |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
            *(_row(each) for each in reversed(played)),
            "",
        ]
    lines += [
        "A `+` behind a commit: with changes that were not committed. *process* is ansible-core in one process and in "
        "a time of its own, *wire* is `ansible-playbook` over the network, *torture* breaks each request, script and "
        "file of one run, one after the other.\n",
        "## What they found\n",
        "| date | in | what | kept as |",
        "| --- | --- | --- | --- |",
        *(f"| {each['date']} | {each['where']} | {each['what']} | {each.get('kept') or '-'} |" for each in violations),
    ]
    return "\n".join(lines) + "\n"


def _row(each: Session) -> str:
    cells = [each.date, f"`{each.commit}`", each.level, each.seeds, each.histories, each.commands, each.faults]
    return f"| {' | '.join(str(cell) for cell in [*cells, each.kills, each.violations, f'{each.minutes:.0f}'])} |"


def _sum(played: t.Sequence[Session], name: str) -> str:
    return f"{sum(getattr(each, name) for each in played):,}".replace(",", " ")
