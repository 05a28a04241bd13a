# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw a history: worlds, contracts, inventories, people and faults that nobody thought of."""

from __future__ import annotations

import random
import typing as t

from harness.worlds import ADMIN, ADMIN_PASSWORD, host_of
from simulation import texts
from simulation.history import History, Move, Wanted

OURS: t.Final = "licensing@example.com"
OTHER: t.Final = "tanaka@example.com"
SECOND: t.Final = "accounts@client.example"
STRANGER: t.Final = "someone@private.example"
PASSWORDS: t.Final = {
    OURS: "correct horse battery staple",
    OTHER: "another person's secret",
    SECOND: "the second company's secret",
    STRANGER: "some private password",
}
SPLA: t.Final = "AB12CD-ME34EF-GH56IJ-B978KL-MN90CV-55K2XX"
PREPAID: t.Final = "PP12CD-ME34EF-GH56IJ-B978KL-MN90CV-77K2YY"
SECOND_KEY: t.Final = "SE12CD-ME34EF-GH56IJ-B978KL-MN90CV-33K2WW"
STRANGERS_KEY: t.Final = "ZZ12CD-ME34EF-GH56IJ-B978KL-MN90CV-88K2ZZ"
UNKNOWN_KEY: t.Final = "NO12CD-ME34EF-GH56IJ-B978KL-MN90CV-00K2NN"
KEYS: t.Final = (SPLA, PREPAID, SECOND_KEY, STRANGERS_KEY, UNKNOWN_KEY)
_NAMES: t.Final = (
    "tokyo",
    "osaka",
    "kobe",
    "kyoto",
    "nara",
    "sendai",
    "berlin",
    "paris",
    "oslo",
    "lima",
    "quito",
    "perth",
)

_OPS: t.Final = ("logon", "license", "activate", "deactivate", "logoff", "site", "broker", "version")
# Asked of every farm, or of those on which all depends.
_OFTEN: t.Final = ("logon", "license", "license", "activate", "activate", "logoff")
_WIRE: t.Final[tuple[dict[str, t.Any], ...]] = (
    *({"kind": kind} for kind in ("reset_before", "reset_after", "hang", "hang_after", "http_403", "http_429")),
    *({"kind": kind} for kind in ("http_500_html", "http_502", "http_503", "html_200", "expire_session", "redirect")),
    *({"kind": kind} for kind in ("truncated_json", "wrong_content_type")),
    *({"kind": "drip", "where": where} for where in ("status", "headers", "body")),
    *(
        {"kind": "status", "status": status}
        for status in (201, 204, 400, 402, 404, 409, 418, 422, 423, 429, 500, 503, 504)
    ),
)
_LISTENING: t.Final = ("refuse", "tls_expired", "tls_foreign", "tls_wrong_name", "tls_self_signed")
_MODEL: t.Final[tuple[dict[str, t.Any], ...]] = (
    {"kind": "settle_late", "on": "activate", "seconds": 5},
    {"kind": "settle_late", "on": "activate", "seconds": 20},
    {"kind": "vendor_unreachable", "on": "activate"},
    {"kind": "activate_wrong_account", "on": "activate"},
    *({"kind": "activate_downgrade", "on": "activate", "what": what} for what in ("trial", "users", "expiry", "type")),
    {"kind": "attention_after", "on": "activate"},
)
_QUIRKS: t.Final[dict[str, tuple[t.Any, ...]]] = {
    "pa_fields": ("absent",),
    "logon_answer": ("full", "token_only"),
    "write_success": (204,),
    "never_activated": ("empty", "null_fields"),
    "type_as": ("string", "name"),
    "numbers_as": ("number",),
    "language": ("ja",),
    "date_order": ("mdy", "ymd"),
    "date_separator": (".", "-"),
    "date_calendar": ("buddhist",),
    "direct_account_change": (False,),
    "deactivate_check_first": ("account",),
    "licensing_server_fields": ("absent",),
    "broker_path": ("pa", "broker", "connection_broker", "both", "none"),
    "version_path": ("absent",),
    "missing_path": ("bare",),
    "agent_enum": ("name",),
    "logical_rows": ("name", "nameless"),
    "settle_seconds": (2, 8),
    "rate_limit": (
        False,
        {"requests": 50, "window": 10, "status": 503},
        {"requests": 4, "window": 10},
        {"requests": 6, "window": 10, "status": 503},
    ),
    "unknown_fields": (True,),
}
_TYPOS: t.Final = {
    "ras_manged": False,
    "ras_license_kye": SPLA,
    "ras_account_emial": OURS,
    "ras_farm": 7,
    "ras_timeout": "soon",
    "ras_backend": "rset",
}


