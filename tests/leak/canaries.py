# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The secrets, and a fleet whose farms do their best to give them away."""

from __future__ import annotations

import base64
import html
import json
import typing as t
import urllib.parse

from harness.worlds import ADMIN, EMAIL, OTHER_EMAIL, PRIVATE, world

from .detector import Canary

_NASTY: t.Final = '"&<%\\ '


def _secret(name: str, head: str, japanese: str, tail: str) -> Canary:
    return Canary(name, f"{head}{_NASTY}{japanese}{tail}", (head, tail))


ACCOUNT: t.Final = _secret("account password", "Kq7vAccount", "会社の秘密", "zW3accTail")
API: t.Final = _secret("API password", "Pm4xApiLogon", "管理者の鍵", "tR8apiTail")
PREVIOUS: t.Final = _secret("previous account password", "Hb2nPrevious", "以前の合言葉", "uJ6prevTail")
VAULT: t.Final = _secret("vault password", "Vd9sVaultFile", "金庫の番号", "yL5vaultTail")
# Of a key the last group may be seen, and two characters of every second group: so do the farms themselves show it.
KEY: t.Final = Canary("license key", "Gc5hKeyHeadwQ1-AB12CD-EF34GH-55K2XX", ("Gc5hKeyHead", "wQ1-AB12", "F34GH-55"))
KNOWN_KEY: t.Final = Canary(
    "key of account_keys", "Tn8jKeyHeadrE2-IJ12KL-MN34OP-77K2YY", ("Tn8jKeyHead", "rE2-IJ12", "N34OP-77")
)
# No option holds this one: a farm that shows it whole must not be believed.
STRANGE_KEY: t.Final = Canary(
    "key of a stranger", "Wf3kKeyHeadQ-QR12ST-UV34WX-YZ56AB-88K2ZZ", ("Wf3kKeyHeadQ", "UV34WX-Y")
)

# No further than ASCII: HTTP's Basic does not say how other characters are sent.
WINDOWS: t.Final = Canary("Windows password", 'Xs3wWindows"&<%\\ pQ7winTail', ("Xs3wWindows", "pQ7winTail"))
# What is behind the question mark of an installer's URL gives access to it.
QUERY: t.Final = Canary("query of the installer's URL", "Zt6qUrlHead%2Fy%3DlM4urlTail", ("Zt6qUrlHead", "lM4urlTail"))

CANARIES: t.Final = (ACCOUNT, API, PREVIOUS, VAULT, KEY, KNOWN_KEY, STRANGE_KEY, WINDOWS, QUERY)

