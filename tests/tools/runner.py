# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run steps, each with a log of its own, and print one line for each."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from paths import in_ci, LOGS, ROOT

DEFAULT_LIMIT = 1200.0
Argv = list[str | Path]
# What pip says where it cannot be made quiet (ansible-test runs it): it hides what matters.
_NOISE = re.compile(
    r"WARNING: Location '.*' is ignored|Looking in |Collecting |Processing /|Using cached pip "
    r"|Installing collected |Successfully installed "
    r"|\s+(Downloading |Using cached |Attempting uninstall|Found existing|Not uninstalling|Can't uninstall|\u2501)"
)
_print_lock = threading.Lock()
_running: set[subprocess.Popen[bytes]] = set()
_running_lock = threading.Lock()
_stopping = threading.Event()


class StepFailed(Exception):
    """A step found something wrong; its log says what."""


class LeftOut(Exception):
    """A step cannot run here; the message says what is missing and how to get it. In CI this is a failure."""


@dataclass(frozen=True)
class Step:
    """One thing to do. ``action`` gets the step's log and returns a short remark for its line, or an empty string."""

    name: str
    action: Callable[[Log], str]


@dataclass(frozen=True)
class Result:
    """How a step ended: ``state`` is PASS, FAIL or SKIP; ``seconds`` is wall time."""

    name: str
    state: str
    seconds: float
    remark: str

    def line(self) -> str:
        """Return the line that is printed for the step."""
        remark = f"  ({self.remark})" if self.remark else ""
        return f"{self.state} {self.name} {self.seconds:.1f}s{remark}"


class Log:
    """The log file of one step, and the only way for it to run commands."""

    def __init__(self, name: str) -> None:
        LOGS.mkdir(parents=True, exist_ok=True)
        self.path = LOGS / (name.replace(" ", "-").replace("/", "-") + ".log")
        self.path.write_text("")

    def write(self, text: str) -> None:
        """Add a line to the log."""
        with self.path.open("a") as log:
            log.write(text.rstrip("\n") + "\n")

    def run(
        self,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
        limit: float = DEFAULT_LIMIT,
        check: bool = True,
    ) -> int:
        """Run a command with its output in the log.

        Args:
            argv: The command.
            env: Its whole environment; the caller's when not given.
            cwd: Its working directory.
            limit: Seconds after which it is killed and the step fails: a hanging test must not hang the run.
            check: Fail the step on an exit code other than 0.

        Returns:
            The exit code.

        Raises:
            StepFailed: The exit code is not 0 (with ``check``), the time is over, or the run is being stopped.
        """
        words = [str(word) for word in argv]
        self.write("$ " + " ".join(words))
        if _stopping.is_set():
            raise StepFailed("stopped")
        with self.path.open("ab") as log:
            process = subprocess.Popen(
                words,
                cwd=cwd,
                env=None if env is None else dict(env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        with _running_lock:
            _running.add(process)
        try:
            code = process.wait(limit)
        except subprocess.TimeoutExpired:
            raise StepFailed(f"{words[0]} did not end within {limit:.0f} s") from None
        finally:
            # The group is killed also after a good end: what a step started may not outlive it.
            _kill(process)
            with _running_lock:
                _running.discard(process)
        if check and code != 0:
            raise StepFailed(f"{Path(words[0]).name} ended with exit code {code}")
        return code

    def output(self, argv: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> str:
        """Run a short command and return its standard output; the log gets it too.

        Raises:
            StepFailed: The exit code is not 0.
        """
        words = [str(word) for word in argv]
        done = subprocess.run(
            words,
            cwd=cwd,
            env=None if env is None else dict(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        self.write("$ " + " ".join(words) + "\n" + done.stdout + done.stderr)
        if done.returncode != 0:
            raise StepFailed(f"{Path(words[0]).name} ended with exit code {done.returncode}")
        return done.stdout


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def stop_all() -> None:
    """Kill every command that runs now and let no step start another."""
    _stopping.set()
    with _running_lock:
        for process in _running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def say(text: str) -> None:
    """Print a line at once, whole, also from several threads."""
    with _print_lock:
        print(text, flush=True)


def run_step(step: Step) -> Result:
    """Run one step and print its line; after a failure its whole log too."""
    log = Log(step.name)
    begin = time.monotonic()
    state, remark = "PASS", ""
    try:
        remark = step.action(log)
    except LeftOut as left_out:
        state, remark = ("FAIL" if in_ci() else "SKIP"), str(left_out)
    except StepFailed as failure:
        state, remark = "FAIL", str(failure)
    except Exception as error:  # a broken step is a failed step: the others still run and are reported
        state, remark = "FAIL", f"{type(error).__name__}: {error}"
    result = Result(step.name, state, time.monotonic() - begin, remark)
    if state == "FAIL" and not _stopping.is_set():
        lines = log.path.read_text(errors="replace").splitlines()
        text = "\n".join(line for line in lines if not _NOISE.match(line))
        say(f"{result.line()}\n----- log of {step.name} -----\n{text}\n----- end of {step.name} -----")
    else:
        say(result.line())
    return result


def run_blocks(blocks: Sequence[Sequence[Step]]) -> list[Result]:
    """Run blocks side by side; the steps of one block run in order, each whether or not the one before it failed.

    Returns:
        The results, block by block.
    """
    results: list[list[Result]] = [[] for _block in blocks]

    def work(index: int) -> None:
        for step in blocks[index]:
            if _stopping.is_set():
                return
            results[index].append(run_step(step))

    threads = [threading.Thread(target=work, args=(index,), daemon=True) for index in range(len(blocks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [result for block in results for result in block]
