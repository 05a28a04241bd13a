# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The back end winrm: one session a script, one write a call, and the guard before the first logon."""

from __future__ import annotations

import contextlib
import typing as t
from pathlib import Path

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import (
    NotSent,
    RasError,
    VendorRefused,
    WriteOutcomeUnknown,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.never_activated import NeverActivated
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.gate import LogonGate, WindowsGate
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.placement import locate_licensing_server
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.scripts import HostPermit, ScriptRunner
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.winrm import WinRmBackend
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_scripts import error, FakeHost, OBSERVED, unread

PASSWORD = "administrator-secret"


def _backend(host: FakeHost, username: str = "svc@example.com") -> WinRmBackend:
    return WinRmBackend(host.runner(), username, PASSWORD)


def test_opening_reads_everything_in_one_script() -> None:
    host = FakeHost(OBSERVED)
    backend = _backend(host)
    farm = backend.open()
    assert (farm.connected_server, farm.guid, farm.is_licensing_server) == ("CB1", None, None)
    assert backend.read_license() == OBSERVED["license"]
    assert [(broker.server, broker.priority) for broker in backend.brokers()] == [
        ("cb1.example.com", 0),
        ("cb2.example.com", 1),
    ]
    assert [(site.name, site.licensing) for site in backend.sites()] == [("Main", True)]
    assert backend.service_version() == "20.2.0.26050 (x64)"
    assert backend.close() is None
    assert host.sent == [("ras_observe", {"Username": "svc@example.com"}, {"Password": PASSWORD})]


@pytest.mark.parametrize(
    ("version", "observed"),
    [
        ("18.3.0.22000", None),
        ("22.0.0.28102 (x64)", "RAS 22.0.28102: a technical preview, never tried"),
        ("23.1.0.40000", "RAS 23.1.40000: newer than this collection, never tried"),
        (None, "a version that is not known"),
    ],
)
def test_a_version_that_is_not_supported_in_full_is_said_once(version: str | None, observed: str | None) -> None:
    backend = _backend(FakeHost({**OBSERVED, "version": version}))
    backend.open()
    backend.read_license()
    backend.read_license()
    assert [finding.observed for finding in backend.findings] == ([] if observed is None else [observed])


@pytest.mark.parametrize("version", ["16.2.1.19160", "17.1.2.22275 (x64)"])
def test_a_version_of_before_rasadmin_is_refused_whatever_module_answers(version: str) -> None:
    with pytest.raises(RasError) as caught:
        _backend(FakeHost({**OBSERVED, "version": version})).open()
    assert caught.value.code == "product_too_old"


def test_a_second_reading_asks_again() -> None:
    host = FakeHost(OBSERVED, {**OBSERVED, "license": None})
    backend = _backend(host)
    backend.open()
    assert backend.read_license() == OBSERVED["license"]
    assert backend.read_license() is NeverActivated.SAID
    assert host.names == ["ras_observe", "ras_observe"]


@pytest.mark.parametrize("said", ["License is not activated.", "Not found", "", "two\nlines"])
def test_a_license_that_could_not_be_read_is_unknown_and_hides_nothing_else(said: str) -> None:
    backend = _backend(FakeHost(unread(license=said)))
    backend.open()
    assert (backend.sites(), backend.service_version()) != (None, None)
    assert [broker.priority for broker in backend.brokers() or []] == [0, 1]
    assert backend.findings == []
    with pytest.raises(RasError) as caught:
        backend.read_license()
    assert caught.value.code == "bad_answer"
    assert f"'{said.replace(chr(10), ' ') or 'it did not say why'}'" in caught.value.message
    assert "api_url" not in caught.value.remedy


@pytest.mark.parametrize("source", ["sites", "brokers", "version"])
def test_what_could_not_be_read_is_unknown_and_said(source: str) -> None:
    backend = _backend(FakeHost(unread(**{source: "no permission"})))
    farm = backend.open()
    read = {"sites": backend.sites(), "brokers": backend.brokers(), "version": backend.service_version()}
    assert [name for name, value in read.items() if value is None] == [source]
    assert locate_licensing_server(backend, farm, "cb1").is_licensing_server is (True if source == "version" else None)
    assert backend.read_license() == OBSERVED["license"]
    assert [(each.rule, each.severity, each.observed) for each in backend.findings] == [
        ("not_read", "warning", "no permission")
    ]
    backend.read_license()
    assert len(backend.findings) == 1


@pytest.mark.parametrize("answer", [None, "text", [1], {}])
def test_an_answer_that_does_not_say_what_was_not_read_is_none(answer: t.Any) -> None:
    with pytest.raises(RasError) as caught:
        _backend(FakeHost({**OBSERVED, "unread": answer})).open()
    assert caught.value.code == "bad_answer"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (error("logon_failed", "Invalid credentials."), "api_credentials_rejected"),
        (error("logon_failed", "words that nobody knows"), "api_credentials_rejected"),
        (error("logon_failed", "Failed to connect to the server 'localhost'."), "api_unreachable"),
        (error("logon_failed", "Connection timed out: wrong password"), "api_credentials_rejected"),
        (
            error("logon_failed", "Failed to connect to the server 'localhost'." + " " * 300 + "no"),
            "api_credentials_rejected",
        ),
        (error("product_too_old"), "product_too_old"),
        (error("product_missing"), "product_missing"),
        (error("refused", "no permission"), "bad_answer"),
        (error("constrained_language"), "constrained_language"),
        (OSError("reset"), "host_unreachable"),
    ],
)
def test_a_failed_opening_says_why(answer: t.Any, code: str) -> None:
    with pytest.raises(RasError) as caught:
        _backend(FakeHost(answer)).open()
    assert caught.value.code == code


