# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make simulate``: draw histories, play them, judge them; write down, shrunk, each that must not be."""

from __future__ import annotations

import argparse
import atexit
import importlib
import itertools
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
import typing as t
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

HERE: t.Final = Path(__file__).resolve().parent
LEVELS: t.Final = ("process", "wire")


@dataclass
class Ending:
    """What became of one history."""

    seed: int
    digest: str
    commands: int
    struck: int
    violations: list[tuple[str, int, str]]
    drawn: list[str] = field(default_factory=list)
    history: str = ""

    def line(self) -> str:
        """As it is printed."""
        judges = ", ".join(f"{judge} x{count}" for judge, count in Counter(v[0] for v in self.violations).items())
        return f"{self.seed:>8}  {self.digest}  {self.commands} commands  {judges or 'good'}"


def prepare(folder: Path) -> None:
    """Set what Ansible reads when it is imported: nothing of the user's."""
    (folder / "ansible.cfg").touch()
    os.environ.update(
        HOME=str(folder),
        LANG="C.UTF-8",
        ANSIBLE_CONFIG=str(folder / "ansible.cfg"),
        ANSIBLE_LOCAL_TEMP=str(folder / "local"),
        ANSIBLE_NOCOLOR="1",
        ANSIBLE_CALLBACK_PLUGINS=str(HERE.parent / "harness" / "callback_plugins"),
        ANSIBLE_CALLBACKS_ENABLED="record",
    )
    warnings.simplefilter("ignore")


def begin() -> None:
    """What a process does first: core reads its settings when it is imported."""
    folder = Path(tempfile.mkdtemp(prefix="ras-sim-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    prepare(folder)
    # Before anything of the collection is imported, also by the judges.
    importlib.import_module("simulation.process")


def play_one(level: str, text: str, shrinks: bool) -> Ending:
    """Play the history of a file's text, and shrink it if it fails."""
    from simulation.history import History
    from simulation.shrink import shrink

    folder = Path(tempfile.mkdtemp(prefix="ras-sim-"))
    try:
        history = History.read(text)
        ended = _judged(level, history, folder / "played")
        if ended.violations and shrinks:
            judges = {violation[0] for violation in ended.violations}
            numbers = itertools.count(1)

            def fails(candidate: History) -> bool:
                again = _judged(level, candidate, folder / f"shrunk{next(numbers)}")
                return bool({violation[0] for violation in again.violations} & judges)

            ended.history = shrink(history, fails).text()
        return ended
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _judged(level: str, history: t.Any, folder: Path) -> Ending:
    from simulation.judges import judge
    from simulation.play import play

    try:
        if level == "process":
            from simulation.process.stage import process_stage

            with process_stage(history.world, folder, history.seed) as stage:
                played = play(history, stage)
        else:
            from simulation.wire import wire_stage

            with wire_stage(history.world, folder) as wired:
                played = play(history, wired)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    struck = sum(1 for seen in played.seen for entry in seen.journal if entry["fault"])
    found = [(each.judge, each.command, each.said) for each in judge(played)]
    return Ending(history.seed, played.digest(), len(played.seen), struck, found, history.drawn)


def histories(given: argparse.Namespace) -> Iterator[str]:
    """The texts of the histories to play."""
    from simulation.draw import draw

    if given.history:
        yield from (Path(path).read_text("utf-8") for path in given.history)
        return
    for seed in given.seeds or itertools.count(given.first):
        yield draw(seed).text()


def _seeds(text: str) -> range:
    first, _dash, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def main() -> int:
    """Play, print a line for each, and end with 1 if anything must not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=_seeds, help="one seed, or the first and the last of many: 7, 1-300")
    parser.add_argument("--first", type=int, default=1, help="the first seed, where no last one is given")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--level", choices=LEVELS, default="process")
    parser.add_argument("--history", action="append", help="a file")
    parser.add_argument(
        "--until-one", action="store_true", help="end at the first that must not be, and do not shrink it"
    )
    parser.add_argument("--keep", type=Path, default=Path("."), help="where what fails is written")
    given = parser.parse_args()
    ends_at = time.monotonic() + given.minutes * 60
    ended: list[Ending] = []
    source = histories(given)
    workers = os.cpu_count() or 1
    # Not forked: what a process plays must not depend on what this one has imported.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, begin if given.level == "process" else None) as pool:
        open_: set[Future[Ending]] = set()
        for text in source:
            open_.add(pool.submit(play_one, given.level, text, not given.until_one))
            if len(open_) >= 2 * workers:
                done, open_ = wait(open_, return_when=FIRST_COMPLETED)
                ended += [_said(each.result(), given.keep) for each in done]
            if time.monotonic() > ends_at or (given.until_one and any(each.violations for each in ended)):
                break
        ended += [_said(each.result(), given.keep) for each in open_]
    bad = [each for each in ended if each.violations]
    print(f"{len(ended)} histories, {sum(each.struck for each in ended)} faults struck, {len(bad)} with violations")
    if not given.history:
        print("\n".join(_coverage(ended)))
    return 1 if bad else 0


def _said(ended: Ending, keep: Path) -> Ending:
    print(ended.line(), flush=True)
    for judge, command, said in ended.violations[:5]:
        print(f"          command {command}, {judge}: {said}")
    if ended.history:
        keep.mkdir(parents=True, exist_ok=True)
        path = keep / f"history-{ended.seed}.json"
        path.write_text(ended.history, encoding="utf-8")
        print(f"          shrunk: {path}", flush=True)
    return ended


def _coverage(ended: list[Ending]) -> list[str]:
    """How often each thing was drawn."""
    drawn = Counter(word for each in ended for word in each.drawn)
    return [f"{count:>7}  {word}" for word, count in sorted(drawn.items(), key=lambda pair: (pair[1], pair[0]))]


if __name__ == "__main__":
    sys.exit(main())
