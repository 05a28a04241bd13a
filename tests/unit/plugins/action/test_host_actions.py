# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The actions that work on the host: what they run there, what they return, and that check mode writes nothing."""

from __future__ import annotations

import hashlib
import json
import pathlib
import types
import typing as t

import pytest
from ansible import constants as C
from ansible_collections.fleetops.parallels_ras.plugins.action import host_info, private_folder, settings_export
from ansible_collections.fleetops.parallels_ras.tests.unit.support.actions import (
    API_PASSWORD,
    perform_on_host,
    WinRm,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_scripts import (
    access_rows,
    error,
    FakeHost,
    HOST,
    OBSERVED,
    PRIVATE,
)

CONTENT = b"the settings of a farm"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
EXPORTED = {"ok": True, "path": "ignored", "size": len(CONTENT), "sha256": SHA256, "removed": [], "not_removed": []}
OTHERS = "O:BAG:BAD:AI(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)"
USER = {"api_username": "svc@example.com", "api_password": API_PASSWORD}


@pytest.fixture(autouse=True)
def _run(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test is a run of its own."""
    (tmp_path / "run").mkdir()
    monkeypatch.setattr(C, "DEFAULT_LOCAL_TMP", str(tmp_path / "run"))


def _info(*answers: t.Any, **args: t.Any) -> tuple[dict[str, t.Any], FakeHost]:
    host = FakeHost(*answers)
    return perform_on_host(host_info.ActionModule, host, **args), host


def _export(
    *answers: t.Any, connection: WinRm | None = None, check: bool = False, **args: t.Any
) -> tuple[dict[str, t.Any], FakeHost]:
    host = FakeHost(*(answers or (OBSERVED, EXPORTED)))
    return perform_on_host(settings_export.ActionModule, host, connection, check=check, **{**USER, **args}), host


class _Ssh(WinRm):
    """ssh to a host with PowerShell; a command without input is answered as the test wants."""

    transport = "ssh"
    _load_name = "ssh"
    _shell = types.SimpleNamespace(tmpdir="/nowhere", SHELL_FAMILY="powershell")

    def __init__(self, said: Exception | None = None) -> None:
        super().__init__()
        self._said = said
        self.commands: list[str] = []

    def exec_command(self, command: str) -> tuple[int, bytes, bytes]:
        """Raises, or ends well."""
        self.commands.append(command)
        if self._said:
            raise self._said
        return 0, b"", b""


_PIPE = OSError(
    'Data could not be sent to remote host "cb1". Make sure this host can be reached over ssh: [Errno 32] Broken pipe'
)


class TestWhyAConnectionWasLost:
    """Where Ansible lost what ssh said, ssh is asked once more; nobody else, and never twice."""

    def test_ssh_is_asked_once_more(self) -> None:
        ssh = _Ssh(OSError("Failed to connect to the host via ssh: svc@cb1: Permission denied (publickey)."))
        failure = perform_on_host(host_info.ActionModule, FakeHost(_PIPE), ssh)["failure"]
        assert len(ssh.commands) == 1
        assert "(the Windows user was rejected)" in failure["message"]
        assert "administrators_authorized_keys" in failure["remedy"]

    def test_where_it_answers_the_pipe_is_all_that_is_known(self) -> None:
        ssh = _Ssh()
        failure = perform_on_host(host_info.ActionModule, FakeHost(_PIPE), ssh)["failure"]
        assert len(ssh.commands) == 1
        assert "(the connection broke off)" in failure["message"]

    @pytest.mark.parametrize("said", [OSError("Connection refused"), OSError(f"{_PIPE} and more")])
    def test_other_words_are_not_asked_about(self, said: Exception) -> None:
        ssh = _Ssh()
        assert perform_on_host(host_info.ActionModule, FakeHost(said), ssh)["failure"]["code"] == "host_unreachable"
        assert ssh.commands == []

    def test_other_connections_are_not_asked(self) -> None:
        failure = perform_on_host(host_info.ActionModule, FakeHost(_PIPE))["failure"]
        assert "Broken pipe" in failure["message"]


class TestHostInfo:
    """One script, and one more for each file that is asked about."""

    def test_reads_the_host_with_one_script_and_no_secret(self) -> None:
        result, host = _info(HOST)
        assert (result["host"]["version"], result["changed"], result["findings"]) == ("20.2.26050", False, [])
        assert result["connection"] == "winrm"
        assert not {"signature", "tail", "failed"} & set(result)
        assert host.sent == [("host_observe", {}, {})]

    def test_reads_the_same_in_check_mode(self) -> None:
        result, host = _info(HOST, check=True)
        assert (result["host"]["name"], host.names) == ("CB1", ["host_observe"])

    @pytest.mark.parametrize("is_open", [False, True])
    def test_judges_a_signature_and_reads_the_end_of_a_file(self, is_open: bool) -> None:
        signed = {
            "ok": True,
            "status": "Valid",
            "status_message": "Signature verified.",
            "chain": [],
            "subject": 'CN=Example, O="Example, Inc."',
            "thumbprint": "A1",
            "sha256": "ab12",
            "rows": access_rows("C:\\x\\a.msi", OTHERS if is_open else PRIVATE, "file"),
            "administrator": None,
        }
        tail = {"ok": True, "exists": True, "lines": ["one", 2]}
        result, host = _info(HOST, signed, tail, signature_of="C:/x/y/../a.msi", tail_of="C:\\a.log", tail_lines=7)
        why = "C:\\x\\a.msi may be used by users (BU)" if is_open else None
        own = {"publisher": "Example, Inc.", "is_private": not is_open, "not_private": why}
        given = {
            name: signed[name] for name in ("status", "status_message", "chain", "subject", "thumbprint", "sha256")
        }
        assert result["signature"] == {**given, **own}
        assert result["tail"] == {"exists": True, "lines": ["one", "2"]}
        assert host.sent[1:] == [
            ("signature", {"Path": "C:\\x\\a.msi"}, {}),
            ("read_tail", {"Path": "C:\\a.log", "Lines": 7}, {}),
        ]

    @pytest.mark.parametrize("lines", [0, 1001, -1])
    def test_refuses_a_length_out_of_range_before_anything_runs(self, lines: int) -> None:
        result, host = _info(HOST, tail_of="C:\\a.log", tail_lines=lines)
        assert (result["failure"]["code"], host.sent) == ("invalid_option", [])

    @pytest.mark.parametrize(
        ("answers", "code"),
        [
            ((OSError("reset"),), "host_unreachable"),
            (({**HOST, "products": "none"},), "bad_answer"),
            ((HOST, error("refused", "Could not find file 'C:\\a.log'.")), "bad_answer"),
            ((HOST, {"ok": True, "exists": True}), "bad_answer"),
        ],
    )
    def test_fails_with_one_code(self, answers: tuple[t.Any, ...], code: str) -> None:
        result, _host = _info(*answers, tail_of="C:\\a.log")
        assert (result["failed"], result["failure"]["code"]) == (True, code)
        assert "unreachable" not in result

    def test_refuses_a_host_without_powershell(self) -> None:
        connection = WinRm()
        connection._load_name = connection.transport = "local"
        result = perform_on_host(host_info.ActionModule, FakeHost(HOST), connection)
        assert result["failure"]["code"] == "invalid_option"
        assert "observed local" in result["failure"]["message"]


class TestPrivateFolder:
    """One script, and its answer is judged."""

    def test_makes_a_folder_and_looks_at_files(self) -> None:
        host = FakeHost({})
        result = perform_on_host(private_folder.ActionModule, host, path="C:/x/stage/", files=["a.msi", "a.log"])
        assert host.folders == [{"Path": "C:\\x\\stage", "Files": "a.msi|a.log", "Create": True}]
        assert (result["changed"], result["path"]) == (False, "C:\\x\\stage")

    def test_reads_the_signature_of_a_file_that_is_there(self) -> None:
        said = {"ok": True, "sha256": "ab12", "rows": access_rows("C:\\x\\a.msi", kind="file"), "administrator": None}
        host = FakeHost(said)
        result = perform_on_host(private_folder.ActionModule, host, path="C:\\x", files=["a.log"], signature_of="a.msi")
        assert host.folders == [{"Path": "C:\\x", "Files": "a.log|a.msi", "Create": True}]
        assert host.sent == [("signature", {"Path": "C:\\x\\a.msi"}, {})]
        assert (result["signature"]["sha256"], result["signature"]["is_private"]) == ("ab12", True)

    @pytest.mark.parametrize(("kind", "asked"), [("missing", []), ("file", ["signature"])])
    def test_a_file_that_is_not_there_or_cannot_be_read_is_not_known(self, kind: str, asked: list[str]) -> None:
        files = [access_rows("C:\\x\\a.msi", kind=kind)[-1]]
        looked = {"ok": True, "made": False, "rows": access_rows("C:\\x", PRIVATE), "files": files}
        host = FakeHost(error("refused", "The file is in use."), folder=looked)
        result = perform_on_host(private_folder.ActionModule, host, path="C:\\x", signature_of="a.msi")
        assert (result["signature"], result.get("failed", False), host.names) == (None, False, asked)

    def test_a_host_that_is_lost_while_a_file_is_read_is_a_failure(self) -> None:
        result = perform_on_host(
            private_folder.ActionModule, FakeHost(OSError("reset")), path="C:\\x", signature_of="a.msi"
        )
        assert result["failure"]["code"] == "host_unreachable"

    @pytest.mark.parametrize("check", [False, True])
    def test_refuses_a_folder_of_others(self, check: bool) -> None:
        host = FakeHost({}, folder=OTHERS)
        result = perform_on_host(private_folder.ActionModule, host, check=check, path="C:\\x")
        assert (result["failed"], result["failure"]["code"]) == (True, "folder_untrusted")
        assert "C:\\x may be used by users (BU)" in result["failure"]["message"]

    @pytest.mark.parametrize(
        "args",
        [{"path": "x"}, {"path": "C:\\"}, {"path": "C:\\x", "files": ["a|b"]}, {"path": "C:\\x", "files": [""]}]
        + [{"path": "C:\\x", "files": [name]} for name in ("..", "a\\b", "C:\\y")]
        + [{"path": "C:\\x", "signature_of": name} for name in ("..", "a\\b", "a|b")],
    )
    def test_refuses_what_is_no_path_before_anything_runs(self, args: dict[str, t.Any]) -> None:
        host = FakeHost({})
        result = perform_on_host(private_folder.ActionModule, host, **args)
        assert (result["failure"]["code"], host.folders) == ("invalid_option", [])


class TestSettingsExport:
    """Export, fetch, compare, and only then clear up."""

    def test_without_a_folder_here_the_file_stays_there(self) -> None:
        connection = WinRm()
        result, host = _export(connection=connection, label="tokyo", keep=3, folder="D:\\backup")
        assert host.names == ["ras_observe", "ras_export"]
        _name, parameters, secrets = host.sent[1]
        assert (parameters["Prefix"], parameters["Keep"]) == ("tokyo-ras-settings-", 3)
        assert parameters["Path"].startswith("D:\\backup\\tokyo-ras-settings-2")
        assert secrets == {"Password": API_PASSWORD}
        assert (result["file"]["sha256"], result["file"]["fetched_to"]) == (SHA256, None)
        assert (result["changed"], result["removed"], result["findings"]) == (True, [], [])
        assert (result["backend_used"], connection.fetched) == ("winrm", [])

    def test_brings_a_copy_and_removes_older_ones(self, tmp_path: pathlib.Path) -> None:
        dest = tmp_path / "backup"
        dest.mkdir()
        older = [dest / f"tokyo-ras-settings-2020010{day}T000000Z.dat2" for day in (1, 2)]
        for path in [*older, dest / "osaka-ras-settings-20200101T000000Z.dat2"]:
            path.write_bytes(b"x")
        connection = WinRm(CONTENT)
        result, host = _export(
            OBSERVED,
            {**EXPORTED, "removed": ["C:\\old.dat2"]},
            connection=connection,
            label="tokyo",
            dest=str(dest),
            keep=2,
        )
        copy = pathlib.Path(result["file"]["fetched_to"])
        assert copy.read_bytes() == CONTENT
        assert connection.fetched == [host.sent[1][1]["Path"]]
        assert copy.name == connection.fetched[0].rpartition("\\")[2]
        assert result["removed"] == ["C:\\old.dat2", str(older[0])]
        assert sorted(dest.iterdir()) == sorted([copy, older[1], dest / "osaka-ras-settings-20200101T000000Z.dat2"])

    @pytest.mark.parametrize("content", [OSError("connection reset"), b"another file", b""])
    def test_a_copy_that_fails_leaves_nothing_here_and_says_where_the_file_is(
        self, tmp_path: pathlib.Path, content: bytes | Exception
    ) -> None:
        dest = tmp_path / "backup"
        dest.mkdir()
        older = dest / "tokyo-ras-settings-20200101T000000Z.dat2"
        older.write_bytes(b"x")
        result, _host = _export(connection=WinRm(content), label="tokyo", dest=str(dest), keep=1)
        assert (result["failed"], result["failure"]["code"]) == (True, "backup_failed")
        assert (result["changed"], result["file"]["fetched_to"]) == (True, None)
        assert result["file"]["path"].endswith(".dat2")
        assert list(dest.iterdir()) == [older]

    def test_what_could_not_be_removed_is_a_finding(self) -> None:
        result, _host = _export(OBSERVED, {**EXPORTED, "not_removed": ["C:\\open.dat2"]}, keep=1)
        (finding,) = result["findings"]
        assert (finding["rule"], finding["observed"]) == ("old_exports_left", ["C:\\open.dat2"])
        assert "failed" not in result

    def test_check_mode_reads_and_writes_nothing(self, tmp_path: pathlib.Path) -> None:
        connection = WinRm(CONTENT)
        result, host = _export(check=True, connection=connection, dest=str(tmp_path / "backup"))
        assert (result["changed"], host.names, connection.fetched) == (True, ["ras_observe"], [])
        assert set(result["file"]) == {"path", "fetched_to"}
        assert not (tmp_path / "backup").exists()
        assert [each["Create"] for each in host.folders] == [False]

    @pytest.mark.parametrize("check", [False, True])
    def test_nothing_is_exported_into_a_folder_of_others(self, check: bool) -> None:
        host = FakeHost(OBSERVED, EXPORTED, folder=OTHERS)
        result = perform_on_host(settings_export.ActionModule, host, check=check, **USER)
        assert (result["failure"]["code"], host.names) == ("folder_untrusted", ["ras_observe"])
        assert host.folders[0]["Create"] is not check

    def test_the_address_of_the_host_names_the_files_where_no_label_does(self) -> None:
        """Licensing servers of one name are common; their files must not be taken for those of one farm."""
        _result, host = _export()
        assert host.sent[1][1]["Prefix"] == "192.0.2.1-ras-settings-"

    @pytest.mark.parametrize("keep", [0, 1001, -1])
    def test_refuses_a_number_out_of_range_before_anything_runs(self, keep: int) -> None:
        result, host = _export(keep=keep)
        assert (result["failure"]["code"], host.sent) == ("invalid_option", [])

    @pytest.mark.parametrize(
        "args",
        [{"backend": "rest"}, {"api_username": ""}, {"api_password": ""}],
        ids=["rest", "no user", "no password"],
    )
    def test_refuses_what_cannot_work(self, args: dict[str, str]) -> None:
        result, host = _export(**args)
        assert (result["failure"]["code"], host.sent) == ("invalid_option", [])

    @pytest.mark.parametrize(
        ("answers", "code", "ran"),
        [
            ((error("logon_failed", "Invalid credentials."),), "api_credentials_rejected", 1),
            ((error("product_missing"),), "product_missing", 1),
            ((OBSERVED, error("refused", "The disk is full.")), "backup_failed", 2),
            ((OBSERVED, OSError("reset")), "host_unreachable", 2),
        ],
    )
    def test_fails_with_one_code(self, answers: tuple[t.Any, ...], code: str, ran: int) -> None:
        result, host = _export(*answers)
        assert (result["failed"], result["failure"]["code"], len(host.sent)) == (True, code, ran)
        assert API_PASSWORD not in json.dumps(result, ensure_ascii=False)
