# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Try every mutant: apply it to a copy of the checkout, run the suite that must notice it, expect red.

Run it in an activated main lane (``. .cache/activate-main``). In that of the floor, with ``RAS_LANE=floor``, it tries
the mutants that only show there. Exit code 1: a mutant survived, or is none, or a suite is red without any mutant.
"""

from __future__ import annotations

import argparse
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

from catalog import load, Mutant, NoMutant, ROOT

from bench import Bench, GREEN, HUNG, RED, stop_all, Stopped
from counts import count

Job = Callable[[Bench], bool]
_print_lock = threading.Lock()


def say(text: str) -> None:
    """Print whole lines at once, from any thread."""
    with _print_lock:
        print(text, flush=True)


def tracked() -> list[Path]:
    """The files of the checkout, tracked or untracked, that are not ignored."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return sorted({Path(name) for name in listing.split("\0") if name and (ROOT / name).is_file()})


def is_green(bench: Bench, suite: tuple[str, ...]) -> bool:
    """Whether a suite passes without any mutant; otherwise a red run would prove nothing."""
    begin = time.monotonic()
    code, said = bench.pytest(suite)
    if code != GREEN:
        say(f"RED      {' '.join(suite)}  without any mutant (exit code {code})\n{said}")
        return False
    say(f"GREEN    {' '.join(suite)}  {time.monotonic() - begin:.1f}s")
    return True


def is_noticed(bench: Bench, mutant: Mutant) -> bool:
    """Whether the suite turns red. A mutant that cannot even be loaded proves nothing and counts as failed."""
    begin = time.monotonic()
    try:
        with bench.mutated(mutant):
            code, said = bench.pytest(mutant.suite)
    except NoMutant as error:
        say(f"NONE     {error}")
        return False
    spent = f"{time.monotonic() - begin:.1f}s"
    if code in (RED, HUNG):
        say(f"KILLED   {mutant.name}  {spent}{'  (it hung)' if code == HUNG else ''}")
        count("mutant", mutant.name)
        return True
    if code == GREEN:
        say(f"SURVIVED {mutant.name}  {spent}\n         {mutant.file}: {mutant.why}\n         {' '.join(mutant.suite)}")
    else:
        say(f"BROKEN   {mutant.name}  {spent}  pytest ended with exit code {code}\n{said}")
    return False


def work_off(benches: list[Bench], jobs: list[Job]) -> list[bool]:
    """Run the jobs, as many at a time as there are benches."""
    waiting: queue.SimpleQueue[Job] = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)
    results: list[bool] = []

    def work(bench: Bench) -> None:
        while True:
            try:
                results.append(waiting.get_nowait()(bench))
            except (queue.Empty, Stopped):
                return

    threads = [threading.Thread(target=work, args=(bench,), daemon=True) for bench in benches]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    except KeyboardInterrupt:
        # Nobody may still write into the copies when they are removed.
        stop_all()
        for thread in threads:
            thread.join()
        raise
    return results


def run(mutants: list[Mutant], workers: int) -> int:
    """Try the mutants and print the verdict."""
    begin = time.monotonic()
    files = tracked()
    with tempfile.TemporaryDirectory(prefix="ras-mutants-") as folder:
        benches = [Bench(Path(folder) / str(number), files) for number in range(min(workers, len(mutants)))]
        suites = dict.fromkeys(mutant.suite for mutant in mutants)
        green = work_off(benches, [partial(is_green, suite=suite) for suite in suites])
        if not all(green) or len(green) != len(suites):
            say("the suites are not green without a mutant: nothing was tried")
            return 1
        noticed = work_off(benches, [partial(is_noticed, mutant=mutant) for mutant in mutants])
    killed = sum(noticed)
    say(f"{killed} of {len(mutants)} mutants killed, {time.monotonic() - begin:.0f}s")
    return 0 if killed == len(mutants) else 1


def _stop(_signal: int, _frame: FrameType | None) -> None:
    # Once: a second signal, such as one to the whole group, must not end the removal of the copies.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def main() -> int:
    """Choose the mutants and run them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", metavar="NAME", help="a mutant, or the beginning of some names")
    parser.add_argument("--workers", type=int, default=2, help="how many at a time (default: 2)")
    parser.add_argument("--list", action="store_true", help="only print the names")
    options = parser.parse_args()
    try:
        mutants = [mutant for mutant in load() if mutant.lane == os.environ.get("RAS_LANE", "main")]
    except NoMutant as error:
        say(str(error))
        return 1
    if options.only:
        unknown = [name for name in options.only if not any(mutant.name.startswith(name) for mutant in mutants)]
        if unknown:
            say(f"no mutant is called {', '.join(unknown)}")
            return 1
        mutants = [mutant for mutant in mutants if mutant.name.startswith(tuple(options.only))]
    if options.list:
        say("\n".join(mutant.name for mutant in mutants))
        return 0
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, _stop)
    try:
        return run(mutants, max(1, options.workers))
    except KeyboardInterrupt:
        say("stopped")
        return 130


if __name__ == "__main__":
    sys.exit(main())
