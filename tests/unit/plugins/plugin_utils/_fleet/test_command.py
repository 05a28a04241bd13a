# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command that goes on with one farm."""

from __future__ import annotations

import shlex
import typing as t

import pytest
from ansible import context
from ansible.module_utils.common.collections import ImmutableDict
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.command import next_command


def _called(monkeypatch: pytest.MonkeyPatch, **values: t.Any) -> None:
    monkeypatch.setattr(context, "CLIARGS", ImmutableDict(values))


def test_the_run_is_called_again_for_one_farm(monkeypatch: pytest.MonkeyPatch) -> None:
    _called(
        monkeypatch,
        args=("fleetops.parallels_ras.activate",),
        inventory=("/srv/my farms.yml", "/srv/b.yml"),
        extra_vars=("ras_account_password=a-secret-password",),
        check=False,
    )
    command = next_command("cb1.example.com")
    assert command == (
        "ansible-playbook -i '/srv/my farms.yml' -i /srv/b.yml fleetops.parallels_ras.activate "
        "--limit cb1.example.com (with the other options of this run)"
    )


def test_an_argument_comes_with_it_and_check_mode_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    _called(monkeypatch, args=("site.yml",), inventory=None, check=True)
    command = next_command("a host; id", "-e '{ras_confirm_deactivate: [tokyo]}'")
    words = shlex.split(command.partition(" (with")[0])
    assert words == [
        *("ansible-playbook", "site.yml", "--limit", "a host; id"),
        *("-e", "{ras_confirm_deactivate: [tokyo]}", "--check"),
    ]


def test_without_a_command_line_it_is_the_same_command(monkeypatch: pytest.MonkeyPatch) -> None:
    _called(monkeypatch)
    assert next_command("cb1") == "run the same command again with --limit cb1"
