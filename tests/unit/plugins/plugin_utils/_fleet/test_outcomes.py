# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How each farm of a run ended, as the hosts' variables show it."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import Hosts
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.outcomes import outcomes
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import KEY_SHOWN


def _seen(guid: str = "{aa}", **changes: t.Any) -> dict[str, t.Any]:
    license = {"key": KEY_SHOWN, "type": "PrePaid", "status": "active"}
    return {
        "license": license,
        "farm": {"guid": guid},
        "account_match": "match",
        "account_evidence": "reported",
        **changes,
    }


def _left(problem: str) -> dict[str, t.Any]:
    """What the gate returned to a farm that left."""
    return {"step": "leave", "stop": "", "problem": problem, "at": 161.0}


class TestOutcomes:
    """How each farm ended."""

    DUE: t.ClassVar = {"state": "due", "failure": None}

    def _one(self, check_mode: bool = False, **values: t.Any) -> dict[str, t.Any]:
        (row,) = outcomes(["h1"], Hosts({"h1": {"ras_farm": "tokyo", **values}}), check_mode)
        return row

    def test_a_changed_farm_with_its_license(self) -> None:
        row = self._one(ras_preflight=self.DUE, ras_license_result=_seen(changed=True))
        assert (row["farm"], row["host"], row["state"]) == ("tokyo", "h1", "changed")
        assert row["license"]["key"] == KEY_SHOWN
        assert row["account_evidence"] == "reported"

    def test_in_check_mode_it_is_due(self) -> None:
        assert self._one(True, ras_preflight=self.DUE, ras_license_result=_seen(changed=True))["state"] == "due"

    def test_a_host_without_any_note_was_lost(self) -> None:
        assert self._one()["state"] == "failed"

    def test_a_failure_of_the_wave_after_a_good_change_is_a_failure(self) -> None:
        row = self._one(
            ras_preflight=self.DUE, ras_license_result=_seen(changed=True), __ras_wave_left=_left("verify failed")
        )
        assert (row["state"], row["code"], row["message"]) == ("failed", "not_confirmed", "verify failed")

    def test_a_failure_of_the_change_keeps_its_own_code(self) -> None:
        failure = {"code": "key_rejected", "message": "No.", "remedy": "Look."}
        row = self._one(ras_preflight=self.DUE, ras_license_result=_seen(failure=failure), __ras_wave_left=_left("x"))
        assert row["code"] == "key_rejected"

    @pytest.mark.parametrize("planned", [None, ["h1"]])
    def test_a_farm_that_was_not_let_in(self, planned: t.Any) -> None:
        values = {
            "ras_preflight": self.DUE,
            "__ras_plan_result": _seen(),
            "__ras_wave_gate": {"stop": "2 farms failed"},
        }
        (row,) = outcomes(["h1"], Hosts({"h1": values}), planned=planned)
        assert (row["state"], row["license"]["status"]) == ("not_tried", "active")
        assert "2 farms failed" in row["message"]

    def test_a_farm_that_did_not_leave_its_wave_has_failed_once_all_waves_are_over(self) -> None:
        values = {"ras_preflight": self.DUE, "ras_license_result": _seen(changed=True), "__ras_wave_gate": {"stop": ""}}
        (during,) = outcomes(["h1"], Hosts({"h1": values}))
        (after,) = outcomes(["h1"], Hosts({"h1": values}), planned=["h1"])
        assert (during["state"], after["state"], after["code"]) == ("changed", "failed", "not_confirmed")
        (left,) = outcomes(["h1"], Hosts({"h1": {**values, "__ras_wave_left": _left("")}}), planned=["h1"])
        assert left["state"] == "changed"

    def test_waves_that_could_not_be_planned(self) -> None:
        failure = {"code": "invalid_option", "message": "No such sizes.", "remedy": "Correct them."}
        row = self._one(ras_preflight=self.DUE, __ras_plan_result=_seen(), __ras_waves_failure=failure)
        assert (row["state"], row["code"], row["license"]["status"]) == ("not_tried", "invalid_option", "active")
        assert "No such sizes." in row["message"]

    @pytest.mark.parametrize("none", [None, ""])
    def test_waves_that_could_be_planned(self, none: t.Any) -> None:
        """Older cores make an empty text of what is null in a template."""
        right = {"state": "ok", "failure": None}
        assert self._one(ras_preflight=right, __ras_plan_result=_seen(), __ras_waves_failure=none)["state"] == "ok"

    NEEDED: t.ClassVar = {"needed": True, "installed": "20.2.26050", "wanted": "21.2.28000", "failure": None}

    def test_an_upgrade_without_a_change_of_the_license_is_a_change(self) -> None:
        done = {"changed": True, "before": "20.2.26050", "after": "21.2.28000"}
        row = self._one(
            ras_preflight=self.DUE,
            ras_license_result=_seen(changed=False),
            ras_upgrade_plan=self.NEEDED,
            ras_upgrade_result=done,
            __ras_wave_gate={"stop": "", "at": 100.5},
            __ras_wave_left={"problem": "", "at": 161.0},
        )
        assert (row["state"], row["changed"]) == ("changed", True)
        assert (row["versions"], row["seconds"]) == (["20.2.26050", "21.2.28000"], 60)

    def test_agents_alone_are_a_change_too(self) -> None:
        there = {**self.NEEDED, "needed": False}
        row = self._one(
            ras_preflight=self.DUE,
            ras_license_result=_seen(changed=False),
            ras_upgrade_plan=there,
            ras_agents_result={"changed": True},
        )
        assert row["state"] == "changed"

    def test_check_mode_announces_an_upgrade(self) -> None:
        values = {"ras_preflight": self.DUE, "ras_license_result": _seen(), "ras_upgrade_plan": self.NEEDED}
        (row,) = outcomes(["h1"], Hosts({"h1": {"ras_farm": "tokyo", **values}}), True)
        assert (row["state"], row["versions"]) == ("due", ["20.2.26050", "21.2.28000"])

    def test_a_failure_of_the_upgrade_is_the_farms(self) -> None:
        failure = {"code": "install_failed", "message": "1603.", "remedy": "Read the log."}
        row = self._one(
            ras_preflight=self.DUE, ras_upgrade_plan=self.NEEDED, ras_failure=failure, __ras_wave_left=_left("x")
        )
        assert (row["state"], row["code"], row["message"]) == ("failed", "install_failed", "1603.")

    def test_only_an_unmanaged_farm_shows_its_reason(self) -> None:
        unmanaged = {"state": "unmanaged", "failure": None}
        assert self._one(ras_preflight=unmanaged, ras_unmanaged_reason="pay as you go")["reason"] == "pay as you go"
        assert self._one(ras_preflight=self.DUE, ras_unmanaged_reason="pay as you go")["reason"] is None