def test_a_domain_prefix_is_explained() -> None:
    with pytest.raises(RasError, match="user@domain"):
        _backend(FakeHost(error("logon_failed", "no")), "DOMAIN\\svc").open()


def test_after_two_rejections_nobody_else_is_tried(tmp_path: Path) -> None:
    hosts = [FakeHost(error("logon_failed", "no")) for _number in range(3)]
    codes = []
    for number, host in enumerate(hosts):
        runner = host.runner()
        runner.host = f"cb{number}"
        with pytest.raises(RasError) as caught:
            WinRmBackend(runner, "svc@example.com", PASSWORD, LogonGate(str(tmp_path), PASSWORD)).open()
        codes.append(caught.value.code)
    assert codes == ["api_credentials_rejected", "api_credentials_rejected", "not_tried"]
    assert hosts[2].sent == []


class _Users(contextlib.ExitStack):
    """The Windows user of a connection, with the name and the password of the RAS administrator."""

    def __init__(self, folder: str, host: str) -> None:
        super().__init__()
        self._guard = WindowsGate(folder, PASSWORD)(host, "svc", lambda: None)

    def __enter__(self) -> HostPermit:  # type: ignore[override]
        permit = self.enter_context(self._guard)
        return HostPermit(permit, permit)


def test_a_host_that_is_lost_counts_once_where_both_users_are_one_account(tmp_path: Path) -> None:
    def open_at(host: str, answer: t.Any) -> None:
        runner = ScriptRunner(FakeHost(answer).execute, host, lambda: _Users(str(tmp_path), host))
        WinRmBackend(runner, "svc@example.com", PASSWORD, LogonGate(str(tmp_path), PASSWORD)).open()

    with pytest.raises(RasError):
        open_at("cb1", OSError("reset"))
    open_at("cb2", OBSERVED)
    open_at("cb3", OBSERVED)


@pytest.mark.parametrize("answer", [{"no": "answer"}, OSError("reset")])
def test_an_unclear_logon_counts_as_a_rejection(answer: t.Any, tmp_path: Path) -> None:
    codes = []
    for number in range(3):
        runner = FakeHost(answer).runner()
        runner.host = f"cb{number}"
        with pytest.raises(RasError) as caught:
            WinRmBackend(runner, "svc@example.com", PASSWORD, LogonGate(str(tmp_path), PASSWORD)).open()
        codes.append(caught.value.code)
    assert codes[2] == "not_tried"


