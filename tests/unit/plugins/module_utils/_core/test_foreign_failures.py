# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a failure of Ansible itself means."""

from __future__ import annotations

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.foreign_failures import (
    foreign_failure,
    undefined_in,
)


@pytest.mark.parametrize(
    ("message", "names"),
    [
        ("'vault_tokyo_key' is undefined. 'vault_tokyo_key' is undefined", ["vault_tokyo_key"]),
        ("Task failed: 'vault_tokyo_key' is undefined", ["vault_tokyo_key"]),
        (
            "The task includes an option with an undefined variable. The error was: {{ vault_a }}: 'vault_a' is "
            "undefined. 'vault_a' is undefined\n\nThe error appears to be in '/x/main.yml': line 3, column 3",
            ["vault_a"],
        ),
        (
            "Task failed: Finalization of task args for 'fleetops.parallels_ras.license' failed: Error while resolving "
            "value for 'license_key': 'vault_b' is undefined",
            ["vault_b"],
        ),
        ("'dict object' has no attribute 'osaka'", ["osaka"]),
        ("object of type 'dict' has no attribute 'osaka'", ["osaka"]),
        ("'a' is undefined and 'b' is undefined", ["a", "b"]),
        # Our own: an earlier task failed, which is what the user must read.
        ("'__ras_result' is undefined", []),
        ("no such file", []),
        ("", []),
    ],
)
def test_undefined_variables_are_named(message: str, names: list[str]) -> None:
    assert undefined_in(message) == names
    failure = foreign_failure(message, "The farm could not be planned")
    assert failure["code"] == ("invalid_option" if names else "internal_error")
    for name in names:
        assert name in failure["message"]
        assert f"Define {', '.join(names)} for this host" in failure["remedy"]
    assert message.split("\n", maxsplit=1)[0] in failure["message"]


def test_a_name_that_commands_something_is_harmless() -> None:
    failure = foreign_failure("'##vso[task.complete]\x1b[2J' is undefined", "The farm could not be planned")
    assert "##vso[" not in failure["message"] + failure["remedy"]
    assert failure["message"].isprintable()
