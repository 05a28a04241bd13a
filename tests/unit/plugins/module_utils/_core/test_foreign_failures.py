# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a failure of Ansible itself means."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.foreign_failures import (
    foreign_failure,
    undefined_in,
)

try:
    from ansible.template import trust_as_template as trusted
except ImportError:  # before ansible-core 2.19

    def trusted(text: str) -> str:
        """Any text is a template."""
        return text


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
        ("'ansible.vars.hostvars.HostVarsVars object' has no attribute 'ras_x'", ["ras_x"]),
        ("'None' has no attribute 'osaka'", ["osaka"]),
        ("object of type 'NoneType' has no attribute 'osaka'", ["osaka"]),
        ("list object has no element 3", ["3"]),
        ("Mandatory variable 'vault_a' not defined.", ["vault_a"]),
        ("'a' is undefined and 'b' is undefined", ["a", "b"]),
        # Python's: a defect, or a library that is too old.
        ("'NoneType' object has no attribute 'get'", []),
        ("'str' object has no attribute 'items'", []),
        ("'dict' object has no attribute 'osaka'", []),
        ("module 'ssl' has no attribute 'wrap_socket'", []),
        ("type object 'Farm' has no attribute 'read'", []),
        ("partially initialized module 'x' has no attribute 'y' (most likely due to a circular import)", []),
        ("name 'retries' is not defined", []),
        ("AttributeError: 'HostVars' object has no attribute 'osaka'. Did you mean: 'tokyo'?", []),
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


@pytest.mark.parametrize("template", ["a", "d.x", "n.x", "s.x", "l[3]", "d['y-z']", "a | mandatory"])
def test_what_jinja_says_is_known(template: str) -> None:
    """In the words of the release that is installed."""
    variables = {"d": {}, "n": None, "s": "text", "l": []}
    with pytest.raises(AnsibleError) as caught:
        Templar(DataLoader(), variables=variables).template(trusted("{{ " + template + " }}"))
    name = {"d.x": "x", "n.x": "x", "s.x": "x", "l[3]": "3", "d['y-z']": "y-z"}.get(template, "a")
    assert undefined_in(str(caught.value)) == [name], str(caught.value)


def test_a_name_that_commands_something_is_harmless() -> None:
    failure = foreign_failure("'##vso[task.complete]\x1b[2J' is undefined", "The farm could not be planned")
    assert "##vso[" not in failure["message"] + failure["remedy"]
    assert failure["message"].isprintable()