# What a vendor or a web server may make of a request that it quotes in its refusal.
ECHOES: t.Final[dict[str, t.Callable[[str], str]]] = {
    "raw": lambda text: f"refused: email=x password={text}",
    "json": lambda text: "refused: " + json.dumps({"email": "x", "password": text}),
    "json-in-json": lambda text: json.dumps({"request": json.dumps({"password": text})}),
    "url": lambda text: "refused: " + urllib.parse.urlencode({"password": text}),
    "html": lambda text: f"<p>{html.escape(text)}</p>",
    "repr": lambda text: f"KeyError: {text!r}",
    "ascii": lambda text: f"KeyError: {text!a}",
    "base64": lambda text: "Basic " + base64.b64encode(text.encode()).decode(),
    "basic-1": lambda text: "Basic " + base64.b64encode(f"a:{text}:".encode()).decode(),
    "basic-2": lambda text: "Basic " + base64.b64encode(f"{text}:".encode()).decode(),
    "utf16": lambda text: base64.b64encode(f"${text}$".encode("utf-16-le")).decode(),
    "cut": lambda text: "x" * (195 - len(text) // 2) + text,
    "twice": lambda text: f"{text} is not {text}",
}

# A few of each sort for the playbooks, which take their time; the modules meet all farms.
FEW: t.Final = (
    "fresh",
    "trial",
    "right",
    "private",
    "moving",
    "released",
    "silent",
    "expired",
    "unmanaged",
    "shows-strange-key",
    "echo-account-raw",
    "echo-license-json",
    "echo-api-url",
    "fault-location",
    "fault-lost",
    "fault-logoff",
)


def leaky_world() -> dict[str, t.Any]:
    """Farms in every state; ``echo-*`` quote a secret back, ``fault-*`` break in some other way."""
    active = {"state": "active", "account": EMAIL, "key": KEY.text}
    foreign = {"state": "active", "account": PRIVATE, "key": STRANGE_KEY.text}
    farms: dict[str, dict[str, t.Any]] = {
        "fresh": {},
        "fresh-token-only": {"quirks": {"logon_answer": "token_only"}},
        "trial": {"license": {"state": "trial", "account": EMAIL}},
        "right": {"license": active},
        "other-email": {"license": {**active, "account": OTHER_EMAIL}},
        "private": {"license": foreign},
        "moving": {"license": foreign, "vars": {"ras_on_account_mismatch": "reactivate"}},
        "released": {
            "license": foreign,
            "quirks": {"direct_account_change": False},
            "vars": {
                "ras_on_account_mismatch": "reactivate",
                "ras_release_previous": True,
                "ras_previous_account_email": PRIVATE,
                "ras_previous_account_password": "{{ vault_previous_password }}",
            },
        },
        "other-key": {"license": {**active, "key": KNOWN_KEY.text}},
        "silent": {"license": {**active, "key": KNOWN_KEY.text}, "quirks": {"pa_fields": "absent"}},
        "expired": {"license": {**active, "expires": "2025-01-31"}},
        "unmanaged": {"vars": {"ras_managed": False, "ras_unmanaged_reason": "pay as you go"}},
        "says-status": {"license": active, "faults": [_shows(KEY, statusMessage=API.text, alertMessage=API.text)]},
        "bad-admin": {
            "admins": [{"username": "else@example.com", "password": "another one"}],
            "vars": {"ras_api_username": "wrong@example.com"},
        },
        "settles-never": {**_own("settles-never"), "faults": [{"kind": "settle_late", "seconds": 3600}]},
        "shows-key": {"license": active, "faults": [_shows(KEY)]},
        "shows-strange-key": {"license": active, "faults": [_shows(STRANGE_KEY)]},
    }
    for name, echo in ECHOES.items():
        for secret in (ACCOUNT, KEY) if name in ("raw", "json", "url") else (ACCOUNT,):
            farm = f"echo-{secret.name.split()[0]}-{name}"
            farms[farm] = {
                **_own(farm),
                "faults": [{"kind": "vendor_text", "message": echo(secret.text), "times": -1, "on": "activate"}],
            }
        farms[f"echo-api-{name}"] = {
            "faults": [
                {
                    "kind": "status",
                    "status": 403,
                    "body": {"title": "No", "detail": echo(API.text)},
                    "on": "license",
                    "times": -1,
                }
            ]
        }
    reads: dict[str, dict[str, t.Any]] = {
        "location": {
            "kind": "redirect",
            "location": "https://" + urllib.parse.quote(API.text, safe="") + ".example.net/",
        },
        "type": {
            "kind": "status",
            "status": 200,
            "body": "x",
            "content_type": "text/" + urllib.parse.quote(API.text, safe=""),
        },
        "field": {"kind": "status", "status": 200, "body": {API.text: API.text}},
        "truncated": {"kind": "truncated_json"},
        "html": {"kind": "http_500_html"},
        "reset": {"kind": "reset_before"},
        "expired": {"kind": "expire_session"},
    }
    for name, part in reads.items():
        farms[f"fault-{name}"] = {"license": active, "faults": [{**part, "on": "license", "times": -1}]}
    others: dict[str, dict[str, t.Any]] = {
        "lost": {"kind": "reset_after", "on": "activate"},
        "nothing": {"kind": "reset_before", "on": "activate"},
        "logoff": {"kind": "http_500_html", "on": "logoff", "times": -1},
        "limited": {"kind": "http_429", "on": "activate", "times": -1},
        "gone": {"kind": "refuse"},
        "tls": {"kind": "tls_foreign"},
    }
    for name, part in others.items():
        farms[f"fault-{name}"] = {**_own(f"fault-{name}"), "faults": [part]}
    people = [{"email": name, "password": ACCOUNT.text} for name in (EMAIL, OTHER_EMAIL)]
    people += [
        {"email": farm["vars"]["ras_account_email"], "password": ACCOUNT.text}
        for farm in farms.values()
        if "ras_account_email" in farm.get("vars", {})
    ]
    return world(
        farms,
        vault={
            "ras_account_email": EMAIL,
            "ras_account_password": ACCOUNT.text,
            "ras_account_keys": [KNOWN_KEY.text],
            "ras_api_username": ADMIN,
            "ras_api_password": API.text,
            "ras_license_key": KEY.text,
            "vault_previous_password": PREVIOUS.text,
        },
        inventory_vars={
            "ras_timeout": 3,
            "ras_settle_timeout": 2,
            "ras_waves": [1, "100%"],
            "ras_max_failed_farms": 1000,
        },
        defaults={"generation": 21, "version": "21.2.1.27306", "admins": [{"username": ADMIN, "password": API.text}]},
        my_account={
            "lockout_after": 5,
            "accounts": [
                {
                    "company": "Example Holdings",
                    "people": people,
                    "keys": [{"key": KEY.text, "type": "spla"}, {"key": KNOWN_KEY.text, "type": "spla"}],
                },
                {
                    "company": "Private",
                    "people": [{"email": PRIVATE, "password": PREVIOUS.text}],
                    "keys": [{"key": STRANGE_KEY.text, "type": "spla"}],
                },
            ],
        },
    )


def _own(name: str) -> dict[str, t.Any]:
    """An organization of its own: what becomes of this farm must not stop the others."""
    return {"vars": {"ras_organization": name, "ras_account_email": f"{name}@example.com"}}


def _shows(key: Canary, **more: str) -> dict[str, t.Any]:
    """A farm that shows a key whole, which the product does not."""
    body = {"type": 3, "licenseKey": key.text, "expiryDate": "31/12/2031", "paUserEmail": EMAIL, "strange": "x", **more}
    return {"kind": "status", "status": 200, "body": body, "on": "license", "times": -1}
