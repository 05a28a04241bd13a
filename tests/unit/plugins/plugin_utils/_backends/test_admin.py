# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What only RASAdmin can do: each change done, refused, lost, and on a host that is too old for it."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError, WriteOutcomeUnknown
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.admin import RasAdmin
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_scripts import error, FakeHost

PASSWORD = "administrator-secret"
USER = {"Username": "svc@example.com"}
SECRETS = {"Password": PASSWORD}
PATH = r"C:\backup\tokyo-ras-settings-20270101T000000Z.dat2"
NOTE = r"C:\ProgramData\FleetOps\parallels_ras\note.json"
LOST = OSError("connection reset")


def _admin(host: FakeHost) -> RasAdmin:
    return RasAdmin(host.runner(), "svc@example.com", PASSWORD)


def _export(admin: RasAdmin) -> t.Any:
    return admin.export_settings(PATH, "tokyo-ras-settings-", 5)


def _update(admin: RasAdmin) -> t.Any:
    return admin.update_agent("rds1.example.com", 2, False)


def _drain(admin: RasAdmin) -> t.Any:
    return admin.set_enabled("rds1.example.com", "rds", False)


CHANGES = {"export": _export, "update": _update, "drain": _drain}


def test_an_export_hands_back_what_was_written() -> None:
    answer = {"ok": True, "path": PATH, "size": 3, "sha256": "ab", "removed": [], "not_removed": []}
    host = FakeHost(answer)
    assert _export(_admin(host)) == answer
    parameters = {**USER, "Path": PATH, "Prefix": "tokyo-ras-settings-", "Keep": 5}
    assert host.sent == [("ras_export", parameters, SECRETS)]


@pytest.mark.parametrize(("site", "sent"), [(2, {"SiteId": 2}), (None, {})])
def test_a_push_names_its_server_once(site: int | None, sent: dict[str, int]) -> None:
    host = FakeHost({"ok": True})
    _admin(host).update_agent("rds1.example.com", site, True)
    assert host.sent == [("ras_agent_update", {**USER, "Server": "rds1.example.com", "Force": True, **sent}, SECRETS)]


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize(("site", "named"), [(2, {"SiteId": 2}), (None, {})])
def test_a_host_is_taken_out_of_service_and_back(enabled: bool, site: int | None, named: dict[str, int]) -> None:
    host = FakeHost({"ok": True, "cmdlet": "Set-RASGateway"})
    _admin(host).set_enabled("gw1.example.com", "gateway", enabled, site)
    sent = {**USER, "Server": "gw1.example.com", "Kind": "gateway", "Enabled": enabled, **named}
    assert host.sent == [("ras_drain", sent, SECRETS)]


@pytest.mark.parametrize(
    ("change", "code"), [("export", "backup_failed"), ("update", "agent_failed"), ("drain", "bad_answer")]
)
def test_a_refusal_has_the_code_of_the_change_and_the_words_of_ras(change: str, code: str) -> None:
    host = FakeHost(error("refused", "Access is denied."))
    with pytest.raises(RasError) as caught:
        CHANGES[change](_admin(host))
    assert caught.value.code == code
    assert "Access is denied." in caught.value.message
    assert len(host.sent) == 1


def test_a_folder_that_cannot_be_written_is_a_failed_backup() -> None:
    with pytest.raises(RasError) as caught:
        _export(_admin(FakeHost(error("not_sent", "The disk is full."))))
    assert caught.value.code == "backup_failed"


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (error("product_too_old"), "product_too_old"),
        (error("product_missing"), "product_missing"),
        (error("logon_failed", "Invalid credentials."), "api_credentials_rejected"),
        (error("logon_failed", "Failed to connect to the server 'localhost'."), "api_unreachable"),
    ],
)
def test_what_was_not_begun_says_why(change: str, answer: t.Any, code: str) -> None:
    host = FakeHost(answer)
    with pytest.raises(RasError) as caught:
        CHANGES[change](_admin(host))
    assert caught.value.code == code
    assert not isinstance(caught.value, WriteOutcomeUnknown)
    assert len(host.sent) == 1


