# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Notes when the first task of a run begins, when the last has ended, and how many results came. For the bench only."""

from __future__ import annotations

import json
import os
import resource
import time
import typing as t

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: bench_clock
type: aggregate
short_description: Note the time at the first task and at the end
description: For the bench of the collection.
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]
    """Writes ``seconds`` (wall, from the first task to the end), ``cpu_before`` (used until the first task) and
    ``results`` (of tasks, whatever became of them)."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "bench_clock"
    CALLBACK_NEEDS_ENABLED = True

    _begin: tuple[float, float] | None = None
    _results = 0

    def v2_playbook_on_task_start(self, task: t.Any, is_conditional: bool) -> None:
        if self._begin is None:
            used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
            self._begin = time.monotonic(), sum(each.ru_utime + each.ru_stime for each in used)

    def v2_runner_on_ok(self, result: t.Any) -> None:
        self._results += 1

    def v2_runner_on_skipped(self, result: t.Any) -> None:
        self._results += 1

    def v2_runner_on_failed(self, result: t.Any, ignore_errors: bool = False) -> None:
        self._results += 1

    def v2_runner_on_unreachable(self, result: t.Any) -> None:
        self._results += 1

    def v2_playbook_on_stats(self, stats: t.Any) -> None:
        if self._begin is not None:
            line = {
                "seconds": time.monotonic() - self._begin[0],
                "cpu_before": self._begin[1],
                "results": self._results,
            }
            with open(os.environ["BENCH_CLOCK_FILE"], "w", encoding="utf-8") as file:
                json.dump(line, file)
