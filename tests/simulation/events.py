# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw what happens between the commands: faults, and people."""

from __future__ import annotations

import typing as t

from harness.worlds import ADMIN, ADMIN_PASSWORD
from simulation import texts
from simulation.dice import Dice
from simulation.history import Move
from simulation.people import OURS, STRANGER, STRANGERS_KEY

_Fault = dict[str, t.Any]
Hosts = t.Sequence[str]

_OPS: t.Final = ("logon", "license", "activate", "deactivate", "logoff", "site", "broker", "version")
# Asked of every farm, or of those on which all depends.
_OFTEN: t.Final = ("logon", "license", "license", "activate", "activate", "logoff")
_BREAKS: t.Final = ("reset_before", "reset_after", "hang", "hang_after")
_WIRE: t.Final[tuple[_Fault, ...]] = (
    *({"kind": kind} for kind in (*_BREAKS, "http_403", "http_429", "http_500_html", "http_502", "http_503")),
    *({"kind": kind} for kind in ("html_200", "expire_session", "redirect", "truncated_json", "wrong_content_type")),
    *({"kind": "drip", "where": where} for where in ("status", "headers", "body")),
    *(
        {"kind": "status", "status": status}
        for status in (201, 204, 400, 402, 404, 409, 418, 422, 423, 429, 500, 503, 504)
    ),
)
# They change how a host listens, until they are taken away or their time is over.
LISTENING: t.Final = ("refuse", "tls_expired", "tls_foreign", "tls_wrong_name", "tls_self_signed")
_MODEL: t.Final[tuple[_Fault, ...]] = (
    {"kind": "settle_late", "on": "activate", "seconds": 5},
    {"kind": "settle_late", "on": "activate", "seconds": 20},
    {"kind": "vendor_unreachable", "on": "activate"},
    {"kind": "activate_wrong_account", "on": "activate"},
    *({"kind": "activate_downgrade", "on": "activate", "what": what} for what in ("trial", "users", "expiry", "type")),
    {"kind": "attention_after", "on": "activate"},
)
# What is run on the hosts of every rollout, and where it hurts.
_ON_HOSTS: t.Final = (
    *("winrm_open", "host_observe", "host_observe", "host_install", "host_install", "host_restart"),
    *("private_folder", "win_get_url", "read_tail", "state_note", "ras_export", "fetch_file", "async_status"),
    *("ras_observe", "ras_agents", "ras_agent_update", "ras_drain", "ras_license_write", "slurp"),
)
_EVENTS: t.Final[tuple[_Fault, ...]] = (
    *({"kind": "msiexec", "on": "install", "code": code} for code in (3010, 3010, 1641, 1618, 1603, 1602)),
    *({"kind": kind, "on": "install"} for kind in ("leaves_restart", "no_exit_code", "restart_during")),
    {"kind": "clock_moved", "on": "install", "seconds": 0.004},
    {"kind": "clock_moved", "on": "install", "seconds": 7200.0},
    {"kind": "clock_moved", "on": "install", "seconds": -7200.0},
    {"kind": "winrm_lost", "on": "install", "seconds": 15.0},
    *({"kind": "service_stopped", "on": on} for on in ("install", "restart")),
    *({"kind": "license_lost", "on": "install", "what": what} for what in ("attention", "trial", "none")),
    *({"kind": "settings_staged", "on": on} for on in ("install", "push")),
    *({"kind": kind, "on": "restart"} for kind in ("restart_never_ends", "restart_without_rest", "promotion")),
    {"kind": "restart_slow", "on": "restart", "seconds": 80.0},
    *({"kind": kind, "on": "push"} for kind in ("push_fails", "push_hangs", "push_needs_restart")),
)


def fault(dice: Dice, farm: str, has_hosts: bool) -> Move:
    """A fault on a farm, or on its hosts."""
    kinds = ["wire", "wire", "wire", "listening", "model", "text", "text", "as"]
    kind = dice.one([*kinds, *(["host"] * 10 + ["event"] * 16 if has_hosts else [])])
    times = dice.one((1, 1, 1, 2, 3, -1))
    found = _MAKERS[kind](dice, times)
    dice.note("fault", found["kind"], found.get("on", ""))
    return {"do": "fault", "farm": farm, "fault": found}


def _wire(dice: Dice, times: int) -> _Fault:
    on = dice.one(_OFTEN if dice.chance(0.7) else _OPS)
    return {**dice.one(_WIRE), "on": on, "times": times, "after": dice.one((0, 0, 0, 1, 2))}