def test_an_activation_is_sent_once_with_its_secrets_apart() -> None:
    host = FakeHost(OBSERVED, {"ok": True}, OBSERVED)
    backend = _backend(host)
    backend.open()
    backend.activate("licensing@example.com", "account-secret", "KEY-OF-THE-ACCOUNT")
    name, parameters, secrets = host.sent[1]
    assert name == "ras_license_write"
    assert parameters == {"Username": "svc@example.com", "Action": "activate", "Email": "licensing@example.com"}
    assert secrets == {"Password": PASSWORD, "AccountPassword": "account-secret", "Key": "KEY-OF-THE-ACCOUNT"}
    backend.read_license()
    assert host.names == ["ras_observe", "ras_license_write", "ras_observe"]


def test_a_trial_sends_no_key_at_all() -> None:
    host = FakeHost({"ok": True})
    _backend(host).activate("licensing@example.com", "account-secret", None)
    assert "Key" not in host.sent[0][2]


def _writes(backend: WinRmBackend) -> list[t.Callable[[], None]]:
    return [
        lambda: backend.activate("licensing@example.com", "account-secret", None),
        lambda: backend.deactivate("licensing@example.com", "account-secret"),
        backend.apply_settings,
    ]


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("answer", [OSError("reset"), {"no": "answer"}])
def test_a_write_without_an_answer_is_unknown_and_not_repeated(number: int, answer: t.Any) -> None:
    host = FakeHost(answer)
    with pytest.raises(WriteOutcomeUnknown):
        _writes(_backend(host))[number]()
    assert len(host.sent) == 1


def _also_writing(host: FakeHost, **streams: t.Any) -> WinRmBackend:
    """A back end whose host writes into these streams beside each answer."""
    runner = host.runner()
    runner._execute = lambda arguments: {**host.execute(arguments), **streams}
    return WinRmBackend(runner, "svc@example.com", PASSWORD)


@pytest.mark.parametrize("number", range(3))
def test_a_write_beside_which_an_error_was_written_is_unknown(number: int) -> None:
    host = FakeHost({"ok": True})
    backend = _also_writing(host, error=[{"exception": {"message": "invalid login or password"}}])
    with pytest.raises(WriteOutcomeUnknown, match="PowerShell wrote: error 'invalid login or password'"):
        _writes(backend)[number]()
    assert len(host.sent) == 1


def test_a_warning_beside_an_answer_is_said_and_changes_nothing() -> None:
    backend = _also_writing(FakeHost(OBSERVED, {"ok": True}, OBSERVED), warning=["The session could not be closed"])
    backend.open()
    backend.apply_settings()
    assert backend.read_license() == OBSERVED["license"]
    assert [(each.rule, each.severity, each.observed) for each in backend.findings] == [
        ("powershell_wrote", "info", "warning 'The session could not be closed'")
    ]


@pytest.mark.parametrize("number", range(3))
def test_words_of_the_vendor_are_a_refusal(number: int) -> None:
    host = FakeHost(error("refused", "invalid login or password"))
    with pytest.raises(VendorRefused) as caught:
        _writes(_backend(host))[number]()
    assert caught.value.code == "account_credentials_rejected"
    assert not caught.value.farm_fault


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (error("not_sent", "no such module"), "bad_answer"),
        (error("product_too_old"), "product_too_old"),
        (error("product_missing"), "product_missing"),
        (error("constrained_language"), "constrained_language"),
        (error("logon_failed", "no"), "api_credentials_rejected"),
    ],
)
def test_the_outcome_of_a_write_that_was_not_reached_is_known(answer: t.Any, code: str) -> None:
    with pytest.raises(RasError) as caught:
        _backend(FakeHost(answer)).apply_settings()
    assert caught.value.code == code
    assert isinstance(caught.value, NotSent)


def test_agents_come_as_they_are() -> None:
    rows = [{"Server": "cb1", "ServerType": "PA"}]
    assert _backend(FakeHost({"ok": True, "agents": rows})).agents() == rows


@pytest.mark.parametrize("rows", [None, "text", [1]])
def test_lists_that_are_none_are_bad_answers(rows: t.Any) -> None:
    with pytest.raises(RasError) as caught:
        _backend(FakeHost({"ok": True, "agents": rows})).agents()
    assert caught.value.code == "bad_answer"
