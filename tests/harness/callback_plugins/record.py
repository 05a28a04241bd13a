# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes every task result as a line of JSON, for tests to read. Not part of the collection."""

from __future__ import annotations

import json
import os
import typing as t

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: record
type: aggregate
short_description: Write task results as JSON lines
description: For the tests of the collection.
"""


class CallbackModule(CallbackBase):
    """Records results and the final statistics in the file that RECORD_FILE names."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "record"
    CALLBACK_NEEDS_ENABLED = True

    def _write(self, **line: t.Any) -> None:
        with open(os.environ["RECORD_FILE"], "a", encoding="utf-8") as file:
            file.write(json.dumps(line, default=str) + "\n")

    def _record(self, kind: str, result: t.Any) -> None:
        task = result._task
        self._write(
            kind=kind,
            host=result._host.get_name(),
            task=task.get_name(),
            action=task.action,
            result=dict(result._result),
        )

    def v2_runner_on_ok(self, result: t.Any, **kwargs: t.Any) -> None:
        self._record("ok", result)

    def v2_runner_on_failed(self, result: t.Any, ignore_errors: bool = False, **kwargs: t.Any) -> None:
        self._record("ignored" if ignore_errors else "failed", result)

    def v2_runner_on_unreachable(self, result: t.Any, **kwargs: t.Any) -> None:
        self._record("unreachable", result)

    def v2_playbook_on_stats(self, stats: t.Any) -> None:
        hosts = {host: stats.summarize(host) for host in stats.processed}
        self._write(kind="stats", hosts=hosts, custom=stats.custom.get("_run", {}))
