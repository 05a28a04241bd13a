# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an action hides without taking it as an option, and what it does not let core say."""

from __future__ import annotations

import typing as t

import pytest
from ansible import constants as C
from ansible.utils.display import Display
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.base import Backend
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import license_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import REPLACEMENT
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.farm import FarmAction
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.quiet import quiet
from ansible_collections.fleetops.parallels_ras.tests.unit.support.actions import ACCOUNT_PASSWORD, ARGS, make, perform
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import KEY, OTHER_KEY


def _returning(result: dict[str, t.Any]) -> type[FarmAction]:
    class Returning(FarmAction):
        """An action that returns this."""

        SPEC = license_spec()

        def work(self, backend: Backend, options: Options) -> dict[str, t.Any]:
            """Return it."""
            return dict(result)

    return Returning


class _Templar:
    """Works out templates that are one variable, as Ansible's does it."""

    def __init__(self, variables: dict[str, t.Any]) -> None:
        self._variables = variables

    def template(self, value: t.Any) -> t.Any:
        """The value; KeyError for a variable that does not exist."""
        is_template = isinstance(value, str) and value.startswith("{{")
        return self._variables[value.strip("{ }")] if is_template else value


def test_what_the_task_does_not_take_but_its_host_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """A farm may quote what another task, or another run, sent to it."""
    others = {
        "ras_account_password": "{{ of_the_vault }}",
        "of_the_vault": ACCOUNT_PASSWORD,
        "ras_license_key": KEY,
        "ras_account_keys": [OTHER_KEY],
        "ras_previous_account_password": "previous'pass word",
        "ansible_password": "windows-password",
        "ras_api_password": "{{ no_such_variable }}",
    }
    monkeypatch.setenv("RAS_API_PASSWORD", "of-the-environment")
    said = {"texts": [*map(str, others.values()), ACCOUNT_PASSWORD, OTHER_KEY.lower(), "of-the-environment"]}
    action = make(_returning(said), ARGS)
    action._templar = _Templar(others)
    result = action.run(None, others)
    assert set(result["texts"][-3:]) == {REPLACEMENT}
    for secret in ("previous'pass word", KEY, OTHER_KEY, "windows-password", "of-the-environment"):
        assert secret not in repr(result)
    assert "{{ no_such_variable }}" in result["texts"]


def test_each_secret_of_a_list_that_came_as_one_text() -> None:
    said = {"texts": ["second-secret-key", "first-secret-key"]}
    result = perform(_returning(said), account_keys="first-secret-key,second-secret-key")
    assert result["texts"] == [REPLACEMENT, REPLACEMENT]


def test_options_that_are_words_of_ours() -> None:
    """A secret that is the name of an option or a word of a result costs neither."""
    for secret in ("account_password", "backend_used", "observed", "license_key", "activated"):
        result = perform(_returning({"account_match": "not_checked"}), account_password=secret)
        assert result["invocation"]["module_args"]["account_password"] == REPLACEMENT
        assert (result["backend_used"], result["account_match"]) == ("rest", "not_checked")


@pytest.mark.parametrize("verbosity", [0, 3, 4, 5, 6])
def test_no_more_is_said_than_at_four_while_something_is_sent(monkeypatch: pytest.MonkeyPatch, verbosity: int) -> None:
    display = Display()
    monkeypatch.setattr(display, "verbosity", verbosity)
    monkeypatch.setattr(display, "log_verbosity", 6, raising=False)
    monkeypatch.setattr(C, "DEFAULT_DEBUG", True)

    def fails() -> None:
        with quiet():
            assert (display.verbosity, display.log_verbosity, C.DEFAULT_DEBUG) == (min(verbosity, 4), 4, False)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert (display.verbosity, display.log_verbosity, C.DEFAULT_DEBUG) == (verbosity, 6, True)