def test_a_version_that_cannot_drain_says_so() -> None:
    with pytest.raises(RasError) as caught:
        _drain(_admin(FakeHost(error("drain_unsupported", "None of these cmdlets exists: Set-RASRDSHost"))))
    assert caught.value.code == "drain_unsupported"


@pytest.mark.parametrize("change", ["update", "drain"])
@pytest.mark.parametrize("answer", [LOST, {"no": "answer"}], ids=["lost", "unreadable"])
def test_a_change_whose_answer_is_lost_is_unknown_and_not_repeated(change: str, answer: t.Any) -> None:
    host = FakeHost(answer)
    with pytest.raises(WriteOutcomeUnknown) as caught:
        CHANGES[change](_admin(host))
    assert caught.value.code == "outcome_unknown"
    assert len(host.sent) == 1


def test_an_export_whose_answer_is_lost_is_a_lost_host() -> None:
    """Another export does no harm, so that is no unknown outcome."""
    with pytest.raises(RasError) as caught:
        _export(_admin(FakeHost(LOST)))
    assert caught.value.code == "host_unreachable"


@pytest.mark.parametrize(("content", "read"), [("text", "text"), ("", ""), (None, None), (3, None)])
def test_a_note_is_read(content: t.Any, read: str | None) -> None:
    host = FakeHost({"ok": True, "content": content})
    assert _admin(host).read_note(NOTE) == read
    assert host.sent == [("state_note", {"Path": NOTE}, {})]


def test_a_note_is_written_without_any_secret() -> None:
    host = FakeHost({"ok": True, "content": "{}"})
    _admin(host).write_note(NOTE, "{}")
    assert host.sent == [("state_note", {"Path": NOTE, "Content": "{}"}, {})]


@pytest.mark.parametrize(("answer", "code"), [(error("refused"), "bad_answer"), (LOST, "host_unreachable")])
def test_a_note_that_cannot_be_read_or_written_is_a_failure(answer: t.Any, code: str) -> None:
    for act in (lambda admin: admin.read_note(NOTE), lambda admin: admin.write_note(NOTE, "x")):
        with pytest.raises(RasError) as caught:
            act(_admin(FakeHost(answer)))
        assert caught.value.code == code


OTHERS = "O:BAG:BAD:AI(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)"


@pytest.mark.parametrize(
    ("folder", "code"),
    [
        (OTHERS, "folder_untrusted"),
        (error("refused", "Access is denied."), "folder_untrusted"),
        ({"ok": True, "rows": []}, "bad_answer"),
        (LOST, "host_unreachable"),
    ],
)
def test_a_folder_that_is_not_ours_is_neither_read_nor_written(folder: t.Any, code: str) -> None:
    for act in (
        _export,
        lambda admin: admin.read_note(NOTE),
        lambda admin: admin.write_note(NOTE, "x"),
    ):
        host = FakeHost({"ok": True, "content": "forged"}, folder=folder)
        with pytest.raises(RasError) as caught:
            act(_admin(host))
        assert caught.value.code == code
        assert host.sent == []


def test_a_folder_is_made_where_something_is_written_only() -> None:
    host = FakeHost({"ok": True, "content": "{}"})
    admin = _admin(host)
    admin.read_note(NOTE)
    admin.write_note(NOTE, "{}")
    admin.write_note(NOTE, "{ }")
    _export(admin)
    asked = [(each["Path"], each["Files"], each["Create"]) for each in host.folders]
    folder = r"C:\ProgramData\FleetOps\parallels_ras"
    files = "note.json|note.json.new"
    export = PATH.rpartition("\\")[2]
    assert asked == [(folder, files, False), (folder, files, True), ("C:\\backup", export, True)]


def test_the_password_stands_in_no_message() -> None:
    for change in CHANGES.values():
        with pytest.raises(RasError) as caught:
            change(_admin(FakeHost(error("refused", "no"))))
        assert PASSWORD not in str(caught.value.as_dict())
