# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file to source, for a shell in which ansible-playbook and pytest work as in the test runs."""

from __future__ import annotations

import shlex

from lanes import Lane
from paths import CACHE

_EXPORTED = ("PATH", "VIRTUAL_ENV", "PYTHONPATH", "ANSIBLE_COLLECTIONS_PATH")


def write(lane: Lane) -> None:
    """Write ``.cache/activate-LANE``. HOME and the user's own Ansible settings stay as they are in that shell."""
    env = lane.env()
    lines = [f"# {lane.title()}", *(f"export {name}={shlex.quote(env[name])}" for name in _EXPORTED)]
    (CACHE / f"activate-{lane.name}").write_text("\n".join(lines) + "\n")
