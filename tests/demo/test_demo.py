# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo runs to its end, stops when it is asked to, and fits any terminal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from demo import screen

DEMO = Path(__file__).resolve().parent / "demo.py"
# A hang guard only.
HANG_SECONDS = 600


def start(folder: Path) -> subprocess.Popen[str]:
    env = {**os.environ, "COLUMNS": "80"}
    command = [sys.executable, "-u", str(DEMO), "--dir", str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env)


def running(folder: Path) -> list[str]:
    """The processes that have the folder in their command line, or work in it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if str(folder) in command or (process / "cwd").readlink().is_relative_to(folder):
                found.append(command)
        except OSError:
            continue  # it ended meanwhile, or belongs to somebody else
    return found


def test_it_runs_to_its_end(tmp_path: Path) -> None:
    process = start(tmp_path)
    output, _nothing = process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == 0, output
    assert "Nine farms, one business account" in output
    assert "Nine farms, one version, one business account" in output
    assert "had ended while the host of kobe was still restarting" in " ".join(output.split())
    # A path is not broken, and this folder may lie deep below the checkout, to which paths are relative then.
    assert max(len(line) for line in output.splitlines() if tmp_path.name not in line) <= 80
    assert running(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_it_is_asked_to(tmp_path: Path, number: signal.Signals) -> None:
    process = start(tmp_path)
    assert process.stdout is not None
    # The lab serves by then; the command line is printed right before Ansible is started.
    while "fleetops.parallels_ras.activate" not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(number)
    output, _nothing = process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == 130, output
    assert "Nothing is left running" in output
    assert running(tmp_path) == []


def test_only_one_demo_uses_a_folder(tmp_path: Path) -> None:
    first = start(tmp_path)
    assert first.stdout is not None
    while "The farms" not in first.stdout.readline():
        assert first.poll() is None
    second = start(tmp_path)
    output, _nothing = second.communicate(timeout=HANG_SECONDS)
    first.terminate()
    first.communicate(timeout=HANG_SECONDS)
    assert second.returncode == 1
    assert "another demo is running" in output


ROWS = [
    ("farm", "account", "license", "why"),
    ("tokyo", "licensing@example.com", "active until 2031-12-31", "-"),
    ("osaka", "-", "none", "key_required"),
]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (
            100,
            [
                "   farm   account                license                  why",
                "   tokyo  licensing@example.com  active until 2031-12-31  -",
                "   osaka  -                      none                     key_required",
            ],
        ),
        (
            60,
            [
                "   farm   account                why",
                "   tokyo  licensing@example.com  -",
                "   osaka  -                      key_required",
            ],
        ),
        (
            40,
            [
                "   tokyo: account licensing@example.com;",
                "     why -",
                "   osaka: account -; why key_required",
            ],
        ),
    ],
)
def test_a_table_fits(
    columns: int, expected: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    screen.table(ROWS, drop=("license",))
    assert capsys.readouterr().out.splitlines() == expected


def test_a_wide_table_is_split(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    screen.table(ROWS, split=("license",))
    first, second = capsys.readouterr().out.split("\n\n")
    assert "license" not in first
    assert second.splitlines()[1].split() == ["tokyo", "active", "until", "2031-12-31"]


def test_a_broken_command_can_be_copied_as_a_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    line = "ansible-playbook -i inventory.yml fleetops.parallels_ras.activate -e ras_on_key_mismatch=reactivate"
    screen.command(line)
    shown = capsys.readouterr().out
    assert max(len(each) for each in shown.splitlines()) <= 50
    assert " ".join(shown.strip().removeprefix("$ ").replace("\\\n", " ").split()) == line
    assert "-e \\" not in shown
