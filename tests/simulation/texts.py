# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that the vendor may say and nobody has documented. All of them are invented, put together by chance."""

from __future__ import annotations

import random
import typing as t

# What a refusal can be about -> its words. A farm's own fault and that of an account sound alike.
_ABOUT: t.Final[dict[str, tuple[str, ...]]] = {
    "connecting": (
        "cannot connect to the licensing server",
        "the licensing service timed out",
        "proxy authentication required",
        "Verbindung zum Lizenzserver fehlgeschlagen",
        "ライセンスサーバーに接続できません",
        "impossible de joindre le serveur",
    ),
    "signing in": (
        "invalid login or password",
        "sign-in failed",
        "your account is locked",
        "Benutzername oder Kennwort ungültig",
        "メールアドレスまたはパスワードが無効です",
        "identifiant ou mot de passe incorrect",
        "two-step verification is required",
    ),
    "key": (
        "the license key is invalid",
        "the key is not registered in your account",
        "the key is already in use by another farm",
        "ライセンスキーが無効です",
        "Der Lizenzschlüssel ist ungültig",
        "clé de produit non valide",
    ),
    "quota": (
        "the number of allowed activations is exceeded",
        "too many requests, try again later",
        "Anzahl der Aktivierungen überschritten",
        "アクティブ化の上限に達しました",
    ),
    "nonsense": ("0x80004005", "Ok", "null", "{{ 7 * 7 }}", "##vso[task.complete]", "<b>error</b>", "…", "E_FAIL(13)"),
}
_JOINTS: t.Final = (" ", ": ", " (", ". ", " / ", " - ", "\n", " because ", "; ")


def refusal(draw: random.Random) -> tuple[str, str]:
    """What it is about, and the text: one or two themes, mixed and nested."""
    about = draw.choice(list(_ABOUT))
    text = draw.choice(_ABOUT[about])
    while draw.random() < 0.35 and len(text) < 300:
        other = draw.choice(list(_ABOUT))
        joint = draw.choice(_JOINTS)
        text += joint + draw.choice(_ABOUT[other]) + (")" if joint == " (" else "")
        about = "mixed"
    if draw.random() < 0.2:
        text = text.upper() if draw.random() < 0.5 else text.capitalize()
    return about, text + draw.choice(("", ".", "!", " [code 17]"))
