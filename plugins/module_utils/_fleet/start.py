# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What a playbook may be started with. Pure, no I/O.

A run in part is never what it looks like: without the tasks that plan, that judge, or that show the table, nothing is
done and the exit code is 0, or farms are changed that no check has seen.
"""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.log_text import log_line

# Ansible's word for every task; it is there when no tag is given.
_EVERY: t.Final = "all"
# Molecule skips these at every run, whatever a scenario says; nothing of ours has them (its provisioner for Ansible).
_OF_MOLECULE: t.Final = frozenset({"notest", "molecule-notest", "molecule-idempotence-notest"})
_LISTINGS: t.Final = ("listhosts", "listtasks", "listtags", "syntax")


def refused_start(given: t.Mapping[str, t.Any]) -> RasError | None:
    """Why no playbook of ours may be started; None when it may.

    :param given: what ansible-playbook was started with, by the names that it has in Ansible: ``tags``, ``skip_tags``,
        ``start_at_task``, ``step``, and those of the listings, which run nothing. Configuration and environment are in
        there, too.
    """
    if any(given.get(name) for name in _LISTINGS):
        return None
    tags, skipped = (_texts(given.get(name)) for name in ("tags", "skip_tags"))
    observed = [
        *([f"--tags {','.join(tags)}"] if tags and _EVERY not in tags else []),
        *([f"--skip-tags {','.join(skipped)}"] if set(skipped) - _OF_MOLECULE else []),
        *_later(given),
    ]
    if not observed:
        return None
    return RasError(
        "invalid_option",
        "The playbooks of fleetops.parallels_ras run as a whole or not at all: expected none of --tags, --skip-tags, "
        f"--start-at-task and --step, observed {log_line(' '.join(observed))}.",
        remedy="Leave it out and run again (tags can also come from ANSIBLE_RUN_TAGS, ANSIBLE_SKIP_TAGS and the "
        "section [tags] of ansible.cfg); --limit chooses farms, and --check looks without a change. Nothing was sent.",
    )


def refused_write(given: t.Mapping[str, t.Any]) -> RasError | None:
    """Why the role writes nothing in a playbook of the user; None when it may.

    Tags are no reason: none of its tasks has one of its own, so they leave out the whole role or nothing of it.

    :param given: as for :func:`refused_start`.
    """
    observed = _later(given)
    if not observed:
        return None
    return RasError(
        "invalid_option",
        "The role fleetops.parallels_ras.ras writes only after its own checks, which may have been left out: expected "
        f"none of --start-at-task and --step, observed {log_line(' '.join(observed))}.",
        remedy="Leave it out and run again; tasks_from chooses a part of the role, and --limit chooses farms. Nothing "
        "was written.",
    )


def _later(given: t.Mapping[str, t.Any]) -> list[str]:
    """What leaves single tasks out, whatever tags they have."""
    started = given.get("start_at_task")
    return [*([f"--start-at-task '{started}'"] if started else []), *(["--step"] if given.get("step") else [])]


def _texts(value: t.Any) -> list[str]:
    listed = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
    texts = [str(each) for each in listed if each not in (None, "")]
    return [part for text in texts for part in text.split(",")]
