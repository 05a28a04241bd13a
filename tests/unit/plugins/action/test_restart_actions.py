# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The actions that restart a host: the order, and the wait for it."""

from __future__ import annotations

import pathlib
import time
import typing as t

import pytest
from ansible import constants as C
from ansible_collections.fleetops.parallels_ras.plugins.action import host_restart, host_restart_wait
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.record import HostUpgrade, Restart
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_scripts import FakeHost, HOST
from ansible_collections.fleetops.parallels_ras.tests.unit.support.host_jobs import perform_job, SESSION_HOST

LOST: t.Final = RasError("host_unreachable", "The connection failed.")


@pytest.fixture(autouse=True)
def _run_folder(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run").mkdir()
    monkeypatch.setattr(C, "DEFAULT_LOCAL_TMP", str(tmp_path / "run"))


class TestHostRestart:
    """The order, and nothing after it."""

    DUE: t.ClassVar = HostUpgrade("cb1").moved("installed", "restart").as_dict()

    def test_a_host_is_restarted_once(self) -> None:
        host = FakeHost(HOST, {"ok": True})
        result = perform_job(host_restart.ActionModule, host, reboot="auto", logoff_sessions=True)
        assert host.names == ["host_observe", "host_restart"]
        assert result["changed"]
        assert Restart.read(result["restart"], "restart").uptime_seconds == 259200

    def test_an_order_whose_answer_is_lost_may_have_been_carried_out(self) -> None:
        host = FakeHost(HOST, OSError("reset"))
        result = perform_job(host_restart.ActionModule, host, reboot="auto", logoff_sessions=True, upgrade=self.DUE)
        assert host.names == ["host_observe", "host_restart"]
        assert result["upgrade"]["restart"]["uptime_seconds"] == 259200
        assert "failed" not in result

    @pytest.mark.parametrize("check", [False, True])
    @pytest.mark.parametrize("upgrade", [None, DUE])
    @pytest.mark.parametrize(
        ("args", "code"),
        [({"reboot": "never"}, "reboot_required"), ({"reboot": "auto"}, "sessions_active")],
    )
    def test_what_forbids_it_forbids_it_in_check_mode_too(
        self, args: dict[str, t.Any], code: str, upgrade: t.Any, check: bool
    ) -> None:
        host = FakeHost(SESSION_HOST)
        given = {**args, **({"upgrade": upgrade} if upgrade else {})}
        result = perform_job(host_restart.ActionModule, host, check=check, **given)
        assert (result["failure"]["code"], host.names, result["changed"]) == (code, ["host_observe"], False)
        assert ("upgrade" in result) is (upgrade is not None)

    @pytest.mark.parametrize("upgrade", [None, DUE])
    def test_check_mode_announces_it(self, upgrade: t.Any) -> None:
        host = FakeHost(HOST)
        given = {"upgrade": upgrade} if upgrade else {}
        result = perform_job(host_restart.ActionModule, host, check=True, reboot="auto", logoff_sessions=True, **given)
        assert (result["changed"], host.names) == (True, ["host_observe"])
        assert result.get("restart") is None

    @pytest.mark.parametrize("changes", [{"next": "wait"}, {"next": "nothing", "failure": LOST.as_dict()}])
    def test_what_is_not_its_turn_is_passed_on_and_nobody_is_asked(self, changes: dict[str, t.Any]) -> None:
        host = FakeHost(HOST)
        upgrade = {**self.DUE, **changes}
        result = perform_job(host_restart.ActionModule, host, reboot="auto", upgrade=upgrade)
        assert (result["upgrade"], host.sent, result["changed"]) == (upgrade, [], False)

    def test_a_host_that_cannot_be_asked_is_not_restarted(self) -> None:
        host = FakeHost(OSError("reset"))
        result = perform_job(host_restart.ActionModule, host, reboot="auto", upgrade=self.DUE)
        assert (result["failure"]["code"], host.names) == ("host_unreachable", ["host_observe"])


class TestHostRestartWait:
    """Until the host runs for a shorter time than since the order."""

    @staticmethod
    def _ordered() -> dict[str, t.Any]:
        return Restart(time.monotonic() - 100, 259200).as_dict()

    def test_a_host_that_was_restarted(self) -> None:
        host = FakeHost({**HOST, "uptime_seconds": 30})
        result = perform_job(host_restart_wait.ActionModule, host, restart=self._ordered())
        assert (host.names, result["changed"]) == (["host_observe"], False)
        assert "failed" not in result

    @pytest.mark.parametrize(("phase", "coming"), [("planned", "start"), ("installed", "wait")])
    def test_then_the_upgrade_goes_on(self, phase: t.Any, coming: str) -> None:
        upgrade = HostUpgrade("cb1").moved(phase, "restart", restart=self._ordered()).as_dict()
        host = FakeHost({**HOST, "uptime_seconds": 30})
        result = perform_job(host_restart_wait.ActionModule, host, upgrade=upgrade)["upgrade"]
        assert (result["phase"], result["next"], result["restart"], result["restarted"]) == (phase, coming, None, True)

    def test_one_that_runs_on_is_not_back(self) -> None:
        upgrade = HostUpgrade("cb1").moved("installed", "restart", restart=self._ordered()).as_dict()
        result = perform_job(host_restart_wait.ActionModule, FakeHost(HOST), upgrade=upgrade, restart_timeout=0)
        assert (result["failure"]["code"], result["upgrade"]["next"]) == ("host_not_back", "nothing")
        assert "runs for 259200 s" in result["failure"]["message"]

    def test_without_an_order_there_is_nothing_to_wait_for(self) -> None:
        host = FakeHost(HOST)
        upgrade = HostUpgrade("cb1").moved("installed", "wait").as_dict()
        assert perform_job(host_restart_wait.ActionModule, host, upgrade=upgrade)["upgrade"] == upgrade
        assert host.sent == []

    @pytest.mark.parametrize("args", [{}, {"restart": {"at": 1.0}}, {"restart": {"at": "1", "uptime_seconds": 5}}])
    def test_what_is_no_order_is_refused(self, args: dict[str, t.Any]) -> None:
        host = FakeHost(HOST)
        result = perform_job(host_restart_wait.ActionModule, host, **args)
        assert (result["failure"]["code"], host.sent) == ("invalid_option", [])
