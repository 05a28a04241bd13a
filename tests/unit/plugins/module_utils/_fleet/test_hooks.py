# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a hook may not hold, and one that did not end."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.hooks import (
    ANY,
    HookTask,
    REACHING,
    refused_for_member,
    refused_task,
    unfinished_hook,
)
from hypothesis import given
from hypothesis import strategies as st

_NAMES = st.sets(st.sampled_from(["site", "zone", "ansible_host", "inventory_hostname", "group_names", "other", ANY]))


@pytest.mark.parametrize("meta", ["end_play", "end_host", "end_role", "clear_host_errors", "clear_facts"])
def test_what_reaches_beyond_a_hook_is_refused(meta: str) -> None:
    assert f"meta: {meta}" in str(refused_task(HookTask("meta", meta)))


@pytest.mark.parametrize("meta", ["refresh_inventory", "bogus", "", "None", "{{ what }}", 5])
def test_what_is_not_known_to_be_harmless_is_refused(meta: t.Any) -> None:
    assert refused_task(HookTask("ansible.builtin.meta", meta))


@pytest.mark.parametrize("meta", [None, "noop", "flush_handlers", "reset_connection"])
@pytest.mark.parametrize("no", [None, False])
def test_what_is_harmless_is_not(meta: t.Any, no: t.Any) -> None:
    keywords = {**dict.fromkeys(REACHING, no), "notify": [], "debugger": "never", "throttle": 0}
    assert refused_task(HookTask("ansible.builtin.debug", meta, keywords=keywords)) is None


@pytest.mark.parametrize("value", [True, "yes", "{{ fatal }}", "false", "no", "", "0", 1, "never "])
@pytest.mark.parametrize("name", REACHING)
def test_a_keyword_that_reaches_all_is_refused_also_where_it_is_decided_later(name: str, value: t.Any) -> None:
    assert str(refused_task(HookTask(keywords={name: value}))).startswith(f"{name}, ")


@pytest.mark.parametrize("name", sorted(set(REACHING) - {"throttle"}))
def test_a_zero_is_nothing_to_throttle_only(name: str) -> None:
    assert refused_task(HookTask(keywords={"throttle": 0})) is None
    assert refused_task(HookTask(keywords={name: 0}))


@pytest.mark.parametrize("action", ["add_host", "group_by", "ansible.builtin.add_host", "ansible.legacy.group_by"])
def test_a_change_of_the_inventory_is_refused(action: str) -> None:
    assert "inventory" in str(refused_task(HookTask(action)))


def test_a_module_that_runs_once_for_all_hosts_is_refused() -> None:
    assert "site.all.once, which Ansible runs once" in str(refused_task(HookTask("site.all.once", is_shared=True)))


@pytest.mark.parametrize("action", ["{{ how }}", "ansible.builtin.{{ how }}", "{% if x %}meta{% endif %}"])
def test_a_module_that_only_the_run_knows_is_refused(action: str) -> None:
    assert "only known when it runs" in str(refused_task(HookTask(action)))


@given(named=_NAMES, own=_NAMES.map(lambda names: names - {ANY}))
def test_a_member_has_its_own_values_only_where_the_task_asks_for_them(named: set[str], own: set[str]) -> None:
    """What is the licensing server's, or may be, is refused by its name; all other names mean the same there."""
    said = refused_for_member(named, own)
    magic = named & {"inventory_hostname", "group_names"}
    mine = named & own
    assert (said is None) is (not magic and not mine and not (own and ANY in named))
    if said and mine and not magic:
        assert said.startswith(f"{min(mine)}, ")
        assert f"write hostvars[ras_hook_host].{min(mine)}" in said


def test_a_name_that_only_the_run_knows_may_be_one_of_the_members_own() -> None:
    assert "only known when it runs" in str(refused_for_member({ANY}, {"site"}))
    assert refused_for_member({ANY}, set()) is None


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
