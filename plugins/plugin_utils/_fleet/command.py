# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The command that goes on with one farm, as this run was called, without extra variables: they may be secrets."""

from __future__ import annotations

import shlex
import typing as t

from ansible import context

_REST: t.Final = "(with the other options of this run)"


def next_command(host: str, argument: str = "") -> str:
    """What to type next for one farm.

    :param argument: an argument that this run lacked, ready for a shell.
    """
    given = context.CLIARGS
    playbooks = [str(each) for each in given.get("args") or ()]
    limit = f"--limit {shlex.quote(host)}" + (f" {argument}" if argument else "")
    if not playbooks:
        return f"run the same command again with {limit}"
    inventory = [f"-i {shlex.quote(str(each))}" for each in given.get("inventory") or ()]
    parts = ["ansible-playbook", *inventory, *map(shlex.quote, playbooks), limit]
    return " ".join([*parts, *(["--check"] if given.get("check") else []), _REST])
