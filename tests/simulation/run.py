# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make simulate``: draw histories, play them, judge them; write down, shrunk, each that must not be."""

from __future__ import annotations

import argparse
import atexit
import gc
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
from dataclasses import dataclass
from pathlib import Path

HERE: t.Final = Path(__file__).resolve().parent
LEVELS: t.Final = ("process", "wire")
# Objects after which it is worth while to look which of them are garbage.
_GARBAGE: t.Final = 2_000_000


@dataclass
class Ending:
    """What became of one history."""

    seed: int
    digest: str
    commands: int
    violations: list[tuple[str, int, str]]
    coverage: t.Any
    history: str = ""

    @property
    def struck(self) -> int:
        """How many faults met something."""
        return int(self.coverage.struck.total())

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
    # Garbage is collected between two histories: looking for it takes a tenth of the time otherwise.
    gc.freeze()
    gc.disable()


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
        if gc.get_count()[0] > _GARBAGE:
            gc.collect()


def _judged(level: str, history: t.Any, folder: Path) -> Ending:
    from simulation.coverage import of
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
    found = [(each.judge, each.command, each.said) for each in judge(played)]
    return Ending(history.seed, played.digest(), len(played.seen), found, of(played))


def journal_of(playbook: str) -> list[dict[str, t.Any]]:
    """The journal of the run that is tortured."""
    from simulation.play import play
    from simulation.process.stage import process_stage
    from simulation.torture import base

    history, folder = base(playbook), Path(tempfile.mkdtemp(prefix="ras-sim-"))
    try:
        with process_stage(history.world, folder / "played", history.seed) as stage:
            return play(history, stage).seen[0].journal
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def histories(given: argparse.Namespace, pool: ProcessPoolExecutor) -> Iterator[str]:
    """The texts of the histories to play."""
    from simulation.draw import draw
    from simulation.torture import tortures

    if given.history:
        yield from (Path(path).read_text("utf-8") for path in given.history)
    elif given.torture:
        for playbook in given.torture.split(","):
            all_of_them = tortures(playbook, pool.submit(journal_of, playbook).result())
            for each in itertools.islice(all_of_them, 0, None, given.every):
                yield each.text()
    else:
        for seed in given.seeds or itertools.count(given.first):
            yield draw(seed).text()


def _seeds(text: str) -> range:
    first, _dash, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def arguments() -> argparse.Namespace:
    """Of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=_seeds, help="one seed, or the first and the last of many: 7, 1-300")
    parser.add_argument("--first", type=int, default=1, help="the first seed, where no last one is given")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--level", choices=LEVELS, default="process")
    parser.add_argument("--history", action="append", help="a file")
    parser.add_argument("--torture", help="playbooks, with commas between them: each thing of a run breaks once")
    parser.add_argument("--every", type=int, default=1, help="of tortures, only each such one")
    parser.add_argument("--digests", action="store_true", help="print a line for each history")
    parser.add_argument(
        "--until-one", action="store_true", help="end at the first that breaks a rule; do not shrink it"
    )
    parser.add_argument("--keep", type=Path, default=Path("."), help="where what fails is written")
    parser.add_argument("--ledger", action="store_true", help="remember it in the ledger, and make its page anew")
    return parser.parse_args()


class Report:
    """What is printed of many histories."""

    def __init__(self, given: argparse.Namespace) -> None:
        self._given = given
        self._begin = time.monotonic()
        self.ended: list[Ending] = []

    @property
    def minutes(self) -> float:
        """Since the begin."""
        return (time.monotonic() - self._begin) / 60

    @property
    def bad(self) -> list[Ending]:
        """Those that broke a rule."""
        return [each for each in self.ended if each.violations]

    def add(self, ended: Ending) -> None:
        """Print what is to be said of one."""
        self.ended.append(ended)
        if ended.violations or self._given.digests:
            self._print(ended.line())
        for judge, command, said in ended.violations[:5]:
            self._print(f"          command {command}, {judge}: {said}")
        if ended.history:
            self._given.keep.mkdir(parents=True, exist_ok=True)
            path = self._given.keep / f"history-{ended.seed}.json"
            path.write_text(ended.history, encoding="utf-8")
            self._print(f"          shrunk: {path}")
        if sys.stdout.isatty():
            share = min(self.minutes / self._given.minutes, 1.0)
            done = "#" * round(share * 30)
            print(f"\r[{done:<30}] {len(self.ended)} histories, {len(self.bad)} broke a rule", end="", flush=True)

    @staticmethod
    def _print(line: str) -> None:
        print(f"\r\033[K{line}" if sys.stdout.isatty() else line, flush=True)

    def end(self) -> int:
        """Print what they cover; the exit code."""
        from simulation.coverage import Coverage

        covered = Coverage()
        for each in self.ended:
            covered.add(each.coverage)
        if not self._given.history and not self._given.torture:
            self._print("\n".join(covered.lines()))
        struck = covered.struck.total()
        self._print(
            f"{len(self.ended)} histories, {struck} faults struck, {covered.kills} runs killed, "
            f"{len(self.bad)} broke a rule, {self.minutes:.1f} minutes"
        )
        if self._given.ledger and self.ended:
            self._remember(struck, covered.kills)
        return 1 if self.bad else 0

    def _remember(self, struck: int, kills: int) -> None:
        from simulation.ledger import commit, remember, Session, today

        seeds = [each.seed for each in self.ended]
        remember(
            Session(
                today(),
                commit(),
                "torture" if self._given.torture else self._given.level,
                self._given.torture or f"{min(seeds)}-{max(seeds)}",
                len(self.ended),
                sum(each.commands for each in self.ended),
                struck,
                kills,
                len(self.bad),
                round(self.minutes, 1),
            )
        )


def main() -> int:
    """Play, print a line for each that must not be, and end with 1 if there is one."""
    given = arguments()
    report = Report(given)
    workers = os.cpu_count() or 1
    # Not forked: what a process plays must not depend on what this one has imported.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, begin if given.level == "process" else None) as pool:
        open_: set[Future[Ending]] = set()
        for text in histories(given, pool):
            open_.add(pool.submit(play_one, given.level, text, not given.until_one))
            if len(open_) >= 2 * workers:
                done, open_ = wait(open_, return_when=FIRST_COMPLETED)
                for each in done:
                    report.add(each.result())
            if report.minutes > given.minutes or (given.until_one and report.bad):
                break
        for each in open_:
            report.add(each.result())
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