def _listening(dice: Dice, _times: int) -> _Fault:
    found: _Fault = {"kind": dice.one(LISTENING)}
    if dice.chance(0.5):
        found["seconds"] = dice.one((1, 5, 60))
    return found


def _model(dice: Dice, times: int) -> _Fault:
    return {**dice.one(_MODEL), "times": times}


def _text(dice: Dice, times: int) -> _Fault:
    about, said = texts.refusal(dice.random)
    dice.note("text", about)
    return {"kind": "vendor_text", "on": "activate", "message": said, "times": times}


def _as(dice: Dice, times: int) -> _Fault:
    _about, said = texts.refusal(dice.random)
    status = dice.one((200, 400, 401, 402, 403, 404, 409, 422, 423, 429, 500, 503))
    body = dice.one((said, {"code": 0, "msg": said}, {"message": said}, {"error": {"text": said}}, [said]))
    return {
        "kind": "refused_as",
        "on": dice.one(("activate", "logon")),
        "status": status,
        "body": body,
        "times": times,
    }


def _host(dice: Dice, times: int) -> _Fault:
    if dice.chance(0.15):
        return {"kind": "refuse", "port": dice.one(("winrm", "all")), "seconds": dice.one((5, 60, 400))}
    return {"kind": dice.one(_BREAKS), "on": dice.one(_ON_HOSTS), "times": times, "after": dice.one((0, 0, 0, 1, 3))}


def _event(dice: Dice, times: int) -> _Fault:
    return {**dice.one(_EVENTS), "times": times}


_MAKERS: t.Final[dict[str, t.Callable[[Dice, int], _Fault]]] = {
    "wire": _wire,
    "listening": _listening,
    "model": _model,
    "text": _text,
    "as": _as,
    "host": _host,
    "event": _event,
}


def person(dice: Dice, farm: str, hosts: Hosts) -> Move:
    """Something that somebody does behind our back.

    Args:
        hosts: The Windows hosts of the farm.
    """
    acts = {**_at_the_farm(farm), **(_at_a_host(farm, dice.one(hosts)) if hosts else {})}
    act = dice.one(list(acts))
    dice.note("person", act)
    return acts[act]


def _at_the_farm(farm: str) -> dict[str, Move]:
    changes: dict[str, dict[str, t.Any]] = {
        "signs the farm into a private account": {
            "license": {"state": "active", "account": STRANGER, "key": STRANGERS_KEY}
        },
        "gives the license back": {"license": {"state": "deactivated"}},
        "starts a trial": {"license": {"state": "trial"}},
        "stages settings": {"settings_pending": True},
        "ends all sessions": {"drop_sessions": True},
        "changes the administrator": {
            "admins": [{"username": ADMIN, "password": "another administrator's secret"}],
        },
        "takes rights away": {"admins": [{"username": ADMIN, "password": ADMIN_PASSWORD, "rights": "read_only"}]},
        "switches the API off": {"quirks": {"rest_enabled": False}},
    }
    account = {
        "locks the account": {"locked": True, "failures": 5},
        "unlocks the account": {"locked": False},
        "changes the password": {"password": "a new password at the vendor"},
    }
    return {
        **{act: {"do": "farm", "farm": farm, "changes": change} for act, change in changes.items()},
        **{act: {"do": "account", "email": OURS, "changes": change} for act, change in account.items()},
    }


def _at_a_host(farm: str, host: str) -> dict[str, Move]:
    windows = {
        "leaves a restart due": {"pending_reboot": True},
        "works on a host": {"sessions": 3},
        "logs off from a host": {"sessions": 0},
        "installs something else": {"installer_busy": True},
        "has installed something else": {"installer_busy": False},
        "restarts a host": {"power": "restarting"},
        "switches a host off": {"power": "off"},
        "switches a host on": {"power": "on"},
        "stops WinRM": {"winrm_down": True},
        "starts WinRM": {"winrm_down": False},
        "fills the disk": {"disk_free_gb": 1.0},
        "schedules a restart": {"shutdown_in": 30.0},
    }
    agents = {
        "upgrades a host by hand": {"agent_version": "21.2.0.28000"},
        "takes a host out of service": {"enabled": False},
    }
    return {
        **{act: {"do": "host", "farm": farm, "host": host, "changes": change} for act, change in windows.items()},
        **{act: {"do": "farm", "farm": farm, "changes": {"hosts": {host: change}}} for act, change in agents.items()},
    }
