# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The base of all actions: failures become data, and secrets are taken out of everything."""

from __future__ import annotations

import base64
import html
import json
import os
import pathlib
import stat
import typing as t
import urllib.parse

import pytest
from ansible.errors import AnsibleError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.base import Backend
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.rest import RestBackend
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import license_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options, run_folder
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.farm import api_host, FarmAction
from ansible_collections.fleetops.parallels_ras.tests.unit.support.actions import (
    ACCOUNT_PASSWORD,
    API_PASSWORD,
    perform,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import KEY, OTHER_KEY

Work = t.Callable[[Backend, Options], dict[str, t.Any]]
SECRETS: dict[str, t.Any] = {
    "account_password": ACCOUNT_PASSWORD,
    "license_key": KEY,
    "account_keys": [OTHER_KEY],
    "previous_account_password": "previous'pass word",
}
ALL = [API_PASSWORD, ACCOUNT_PASSWORD, KEY, OTHER_KEY, "previous'pass word"]


def _forms(secret: str) -> list[str]:
    """Independent of the scrubber's own list."""
    return [
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
        html.escape(secret),
        urllib.parse.quote(secret),
        urllib.parse.quote_plus(secret),
        base64.b64encode(secret.encode()).decode(),
        base64.b64encode(secret.encode("utf-16-le")).decode(),
    ]


def _assert_clean(result: dict[str, t.Any], secrets: t.Iterable[str] = tuple(ALL)) -> None:
    dumps = (json.dumps(result), json.dumps(result, ensure_ascii=False), repr(result), str(result.get("msg")))
    for secret in secrets:
        for form in _forms(secret):
            assert not any(form in dump for dump in dumps), form


def _doing(work: Work) -> type[FarmAction]:
    class Doing(FarmAction):
        """An action that does this."""

        SPEC = license_spec()

        def work(self, backend: Backend, options: Options) -> dict[str, t.Any]:
            """Do it."""
            return work(backend, options)

    return Doing


def _nothing(backend: Backend, options: Options) -> dict[str, t.Any]:
    return {}


def _result(work: Work = _nothing, **args: t.Any) -> dict[str, t.Any]:
    return perform(_doing(work), **args)


def _refused(**args: t.Any) -> str:
    """The message with which options are refused, before any work."""

    def work(backend: Backend, options: Options) -> dict[str, t.Any]:
        raise AssertionError("worked")

    result = _result(work, **args)
    assert result["failed"] is True
    assert result["changed"] is False
    assert result["failure"]["code"] == "invalid_option"
    return t.cast("str", result["msg"])


def _leaky() -> dict[str, t.Any]:
    """All secrets in all forms and places."""
    return {
        "texts": [form for secret in ALL for form in _forms(secret)],
        "nested": {"a": [{secret: (secret, secret.encode()) for secret in ALL}]},
        "sentence": f'it\'s "{API_PASSWORD}" and {ACCOUNT_PASSWORD!r} in {json.dumps(SECRETS)}',
    }


class TestScrubbing:
    """Core does not scrub what an action returns or raises."""

    def test_the_result(self) -> None:
        result = _result(lambda backend, options: _leaky(), **SECRETS)
        _assert_clean(result)
        assert "failed" not in result
        assert result["backend_used"] == "rest"

    def test_a_failure_with_all_its_parts(self) -> None:
        def work(backend: Backend, options: Options) -> dict[str, t.Any]:
            raise RasError("bad_answer", f"said {ACCOUNT_PASSWORD}", remedy=f"try {KEY}", observed=_leaky())

        result = _result(work, **SECRETS)
        _assert_clean(result)
        assert result["failure"]["code"] == "bad_answer"
        assert result["failure"]["message"] == "said ********"

    def test_a_returned_failure_keeps_the_rest_of_the_result(self) -> None:
        result = _result(
            lambda backend, options: {"changed": True, "failure": RasError("not_confirmed", f"x {KEY}"), **_leaky()},
            **SECRETS,
        )
        _assert_clean(result)
        assert (result["failed"], result["changed"]) == (True, True)
        assert result["msg"] == f"x ******** {REMEDIES['not_confirmed']}"

    @pytest.mark.parametrize("kind", [ValueError, KeyError, UnicodeError, RecursionError, OSError])
    def test_a_crash_is_a_failure_with_a_clean_traceback(self, kind: type[Exception]) -> None:
        def work(backend: Backend, options: Options) -> dict[str, t.Any]:
            raise kind(f"crashed on {options} and {_leaky()}")

        result = _result(work, **SECRETS)
        _assert_clean(result)
        assert result["failure"]["code"] == "internal_error"
        assert kind.__name__ in result["msg"]
        assert "Traceback" in result["exception"]
        assert result["changed"] is False

    @pytest.mark.parametrize("kind", [ValueError, AnsibleError])
    def test_a_crash_gives_no_command_to_a_ci_system(self, kind: type[Exception]) -> None:
        def work(backend: Backend, options: Options) -> dict[str, t.Any]:
            raise kind("x\r\n##vso[task.complete]\n::error::a\x1b[2J")

        result = _result(work, **SECRETS)
        said = f"{result['msg']}\n{result.get('exception')}"
        assert "vso[task.complete]" in said
        assert not any(part in said for part in ("##", "::error", "\r", "\x1b"))

    def test_a_chained_crash(self) -> None:
        def work(backend: Backend, options: Options) -> dict[str, t.Any]:
            try:
                raise ValueError(f"inner {API_PASSWORD}")
            except ValueError as exc:
                raise RuntimeError(f"outer {KEY}") from exc

        result = _result(work, **SECRETS)
        _assert_clean(result)
        assert "inner ********" in result["exception"]

    def test_errors_of_ansible_itself(self) -> None:
        def work(backend: Backend, options: Options) -> dict[str, t.Any]:
            raise AnsibleError(f"templating {API_PASSWORD}")

        result = _result(work, **SECRETS)
        _assert_clean(result)
        assert result["failure"]["code"] == "invalid_option"

    def test_warnings_and_findings(self) -> None:
        finding = Finding(f"rule {KEY}", "warning", API_PASSWORD, [ACCOUNT_PASSWORD], f"remedy {OTHER_KEY}")
        result = _result(lambda backend, options: {"findings": [finding]}, **SECRETS)
        _assert_clean(result)
        assert result["findings"][0]["remedy"] == "remedy ********"
        assert result["warnings"] == ["https://127.0.0.1:1: rule ********: remedy ********"]

    def test_the_invocation_names_the_options_and_hides_the_secrets(self) -> None:
        result = _result(account_email="a@b.c", **SECRETS)
        _assert_clean(result)
        shown = result["invocation"]["module_args"]
        assert shown["account_email"] == "a@b.c"
        for name in ("api_password", *SECRETS):
            assert shown[name] == "********"

    def test_a_secret_of_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("RAS_API_PASSWORD", "from-the-environment")
        result = _result(lambda backend, options: {"x": options["api_password"]}, api_password=None)
        assert result["x"] == "********"

    def test_the_token_of_a_session_learned_on_the_way(self) -> None:
        def work(backend: Backend, options: Options) -> dict[str, t.Any]:
            assert isinstance(backend, RestBackend)
            backend._on_secret("token-of-the-session")
            return {"x": "auth_token: token-of-the-session"}

        assert _result(work)["x"] == "auth_token: ********"

    @pytest.mark.parametrize("secret", ["warnings", "failed-failed", "exception"])
    def test_a_secret_that_looks_like_a_field_of_the_result_does_not_break_it(self, secret: str) -> None:
        def work(backend: Backend, options: Options) -> dict[str, t.Any]:
            raise RasError("bad_answer", f"x {secret}")

        result = _result(work, api_password=secret)
        assert result["failed"] is True
        assert result["msg"].startswith("x ********")

    def test_raw_data_nested_without_end_does_not_break_the_result(self) -> None:
        deep: t.Any = API_PASSWORD
        for _level in range(900):
            deep = [deep]
        result = _result(lambda backend, options: {"raw": deep})
        _assert_clean(result)
        assert "failed" not in result


class TestSecretsThatCannotBeRight:
    """Refused with one sentence that never holds the value, and never taken for success."""

    @pytest.mark.parametrize("secret", ["e", "failed", "msg", "short12", "   abc   ", ""])
    @pytest.mark.parametrize("name", ["api_password", "account_password", "license_key"])
    def test_short_ones_leave_the_message_readable(self, name: str, secret: str) -> None:
        message = _refused(**{name: secret})
        assert f"{name} is too short" in message
        assert "********" not in message

    def test_a_short_key_among_the_keys_of_the_account(self) -> None:
        assert "account_keys is too short" in _refused(account_keys=[KEY, "abc"])

    @pytest.mark.parametrize("char", ["\n", "\r\n", "\t", "\x00", "\x7f"])
    def test_control_characters(self, char: str) -> None:
        message = _refused(api_password=f"long-enough{char}")
        assert f"api_password holds U+{ord(char[0]):04X}" in message
        assert "long-enough" not in message

    def test_what_is_compared_is_what_is_sent(self) -> None:
        seen: Options = {}
        _result(
            lambda backend, options: seen.update(options) or {},
            account_email=" Mu\u0308ller@B\u00fccher.Example ",
            license_key=f" {KEY} ",
            account_password=" pass word ",
        )
        assert seen["account_email"] == "M\u00fcller@xn--bcher-kva.example"
        assert (seen["license_key"], seen["account_password"]) == (KEY, " pass word ")

    def test_the_invocation_of_a_refusal_hides_them_too(self) -> None:
        result = _result(api_password="q1w2e3")
        assert result["invocation"]["module_args"]["api_password"] == "********"
        assert "q1w2e3" not in json.dumps(result)


class TestOptions:
    """What cannot be used is refused before anything is sent."""

    @pytest.mark.parametrize("name", ["api_url", "api_username", "api_password"])
    def test_the_connection_is_needed(self, name: str) -> None:
        assert f"{name} is missing" in _refused(**{name: None})

    def test_an_unknown_option(self) -> None:
        assert "api_ulr" in _refused(api_ulr="https://x")

    @pytest.mark.parametrize(
        ("name", "value"),
        [("state", "gone"), ("timeout", "soon"), ("date_order", "ymd"), ("validate_certs", "perhaps")],
    )
    def test_a_value_of_the_wrong_kind(self, name: str, value: str) -> None:
        assert name in _refused(**{name: value})

    @pytest.mark.parametrize("name", ["timeout", "settle_timeout"])
    @pytest.mark.parametrize("value", [0, -1, 3601])
    def test_time_outs_have_bounds(self, name: str, value: int) -> None:
        assert f"{name} is out of range" in _refused(**{name: value})

    @pytest.mark.parametrize("value", [1, 3600])
    def test_the_bounds_themselves_are_allowed(self, value: int) -> None:
        assert "failed" not in _result(timeout=value, settle_timeout=value)

    def test_winrm_needs_a_connection_that_runs_powershell(self) -> None:
        message = _refused(backend="winrm")
        assert "ansible_connection of winrm, psrp, or ssh with a PowerShell shell, observed local" in message

    @pytest.mark.parametrize("url", ["http://cb1:20443", "cb1", "https://cb1/?x=1"])
    def test_a_url_that_is_none(self, url: str) -> None:
        assert "expected https://" in _refused(api_url=url)

    @pytest.mark.parametrize("proxy", ["https://proxy:3128", "proxy:3128", "socks5://proxy"])
    def test_a_proxy_that_cannot_be_used(self, proxy: str) -> None:
        assert "expected http://host:port" in _refused(proxy=proxy)

    @pytest.mark.parametrize("name", ["api_url", "proxy"])
    @pytest.mark.parametrize("password", ["hide-me-well", "hide"])
    def test_a_password_in_a_url_is_refused_and_shown_nowhere(self, name: str, password: str) -> None:
        given: dict[str, t.Any] = {name: f"http://user:{password}@host:1"}
        result = perform(_doing(_nothing), **given)
        assert result["failure"]["code"] == "invalid_option"
        assert password not in json.dumps(result)

    def test_a_rejected_secret_of_the_wrong_kind_is_not_printed(self) -> None:
        result = _result(api_password={"inner": "hide-me-well"}, timeout="soon")
        assert result["failed"] is True
        assert "hide-me-well" not in json.dumps(result)

    def test_a_missing_ca_path_and_a_wrong_fingerprint(self) -> None:
        assert "/nowhere/ca.pem" in _refused(ca_path="/nowhere/ca.pem")
        assert "cert_fingerprint" in _refused(cert_fingerprint="abc")

    def test_the_user_may_come_from_the_environment_but_the_url_may_not(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("RAS_API_USERNAME", "from-env")
        monkeypatch.setenv("RAS_API_URL", "https://from-env")
        assert (
            _result(lambda backend, options: {"user": options["api_username"]}, api_username=None)["user"] == "from-env"
        )
        assert "api_url is missing" in _refused(api_url=None)


class TestSession:
    """The session is always closed, and how that went never hides the result."""

    @pytest.fixture
    def closings(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """Notes each logoff, which fails."""
        noted: list[str] = []

        def close(backend: RestBackend) -> str:
            noted.append("closed")
            return "the logoff was answered with HTTP 500"

        monkeypatch.setattr(RestBackend, "close", close)
        return noted

    def test_a_failing_logoff_is_a_finding(self, closings: list[str]) -> None:
        result = _result(lambda backend, options: {"changed": True})
        assert closings == ["closed"]
        assert "failed" not in result
        assert result["changed"] is True
        assert [(each["rule"], each["severity"]) for each in result["findings"]] == [("session_left_open", "info")]
        assert "HTTP 500" in result["findings"][0]["observed"]

    @pytest.mark.parametrize("error", [RasError("bad_answer", "html"), ZeroDivisionError()])
    def test_a_failing_logoff_does_not_hide_a_failure(self, closings: list[str], error: Exception) -> None:
        def work(backend: Backend, options: Options) -> dict[str, t.Any]:
            raise error

        result = _result(work)
        assert closings == ["closed"]
        assert result["failure"]["code"] == ("bad_answer" if isinstance(error, RasError) else "internal_error")


def test_every_failure_says_what_to_do() -> None:
    for code, remedy in REMEDIES.items():

        def work(backend: Backend, options: Options, code: str = code) -> dict[str, t.Any]:
            raise RasError(code, "What happened.", observed={"a": 1})

        result = _result(work)
        assert result["failure"] == {"code": code, "message": "What happened.", "remedy": remedy, "observed": {"a": 1}}
        assert result["msg"] == f"What happened. {remedy}"
        assert result["failed"] is True
        assert result["changed"] is False


def test_results_are_plain_data() -> None:
    """Fact caches and JUnit writers take nothing else."""
    result = _result(lambda backend, options: {"findings": [Finding("r", "info", {1}, ("a",), "x")], "t": (1, 2)})
    assert json.loads(json.dumps(result)) == result


def test_an_action_without_work_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="abstract"):
        perform(FarmAction)  # type: ignore[type-abstract]


def test_the_folder_of_a_run_is_its_owners_only() -> None:
    folder = pathlib.Path(run_folder())
    assert folder.is_dir()
    assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700


@pytest.mark.parametrize(
    ("url", "host"),
    [("https://cb1.example.com:20443/x", "cb1.example.com"), ("https://[::1]:20443", "::1"), (None, "")],
)
def test_the_host_of_the_url(url: str | None, host: str) -> None:
    assert api_host({"api_url": url}) == host
