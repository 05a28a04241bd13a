# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the vendor's words mean, in English and Japanese."""

from __future__ import annotations

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote, recognize
from hypothesis import given
from hypothesis import strategies as st

# Documented: RAS REST API guide, Licensing sample; vendor KB on business accounts.
DOCUMENTED = [
    ("invalid login or password", "account_credentials_rejected", False),
    ("Failed to Deactivate - Product not activated with a license key.", "not_activated", True),
    ("account already exists", "account_already_exists", False),
    ("The e-mail address or password is invalid.", "account_credentials_rejected", False),
    ("既にアカウントが存在します", "account_already_exists", False),
    ("メールアドレスまたはパスワードが無効です", "account_credentials_rejected", False),
]
INFERRED = [
    ("Invalid e-mail address", "account_credentials_rejected", False),
    ("Incorrect password.", "account_credentials_rejected", False),
    ("Your password has expired", "account_credentials_rejected", False),
    ("ログイン情報が正しくありません", "account_credentials_rejected", False),
    ("Your account has been locked.", "account_locked", False),
    ("The account is temporarily blocked", "account_locked", False),
    ("Too many failed attempts", "account_locked", False),
    ("アカウントがロックされています", "account_locked", False),
    ("An account with this e-mail already exists", "account_already_exists", False),
    ("Unable to connect to the licensing server", "licensing_unreachable", True),
    ("Could not reach the service", "licensing_unreachable", True),
    ("The license server is currently not available.", "licensing_unreachable", True),
    ("ライセンスサーバーに接続できません", "licensing_unreachable", True),
    ("Invalid license key", "key_rejected", True),
    ("The key is already in use", "key_rejected", True),
    ("This key has expired.", "key_rejected", True),
    ("Failed to connect to My Account: authentication failed", "account_credentials_rejected", False),
    ("The license service timed out, code 7", "licensing_unreachable", False),
    ("ライセンスキーが無効です", "key_rejected", True),
    ("The key is not registered in your account", "key_not_in_account", True),
    ("このキーはお使いのアカウントに登録されていません", "key_not_in_account", True),
    ("The farm is already activated with another account", "activation_refused", True),
    ("別のアカウントでアクティブ化されています", "activation_refused", True),
    ("ライセンスキーでアクティブ化されていません", "not_activated", True),
]
UNKNOWN = ["", "no text", "Error 0x80004005", "Something went wrong, try again later", "予期しないエラー", "OK"]
# A farm's own fault must not be read into these: other farms would send the same password.
ABOUT_SIGNING_IN = [
    "Invalid license key or password",
    "Unable to connect: wrong credentials",
    "The key is invalid or your log in has failed",
    "Could not reach the sign-in service",
    "キーまたはパスワードが無効です",
    "ライセンスサーバーに接続できません。ログインを確認してください",
    "The farm is already activated with another account, the password is needed",
]


@pytest.mark.parametrize(("text", "code", "farm_fault"), DOCUMENTED + INFERRED)
def test_known_texts(text: str, code: str, farm_fault: bool) -> None:
    assert recognize(text) == (code, farm_fault)
    assert recognize(f"Activation failed - {text}".upper()) == (code, farm_fault)


@pytest.mark.parametrize("text", UNKNOWN)
def test_an_unknown_text_is_a_refusal_for_which_no_farm_is_to_blame(text: str) -> None:
    assert recognize(text) == ("activation_refused", False)


@pytest.mark.parametrize("text", ABOUT_SIGNING_IN)
def test_a_text_that_speaks_of_signing_in_is_never_the_farms_own_fault(text: str) -> None:
    assert not recognize(text).farm_fault


_fragments = st.sampled_from(
    [text for text, _code, _fault in DOCUMENTED + INFERRED]
    + UNKNOWN
    + ["key", "is", "invalid", "account", "used", "another account", ". ", "connect", "password", "パスワード"]
)


@given(st.lists(_fragments, max_size=5).map(" ".join))
def test_every_text_has_a_code_with_a_remedy_and_signing_in_is_nobodys_proven_fault(text: str) -> None:
    meaning = recognize(text)
    assert meaning.code in REMEDIES
    if "password" in text or "パスワード" in text:
        assert not meaning.farm_fault


@given(st.text(max_size=400))
def test_any_text_is_recognized_without_an_error(text: str) -> None:
    assert recognize(text).code in REMEDIES


@given(st.text(max_size=500))
def test_a_quoted_text_is_one_printable_line_of_at_most_200_characters(text: str) -> None:
    line = quote(text)
    assert len(line) <= 200
    assert line.isprintable()
    assert quote(line) == line


def test_a_long_text_is_shortened_visibly() -> None:
    assert quote("a" * 200) == "a" * 200
    assert quote("a" * 201) == "a" * 199 + "\u2026"


def test_control_characters_cannot_write_to_a_terminal() -> None:
    assert quote("a\x1b[2Jb\r\nc\u202ed") == "a [2Jb c d"
