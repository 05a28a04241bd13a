# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw an inventory: what is wanted of each farm, and how people write it."""

from __future__ import annotations

import typing as t

from harness.rollouts import to_version
from harness.worlds import ADMIN, ADMIN_PASSWORD, host_of
from simulation.dice import Dice
from simulation.history import Wanted
from simulation.people import OTHER, OURS, PASSWORDS, SECOND, SECOND_KEY, SPLA, STRANGER, STRANGERS_KEY, UNKNOWN_KEY

_TYPOS: t.Final = {
    "ras_manged": False,
    "ras_license_kye": SPLA,
    "ras_account_emial": OURS,
    "ras_farm": 7,
    "ras_timeout": "soon",
    "ras_backend": "rset",
}
# As people write them: in their own script, with blanks, and as markup would have it otherwise.
_NAMES: t.Final = (
    "東京本社",
    "Zürich – Nord",
    "ΑΘΗΝΑ",
    "farm 7",
    "a|b`c*d_e",
    "Ørsted & Sønner",
    "ファーム①",
)
Over = dict[str, dict[str, t.Any]]


def variables(dice: Dice, has_hosts: bool) -> dict[str, t.Any]:
    """Of all hosts."""
    found: dict[str, t.Any] = {
        "ras_timeout": 12,
        "ras_settle_timeout": 12,
        "ras_waves": dice.one(([1, "10%", "100%"], ["100%"], [1, 1, "100%"], ["50%", "100%"])),
    }
    if not has_hosts:
        return found
    own = {
        "ras_install_timeout": 120,
        "ras_restart_timeout": 120,
        "ras_agent_timeout": 120,
        "ras_drain_timeout": 60,
        "ras_reboot": dice.one(("auto", "auto", "auto", "never")),
        "ras_max_failed_farms": dice.one((0, 1, 1000)),
    }
    for name, values in {
        "ras_backend": ("auto", "auto", "rest", "winrm"),
        "ras_logoff_sessions": (False, False, True),
        "ras_drain": (True, True, True, False),
        "ras_backup": (True, True, False),
        "ras_rds_hosts_min_in_service": (50, 50, 0),
    }.items():
        own[name] = dice.one(values)
        dice.note("variable", name, own[name])
    dice.note("variable ras_reboot", own["ras_reboot"])
    found = to_version({**own, **found})
    if dice.chance(0.08):
        found["ras_installer_sha256"] = "0" * 64
        dice.note("the hash of another installer")
    return found


def wanted(dice: Dice, name: str, is_second: bool, hosts: t.Sequence[str], over: Over) -> Wanted:
    """What is wanted of a farm; its own variables are put into ``over``.

    Args:
        hosts: All of the farm, which call it alike; its licensing server may be left out.
    """
    emails, key = ([SECOND], SECOND_KEY) if is_second else ([OURS], SPLA)
    own: dict[str, t.Any] = {}
    if is_second:
        own = {
            "ras_organization": "client",
            "ras_account_email": SECOND,
            "ras_account_password": PASSWORDS[SECOND],
            "ras_license_key": SECOND_KEY,
        }
        dice.note("a second organization")
    found = Wanted(emails, key)
    if dice.chance(0.1):
        own["ras_managed"] = dice.one((False, "no", "false"))
        found.managed = False
        dice.note("unmanaged")
    if dice.chance(0.08):
        typo = dice.one(list(_TYPOS))
        own[typo] = _TYPOS[typo]
        found.readable = False
        dice.note("typo", typo)
    if dice.chance(0.08) and not is_second:
        own["ras_license_key"] = found.key = dice.one((UNKNOWN_KEY, STRANGERS_KEY))
        dice.note("a key that is not ours")
    elif dice.chance(0.08):
        own["ras_license_key"] = ""
        found.key = None
        dice.note("no key is wanted")
    if dice.chance(0.25 if found.key else 0.6):
        own["ras_on_account_mismatch"] = "reactivate"
        dice.note("reactivate where the account is another")
    if dice.chance(0.15):
        own["ras_on_key_mismatch"] = dice.one(("reactivate", "ignore"))
        dice.note("key mismatch", own["ras_on_key_mismatch"])
    if dice.chance(0.1):
        own["ras_on_account_unknown"] = "fail"
        dice.note("account unknown fails")
    if dice.chance(0.1):
        own["ras_account_keys"] = [found.key] if found.key else []
        dice.note("keys of the account are known")
    if dice.chance(0.06):
        own["ras_release_previous"] = True
        own["ras_previous_account_email"] = STRANGER
        own["ras_previous_account_password"] = PASSWORDS[STRANGER]
        own["ras_on_account_mismatch"] = "reactivate"
        dice.note("the previous account is released")
    if dice.chance(0.1) and "ras_farm" not in own:
        written = f"{dice.one(_NAMES)} {name}"
        own["ras_farm"] = written
        dice.note("a name as people write it")
        for host in hosts:
            over[host] = {"ras_farm": written}
    if own:
        over[host_of(name)] = own
    return found


def secrets() -> dict[str, t.Any]:
    """Those of all hosts, without a mistake."""
    return {
        "ras_account_email": OURS,
        "ras_account_password": PASSWORDS[OURS],
        "ras_api_username": ADMIN,
        "ras_api_password": ADMIN_PASSWORD,
        "ras_license_key": SPLA,
    }


def vault(dice: Dice, of_farms: t.Mapping[str, Wanted]) -> dict[str, t.Any]:
    """The secrets of all hosts; a mistake in them changes what is wanted."""
    found = secrets()
    mistake = dice.one(("none",) * 10 + ("account", "account", "email", "api", "key", "key", "password"))
    dice.note("vault", mistake)
    if mistake == "account":
        found["ras_account_password"] = "a password that is wrong"
    elif mistake == "email":
        found["ras_account_email"] = dice.one((f" {OURS.upper()}", "Licensing@Example.com"))
    elif mistake == "api":
        found["ras_api_password"] = "a wrong administrator's secret"
    elif mistake == "key":
        del found["ras_license_key"]
        for each in of_farms.values():
            each.key = None if each.key == SPLA else each.key
    elif mistake == "password":
        del found["ras_account_password"]
    if dice.chance(0.3):
        found["ras_account_other_emails"] = [OTHER]
        for each in of_farms.values():
            if OURS in each.emails:
                each.emails.append(OTHER)
        dice.note("other people of the account are known")
    return found
