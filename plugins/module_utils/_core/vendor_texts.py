# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Recognize the vendor's refusal texts, in English and Japanese.

Documented texts (RAS REST API guide, Licensing sample; vendor KB on business accounts): "invalid login or password",
"Failed to Deactivate - Product not activated with a license key.", "account already exists", "e-mail address or
password is invalid" and the latter two in Japanese. All other patterns are inferred and deliberately loose. A text that
fits none of them is ``activation_refused``: it is quoted, and treated as if the account were to blame.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.log_text import log_line


class Recognized(t.NamedTuple):
    """What a vendor text means."""

    code: str
    farm_fault: bool


# The order matters: a text about credentials must never be taken for one about the farm, or a wrong password would be
# sent by every farm of the fleet.
_PATTERNS: t.Final[list[tuple[str, bool, str]]] = [
    (
        "account_locked",
        False,
        r"account\b.{0,40}\b(?:locked|blocked|disabled|suspended)|too many (?:failed|unsuccessful|invalid)"
        r"|アカウントが?.{0,10}(?:ロック|無効化|停止)",
    ),
    (
        "account_credentials_rejected",
        False,
        r"invalid (?:login|user ?name|e-?mail(?: address)?|credentials?)\b"
        r"|(?:login|e-?mail(?: address)?|user ?name|password)\b.{0,30}\b"
        r"(?:is|are) (?:invalid|incorrect|wrong|not valid)"
        r"|(?:incorrect|wrong) (?:login|e-?mail|password|credentials?)|password (?:has )?expired"
        r"|(?:メールアドレス|パスワード|ログイン).{0,20}(?:無効|正しくありません|間違)",
    ),
    (
        "account_already_exists",
        False,
        r"account\b.{0,60}\balready exists|既にアカウントが存在します|アカウントは?既に存在",
    ),
    (
        "licensing_unreachable",
        True,
        r"(?:cannot|can't|could ?n[o']t|unable to|failed to) (?:connect|reach|contact)\b"
        r"|licens\w* (?:server|service)\b.{0,40}\b(?:unreachable|unavailable|not available|timed out)"
        r"|ライセンス(?:サーバー|サービス)に接続でき",
    ),
    ("not_activated", True, r"not activated with a licen[cs]e key|ライセンスキーでアクティブ化されていません"),
    (
        "key_not_in_account",
        True,
        r"key\b.{0,40}\bnot (?:registered|found|present)\b.{0,20}\baccount"
        r"|キーは?.{0,20}アカウントに登録されていません",
    ),
    (
        "key_rejected",
        True,
        r"invalid (?:licen[cs]e |product |activation )?key"
        r"|key\b.{0,30}\b(?:is|has|was)\b.{0,20}\b(?:invalid|not valid|expired|blocked|revoked|in use|used|been used)"
        r"|キーが?は?.{0,20}(?:無効|使用されています|期限切れ)",
    ),
    # What a farm says that is still bound to another account is unknown; this only lets the other farms go on.
    (
        "activation_refused",
        True,
        r"already (?:activated|registered|licensed)\b.{0,40}\b(?:another|different|other) account"
        r"|別のアカウントで.{0,10}(?:アクティブ化|登録)",
    ),
]
_COMPILED: t.Final = [(code, farm, re.compile(rx, re.IGNORECASE | re.DOTALL)) for code, farm, rx in _PATTERNS]

# Whatever else a text says: where it speaks of signing in, other farms must not send the same password.
_SPEAKS_OF_SIGN_IN: t.Final = re.compile(
    r"password|credential|log ?[io]n\b|sign[- ]?in|パスワード|ログイン|サインイン", re.IGNORECASE
)

_QUOTE_LIMIT: t.Final = 200


def recognize(text: str) -> Recognized:
    """Map a refusal text to a failure code; unknown text is ``activation_refused`` and nobody's proven fault."""
    for code, farm_fault, pattern in _COMPILED:
        if pattern.search(text):
            return Recognized(code, farm_fault and not _SPEAKS_OF_SIGN_IN.search(text))
    return Recognized("activation_refused", False)


def quote(text: t.Any) -> str:
    """A foreign text fit for a message, whatever channel the message leaves by: one line, no control characters, no
    command of a CI system, at most 200 characters.

    The caller's result is scrubbed of secrets by value afterwards.
    """
    return log_line(text, _QUOTE_LIMIT)
