# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What clears a secret that was refused: texts that are explained to their last word, and nothing else."""

from __future__ import annotations

import json
import typing as t
import unicodedata

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.refusals import (
    is_explained,
    is_turned_away,
    speaks_of_logon,
    text_of_failure,
    Where,
)
from hypothesis import assume, given
from hypothesis import strategies as st

ACCOUNT = [
    "Failed to Deactivate - Product not activated with a license key.",
    "Cannot connect to the Parallels licensing server.",
    "The license server is currently not available.",
    "The license key is invalid.",
    "The license key is already in use by another farm.",
    "The license key is not registered in your account.",
    "The farm is already activated with another account.",
    "Activation failed - Unable to reach the license service",
    "ライセンスサーバーに接続できません",
    "ライセンスキーは別のファームで使用されています。",
    "アクティブ化の解除に失敗しました - 製品はライセンスキーでアクティブ化されていません。",
    "このファームは別のアカウントで既にアクティブ化されています",
]
ADMINISTRATOR = [
    "Failed to connect to the server 'localhost'.",
    "No connection could be made because the target machine actively refused it",
]
OLD = "<urllib3.connection.HTTPSConnection object at 0x7f33de8b5d30>"
NEW = "HTTPSConnection(host='cb1.example.com', port=5986)"


def _pool(cause: str) -> str:
    pool = "HTTPSConnectionPool(host='cb1.example.com', port=5986)"
    return f"{pool}: Max retries exceeded with url: /wsman (Caused by {cause})"


REFUSED = _pool(f"NewConnectionError('{OLD}: Failed to establish a new connection: [Errno 111] Connection refused')")
UNTRUSTED = (
    "SSLError(SSLCertVerificationError(1, "
    "'[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {} (_ssl.c:1010)'))"
)
NO_KERBEROS = "kerberos: the python kerberos library is not installed"
WINDOWS_USER = [
    f"ssl: {REFUSED}",
    f"kerberos: {REFUSED}, ssl: {REFUSED}",
    NO_KERBEROS,
    "plaintext: "
    + _pool(f'NewConnectionError("{NEW}: Failed to establish a new connection: [Errno 113] No route to host")'),
    "ntlm: " + _pool(f"NameResolutionError(\"{NEW}: Failed to resolve 'cb1' ([Errno -2] Name or service not known)\")"),
    "ssl: " + _pool(f"ConnectTimeoutError(<{NEW} at 0x7f3>, 'Connection to cb1 timed out. (connect timeout=30)')"),
    "ssl: " + _pool(UNTRUSTED.format("self-signed certificate in certificate chain")),
    "ssl: " + _pool(UNTRUSTED.format("Hostname mismatch, certificate is not valid for 'cb1'.")),
    f"Failed to connect to the host via PSRP: {REFUSED}",
    "Failed to connect to the host via ssh: ssh: connect to host 192.0.2.1 port 22: Connection refused",
    "Failed to connect to the host via ssh: ssh: Could not resolve hostname cb1: Name or service not known",
]
EXPLAINED: dict[Where, list[str]] = {
    "account": ACCOUNT,
    "administrator": ADMINISTRATOR,
    "windows_user": WINDOWS_USER,
}
CASES = [(text, where) for where, texts in EXPLAINED.items() for text in texts]

# What a refusal may say besides, and what nobody knows: of signing in, of other things, in other languages.
NOT_EXPLAINED = [
    "Failed to connect to My Account: authentication failed",
    "My Account への接続に失敗しました: 認証に失敗しました",
    "Anmeldung fehlgeschlagen: Verbindung nicht möglich",
    "Échec de la connexion : mot de passe incorrect",
    "No se pudo conectar: contraseña incorrecta",
    "로그인에 실패했습니다",
    "无法连接：密码错误",
    "Неверный пароль",
    "Unable to connect: wrong credentials",
    "Could not reach the sign-in service",
    "The key is invalid or your log in has failed",
    "",
    " ",
    ".",
    "no text",
    "OK",
    "Error 401",
    "E-4711",
    "(2)",
    "\u5bc6\u78bc",
    # What connections say besides.
    "ssl: the specified credentials were rejected by the server",
    f"kerberos: {REFUSED}, ssl: the specified credentials were rejected by the server",
    f"failed to authenticate with the server: {REFUSED}",
    f"{NO_KERBEROS}, ssl: the specified credentials were rejected by the server",
    "ssl: the python kerberos library is not installed",
    REFUSED,  # without a transport: the shell was open already
    "ssl: HTTPSConnectionPool(host='cb1', port=5986): Read timed out. (read timeout=30)",
    "ssl: ('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))",
    "ssl: Bad HTTP response returned from server. Code 500",
    "the connection attempt timed out",
    "Failed to connect to the host via ssh: Permission denied (publickey,password).",
    "ssl: " + _pool(UNTRUSTED.format("wrong password")),
    "Kerberos auth failure for principal svc@EXAMPLE.COM with pexpect: Preauthentication failed",
]
_secrets_word = st.sampled_from(
    ["password", "sign in", "認証", "Kennwort", "contraseña", "401", "x", "不", "🔑", "not"]
)
_other = st.one_of(
    st.sampled_from(NOT_EXPLAINED).filter(lambda text: any(ch.isalnum() for ch in text)),
    _secrets_word,
    st.text(min_size=1, max_size=30).filter(lambda text: any(ch.isalnum() for ch in text)),
)
_joint = st.sampled_from([" ", ". ", ": ", " - ", "; ", "\n", "。", ", but ", "\u2028", "\x00", "\u200b", "…"])


