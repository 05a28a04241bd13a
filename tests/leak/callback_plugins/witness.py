# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sees from within Ansible what leaves no trace outside: command lines, temporary files; and makes it crash on demand.

Not part of the collection.
"""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import typing as t

from ansible import constants as C
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: witness
type: aggregate
short_description: Witness command lines and temporary files
description: For the tests of the collection.
"""

_PLUGINS = "ansible_collections.fleetops.parallels_ras.plugins"
_CRASHES_AT = "plugin_utils._license_flow.plan_license"
_EVENTS = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system")


class CallbackModule(CallbackBase):  # type: ignore[misc]
    """WITNESS_DIR gets ``argv`` and a copy of ``tmp``; of the text in the file WITNESS_CRASH a function dies.

    That is the plan function of a license, or the one that WITNESS_CRASH_AT names.
    """

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "witness"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._folder = os.environ["WITNESS_DIR"]
        with open("/proc/self/cmdline", "rb") as own:
            self._note(own.read().decode("utf-8", "replace"))
        # The workers are forked from this process and inherit the hook.
        sys.addaudithook(self._audit)

    def v2_playbook_on_start(self, playbook: t.Any) -> None:
        if "WITNESS_CRASH" in os.environ:
            with open(os.environ["WITNESS_CRASH"], encoding="utf-8") as file:
                text = file.read()

            def crash(*args: t.Any, **kwargs: t.Any) -> t.NoReturn:
                try:
                    raise KeyError(text)
                except KeyError as exc:
                    raise RuntimeError(text) from exc

            module, _dot, function = os.environ.get("WITNESS_CRASH_AT", _CRASHES_AT).rpartition(".")
            names = vars(importlib.import_module(f"{_PLUGINS}.{module}"))
            assert function in names
            names[function] = crash

    def v2_playbook_on_stats(self, stats: t.Any) -> None:
        shutil.copytree(C.DEFAULT_LOCAL_TMP, os.path.join(self._folder, "tmp"), dirs_exist_ok=True)

    def _audit(self, event: str, args: tuple[t.Any, ...]) -> None:
        if event in _EVENTS:
            self._note(repr(args))

    def _note(self, line: str) -> None:
        with open(os.path.join(self._folder, "argv"), "a", encoding="utf-8", errors="replace") as file:
            file.write(line + "\n")
