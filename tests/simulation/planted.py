# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make simulate PLANTED=1``: break one rule of the product at a time, and see in which history that is found.

A fault that no history finds is a hole in the generator, or in the judges.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import typing as t
from pathlib import Path

import yaml

HERE: t.Final = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "mutants"), str(HERE.parent / "tools")]

from catalog import load, Mutant  # noqa: E402

from bench import Bench  # noqa: E402
from run import tracked  # noqa: E402

HISTORIES: t.Final = 300


def planted() -> list[Mutant]:
    """The faults.

    Raises:
        KeyError: One is no mutant.
    """
    known = {mutant.name: mutant for mutant in load()}
    return [known[name] for name in yaml.safe_load((HERE / "planted.yml").read_text("utf-8"))]


def find(bench: Bench, mutant: Mutant, histories: int) -> str:
    """The line of a fault: the first history that finds it, and the judge."""
    with bench.mutated(mutant), tempfile.TemporaryDirectory(prefix="ras-planted-") as kept:
        command = [sys.executable, "-m", "simulation.run", "--minutes", "600", "--seeds", f"1-{histories}"]
        done = subprocess.run(
            [*command, "--until-one", "--keep", kept],
            cwd=bench.tree,
            env=bench.env(),
            capture_output=True,
            text=True,
            check=False,
        )
    found = re.search(r"^ *(\d+)  [0-9a-f]{16}  \d+ commands  (.+)$(?<!good)", done.stdout, flags=re.MULTILINE)
    if found:
        return f"FOUND   {mutant.name}: history {found[1]}, {found[2]}"
    if "histories" not in done.stdout:
        return f"BROKEN  {mutant.name}: {(done.stdout + done.stderr).strip().splitlines()[-1:]}"
    return f"MISSED  {mutant.name}: {mutant.why}"


def main() -> int:
    """Try them all, or those whose names begin so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--histories", type=int, default=HISTORIES)
    given = parser.parse_args()
    chosen = [mutant for mutant in planted() if mutant.name.startswith(given.only)]
    with tempfile.TemporaryDirectory(prefix="ras-planted-") as folder:
        bench = Bench(Path(folder), tracked())
        lines = []
        for mutant in chosen:
            lines.append(find(bench, mutant, given.histories))
            print(lines[-1], flush=True)
    found = sum(line.startswith("FOUND") for line in lines)
    print(f"{found} of {len(lines)} planted faults found within {given.histories} histories each")
    return 0 if found == len(lines) else 1


if __name__ == "__main__":
    sys.exit(main())
