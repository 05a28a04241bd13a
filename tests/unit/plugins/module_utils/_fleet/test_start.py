# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a playbook may be started with, judged by what Ansible itself would leave out."""

from __future__ import annotations

import typing as t

import pytest
from ansible.playbook.block import Block
from ansible.playbook.play import Play
from ansible.playbook.task import Task
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.start import refused_start, refused_write
from hypothesis import given
from hypothesis import strategies as st

WHOLE: t.Final = {"tags": ("all",), "skip_tags": (), "start_at_task": None, "step": False}
_TAGS: t.Final = st.lists(
    st.sampled_from(["all", "always", "never", "tagged", "untagged", "x", "ALL", " all", "verify", "0"]), max_size=4
)


def _runs(given: t.Mapping[str, t.Any], tags: list[str]) -> bool:
    """Whether Ansible runs a task with these tags."""
    task = Task(block=Block(play=Play()))
    task.tags = tags
    return bool(task.evaluate_tags(list(given["tags"]) or ["all"], list(given["skip_tags"]), {}))


@given(tags=_TAGS, skipped=_TAGS)
def test_what_is_not_refused_leaves_no_task_out(tags: list[str], skipped: list[str]) -> None:
    start = {**WHOLE, "tags": tuple(tags), "skip_tags": tuple(skipped)}
    if refused_start(start) is None:
        # A hook may have tags of its own; nobody chose any.
        assert all(_runs(start, mine) for mine in ([], ["always"], ["x"], ["verify", "0"]))
    elif _runs(start, []):
        assert set(tags) & {"untagged"} or skipped


@pytest.mark.parametrize(
    ("changes", "observed"),
    [
        ({"tags": ("a", "b")}, "--tags a,b"),
        ({"tags": ["always"]}, "--tags always"),
        ({"skip_tags": ("always",)}, "--skip-tags always"),
        ({"skip_tags": ("",)}, None),
        ({"tags": ("all", "x")}, None),
        ({"tags": ()}, None),
        ({"start_at_task": "Show\nall farms"}, "--start-at-task 'Show all farms'"),
        ({"start_at_task": ""}, None),
        ({"step": True, "tags": ("x",)}, "--tags x --step"),
    ],
)
def test_the_sentence_says_what_was_observed(changes: dict[str, t.Any], observed: str | None) -> None:
    refused = refused_start({**WHOLE, **changes})
    assert (refused is None) is (observed is None)
    if refused:
        assert refused.code == "invalid_option"
        assert refused.message.endswith(f"observed {observed}.")
        assert "Nothing was sent" in refused.remedy


@pytest.mark.parametrize("listing", ["listhosts", "listtasks", "listtags", "syntax"])
def test_a_listing_is_not_refused(listing: str) -> None:
    assert refused_start({**WHOLE, "tags": ("x",), listing: True}) is None


def test_without_a_command_line_nothing_is_refused() -> None:
    """Other programs use Ansible as a library."""
    assert refused_start({}) is None


@pytest.mark.parametrize(
    ("skipped", "is_refused"),
    [
        (["molecule-notest", "notest"], False),
        (["molecule-notest,notest"], False),
        (["notest"], False),
        (["notest", "web"], True),
        (["notest", "all"], True),
        (["untagged"], True),
    ],
)
def test_what_molecule_skips_at_every_run_is_nothing_of_ours(skipped: list[str], is_refused: bool) -> None:
    assert (refused_start({"tags": ["all"], "skip_tags": skipped}) is not None) is is_refused


@pytest.mark.parametrize(
    ("changes", "observed"),
    [
        ({"start_at_task": "Verify"}, "--start-at-task 'Verify'"),
        ({"step": True}, "--step"),
        ({"start_at_task": "x\ny", "step": True, "tags": ("x",)}, "--start-at-task 'x y' --step"),
        ({"start_at_task": "", "step": False}, None),
        # They leave out the whole role, or nothing of it.
        ({"tags": ("x",), "skip_tags": ("always",)}, None),
    ],
)
def test_the_role_writes_nothing_where_single_tasks_are_left_out(
    changes: dict[str, t.Any], observed: str | None
) -> None:
    refused = refused_write({**WHOLE, **changes})
    assert (refused is None) is (observed is None)
    if refused:
        assert refused.message.endswith(f"observed {observed}.")
        assert "Nothing was written" in refused.remedy
    assert refused_write({}) is None
