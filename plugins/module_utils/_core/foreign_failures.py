# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What a failure of Ansible itself means, out of its message: a variable that is not defined is the user's to define.

Pure, no I/O. The texts are those of Jinja2 and ansible-core 2.16 to 2.21.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.log_text import log_line

# In their own forms only: Python says "'NoneType' object has no attribute 'get'" and "name 'x' is not defined", and
# that is a defect of a program.
_UNDEFINED: t.Final = re.compile(
    r"'([^']{1,200})' is undefined|\bMandatory variable '([^']{1,200})' +not defined"
    # Jinja2: 'dict object' has no attribute 'x', 'None' has no attribute 'x'; since ansible-core 2.19 in other words.
    r"|(?:'(?:[\w.]{1,200} object|None)'|\bobject of type '[^']{1,200}') has no attribute '([^']{1,200})'"
    r"|\bobject of type '[^']{1,200}' has no attribute (-?\d{1,20})"
    r"|(?:\b[\w.]{1,200} object|\bNone) has no element (-?\d{1,20})"
)
# What is the role's own is not defined where an earlier task failed: nothing that a user could define.
_OWN: t.Final = "__ras_"


def undefined_in(message: str) -> list[str]:
    """The variables, or attributes of variables, that a message says are not defined; none of the role's own."""
    names = [log_line(next(filter(None, found.groups())), 100) for found in _UNDEFINED.finditer(message)]
    return [] if any(name.startswith(_OWN) for name in names) else list(dict.fromkeys(names))


def foreign_failure(message: t.Any, what: str) -> dict[str, t.Any]:
    """A failure of a task that is not one of ours.

    :param what: what could not be done, as a sentence without its end.
    """
    names = undefined_in(str(message))
    if names:
        shown = ", ".join(names)
        return {
            "code": "invalid_option",
            "message": f"{what}, because a variable refers to something that is not defined: {shown} "
            f"({log_line(message, 500)}).",
            "remedy": f"Define {shown} for this host (is its vault or group file read, and is the name right?), or "
            "correct the variable that refers to it, then run again.",
            "observed": {"undefined": names},
        }
    return {
        "code": "internal_error",
        "message": f"{what}: {log_line(message)}",
        "remedy": "Fix what the message names and run again.",
        "observed": None,
    }
