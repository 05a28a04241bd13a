# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a hook may not hold, and one that did not end."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.hooks import refused_task, unfinished_hook


@pytest.mark.parametrize("meta", ["end_play", "end_host", "end_role", "clear_host_errors"])
def test_what_reaches_beyond_a_hook_is_refused(meta: str) -> None:
    assert f"meta: {meta}" in str(refused_task(meta))


@pytest.mark.parametrize("meta", ["refresh_inventory", "bogus", "", "{{ what }}", 5])
def test_what_is_not_known_to_be_harmless_is_refused(meta: t.Any) -> None:
    assert refused_task(meta)


@pytest.mark.parametrize("meta", [None, "noop", "clear_facts", "flush_handlers", "reset_connection"])
@pytest.mark.parametrize("fatal", [None, False])
def test_what_is_harmless_is_not(meta: t.Any, fatal: t.Any) -> None:
    assert refused_task(meta, fatal, []) is None


@pytest.mark.parametrize("fatal", [True, "yes", "{{ fatal }}", "false", 1])
def test_errors_that_are_fatal_for_all_are_refused_also_where_it_is_decided_later(fatal: t.Any) -> None:
    assert "any_errors_fatal" in str(refused_task(None, fatal))


def test_a_handler_is_refused() -> None:
    assert "notify" in str(refused_task(None, None, ["Restart it"]))


@pytest.mark.parametrize("value", [None, "", {}])
def test_a_hook_that_ended_is_no_failure(value: t.Any) -> None:
    assert unfinished_hook("h", {"__ras_hook": value}) is None
    assert unfinished_hook("h", {}) is None


def test_a_hook_that_did_not_end_is_a_failure_of_its_own() -> None:
    failure = unfinished_hook("cb1", {"__ras_hook": "ras_before_farm_tasks"})
    assert failure is not None
    assert failure.code == "hook_failed"
    assert "ras_before_farm_tasks did not end on cb1" in failure.message
    assert "hook" in failure.remedy
    assert "My Account" not in failure.remedy
