# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a command and learn from the kernel what it cost."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
# A hang guard only.
_HANG_SECONDS = 1800.0
_SAMPLE_SECONDS = 0.02


class BenchError(RuntimeError):
    """What ran is not a measurement: it failed, or did not do its requests."""


@dataclass(frozen=True)
class Cost:
    """What a command took, with all processes that it waited for.

    ``cpu`` is in seconds, ``largest_mb`` the resident memory of the largest process, ``whole_mb`` what all its
    processes held together at their peak, shared pages counted once, and ``files`` the most file descriptors of one of
    them; None and 0 where nobody watched.
    """

    cpu: float
    largest_mb: float
    whole_mb: float | None
    output: bytes
    files: int = 0


def run(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    folder: Path,
    said: bytes = b"",
    watch: bool = False,
    hang: float = _HANG_SECONDS,
) -> Cost:
    """Run a command with its output in a file of ``folder``.

    Args:
        argv: The command.
        env: Its whole environment.
        folder: Where it works.
        said: What it reads from standard input.
        watch: Sample the memory of all its processes, which costs time itself.
        hang: Seconds after which it counts as hung.

    Raises:
        BenchError: It did not end well, or not at all.
    """
    output, heard = folder / "output.txt", folder / "input.json"
    heard.touch(0o600)
    heard.write_bytes(said)
    with output.open("wb") as writes, heard.open("rb") as reads:
        process = subprocess.Popen(
            [str(word) for word in argv],
            stdin=reads,
            stdout=writes,
            stderr=subprocess.STDOUT,
            env=dict(env),
            cwd=folder,
            start_new_session=True,
        )
    heard.unlink()
    peak: list[float] = []
    files: list[int] = []
    killer = threading.Timer(hang, process.kill)
    killer.start()
    try:
        with _watching(process.pid, peak, files) if watch else contextlib.nullcontext():
            # Not Popen.wait: only wait4 reports what this one process and its children cost.
            _pid, status, usage = os.wait4(process.pid, 0)
    except BaseException:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        raise
    finally:
        killer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    said = output.read_bytes()
    if process.returncode != 0:
        tail = said[-3000:].decode(errors="replace")
        raise BenchError(f"{Path(argv[0]).name} ended with exit code {process.returncode}:\n{tail}")
    whole = max(peak) if peak else None
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, whole, said, max(files, default=0))


def cpu_of(pid: int) -> float:
    """The processor seconds that a living process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


@contextlib.contextmanager
def _watching(pid: int, peak: list[float], files: list[int]) -> Iterator[None]:
    over = threading.Event()

    def sample() -> None:
        while not over.wait(_SAMPLE_SECONDS):
            members = family(pid)
            peak.append(sum(_megabytes(each) for each in members))
            files.append(max(_files(each) for each in members))

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def family(pid: int) -> list[int]:
    """A process and all that descend from it, whatever session they are in."""
    children: dict[int, list[int]] = {}
    for each in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has just ended
            parent = int(each.read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(each.parent.name))
    found = [pid]
    for each_pid in found:
        found += children.get(each_pid, [])
    return found


def _files(pid: int) -> int:
    with contextlib.suppress(OSError):
        return len(os.listdir(f"/proc/{pid}/fd"))
    return 0


def _megabytes(pid: int) -> float:
    """The proportional set size: pages that several processes share are divided among them."""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024
    return 0.0
