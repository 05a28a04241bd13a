# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real ansible-core in this process: its workers are called instead of forked, one after the other.

What core does is core's own: playbooks, roles, strategies, variables and actions. Only the fork is not, so that
nothing of a run is left to chance.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
import random
import sys
import threading
import traceback
import types
import typing as t
from collections.abc import Iterator, Sequence
from pathlib import Path
from unittest import mock

import ansible.plugins.strategy as strategies
from ansible import cli, constants, context
from ansible._internal import _task
from ansible.cli.playbook import PlaybookCLI
from ansible.executor.task_executor import TaskExecutor
from ansible.inventory.host import Host
from ansible.parsing.vault import VaultSecretsContext
from ansible.utils.context_objects import CLIArgs
from ansible.utils.display import Display
from ansible.utils.vars import load_extra_vars, load_options_vars
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift import scan

from simulation.process.network import Killed
from simulation.process.speed import forget_files, worked_out_once
from simulation.stage import KILLED


class _Queue:
    """What a worker says on its way, said at once."""

    def __init__(self, strategy: t.Any) -> None:
        self._strategy = strategy

    def send_callback(self, method: str, host: t.Any, task: t.Any, utr: t.Any) -> None:
        wire = _task.WireTaskResult.create(host=host, task=task, utr=utr)
        self._strategy._tqm.send_callback(method, self._strategy._convert_wire_task_result_to_host_task_result(wire))

    def send_display(self, method: str, *args: t.Any, **options: t.Any) -> None:
        getattr(Display(), method)(*args, **options)


class _Worker:
    """In place of a forked worker: its task is done when it is started."""

    exitcode = 0
    pid = 0

    def __init__(self, *, final_q: t.Any, task_vars: t.Any, host: t.Any, task: t.Any, **given: t.Any) -> None:
        self._strategy = final_q.strategy
        self._task_vars, self._host, self._task, self._given = task_vars, host, task, given

    def start(self) -> None:
        # A fork has its own task and host: what it works out stays there.
        task = self._task.copy(exclude_tasks=True)
        task._parent, task._uuid = self._task._parent, self._task._uuid
        host = Host(name=self._host.name)
        host.__dict__.update(self._host.__dict__)
        given = self._given
        with _task.TaskContext.create(task=task, task_vars=self._task_vars, host_name=host.name):
            task.squash()
            done = TaskExecutor(
                host,
                given["play_context"],
                given["loader"],
                given["shared_loader_obj"],
                _Queue(self._strategy),
                given["variable_manager"],
            ).run()
            done.finalize_registered_values()
            task.ignore_errors, task.ignore_unreachable = done.ignore_errors, done.ignore_unreachable
            wire = _task.WireTaskResult.create(host=host, task=task, utr=done)
        result = self._strategy._convert_wire_task_result_to_host_task_result(wire)
        with self._strategy._results_lock:
            self._strategy._results.append(result)

    def is_alive(self) -> bool:
        return False

    def close(self) -> None:
        """Nothing is open."""


def _known_by_its_queue(init: t.Any) -> t.Any:
    @functools.wraps(init)
    def call(strategy: t.Any, tqm: t.Any) -> None:
        tqm._final_q.strategy = strategy
        init(strategy, tqm)

    return call


def _take(options: t.Any) -> None:
    context.CLIARGS = CLIArgs.from_options(options)


class _Thread:
    """In place of a thread of a scan: the first one reads all farms."""

    def __init__(self, *, target: t.Callable[..., None], args: t.Sequence[t.Any], **_more: t.Any) -> None:
        self._work = functools.partial(target, *args)

    def start(self) -> None:
        self._work()


@contextlib.contextmanager
def in_one_process() -> Iterator[None]:
    """Let core call its workers."""
    with (
        worked_out_once(),
        mock.patch.object(strategies, "WorkerProcess", _Worker),
        mock.patch.object(strategies.StrategyBase, "__init__", _known_by_its_queue(strategies.StrategyBase.__init__)),
        mock.patch.object(scan, "threading", types.SimpleNamespace(Condition=threading.Condition, Thread=_Thread)),
        mock.patch.object(context, "_init_global_context", _take),
        mock.patch.object(cli, "init_plugin_loader"),
        mock.patch.object(constants, "DEFAULT_INTERNAL_POLL_INTERVAL", 0),
    ):
        yield


def run_playbook(arguments: Sequence[str], folder: Path, seed: int) -> tuple[int, str]:
    """Run ``ansible-playbook`` with these arguments.

    Args:
        folder: New, for what a run keeps while it lasts.
        seed: Of what is drawn while it lasts, such as the length of a pause.

    Returns:
        The exit code, and everything that was shown.
    """
    folder.mkdir(parents=True)
    shown = io.StringIO()
    forget_files(folder.parent)
    VaultSecretsContext._current = None
    # Core keeps what the command line said on the functions that read it.
    for read, kept in ((load_extra_vars, "extra_vars"), (load_options_vars, "options_vars")):
        vars(read).pop(kept, None)
    _forget_what_was_shown()
    random.seed(seed)
    with (
        mock.patch.object(constants, "DEFAULT_LOCAL_TMP", str(folder)),
        mock.patch.dict(os.environ, {"RECORD_FILE": str(folder / "record.jsonl")}),
        contextlib.redirect_stdout(shown),
        contextlib.redirect_stderr(shown),
    ):
        try:
            code = int(PlaybookCLI(["ansible-playbook", *arguments]).run() or 0)
        except SystemExit as end:
            code = int(end.code or 0)
        except Killed:
            code = KILLED
        except Exception as error:  # as the command line does it
            traceback.print_exc(file=sys.stderr)
            code = int(getattr(error, "_exit_code", 1) or 1)
    return code, shown.getvalue()


def _forget_what_was_shown() -> None:
    """A warning is shown once a run, and each run is the first."""
    display = Display()
    for kept in (display._warns, display._errors, display._deprecations):
        kept.clear()
