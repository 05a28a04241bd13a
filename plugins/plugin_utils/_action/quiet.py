# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Keep core from showing what goes over a connection: the arguments of scripts and their raw results.

Beyond -vvvv, connection plugins show what a host answered, and with ANSIBLE_DEBUG core shows the arguments of modules,
passwords included. Core does not ask ``no_log`` there on every release, so the level is lowered while a script runs.
"""

from __future__ import annotations

import contextlib
import typing as t

from ansible import constants as C
from ansible.utils.display import Display

# What core and the connection plugins show up to this level holds no argument and no result.
_LOUDEST: t.Final = 4


@contextlib.contextmanager
def quiet() -> t.Iterator[None]:
    """Show no more than -vvvv does, on the screen and in the log. For actions: each has a process of its own."""
    display = Display()
    levels = {name: getattr(display, name) for name in ("verbosity", "log_verbosity") if hasattr(display, name)}
    debugs = C.DEFAULT_DEBUG  # pylint: disable=no-member
    for name, level in levels.items():
        setattr(display, name, min(level, _LOUDEST))
    C.DEFAULT_DEBUG = False
    try:
        yield
    finally:
        C.DEFAULT_DEBUG = debugs
        for name, level in levels.items():
            setattr(display, name, level)