class Drawing:
    """One history in the making; notes what was drawn."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(f"history {seed}")
        self.seed = seed
        self.notes: list[str] = []

    def note(self, *words: t.Any) -> None:
        self.notes.append(" ".join(str(word) for word in words))

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def history(self) -> History:
        """All of it."""
        number = self.random.choice((1, 1, 2, 3, 3, 3, 3, 4, 4, 5, 7, 12))
        names = self.random.sample(_NAMES, number)
        is_divided = number > 1 and self.chance(0.2)
        self.note("farms", number)
        wanted: dict[str, Wanted] = {}
        over: dict[str, dict[str, t.Any]] = {}
        farms = []
        for place, name in enumerate(names):
            is_second = is_divided and place % 2 == 1
            farms.append(self._farm(name, is_second))
            wanted[name] = self._wanted(name, is_second, over)
        vault = self._vault(wanted)
        world = {
            "seed": self.seed,
            "vault": vault,
            "my_account": self._accounts(),
            "defaults": {
                "generation": 21,
                "admins": [{"username": ADMIN, "password": ADMIN_PASSWORD, "rights": "root"}],
            },
            "farms": farms,
            "inventory_vars": {"ras_timeout": 12, "ras_settle_timeout": 12, "ras_waves": self._waves()},
        }
        return History(self.seed, world, wanted, self._moves(names, wanted), over, self.notes)

    def _waves(self) -> list[t.Any]:
        return self.random.choice(([1, "10%", "100%"], ["100%"], [1, 1, "100%"], ["50%", "100%"]))

    def _farm(self, name: str, is_second: bool) -> dict[str, t.Any]:
        generation = self.random.choice((17, 18, 19, 20, 21, 21, 21, 22))
        ours, key = (SECOND, SECOND_KEY) if is_second else (OURS, SPLA)
        licenses: dict[str, dict[str, t.Any]] = {
            "none": {"state": "none"},
            "ours": {"state": "active", "account": ours, "key": key},
            "trial": {"state": "trial", "account": ours},
            "trial of nobody": {"state": "trial"},
            "foreign": {"state": "active", "account": STRANGER, "key": STRANGERS_KEY},
            "expired": {"state": "active", "account": ours, "key": key, "expires": "2025-01-31"},
            "without key": {"state": "active", "account": ours},
            "deactivated": {"state": "deactivated"},
            "attention": {"state": "active", "account": ours, "key": key, "needs_attention": True},
        }
        if not is_second:
            licenses["of another person"] = {"state": "active", "account": OTHER, "key": SPLA}
            licenses["another key"] = {"state": "active", "account": OURS, "key": PREPAID}
        state = self.random.choice(["none", "none", "ours", "ours", *licenses])
        quirks = {}
        for quirk in self.random.sample(list(_QUIRKS), self.random.choice((0, 0, 1, 2, 3))):
            quirks[quirk] = self.random.choice(_QUIRKS[quirk])
            self.note("quirk", quirk, quirks[quirk])
        if self.chance(0.05):
            quirks["message"] = texts.refusal(self.random)[1]
            self.note("every refusal is in other words")
        self.note("generation", generation)
        self.note("license", state)
        farm: dict[str, t.Any] = {"name": name, "generation": generation, "license": licenses[state], "quirks": quirks}
        if self.chance(0.1):
            farm["settings_pending"] = True
            self.note("settings wait")
        return farm

    def _wanted(self, name: str, is_second: bool, over: dict[str, dict[str, t.Any]]) -> Wanted:
        emails, key = ([SECOND], SECOND_KEY) if is_second else ([OURS], SPLA)
        own: dict[str, t.Any] = {}
        if is_second:
            own = {
                "ras_organization": "client",
                "ras_account_email": SECOND,
                "ras_account_password": PASSWORDS[SECOND],
                "ras_license_key": SECOND_KEY,
            }
            self.note("a second organization")
        found = Wanted(emails, key)
        if self.chance(0.1):
            own["ras_managed"] = self.random.choice((False, "no", "false"))
            found.managed = False
            self.note("unmanaged")
        if self.chance(0.08):
            typo = self.random.choice(list(_TYPOS))
            own[typo] = _TYPOS[typo]
            found.readable = False
            self.note("typo", typo)
        if self.chance(0.08) and not is_second:
            own["ras_license_key"] = found.key = self.random.choice((UNKNOWN_KEY, STRANGERS_KEY))
            self.note("a key that is not ours")
        if self.chance(0.15):
            own["ras_on_account_mismatch"] = "reactivate"
            self.note("reactivate where the account is another")
        if self.chance(0.15):
            own["ras_on_key_mismatch"] = self.random.choice(("reactivate", "ignore"))
            self.note("key mismatch", own["ras_on_key_mismatch"])
        if self.chance(0.1):
            own["ras_on_account_unknown"] = "fail"
            self.note("account unknown fails")
        if own:
            over[host_of(name)] = own
        return found

    def _vault(self, wanted: dict[str, Wanted]) -> dict[str, t.Any]:
        vault = {
            "ras_account_email": OURS,
            "ras_account_password": PASSWORDS[OURS],
            "ras_api_username": ADMIN,
            "ras_api_password": ADMIN_PASSWORD,
            "ras_license_key": SPLA,
        }
        mistake = self.random.choice(("none",) * 12 + ("account", "account", "email", "api", "key", "password"))
        self.note("vault", mistake)
        if mistake == "account":
            vault["ras_account_password"] = "a password that is wrong"
        elif mistake == "email":
            vault["ras_account_email"] = self.random.choice((f" {OURS.upper()}", "Licensing@Example.com"))
        elif mistake == "api":
            vault["ras_api_password"] = "a wrong administrator's secret"
        elif mistake == "key":
            del vault["ras_license_key"]
            for each in wanted.values():
                each.key = None if each.key == SPLA else each.key
        elif mistake == "password":
            del vault["ras_account_password"]
        if self.chance(0.3):
            vault["ras_account_other_emails"] = [OTHER]
            for each in wanted.values():
                if OURS in each.emails:
                    each.emails.append(OTHER)
            self.note("other people of the account are known")
        return vault

    def _accounts(self) -> dict[str, t.Any]:
        people = {OURS: "Example Holdings", OTHER: "Example Holdings", SECOND: "Client", STRANGER: "Private"}
        keys = {
            "Example Holdings": [
                {"key": SPLA, "type": "spla", "users": 0, "expires": "2041-12-31"},
                {"key": PREPAID, "type": "prepaid", "users": 50, "expires": "2041-03-31", "max_farms": 20},
            ],
            "Client": [{"key": SECOND_KEY, "type": "spla", "users": 0, "expires": "2041-12-31"}],
            "Private": [
                {"key": STRANGERS_KEY, "type": "prepaid", "users": 20, "expires": "2040-03-31", "max_farms": 50}
            ],
        }
        return {
            "lockout_after": self.random.choice((3, 5)),
            "accounts": [
                {
                    "company": company,
                    "people": [
                        {"email": email, "password": PASSWORDS[email], "name": email.partition("@")[0].title()}
                        for email, of in people.items()
                        if of == company
                    ],
                    "keys": keys[company],
                }
                for company in dict.fromkeys(people.values())
            ],
        }

    # -- what happens ------------------------------------------------------------------------------------------------

    def _moves(self, names: list[str], wanted: dict[str, Wanted]) -> list[Move]:
        moves: list[Move] = []
        faults = self.random.choice((0, 3, 4, 5, 6))
        for _number in range(self.random.choice((3, 3, 4, 5))):
            for _fault in range(min(faults, self.random.choice((1, 2, 2, 3)))):
                faults -= 1
                moves.append(self._fault(self.random.choice(names)))
            while self.chance(0.25):
                moves.append(self._person(self.random.choice(names)))
            moves += self._commands(names, wanted)
            if self.chance(0.2):
                moves.append({"do": "clear"})
                self.note("faults end")
        return moves

    def _commands(self, names: list[str], wanted: dict[str, Wanted]) -> list[Move]:
        playbook = self.random.choice(("activate",) * 5 + ("drift",) * 2 + ("deactivate",))
        move: Move = {"do": "run", "playbook": playbook, "check": False, "limit": []}
        if self.chance(0.25):
            move["limit"] = self.random.sample(names, self.random.randint(1, len(names)))
            self.note("limit")
        if playbook == "deactivate":
            scope = [name for name in names if not move["limit"] or name in move["limit"]]
            exact = [name for name in scope if wanted[name].managed]
            move["confirm"] = (
                exact if self.chance(0.7) else self.random.sample(names, self.random.randint(0, len(names)))
            )
            self.note("confirmed", "exactly" if sorted(move["confirm"]) == sorted(exact) else "otherwise")
        self.note("command", playbook)
        if playbook != "drift" and self.chance(0.4):
            self.note("checked before")
            return [{**move, "check": True}, move]
        if playbook != "drift" and self.chance(0.15):
            move["check"] = True
        return [move, move] if self.chance(0.15) else [move]

    def _fault(self, farm: str) -> Move:
        kind = self.random.choice(("wire", "wire", "wire", "listening", "model", "text", "text", "as"))
        fault: dict[str, t.Any]
        times = self.random.choice((1, 1, 1, 2, 3, -1))
        if kind == "wire":
            fault = {
                **self.random.choice(_WIRE),
                "on": self.random.choice(_OFTEN if self.chance(0.7) else _OPS),
                "times": times,
            }
            fault["after"] = self.random.choice((0, 0, 0, 1, 2))
        elif kind == "listening":
            fault = {"kind": self.random.choice(_LISTENING)}
            if self.chance(0.5):
                fault["seconds"] = self.random.choice((1, 5, 60))
        elif kind == "model":
            fault = {**self.random.choice(_MODEL), "times": times}
        elif kind == "text":
            about, said = texts.refusal(self.random)
            fault = {"kind": "vendor_text", "on": "activate", "message": said, "times": times}
            self.note("text", about)
        else:
            about, said = texts.refusal(self.random)
            status = self.random.choice((200, 400, 401, 402, 403, 404, 409, 422, 423, 429, 500, 503))
            body = self.random.choice(
                (said, {"code": 0, "msg": said}, {"message": said}, {"error": {"text": said}}, [said])
            )
            fault = {
                "kind": "refused_as",
                "on": self.random.choice(("activate", "logon")),
                "status": status,
                "body": body,
            }
            fault["times"] = times
        self.note("fault", fault["kind"], fault.get("on", ""))
        return {"do": "fault", "farm": farm, "fault": fault}

    def _person(self, farm: str) -> Move:
        acts: dict[str, Move] = {
            "signs the farm into a private account": {
                "do": "farm",
                "farm": farm,
                "changes": {"license": {"state": "active", "account": STRANGER, "key": STRANGERS_KEY}},
            },
            "gives the license back": {"do": "farm", "farm": farm, "changes": {"license": {"state": "deactivated"}}},
            "starts a trial": {"do": "farm", "farm": farm, "changes": {"license": {"state": "trial"}}},
            "stages settings": {"do": "farm", "farm": farm, "changes": {"settings_pending": True}},
            "ends all sessions": {"do": "farm", "farm": farm, "changes": {"drop_sessions": True}},
            "changes the administrator": {
                "do": "farm",
                "farm": farm,
                "changes": {"admins": [{"username": ADMIN, "password": "another administrator's secret"}]},
            },
            "takes rights away": {
                "do": "farm",
                "farm": farm,
                "changes": {"admins": [{"username": ADMIN, "password": ADMIN_PASSWORD, "rights": "read_only"}]},
            },
            "switches the API off": {"do": "farm", "farm": farm, "changes": {"quirks": {"rest_enabled": False}}},
            "locks the account": {"do": "account", "email": OURS, "changes": {"locked": True, "failures": 5}},
            "unlocks the account": {"do": "account", "email": OURS, "changes": {"locked": False}},
            "changes the password": {
                "do": "account",
                "email": OURS,
                "changes": {"password": "a new password at the vendor"},
            },
        }
        act = self.random.choice(list(acts))
        self.note("person", act)
        return acts[act]


def draw(seed: int) -> History:
    """The history of a seed; the same one at any time, on any machine."""
    return Drawing(seed).history()
