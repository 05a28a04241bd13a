# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The callback progress: sober in a log, one line on a terminal, and never in the way of an error."""

from __future__ import annotations

import os
import pty
import re
import typing as t

import pytest

from counts import count
from harness.reading import states
from harness.runner import Run, Runner
from harness.worlds import ACTIVE, FOREIGN, host_of, NONE, world
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor_full

ACTIVATE: t.Final = "fleetops.parallels_ras.activate"
CALLBACK: t.Final = {"ANSIBLE_STDOUT_CALLBACK": "fleetops.parallels_ras.progress"}


@pytest.fixture(scope="module", name="runner")
def _runner(start_lab: StartLab) -> Runner:
    warned_of = {"license": ACTIVE, "vars": {"ras_account_company": "Another Corp."}}
    return start_lab(world({"tokyo": {"license": NONE}, "osaka": warned_of, "kobe": {"license": FOREIGN}}))


@pytest.fixture(scope="module", name="log")
def _log(runner: Runner) -> Run:
    return runner.playbook(ACTIVATE, env=CALLBACK)


def test_a_log_is_sober_and_complete(log: Run) -> None:
    assert log.rc == 2
    assert states(log) == {"tokyo": "changed", "osaka": "ok", "kobe": "refused account_mismatch"}
    assert "\x1b" not in log.stdout
    assert "\r" not in log.stdout
    steps = [line.split(" | ")[:2] for line in log.stdout.splitlines() if " elapsed" in line]
    assert steps[-1] == ["Verdict", "3 of 3 farms done, 1 failed"]
    assert ["Wave 1", "3 of 3 farms done, 1 failed"] in steps
    # Waves that nobody is in are no news, nor are tasks that went well.
    assert "Wave 2" not in log.stdout
    assert re.findall(r"^(?:ok|changed|skipping|included): ", log.stdout, re.MULTILINE) == []
    # The plan of each farm, the table, the failure and the recap are all there.
    assert "tokyo: activate is due" in log.stdout
    assert "3 farms: 1 changed or due, 1 as they were, 1 not as wanted" in log.stdout
    assert f"fatal: [{host_of('kobe')}]: FAILED!" in log.stdout
    assert "PLAY RECAP" in log.stdout
    assert any("account_company" in warning for warning in log.warnings)
    count("scenario", "progress: in a log")


def test_an_unreachable_host_is_shown(runner: Runner) -> None:
    lost = {"ansible_connection": "ssh", "ansible_port": 1, "ansible_ssh_common_args": "-o ConnectTimeout=2"}
    run = runner.play(
        [{"name": "Reach", "ansible.builtin.ping": {}}], "--limit", host_of("tokyo"), env=CALLBACK, extra=lost
    )
    assert run.rc == 4
    assert f"fatal: [{host_of('tokyo')}]: UNREACHABLE!" in run.stdout
    assert "1 of 1 farm done, 1 failed" in run.stdout
    count("scenario", "progress: a host that is unreachable")


def test_a_text_is_one_line_and_no_command_of_a_ci_system(runner: Runner) -> None:
    text = "first\r\n::error file=a::b\x1b[2J\n ##vso[task.setvariable variable=a]b"
    tasks = [{"name": "Show", "ansible.builtin.debug": {"msg": each}} for each in (text, [text.replace("\n", " ")])]
    run = runner.play(tasks, "--limit", host_of("tokyo"), env=CALLBACK)
    assert run.rc == 0
    shown = run.stdout.splitlines()
    assert "\x1b" not in run.stdout
    assert {"first ", ": :error file=a::b [2J", " # #vso[task.setvariable variable=a]b"} <= set(shown)
    assert not [line for line in shown if "##" in line or line.lstrip().startswith("::")]
    count("scenario", "progress: commands of a CI system")


def test_a_terminal_has_one_line_that_is_taken_away_before_any_other(runner: Runner, log: Run) -> None:
    """The run goes through a terminal of its own; what it printed is then read as a terminal would show it."""
    controller, terminal = pty.openpty()
    with runner.begin(ACTIVATE, "--check", env={**CALLBACK, "TERM": "xterm"}, terminal=terminal) as process:
        os.close(terminal)
        written = b"".join(iter(lambda: _read(controller), b"")).decode("utf-8", "replace")
        assert process.wait() == 2
    os.close(controller)
    assert "\r\x1b[K" in written
    shown = [_as_seen(line) for line in written.replace("\r\n", "\n").split("\n")]
    progress = [line for line in shown if " elapsed" in line]
    # Of all the states only the last one stays.
    assert len(progress) == 1
    assert progress[0].startswith("Verdict | 3 of 3 farms done, 1 failed")
    assert "3 farms: 0 changed or due, 2 as they were, 1 not as wanted" in shown
    assert any(line.startswith(f"fatal: [{host_of('kobe')}]: FAILED!") for line in shown)
    count("scenario", "progress: on a terminal")


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # Linux says so when nobody has the other end any more
        return b""


def _as_seen(line: str) -> str:
    """What is left of a line after its returns and clearings."""
    return line.rpartition("\r")[2].replace("\x1b[K", "")
