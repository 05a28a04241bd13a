# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts on a RAS host: what is sent to win_powershell, and what becomes of every kind of answer."""

from __future__ import annotations

import contextlib
import json
import typing as t
from pathlib import Path

import pypsrp.exceptions
import pytest
import requests.exceptions
from ansible.errors import AnsibleConnectionFailure
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.connection_causes import (
    causes_of,
    without_debug,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import NotSent, RasError
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends import scripts
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.scripts import (
    HostLost,
    HostNotReached,
    HostPermit,
    load_script,
    ScriptFailed,
    ScriptRunner,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.rest_client import Guard
from hypothesis import given
from hypothesis import strategies as st


def _runner(result: t.Any, sent: list[dict[str, t.Any]] | None = None) -> ScriptRunner:
    def execute(arguments: dict[str, t.Any]) -> dict[str, t.Any]:
        if sent is not None:
            sent.append(arguments)
        if isinstance(result, Exception):
            raise result
        return t.cast("dict[str, t.Any]", result)

    return ScriptRunner(execute, "cb1")


def _answer(**data: t.Any) -> dict[str, t.Any]:
    return {"changed": False, "result": json.dumps(data)}


def test_an_answer_is_handed_back() -> None:
    assert _runner(_answer(ok=True, computer="CB1"))("host_observe")["computer"] == "CB1"


def test_secrets_go_as_sensitive_parameters_only() -> None:
    sent: list[dict[str, t.Any]] = []
    _runner(_answer(ok=True), sent)("ras_apply", {"Username": "svc@example.com"}, {"Password": "secret-secret"})
    assert sent[0]["parameters"] == {"Username": "svc@example.com"}
    assert sent[0]["sensitive_parameters"] == [{"name": "Password", "value": "secret-secret"}]
    assert "secret-secret" not in sent[0]["script"]


def test_without_secrets_there_are_no_sensitive_parameters() -> None:
    sent: list[dict[str, t.Any]] = []
    _runner(_answer(ok=True), sent)("host_observe")
    assert set(sent[0]) == {"script", "parameters"}


def test_a_script_is_sent_with_what_it_includes() -> None:
    text = load_script("ras_observe")
    assert text.startswith("# ras-script: ras_observe ")
    assert "function Import-RasModule" in text
    assert "# include: common\n" not in text.replace(text[: text.index("function ")], "", 1)


@pytest.mark.parametrize(
    "error",
    [AnsibleConnectionFailure("winrm connection error"), ConnectionResetError("reset"), RuntimeError("of a library")],
)
def test_a_lost_connection_is_a_lost_host(error: Exception) -> None:
    with pytest.raises(HostLost) as caught:
        _runner(error)("host_observe")
    assert caught.value.code == "host_unreachable"
    assert str(error) in caught.value.message
    assert "cb1" in caught.value.message


_EXCEPTIONS: t.Final = st.sampled_from(
    [
        *(ConnectionError, OSError, ValueError, KeyError, RuntimeError, AttributeError, UnicodeError, EOFError),
        *(requests.exceptions.ConnectionError, requests.exceptions.ReadTimeout, requests.exceptions.SSLError),
        *(pypsrp.exceptions.WinRMError, pypsrp.exceptions.AuthenticationError, pypsrp.exceptions.WinRMTransportError),
        type("NobodyKnows", (Exception,), {}),
    ]
)


@given(_EXCEPTIONS, st.text(max_size=200), st.sampled_from(["winrm", "psrp", "ssh", "another"]))
def test_whatever_a_connection_raises_is_a_lost_host(kind: type[Exception], text: str, over: str) -> None:
    """One of another kind is no defect of ours, and what nobody knows is no reason to end a wait."""

    def execute(_arguments: dict[str, t.Any]) -> dict[str, t.Any]:
        error = kind.__new__(kind)
        error.args = (text,)
        raise error

    with pytest.raises(HostLost) as lost:
        ScriptRunner(execute, "cb1", over=over)("host_observe")
    assert lost.value.code == "host_unreachable"
    assert lost.value.remedy
    assert lost.value.is_lasting <= bool(
        causes_of(without_debug(scripts.words_of(t.cast("Exception", lost.value.__cause__))))
    )


def test_debug_lines_of_ssh_are_no_words_of_the_host() -> None:
    said = "Failed to connect to the host via ssh: debug1: Permission denied\r\nssh: connect to host cb1 port 22: {0}"
    with pytest.raises(HostLost) as lost:
        _runner(OSError(said.format("Connection refused")))("host_observe")
    assert not lost.value.is_lasting
    assert "debug1" not in lost.value.message


def test_a_result_that_says_unreachable_is_a_lost_host() -> None:
    with pytest.raises(HostLost, match="timed out"):
        _runner({"unreachable": True, "msg": "timed out"})("host_observe")


@pytest.mark.parametrize(
    "result",
    [
        {"failed": True, "msg": "A parameter cannot be found"},
        {"result": None},
        {"result": "no json"},
        {"result": "[]"},
        {"result": "{}"},
        {"result": '{"ok": false}'},
        {"result": '{"ok": false, "error": "text"}'},
        {"result": {"ok": True}},
        {"result": {}},
        {"result": {}, "msg": "it was skipped, they say"},
    ],
)
def test_what_is_not_an_answer_is_a_bad_answer(result: dict[str, t.Any]) -> None:
    with pytest.raises(RasError) as caught:
        _runner(result)("host_observe")
    assert caught.value.code == "bad_answer"
    assert "host_observe on cb1" in caught.value.message
    assert "api_url" not in caught.value.remedy


@pytest.mark.parametrize(
    ("script_code", "code"),
    [
        ("product_missing", "product_missing"),
        ("product_too_old", "product_too_old"),
        ("drain_unsupported", "drain_unsupported"),
        ("constrained_language", "constrained_language"),
        ("invalid_option", "invalid_option"),
        ("refused", "bad_answer"),
        ("something_new", "bad_answer"),
    ],
)
def test_an_error_of_a_script_has_its_code_and_its_words(script_code: str, code: str) -> None:
    with pytest.raises(ScriptFailed) as caught:
        _runner(_answer(ok=False, error={"code": script_code, "message": "said so"}))("ras_observe")
    assert (caught.value.code, caught.value.script_code, caught.value.text) == (code, script_code, "said so")


def test_all_ways_in_which_a_module_was_looked_for_are_said() -> None:
    said = "by its folder: " + "x" * 400 + "; from inside 4.0: no"
    with pytest.raises(ScriptFailed) as caught:
        _runner(_answer(ok=False, error={"code": "product_missing", "message": said}))("ras_observe")
    assert caught.value.text == said


SCRIPTS = sorted(path.stem for path in Path(scripts.__file__).parent.glob("ps/*.ps1") if path.stem != "common")


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_that_writes_is_not_sent_in_check_mode(name: str) -> None:
    sent: list[dict[str, t.Any]] = []
    runner = ScriptRunner(lambda arguments: sent.append(arguments) or _answer(ok=True), "cb1", check_mode=True)
    if "SupportsShouldProcess" in load_script(name):
        assert runner(name)["ok"] is True
        return
    with pytest.raises(NotSent, match="not for check mode") as caught:
        runner(name)
    assert (caught.value.code, sent) == ("internal_error", [])


def test_a_script_that_was_skipped_gave_no_bad_answer() -> None:
    """As win_powershell says it, where a task's check mode was not known here."""
    with pytest.raises(NotSent) as caught:
        _runner({"changed": True, "result": {}, "msg": "skipped, running in check mode"})("ras_apply")
    assert caught.value.code == "internal_error"


REFUSED = (
    "ssl: HTTPSConnectionPool(host='cb1', port=5986): Max retries exceeded with url: /wsman (Caused by "
    "NewConnectionError(\"HTTPSConnection(host='cb1', port=5986): Failed to establish a new connection: "
    '[Errno 111] Connection refused"))'
)


@pytest.mark.parametrize(
    ("result", "connection", "become"),
    [
        (_answer(ok=True), ["accepted"], ["accepted"]),
        (_answer(ok=False, error={"code": "refused", "message": "no"}), ["accepted"], ["accepted"]),
        ({"msg": "the script did not start"}, ["accepted"], ["accepted"]),
        ({"failed": True, "msg": "Failed to logon Administrator (The password is incorrect)"}, [], ["rejected"]),
        ({"failed": True, "module_stderr": "LogonUser failed, Win32ErrorCode 1326 - access denied"}, [], ["rejected"]),
        (AnsibleConnectionFailure(REFUSED), [], []),
        (
            AnsibleConnectionFailure(f"{REFUSED}, ssl: the specified credentials were rejected by the server"),
            ["rejected"],
            [],
        ),
        (AnsibleConnectionFailure("ntlm: the specified credentials were rejected by the server"), ["rejected"], []),
        (AnsibleConnectionFailure("words that nobody knows"), ["unclear"], []),
        (OSError("reset"), ["unclear"], []),
        ({"unreachable": True, "msg": "Permission denied"}, ["rejected"], []),
        ({"unreachable": True, "msg": REFUSED}, [], []),
        ({"unreachable": True}, ["unclear"], []),
    ],
)
def test_each_windows_user_is_heard_of(result: t.Any, connection: list[str], become: list[str]) -> None:
    """The user of the connection, and the one that is become on the host."""
    guards = (Guard(), Guard())

    @contextlib.contextmanager
    def guard() -> t.Iterator[HostPermit]:
        with guards[0]("cb1", "ansible", lambda: None) as one, guards[1]("cb1", "administrator", lambda: None) as two:
            yield HostPermit(one, two)

    runner = _runner(result)
    runner._guard = guard
    with contextlib.suppress(RasError):
        runner("host_observe")
    assert [each.seen for each in guards] == [connection, become]


@pytest.mark.parametrize("result", [AnsibleConnectionFailure(REFUSED), {"unreachable": True, "msg": REFUSED}])
def test_a_host_that_was_not_reached_has_seen_nothing(result: t.Any) -> None:
    with pytest.raises(HostNotReached) as caught:
        _runner(result)("host_observe")
    assert caught.value.code == "host_unreachable"
    assert isinstance(caught.value, NotSent)


def test_a_lost_connection_names_its_cause_and_its_own_remedy() -> None:
    with pytest.raises(HostLost) as caught:
        _runner(AnsibleConnectionFailure("ntlm: the specified credentials were rejected by the server"))("host_observe")
    assert "(the Windows user was rejected): ntlm: the specified" in caught.value.message
    assert "ansible_password" in caught.value.remedy


@pytest.mark.parametrize("stream", ["error", "warning"])
def test_what_powershell_wrote_is_read_where_no_answer_came(stream: str) -> None:
    with pytest.raises(RasError) as caught:
        _runner({"result": {}, stream: [{"exception": {"message": "the module is broken"}}]})("host_observe")
    assert caught.value.message.endswith(f"gave no answer: PowerShell wrote: {stream} 'the module is broken'.")


def test_what_was_heard_is_of_the_last_script_only() -> None:
    results = [{**_answer(ok=True), "warning": ["slow"]}, _answer(ok=True)]
    runner = ScriptRunner(lambda arguments: results.pop(0), "cb1")
    runner("host_observe")
    assert runner.heard.warnings == ("slow",)
    runner("host_observe")
    assert runner.heard.warnings == ()