@pytest.mark.parametrize(("text", "where"), CASES)
def test_what_is_wholly_explained(text: str, where: Where) -> None:
    assert is_explained(text, where)
    assert is_explained(f"  {text.upper()}\n", where)


@pytest.mark.parametrize("text", NOT_EXPLAINED)
@pytest.mark.parametrize("where", EXPLAINED)
def test_what_is_not(text: str, where: Where) -> None:
    assert not is_explained(text, where)


@given(st.sampled_from(CASES), _joint, _other, st.booleans())
def test_one_more_word_and_nothing_is_explained(case: tuple[str, Where], joint: str, other: str, first: bool) -> None:
    text, where = case
    assume(not is_explained(other, where))
    assert not is_explained(f"{other}{joint}{text}" if first else f"{text}{joint}{other}", where)


@given(st.sampled_from(CASES), st.data())
def test_a_word_in_the_middle_is_one_more_word(case: tuple[str, Where], data: st.DataObject) -> None:
    text, where = case
    words = text.split(" ")
    at = data.draw(st.integers(1, len(words)))
    assert not is_explained(" ".join([*words[:at], data.draw(_secrets_word), *words[at:]]), where)


@given(st.sampled_from(CASES), st.data())
def test_a_letter_that_is_another_one_makes_another_word(case: tuple[str, Where], data: st.DataObject) -> None:
    """Full-width letters, look-alikes, accents, and letters that only lower case makes one of ours."""
    text, where = case
    at = data.draw(st.sampled_from([number for number, letter in enumerate(text) if letter.isalpha()]))
    assume(where != "windows_user")  # names of hosts are theirs, whatever their letters
    letter = text[at]
    wide = chr(ord(letter) + 0xFEE0) if letter.isascii() else letter + "\u0301"
    alike = {"a": "а", "e": "е", "o": "о", "i": "і", "s": "ſ", "k": "\u212a", "c": "с", "p": "р"}.get(letter, wide)
    changed = data.draw(st.sampled_from([wide, alike, letter + "\u0301", letter + "\u200b", letter + letter + letter]))
    assert not is_explained(text[:at] + changed + text[at + 1 :], where)


@given(st.sampled_from(CASES), st.data())
def test_a_text_that_was_cut_is_not_explained(case: tuple[str, Where], data: st.DataObject) -> None:
    text, where = case
    whole = text.rstrip(".。")
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    assume(not cut.endswith(("in use", "server")))  # whole sentences themselves
    assert not is_explained(cut + data.draw(st.sampled_from(["", "…", "..."])), where)


@pytest.mark.parametrize("text", ACCOUNT)
def test_the_texts_of_one_secret_do_not_clear_another(text: str) -> None:
    assert not is_explained(text, "administrator")
    assert not is_explained(text, "windows_user")


@pytest.mark.parametrize(
    "text",
    [
        "ssl: the specified credentials were rejected by the server",
        "failed to authenticate with the server",
        "svc@cb1: Permission denied (publickey,password).",
        "Kerberos auth failure: kinit: Preauthentication failed",
        "Access is denied",
        "Code 401",
    ],
)
def test_plain_rejections_of_a_windows_user(text: str) -> None:
    assert speaks_of_logon(text)
    assert not speaks_of_logon("ssl: Bad HTTP response returned from server. Code 500")


@given(st.text(max_size=300), st.sampled_from(sorted(EXPLAINED)))
def test_no_text_is_explained_that_says_something_else_too(text: str, where: Where) -> None:
    # Hypothesis draws the explained sentences, too: it finds them in the code.
    assert not is_explained(f"{text} and quetzal", where)


