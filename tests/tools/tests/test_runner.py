# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps, their logs and their lines."""

from __future__ import annotations

import fcntl
import sys
from pathlib import Path

import pytest

import runner
from runner import LeftOut, Log, run_blocks, run_step, Step, StepFailed


@pytest.fixture(autouse=True)
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(runner, "LOGS", tmp_path / "logs")
    monkeypatch.setenv("CI", "")
    return tmp_path / "logs"


def python(code: str) -> list[str | Path]:
    return [sys.executable, "-c", code]


def test_a_good_step_prints_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    def action(log: Log) -> str:
        log.run(python("print('chatter')"))
        return "3 files"

    result = run_step(Step("lint", action))
    lines = capsys.readouterr().out.splitlines()
    assert result.state == "PASS"
    assert lines == [result.line()]
    assert lines[0].startswith("PASS lint ")
    assert lines[0].endswith("(3 files)")


def test_a_failed_step_prints_its_log_without_pip_noise(capsys: pytest.CaptureFixture[str]) -> None:
    code = "print('Collecting voluptuous'); print('the reason'); raise SystemExit(3)"
    result = run_step(Step("lint", lambda log: str(log.run(python(code)))))
    out = capsys.readouterr().out
    assert result.state == "FAIL"
    assert "exit code 3" in result.remark
    assert "\nthe reason\n" in out
    assert "\nCollecting" not in out


def test_a_broken_step_fails_and_the_next_one_runs() -> None:
    def broken(_log: Log) -> str:
        raise KeyError("oops")

    results = run_blocks([[Step("one", broken), Step("two", lambda _log: "")], [Step("three", lambda _log: "")]])
    assert [(result.name, result.state) for result in results] == [("one", "FAIL"), ("two", "PASS"), ("three", "PASS")]


@pytest.mark.parametrize(("ci", "state"), [("", "SKIP"), ("true", "FAIL")])
def test_nothing_is_left_out_in_ci(monkeypatch: pytest.MonkeyPatch, ci: str, state: str) -> None:
    def action(_log: Log) -> str:
        raise LeftOut("needs the package x: run 'apt-get install x' as root")

    monkeypatch.setenv("CI", ci)
    result = run_step(Step("x", action))
    assert (result.state, result.remark) == (state, "needs the package x: run 'apt-get install x' as root")


def test_a_command_that_hangs_is_killed(logs: Path) -> None:
    log = Log("hang")
    with pytest.raises(StepFailed, match="did not end within 1 s"):
        log.run(python("import threading; threading.Event().wait()"), limit=1)


def test_what_a_command_left_running_is_killed(tmp_path: Path) -> None:
    # The leftover holds a file lock; taking it here waits until the leftover is gone.
    held = tmp_path / "held"
    leftover = (
        f"import fcntl, threading; lock = open({str(held)!r}, 'w'); fcntl.flock(lock, fcntl.LOCK_EX); "
        "print('locked', flush=True); threading.Event().wait()"
    )
    parent = (
        "import subprocess, sys; "
        f"child = subprocess.Popen([sys.executable, '-c', {leftover!r}], stdout=subprocess.PIPE); "
        "print(child.stdout.readline().decode())"
    )
    log = Log("leaver")
    log.run(python(parent))
    assert "locked" in log.path.read_text()
    with held.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
