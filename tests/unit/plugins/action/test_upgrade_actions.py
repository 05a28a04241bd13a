# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The actions that upgrade a host: what they send and hand on, and that check mode writes nothing."""

from __future__ import annotations

import json
import pathlib
import time
import typing as t

import pytest
from ansible import constants as C
from ansible_collections.fleetops.parallels_ras.plugins.action import (
    host_restart,
    host_restart_wait,
    host_upgrade,
    host_upgrade_wait,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.record import HostUpgrade
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.clock import Clock
from ansible_collections.fleetops.parallels_ras.tests.unit.support.actions import make
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_scripts import (
    access_rows,
    error,
    FakeHost,
    HOST,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.host_jobs import Core, perform_job, SESSION_HOST

NEW: t.Final = "21.2.28000"
SHA256: t.Final = "ab" * 32
STAGE: t.Final = r"C:\ProgramData\FleetOps\parallels_ras\stage"
MSI: t.Final = rf"{STAGE}\RASInstaller-{NEW}.msi"
SIGNED: t.Final = {
    "ok": True,
    "status": "Valid",
    "status_message": "Signature verified.",
    "chain": [],
    "subject": "CN=Parallels, O=Parallels International GmbH",
    "thumbprint": "A1B2",
    "sha256": SHA256.upper(),
    "rows": access_rows(MSI, kind="file"),
    "administrator": None,
}
GIVEN: t.Final = {"version": NEW, "installer_url": "https://example.com/ras.msi", "installer_sha256": SHA256}
UPGRADED: t.Final = {**HOST, "products": [{**HOST["products"][0], "version": NEW}], "uptime_seconds": 30}
PENDING: t.Final = {**HOST, "reboot_pending": True}
# How a task hands on what the one before returned.
PLANNED: t.Final = HostUpgrade("cb1", version="20.2.26050").moved("planned", "start").as_dict()
LOST: t.Final = RasError("host_unreachable", "The connection failed.")


def _ended(answer: t.Mapping[str, t.Any], **more: t.Any) -> Core:
    return Core(status={"finished": 1, "result": json.dumps(answer), **more})


@pytest.fixture(autouse=True)
def _run_folder(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run").mkdir()
    monkeypatch.setattr(C, "DEFAULT_LOCAL_TMP", str(tmp_path / "run"))
    monkeypatch.setattr(Clock, "sleep", lambda _clock, _seconds: None)


def _started(**changes: t.Any) -> dict[str, t.Any]:
    upgrade = HostUpgrade("cb1", version="20.2.26050", services=[])
    begun = {"job": "j1", "started_at": time.monotonic() - 100, "uptime_seconds": 259100, "attempt": 1, **changes}
    return upgrade.moved("started", "wait", **begun).as_dict()


class TestHostUpgrade:
    """Without ``upgrade`` it plans; with it, it starts."""

    @pytest.mark.parametrize("check", [False, True])
    def test_a_plan_only_reads(self, check: bool) -> None:
        host, core = FakeHost(HOST), Core()
        result = perform_job(
            host_upgrade.ActionModule, host, core, check=check, host="cb1", logoff_sessions=True, **GIVEN
        )
        assert (host.names, core.began) == (["host_observe"], [])
        assert (result["changed"], result["plan"]["needed"], result["host"]["name"]) == (True, True, "CB1")
        assert (result["upgrade"]["host"], result["upgrade"]["next"]) == ("cb1", "start")
        assert result["files"]["path"] == MSI

    def test_a_host_at_its_version_needs_nothing(self) -> None:
        result = perform_job(host_upgrade.ActionModule, FakeHost(UPGRADED), **GIVEN)
        assert (result["changed"], result["upgrade"]["next"], result["plan"]["needed"]) == (False, "nothing", False)
        assert result["upgrade"]["host"] == "192.0.2.1"

    @pytest.mark.parametrize(
        ("answer", "args", "code"),
        [
            ({**HOST, "installer_running": True}, {}, "upgrade_blocked"),
            (PENDING, {}, "reboot_required"),
            (HOST, {"installer_sha256": ""}, "invalid_option"),
            (HOST, {"version": "21"}, "invalid_option"),
            (OSError("reset"), {}, "host_unreachable"),
        ],
    )
    def test_what_prevents_it_is_a_failure_of_the_plan(self, answer: t.Any, args: dict[str, t.Any], code: str) -> None:
        result = perform_job(host_upgrade.ActionModule, FakeHost(answer), **{**GIVEN, **args})
        assert (result["failed"], result["failure"]["code"], result["changed"]) == (True, code, False)
        assert (result["upgrade"]["failure"]["code"], result["upgrade"]["next"]) == (code, "nothing")

    def test_it_is_started_once_in_the_background_and_bound_to_what_was_judged(self) -> None:
        host, core = FakeHost(HOST, SIGNED, HOST), Core()
        args = {**GIVEN, "upgrade": PLANNED, "logoff_sessions": True, "install_timeout": 1234}
        result = perform_job(host_upgrade.ActionModule, host, core, **args)
        assert host.names == ["host_observe", "signature", "host_observe"]
        ((sent, seconds),) = core.began
        assert seconds == 1234
        assert sent["script"].split()[2] == "host_install"
        parameters = sent["parameters"]
        assert (parameters["Path"], parameters["Sha256"], parameters["Thumbprint"]) == (MSI, SHA256, "A1B2")
        assert MSI in parameters["CommandLine"]
        upgrade = result["upgrade"]
        assert (result["changed"], upgrade["phase"], upgrade["next"], upgrade["job"]) == (True, "started", "wait", "j1")
        assert (upgrade["attempt"], upgrade["publisher"]) == (1, "Parallels International GmbH")

    @pytest.mark.parametrize("said", [OSError("reset"), {"failed": True, "msg": "no"}, {"unreachable": True}])
    def test_a_start_without_an_answer_is_not_repeated(self, said: t.Any) -> None:
        core = Core(started=said)
        args = {**GIVEN, "upgrade": PLANNED, "logoff_sessions": True}
        result = perform_job(host_upgrade.ActionModule, FakeHost(HOST, SIGNED, HOST), core, **args)
        assert (len(core.began), result["upgrade"]["phase"], result["upgrade"]["job"]) == (1, "started", "")
        assert "failed" not in result

    @pytest.mark.parametrize(
        ("signed", "code"),
        [
            ({**SIGNED, "sha256": "cd" * 32}, "installer_mismatch"),
            ({**SIGNED, "status": "NotSigned", "subject": None}, "installer_untrusted"),
            ({**SIGNED, "thumbprint": None}, "installer_untrusted"),
            ({**SIGNED, "rows": access_rows(MSI, "O:BAG:BAD:AI(A;;0x1301bf;;;BU)", "file")}, "folder_untrusted"),
            (error("refused", "Could not find file."), "installer_mismatch"),
            (OSError("reset"), "host_unreachable"),
        ],
    )
    def test_what_lies_on_the_host_is_judged_right_before_the_start(self, signed: t.Any, code: str) -> None:
        core = Core()
        args = {**GIVEN, "upgrade": PLANNED, "logoff_sessions": True}
        result = perform_job(host_upgrade.ActionModule, FakeHost(HOST, signed), core, **args)
        assert (result["failure"]["code"], core.began, result["changed"]) == (code, [], False)

    def test_what_the_download_said_explains_a_file_that_is_not_there(self) -> None:
        args = {**GIVEN, "upgrade": PLANNED, "logoff_sessions": True, "download_error": "(404) Not Found"}
        result = perform_job(
            host_upgrade.ActionModule, FakeHost(HOST, error("refused", "Could not find file.")), **args
        )
        assert "(404) Not Found" in result["failure"]["message"]

    def test_nothing_is_started_under_users(self) -> None:
        core = Core()
        result = perform_job(host_upgrade.ActionModule, FakeHost(SESSION_HOST), core, upgrade=PLANNED, **GIVEN)
        assert (result["failure"]["code"], core.began) == ("sessions_active", [])
        assert "3 sessions" in result["failure"]["message"]

    @pytest.mark.parametrize(
        ("answer", "code"), [({**HOST, "installer_running": True}, "upgrade_blocked"), (PENDING, "reboot_required")]
    )
    def test_what_prevents_it_by_now_is_seen_before_the_start(self, answer: dict[str, t.Any], code: str) -> None:
        core = Core()
        args = {**GIVEN, "upgrade": PLANNED, "logoff_sessions": True}
        result = perform_job(host_upgrade.ActionModule, FakeHost(answer, SIGNED, HOST), core, **args)
        assert (result["failure"]["code"], core.began) == (code, [])

    def test_a_host_that_waits_for_its_restart_is_not_installed_on(self) -> None:
        core = Core()
        args = {**GIVEN, "upgrade": PLANNED, "reboot": "auto", "logoff_sessions": True}
        result = perform_job(host_upgrade.ActionModule, FakeHost(PENDING), core, **args)
        assert (result["upgrade"]["next"], core.began) == ("restart", [])
        again = perform_job(
            host_upgrade.ActionModule,
            FakeHost(PENDING),
            core,
            **{**args, "upgrade": {**PLANNED, "restarted": True}},
        )
        assert (again["failure"]["code"], core.began) == ("reboot_required", [])

    @pytest.mark.parametrize("changes", [{"phase": "started", "next": "wait"}, {"failure": LOST.as_dict()}])
    def test_what_is_not_its_turn_is_passed_on_and_nobody_is_asked(self, changes: dict[str, t.Any]) -> None:
        host = FakeHost(HOST)
        upgrade = {**PLANNED, **changes}
        result = perform_job(host_upgrade.ActionModule, host, upgrade=upgrade, **GIVEN)
        assert (result["upgrade"], result["changed"], host.sent) == (upgrade, False, [])

    @pytest.mark.parametrize(
        "args",
        [
            {"upgrade": {**PLANNED, "phse": "planned"}},
            {"upgrade": {name: value for name, value in PLANNED.items() if name != "job"}},
            {"upgrade": {**PLANNED, "next": "begin"}},
            {"upgrade": {**PLANNED, "attempt": True}},
            {"stage_folder": "stage"},
            {"installer_publisher": []},
            {"install_timeout": -1},
            {"support_expires": "31/01/2027"},
            {"agents": [{"name": "cb1"}]},
            {"allow_unknown": ["disc"]},
        ],
        ids=str,
    )
    def test_what_cannot_be_used_is_refused_before_anything_is_started(self, args: dict[str, t.Any]) -> None:
        core = Core()
        result = perform_job(host_upgrade.ActionModule, FakeHost(HOST, SIGNED, HOST), core, **{**GIVEN, **args})
        assert (result["failure"]["code"], core.began) == ("invalid_option", [])


class TestHostUpgradeWait:
    """Until the installer has ended and the host has settled."""

    def test_an_upgrade_that_went_well(self) -> None:
        host = FakeHost(UPGRADED)
        result = perform_job(
            host_upgrade_wait.ActionModule, host, _ended({"ok": True, "rc": 0}), upgrade=_started(), **GIVEN
        )
        assert (result["upgrade"]["phase"], result["upgrade"]["next"], result["upgrade"]["code"]) == (
            *("settled", "nothing"),
            0,
        )
        assert (result["host"]["version"], set(host.names), result["changed"]) == (NEW, {"host_observe"}, False)

    @pytest.mark.parametrize(
        ("status", "answers", "code"),
        [
            ({"ok": True, "rc": 1603}, ({"ok": True, "exists": True, "lines": ["Return value 3."]},), "install_failed"),
            (error("installer_changed", "It is open."), (HOST,), "installer_mismatch"),
            (error("not_sent", "No msiexec."), (HOST,), "install_failed"),
            (error("else", "Something."), ({"ok": True, "exists": False, "lines": []},), "install_failed"),
        ],
    )
    def test_how_it_ended(self, status: dict[str, t.Any], answers: tuple[t.Any, ...], code: str) -> None:
        result = perform_job(
            host_upgrade_wait.ActionModule, FakeHost(*answers), _ended(status), upgrade=_started(), **GIVEN
        )
        assert (result["failure"]["code"], result["upgrade"]["next"]) == (code, "nothing")

    def test_a_restart_that_is_due_is_left_to_its_own_task(self) -> None:
        host = FakeHost(HOST)
        core = _ended({"ok": True, "rc": 3010})
        result = perform_job(host_upgrade_wait.ActionModule, host, core, upgrade=_started(), restart_timeout=0, **GIVEN)
        assert (result["upgrade"]["phase"], result["upgrade"]["next"]) == ("installed", "restart")
        assert (host.sent, core.asked) == ([], {"jid": "j1"})

    def test_a_version_that_does_not_come_is_no_end(self) -> None:
        core = _ended({"ok": True, "rc": 0})
        args = {**GIVEN, "restart_timeout": 0}
        result = perform_job(host_upgrade_wait.ActionModule, FakeHost(HOST), core, upgrade=_started(), **args)
        assert result["failure"]["code"] == "host_not_back"
        assert f"expected version {NEW}, observed 20.2.26050" in result["failure"]["message"]

    def test_an_unknown_restart_may_be_allowed(self) -> None:
        unknown = {**UPGRADED, "reboot_pending": None}
        core = _ended({"ok": True, "rc": 0})
        args = {**GIVEN, "upgrade": _started()}
        assert (
            perform_job(host_upgrade_wait.ActionModule, FakeHost(unknown), core, **args)["upgrade"]["next"] == "restart"
        )
        args["allow_unknown"] = ["restart"]
        result = perform_job(host_upgrade_wait.ActionModule, FakeHost(unknown), core, **args)
        assert result["upgrade"]["phase"] == "settled"

    def test_what_failed_before_is_passed_on_and_nobody_is_asked(self) -> None:
        host = FakeHost(HOST)
        upgrade = {**_started(), "failure": LOST.as_dict()}
        result = perform_job(host_upgrade_wait.ActionModule, host, Core(), upgrade=upgrade, **GIVEN)
        assert (result["upgrade"], host.sent) == (upgrade, [])


@pytest.mark.parametrize("is_raised", [True, False])
def test_a_connection_that_is_lost_while_a_job_is_asked_about_is_waited_for(is_raised: bool) -> None:
    said = "Connection refused"
    perform_job(host_upgrade.ActionModule, FakeHost(HOST), **GIVEN)  # its Windows user was accepted
    core = Core(status=OSError(said) if is_raised else {"unreachable": True, "msg": said})
    args = {**GIVEN, "install_timeout": 0, "restart_timeout": 0, "upgrade": _started()}
    result = perform_job(host_upgrade_wait.ActionModule, FakeHost(OSError(said)), core, **args)
    assert result["failure"]["code"] == "host_unreachable"
    assert "Whether the installer has ended is not known" in result["failure"]["message"]


def test_a_rejected_windows_user_is_not_waited_for() -> None:
    """Waiting does not change it, and each further logon may lock the user out."""
    core = Core(status=OSError("ntlm: the specified credentials were rejected by the server"))
    result = perform_job(host_upgrade_wait.ActionModule, FakeHost(HOST), core, upgrade=_started(), **GIVEN)
    assert (result["failure"]["code"], result["upgrade"]["next"]) == ("host_unreachable", "nothing")
    assert "the Windows user was rejected" in result["failure"]["message"]


@pytest.mark.parametrize("action", [host_upgrade, host_upgrade_wait, host_restart, host_restart_wait])
def test_a_defect_does_not_lose_the_host(action: t.Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Later tasks go on with the upgrades in the results: one that is in none would be forgotten."""

    def broken(_self: t.Any, _options: t.Any, _scrubber: t.Any) -> t.Any:
        raise LookupError("a defect")

    monkeypatch.setattr(action.ActionModule, "perform", broken)
    given = _started()
    args = GIVEN if action in (host_upgrade, host_upgrade_wait) else {}
    result = make(action.ActionModule, {**args, "upgrade": given}).run(None, {})
    assert result["failure"]["code"] == "internal_error"
    assert result["upgrade"] == {**given, "failure": result["failure"]}