class TestToldAfterTheUpgrade:
    """RAS 15 to 17 report no license: in check mode the upgrade that changes that did not happen."""

    HOSTS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "cb1": {
            "ras_farm": "tokyo",
            "ras_preflight": {"state": "due", "failure": None},
            "ras_upgrade_plan": {"needed": True, "installed": "17.1.22275", "wanted": "21.2.28000", "failure": None},
            "ras_license_result": {
                "failure": {"code": "product_too_old", "message": "RAS 17.", "remedy": "Upgrade."},
                "changed": False,
            },
        }
    }

    def test_is_due_in_check_mode(self) -> None:
        row = outcomes(["cb1"], Hosts(self.HOSTS), check_mode=True)[0]
        assert (row["state"], row["code"], row["changed"]) == ("due", None, True)
        assert row["versions"] == ["17.1.22275", "21.2.28000"]

    def test_has_failed_when_it_is_still_so_after_the_upgrade(self) -> None:
        row = outcomes(["cb1"], Hosts(self.HOSTS))[0]
        assert (row["state"], row["code"]) == ("failed", "product_too_old")


def test_what_is_noted_on_a_host_that_was_not_planned_is_not_believed() -> None:
    changed = {"ras_preflight": {"state": "due", "failure": None}, "ras_license_result": _seen(changed=True)}
    hosts = {"h1": changed, "h2": changed}
    rows = outcomes(list(hosts), Hosts(hosts), planned=["h1"])
    assert [(row["state"], row["code"], row["changed"]) for row in rows] == [
        ("changed", None, True),
        ("failed", "not_tried", False),
    ]


def test_a_hook_that_did_not_end_comes_before_what_went_well() -> None:
    hosts = {
        "h1": {
            "ras_preflight": {"state": "due", "failure": None},
            "ras_license_result": _seen(changed=True),
            "__ras_hook": "ras_after_farm_tasks",
        }
    }
    (row,) = outcomes(["h1"], Hosts(hosts))
    assert (row["state"], row["code"]) == ("failed", "hook_failed")
    assert "My Account" not in row["remedy"]


def test_what_nobody_can_read_is_a_failure_of_its_farm_alone() -> None:
    """The table is shown whatever is noted on one host."""
    well = {"ras_preflight": {"state": "ok", "failure": None}}
    hosts = {"h1": {"ras_farm": "tokyo", "ras_preflight": "no mapping"}, "h2": well}
    lost, other = outcomes(["h1", "h2"], Hosts(hosts), planned=["h1", "h2"])
    assert (lost["farm"], lost["host"], lost["state"], lost["code"]) == ("tokyo", "h1", "failed", "internal_error")
    assert "--limit h1" in lost["last_words"]
    assert (other["state"], other["code"]) == ("ok", None)
    assert set(lost) - {"code", "message", "remedy", "next", "last_words"} <= set(other)
