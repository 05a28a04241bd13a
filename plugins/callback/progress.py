# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Callback plugin: see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
name: progress
type: stdout
short_description: Progress of a run over a fleet of farms
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Shows how many farms are done, failed and at work, and how many there are, the phase, the time elapsed and, once
    farms are being changed, the approximate time left.
  - On a terminal this is one line that is updated in place. Elsewhere, as in the log of a CI job, a line is printed at
    each phase, at each failure, and at each tenth of the farms.
  - Failures, unreachable hosts, retries, differences, warnings and the recap are shown as
    P(ansible.builtin.default#callback) shows them. So is the text of every C(debug) task, such as the plan of each farm
    and the table of all farms. Tasks that succeeded or were skipped are left out.
  - What a CI system would take for a command (C(##vso[), C(::error::) and the like) has a blank in it in the text of a
    C(debug) task, and control characters are blanks.
  - Farms are counted in plays on C(ras_licensing_servers), from the facts that the playbooks of this collection set for
    them. Other plays show their phase only.
  - Set C(stdout_callback=fleetops.parallels_ras.progress), or C(ANSIBLE_STDOUT_CALLBACK), to use it.
extends_documentation_fragment:
  - default_callback
  - result_format_callback
requirements:
  - set as stdout in configuration
"""

import os
import sys
import time
import typing as t

from ansible.plugins.callback.default import CallbackModule as Default
from ansible.utils.display import Display
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.log_text import log_line, log_lines
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.progress import Progress

_FARMS: t.Final = "ras_licensing_servers"
_WAVE: t.Final = "Wave "
_CONTROLLER: t.Final = "localhost"
_SHOWS: t.Final = frozenset({"display", "banner", "warning", "error", "deprecated"})
_GATE: t.Final = "fleetops.parallels_ras.farm_gate"
_DEBUG: t.Final = frozenset({"debug", "ansible.builtin.debug", "ansible.legacy.debug"})
_LEAST_COLUMNS: t.Final = 20
_USUAL_COLUMNS: t.Final = 80  # where a terminal does not report its width


class _Clearing:
    """Ansible's display; before each of its outputs, the updated line is cleared."""

    def __init__(self, display: t.Any, clear: t.Callable[[], None]) -> None:
        self._display = display
        self._clear = clear

    def __getattr__(self, name: str) -> t.Any:
        value = getattr(self._display, name)
        if name not in _SHOWS:
            return value

        def show(*args: t.Any, **kwargs: t.Any) -> t.Any:
            self._clear()
            return value(*args, **kwargs)

        return show


def _clear_first(display: t.Any, clear: t.Callable[[], None]) -> None:
    """Clear the updated line before what comes from a worker, too: core shows that past all callbacks."""
    show, here = display.display, os.getpid()

    def cleared(*args: t.Any, **kwargs: t.Any) -> t.Any:
        # A worker only hands on what it shows.
        if os.getpid() == here:
            clear()
        return show(*args, **kwargs)

    display.display = cleared


class CallbackModule(Default):  # type: ignore[misc]
    """The default callback without what went well, and with the progress."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "fleetops.parallels_ras.progress"

    def __init__(self) -> None:
        super().__init__()
        self._display: t.Any = _Clearing(self._display, self._clear)
        _clear_first(Display(), self._clear)
        self._progress = Progress(time.monotonic())
        self._printed: tuple[str, int, int] | None = None
        self._shown = ""
        self._updates = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"

    # -- events that move it ---------------------------------------------------------------------------------------

    def v2_playbook_on_play_start(self, play: t.Any) -> None:
        """A phase begins, unless it is a wave without farms."""
        self._play = play
        variables = play.get_variable_manager().get_vars(play=play)
        hosts = list(variables.get("ansible_play_hosts_all") or [])
        name = play.get_name().strip()
        # A play may also be for the controller, which speaks when no farm can. In a wave without farms it is alone.
        if hosts and not (hosts == [_CONTROLLER] and name.startswith(_WAVE)):
            servers = set(variables.get("groups", {}).get(_FARMS) or [])
            farms = [host for host in hosts if host in servers] if _is_for_farms(play.hosts) else []
            self._progress.begin(name, farms, time.monotonic())
        self._update()

    def v2_runner_on_ok(self, result: t.Any) -> None:
        """Read the facts that were set; show the text of a debug task, and warnings."""
        data, task = _data(result), result._task
        self._progress.note(result._host.get_name(), data.get("ansible_facts") or {})
        if task.action == _GATE:
            self._progress.turn(result._host.get_name(), data)
        if data.keys() & {"warnings", "deprecations", "exception"}:
            self._clear()  # these bypass our display
        if hasattr(self, "_handle_warnings_and_exception"):  # ansible-core 2.19 and newer
            self._handle_warnings_and_exception(result)
        else:
            self._handle_warnings(data)
        if task.action in _DEBUG and "msg" in data:
            self._say(data["msg"])
        self._update()

    def v2_runner_on_unreachable(self, result: t.Any) -> None:
        """Show it as the default callback does, and count it, unless the farm goes on all the same."""
        self._clear()
        super().v2_runner_on_unreachable(result)
        if not result._task.ignore_unreachable:
            self._progress.lost(result._host.get_name())
        self._update()

    def v2_runner_on_failed(self, result: t.Any, ignore_errors: bool = False) -> None:
        """Show it as the default callback does."""
        self._clear()
        super().v2_runner_on_failed(result, ignore_errors=ignore_errors)
        self._update()

    def v2_playbook_on_task_start(self, task: t.Any, is_conditional: bool) -> None:
        """Only the clock moves; the banner comes with a failure."""
        self._update()

    def v2_runner_on_start(self, host: t.Any, task: t.Any) -> None:
        """Only the clock moves."""
        self._update()

    def v2_playbook_on_stats(self, stats: t.Any) -> None:
        """The last word, then the recap."""
        self._clear()
        self._display.display(log_line(self._progress.line(time.monotonic())))
        self._updates, self._printed = False, self._progress.milestone()
        super().v2_playbook_on_stats(stats)

    # -- events that are left out ----------------------------------------------------------------------------------

    def v2_runner_on_skipped(self, result: t.Any) -> None:
        """Nothing happened."""

    def v2_runner_item_on_ok(self, result: t.Any) -> None:
        """Part of a task that is shown as a whole."""

    def v2_runner_item_on_skipped(self, result: t.Any) -> None:
        """Nothing happened."""

    def v2_playbook_on_include(self, included_file: t.Any) -> None:
        """Nothing happened yet."""

    def v2_playbook_on_handler_task_start(self, task: t.Any) -> None:
        """As any task."""

    def v2_playbook_on_cleanup_task_start(self, task: t.Any) -> None:
        """As any task."""

    def v2_playbook_on_no_hosts_matched(self) -> None:
        """It is worth a line: the playbooks of this collection always match one."""
        self._display.display(f"{self._play.get_name().strip()}: skipping, no hosts matched")

    # -- the line --------------------------------------------------------------------------------------------------

    def _say(self, message: t.Any) -> None:
        for line in message if isinstance(message, list) else [message]:
            # Raw text, unlike what the default callback prints: it must be one line, and no command of a CI system.
            text = log_lines(line.split("\n")) if isinstance(line, str) else [self._dump_results({"msg": line})]
            for each in text:
                self._display.display(each)

    def _update(self) -> None:
        line = log_line(self._progress.line(time.monotonic()))
        if self._updates:
            line = line[: max(_LEAST_COLUMNS, _columns() - 1)]
            if line != self._shown:
                sys.stdout.write(f"\r{line}\x1b[K")
                sys.stdout.flush()
                self._shown = line
        elif self._printed != self._progress.milestone():
            self._printed = self._progress.milestone()
            self._display.display(line)

    def _clear(self) -> None:
        if self._shown:
            sys.stdout.write("\r\x1b[K")
            sys.stdout.flush()
            self._shown = ""


def _is_for_farms(hosts: t.Any) -> bool:
    """Whether a play is for the licensing servers, whatever else its pattern says."""
    patterns = hosts if isinstance(hosts, list) else [hosts]
    return any(str(pattern).partition(":")[0].strip() == _FARMS for pattern in patterns)


def _data(result: t.Any) -> dict[str, t.Any]:
    """What the task returned; ansible-core 2.19 gave it a public name."""
    return t.cast("dict[str, t.Any]", result.result if hasattr(result, "result") else result._result)


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or _USUAL_COLUMNS
    except (OSError, ValueError):
        return _USUAL_COLUMNS
