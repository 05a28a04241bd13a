# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of an upgrade: how they read what templates hand over."""

from __future__ import annotations

import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.fleetops.parallels_ras.plugins.filter.snapshot_compare import snapshot_compare
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import active, TODAY


class TestSnapshotCompare:
    """Readings as the modules return them."""

    BEFORE: t.ClassVar = {"license": active().as_dict(TODAY), "services": [{"name": "RAS X", "status": "Running"}]}
    AFTER: t.ClassVar = {"license": active(users_licensed=1).as_dict(TODAY), "services": []}

    def test_what_is_worse_and_what_was_not_compared(self) -> None:
        outcome = snapshot_compare(self.AFTER, self.BEFORE)
        assert [(each["area"], each["item"]) for each in outcome["worse"]] == [
            ("license", "users"),
            ("services", "RAS X"),
        ]
        assert outcome["not_compared"] == ["farm", "sites", "brokers", "agents"]

    @pytest.mark.parametrize("exclude", ["license", ["license"], ("license",)])
    def test_excludes(self, exclude: t.Any) -> None:
        outcome = snapshot_compare(self.AFTER, self.BEFORE, exclude)
        assert [each["area"] for each in outcome["worse"]] == ["services"]
        assert "farm" in outcome["not_compared"]
        assert snapshot_compare({}, {}, ["farm"])["not_compared"][0] == "license"

    def test_a_farm_as_before(self) -> None:
        assert snapshot_compare(self.BEFORE, self.BEFORE, None)["worse"] == []

    def test_the_wanted_account_and_version(self) -> None:
        agents = [Agent("cb1", "broker", state="OK", version="20.2.0.26050").as_dict()]
        before = {"license": active(account_email="old@example.com").as_dict(TODAY), "agents": agents}
        after = {"license": active(account_email="new@example.com").as_dict(TODAY), "agents": agents}
        options = {"expected_account": "new@example.com", "expected_version": "21.2.28000"}
        assert [each["area"] for each in snapshot_compare(after, before, **options)["worse"]] == ["agents"]
        assert [each["area"] for each in snapshot_compare(after, before)["worse"]] == ["account"]

    @pytest.mark.parametrize(
        ("after", "before", "exclude"),
        [
            ({}, {}, ["lisence"]),
            ({}, {"unheard": 1}, []),
            ({"sites": [{}]}, {}, []),
            ({"license": "x"}, {}, []),
            (None, {}, []),
            ({"agents": [None]}, {}, []),
        ],
    )
    def test_a_mistake_is_one_sentence(self, after: t.Any, before: t.Any, exclude: t.Any) -> None:
        with pytest.raises(AnsibleFilterError, match=r"exclude|snapshot_compare"):
            snapshot_compare(after, before, exclude)
