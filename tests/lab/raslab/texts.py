# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every text in which the vendor refuses, in one table, each with the source it is known from.

``documented`` means that the text is in a public vendor page; ``invented`` means that the situation exists but its
wording is not known, so that a client must never depend on it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class VendorText:
    """One refusal in both languages; ``en_source`` and ``ja_source`` say where the wording is from."""

    en: str
    ja: str
    en_source: str
    ja_source: str


INVENTED = "invented"

TEXTS: dict[str, VendorText] = {
    "credentials_rejected": VendorText(
        "invalid login or password",
        "メールアドレスまたはパスワードが無効です",
        "documented: RAS REST API guide, Licensing sample",
        "documented: vendor KB on business accounts",
    ),
    "not_activated": VendorText(
        "Failed to Deactivate - Product not activated with a license key.",
        "アクティブ化の解除に失敗しました - 製品はライセンスキーでアクティブ化されていません。",
        "documented: RAS REST API guide, Licensing sample",
        INVENTED,
    ),
    "account_exists": VendorText(
        "An account with this email address already exists.",
        "既にアカウントが存在します",
        INVENTED,
        "documented: vendor KB on business accounts",
    ),
    "locked": VendorText(
        "Your account is locked. Too many failed sign-in attempts.",
        "アカウントがロックされています",
        INVENTED,
        INVENTED,
    ),
    "key_rejected": VendorText("The license key is invalid.", "ライセンスキーが無効です", INVENTED, INVENTED),
    "key_not_in_account": VendorText(
        "The license key is not registered in your account.",
        "ライセンスキーはこのアカウントに登録されていません",
        INVENTED,
        INVENTED,
    ),
    "key_in_use": VendorText(
        "The license key is already in use by another farm.",
        "ライセンスキーは別のファームで使用されています",
        INVENTED,
        INVENTED,
    ),
    "vendor_unreachable": VendorText(
        "Cannot connect to the Parallels licensing server.",
        "ライセンスサーバーに接続できません",
        INVENTED,
        INVENTED,
    ),
    "account_conflict": VendorText(
        "The farm is already activated with another account.",
        "このファームは別のアカウントで既にアクティブ化されています",
        INVENTED,
        INVENTED,
    ),
    "not_licensing_server": VendorText(
        "This operation is available on the licensing server only.",
        "この操作はライセンスサーバーでのみ実行できます",
        INVENTED,
        INVENTED,
    ),
}


def vendor_text(key: str, language: str) -> str:
    """The refusal ``key`` in ``language`` (``en`` or ``ja``). Raises KeyError for an unknown refusal."""
    entry = TEXTS[key]
    return entry.ja if language == "ja" else entry.en
