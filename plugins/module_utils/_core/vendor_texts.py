# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Recognize the vendor's refusal texts, in English and Japanese.

Documented texts (RAS REST API guide, Licensing sample; vendor KB on business accounts): "invalid login or password",
"Failed to Deactivate - Product not activated with a license key.", "account already exists", "e-mail address or
password is invalid" and the latter two in Japanese. All other patterns are inferred and deliberately loose: they only
choose the failure code, which is a matter of advice. Whether another farm may try is decided in :mod:`refusals`.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.log_text import log_line
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.refusals import is_explained


class Recognized(t.NamedTuple):
    """What a vendor text means."""

    code: str
    farm_fault: bool


# The first that fits counts: what a text says about credentials is the most urgent advice.
_PATTERNS: t.Final[list[tuple[str, str]]] = [
    (
        "account_locked",
        r"account\b.{0,40}\b(?:locked|blocked|disabled|suspended)|too many (?:failed|unsuccessful|invalid)"
        r"|アカウントが?.{0,10}(?:ロック|無効化|停止)",
    ),
    (
        "account_credentials_rejected",
        r"invalid (?:login|user ?name|e-?mail(?: address)?|credentials?)\b"
        r"|(?:login|e-?mail(?: address)?|user ?name|password)\b.{0,30}\b"
        r"(?:is|are) (?:invalid|incorrect|wrong|not valid)"
        r"|(?:incorrect|wrong) (?:login|e-?mail|password|credentials?)|password (?:has )?expired"
        r"|authentication (?:has )?failed|authenticat\w+ (?:error|failure)|(?:failed|unable) to authenticate|認証"
        r"|(?:メールアドレス|パスワード|ログイン).{0,20}(?:無効|正しくありません|間違)",
    ),
    (
        "account_already_exists",
        r"account\b.{0,60}\balready exists|既にアカウントが存在します|アカウントは?既に存在",
    ),
    (
        "licensing_unreachable",
        r"(?:cannot|can't|could ?n[o']t|unable to|failed to) (?:connect|reach|contact)\b"
        r"|licens\w* (?:server|service)\b.{0,40}\b(?:unreachable|unavailable|not available|timed out)"
        r"|ライセンス(?:サーバー|サービス)に接続でき",
    ),
    ("not_activated", r"not activated with a licen[cs]e key|ライセンスキーでアクティブ化されていません"),
    (
        "key_not_in_account",
        r"key\b.{0,40}\bnot (?:registered|found|present)\b.{0,20}\baccount"
        r"|キーは?.{0,20}アカウントに登録されていません",
    ),
    (
        "key_rejected",
        r"invalid (?:licen[cs]e |product |activation )?key"
        r"|key\b.{0,30}\b(?:is|has|was)\b.{0,20}\b(?:invalid|not valid|expired|blocked|revoked|in use|used|been used)"
        r"|キーが?は?.{0,20}(?:無効|使用されています|期限切れ)",
    ),
]
_COMPILED: t.Final = [(code, re.compile(rx, re.IGNORECASE | re.DOTALL)) for code, rx in _PATTERNS]

_QUOTE_LIMIT: t.Final = 200


def recognize(text: str) -> Recognized:
    """Map a refusal text to a failure code; unknown text is ``activation_refused``.

    :param text: all that was said, not shortened.
    """
    code = next((code for code, pattern in _COMPILED if pattern.search(text)), "activation_refused")
    return Recognized(code, is_explained(text, "account"))


def quote(text: t.Any, longest: int = _QUOTE_LIMIT) -> str:
    """A foreign text fit for a message, whatever channel the message leaves by: one line, no control characters, no
    command of a CI system, at most 200 characters unless it is said otherwise.

    The caller's result is scrubbed of secrets by value afterwards.
    """
    return log_line(text, longest)