class TestForm:
    """The farm's documented form of a refusal is the only one whose text is all that it says."""

    @pytest.mark.parametrize("text", ["", "a", "ä \u0000", *ACCOUNT])
    def test_the_documented_form(self, text: str) -> None:
        assert text_of_failure(400, json.dumps({"code": 0, "msg": text}).encode()) == text
        assert text_of_failure(400, json.dumps({"msg": text, "code": 0}).encode("utf-8-sig")) == text

    @given(st.integers(200, 599).filter(lambda status: status != 400))
    def test_no_other_status(self, status: int) -> None:
        assert text_of_failure(status, b'{"code": 0, "msg": "The license key is invalid."}') is None

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"<html>The license key is invalid.</html>",
            b'"The license key is invalid."',
            b"[]",
            b"null",
            b'[["code", 0], ["msg", "The license key is invalid."]]',
            b'{"msg": "a"}',
            b'{"code": 0}',
            b'{"code": 17, "msg": "a"}',
            b'{"code": "0", "msg": "a"}',
            b'{"code": false, "msg": "a"}',
            b'{"code": 0, "msg": ["a"]}',
            b'{"code": 0, "msg": null}',
            b'{"code": 0, "Msg": "a"}',
            b'{"msg": "a", "msg": "b"}',
            b'{"code": 0, "msg": "a", "msg": "b"}',
            b'{"code": 0, "msg": "a", "errors": ["wrong password"]}',
            b'{"code": 0, "msg": "a", "detail": "wrong password"}',
            b'{"code": 0, "msg": "a"} wrong password',
            b'{"code": 0, "msg": "\xff"}',
            b"[" * 100_000,
        ],
    )
    def test_no_other_form(self, body: bytes) -> None:
        assert text_of_failure(400, body) is None

    @given(st.dictionaries(st.sampled_from(["code", "msg", "title", "errors"]), st.sampled_from([0, 1, "a", None, []])))
    def test_exactly_two_fields(self, body: dict[str, t.Any]) -> None:
        said = text_of_failure(400, json.dumps(body).encode())
        assert (said is None) is (body != {"code": 0, "msg": "a"})


PAGE = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"


class TestTurnedAway:
    """A rate limit has a status of its own and no other words."""

    @pytest.mark.parametrize(("status", "phrase"), [(429, "Too Many Requests"), (503, "Service Unavailable")])
    def test_nothing_but_the_status(self, status: int, phrase: str) -> None:
        problem = {"type": f"https://httpstatuses.io/{status}", "title": phrase, "status": status, "traceId": "00-a-b"}
        for body in (b"", b"\r\n", phrase.encode(), PAGE.format(f"{status} {phrase}").encode(), json.dumps(problem)):
            assert is_turned_away(status, body if isinstance(body, bytes) else body.encode())

    @given(st.sampled_from([429, 503]), _other, st.integers(0, 3))
    def test_any_other_word_is_an_answer(self, status: int, other: str, form: int) -> None:
        words = set("".join(ch if ch.isalnum() else " " for ch in other.casefold()).split())
        assume(not words <= {"too", "many", "requests", "service", "unavailable", str(status)})
        assume(all(unicodedata.category(ch) != "Cs" for ch in other) and "<" not in other)
        phrase = {429: "Too Many Requests", 503: "Service Unavailable"}[status]
        body = (
            other,
            PAGE.format(f"{phrase}: {other}"),
            json.dumps({"title": phrase, "status": status, "detail": other}),
            json.dumps({"title": other, "status": status}),
        )[form]
        assert not is_turned_away(status, body.encode())

    @pytest.mark.parametrize(
        "body",
        [
            b"Too many failed sign-in attempts",
            b"<!-- wrong password -->",
            b'<p title="wrong password"></p>',
            b'{"title": "Too Many Requests", "status": 401}',
            b'{"title": "Too Many Requests", "type": "wrong password"}',
            b'{"title": "Too Many Requests", "type": "https://x.example/errors/account-locked"}',
            b'{"title": "Too Many Requests", "type": "account-locked"}',
            b'{"title": "Too Many Requests", "traceId": "account_locked_too_many_attempts"}',
            b'{"title": "Too Many Requests", "traceId": ["locked"]}',
            b"<AccountLocked/>",
            b"<wrongpassword>Too Many Requests</wrongpassword>",
            b'{"title": "wrong password", "title": "Too Many Requests"}',
            b'"wrong password"',
            "Неверный пароль".encode("utf-16"),
            b"\xff",
        ],
    )
    def test_hidden_words_count(self, body: bytes) -> None:
        assert not is_turned_away(429, body)

    @given(st.integers(200, 599).filter(lambda status: status not in (429, 503)))
    def test_no_other_status(self, status: int) -> None:
        assert not is_turned_away(status, b"")
