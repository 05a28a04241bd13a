# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds in every history, written from the design and not from the product. Both levels are judged alike.

A judge looks at the world, at what was asked of it, and at what a user saw. It knows what the inventory wants, for
the generator wrote it, and nothing of how the product works.
"""

from __future__ import annotations

import re
import typing as t
from collections import Counter
from dataclasses import dataclass

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES

from harness.worlds import ADMIN_PASSWORD, host_of
from raslab.secrecy import mask_key
from raslab.texts import TEXTS
from simulation.drift_judge import drift_says_what_is
from simulation.history import History, Wanted
from simulation.host_judges import behind, HOST_JUDGES
from simulation.people import KEYS, PASSWORDS, WINDOWS_PASSWORD
from simulation.play import Played, Seen
from simulation.policy_judges import POLICY_JUDGES
from simulation.truths import has_ended, is_ours

_WRITES: t.Final = ("activate", "deactivate", "apply")
_WRITES_ON_HOSTS: t.Final = (
    *("install", "push", "host_install", "host_restart", "ras_license_write", "ras_apply", "ras_agent_update"),
    *("ras_drain", "win_copy", "win_get_url", "private_folder"),
)
# How My Account refuses whoever signs in; the others are about a farm or its key.
_SIGN_IN: t.Final = ("credentials_rejected", "locked")
_ADMINS: t.Final = 2
# Of a farm in one run: over REST, and on its hosts for each of them.
_REQUESTS: t.Final = 80
_SCRIPTS: t.Final = 400
_SECONDS: t.Final = 3600.0
_NEVER: t.Final = re.compile(
    r"Traceback|internal_error|is undefined|VARIABLE IS NOT DEFINED|recursi(?:on|ve)"
    r"|[Uu]nexpected \w*(?:Error|Exception)"
)
# What ends by itself: a person who does nothing is not named in a remedy of these.
_OF_A_MOMENT: t.Final = ("rate_limited", "session_expired", "outcome_unknown", "internal_error")
_GOOD: t.Final = ("ok", "changed", "due", "unmanaged")


@dataclass(frozen=True)
class Violation:
    """What must not be.

    Attributes:
        judge: Its name.
        command: The number of the command, from 0.
        said: In one sentence.
    """

    judge: str
    command: int
    said: str


Judge = t.Callable[[History, Seen], t.Iterator[str]]


def one_wrong_password(history: History, seen: Seen) -> t.Iterator[str]:
    """Of an account that is not let in, one attempt reaches the vendor; of an administrator, two reach the farms."""
    refused = Counter(each["email"] for each in seen.attempts if each["result"] in _SIGN_IN)
    for email, count in refused.items():
        if count > 1:
            yield f"{email} was refused {count} times in one run"
    numbers = {each["farm"]: each for each in seen.journal if each["op"] == "logon" and each["status"] in (400, 401)}
    wrong = [farm for farm in numbers if not seen.before["farms"][farm]["faults"]]
    if len(wrong) > _ADMINS:
        yield f"an administrator was refused by {len(wrong)} farms: {', '.join(sorted(wrong))}"


def two_refusals(history: History, seen: Seen) -> t.Iterator[str]:
    """A second attempt follows a refusal only where that was wholly explained, and none follows a second one."""
    ended = [each for each in seen.journal if each["op"] == "activate" and isinstance(each["status"], int)]
    refused = [
        each for each in ended if each["effect"] is None and 400 <= each["status"] < 500 and each["status"] != 429
    ]
    if len(refused) > 2:
        yield f"{len(refused)} activations were refused in one run"
    odd = {
        move["farm"]
        for move in history.moves
        if move["do"] == "fault" and not _is_known(move["fault"].get("message") or move["fault"].get("body"))
    }
    unexplained = [each for each in refused if each["fault"] in ("vendor_text", "refused_as") and each["farm"] in odd]
    if len(refused) > 1 and refused[0] in unexplained and refused[0]["farm"] != refused[1]["farm"]:
        yield f"{refused[1]['farm']} was tried after a refusal of {refused[0]['farm']} in words that nobody knows"


def check_writes_nothing(history: History, seen: Seen) -> t.Iterator[str]:
    """Check mode, and a look for drift, change nothing."""
    if seen.move["check"] or seen.move["playbook"] == "drift":
        wrote = {each["op"] for each in seen.journal if each["op"] in _WRITES}
        wrote |= {each["op"] for each in seen.journal if each["op"] in _WRITES_ON_HOSTS and not each["check"]}
        if wrote:
            yield f"sent {', '.join(sorted(wrote))}"
        for farm, truth in seen.before["farms"].items():
            if {**truth["license"], "settling": None} != {**seen.after["farms"][farm]["license"], "settling": None}:
                yield f"changed the license of {farm}"


def no_license_is_lost(history: History, seen: Seen) -> t.Iterator[str]:
    """No activation without a key where a paid license is or was; nothing where nothing is wanted."""
    scope = set(seen.scope(history))
    for each in seen.journal:
        farm, wanted = each["farm"], history.wanted.get(each["farm"])
        # What a host does by itself nobody has asked for.
        if each["protocol"] == "host" and each["op"] != "install":
            continue
        if wanted is None or farm not in scope or not wanted.managed:
            yield f"asked {farm} for {each['op']}, which is unmanaged or outside the limit"
            return
        if not wanted.readable and each["op"] in (*_WRITES, *_WRITES_ON_HOSTS) and not each["check"]:
            yield f"wrote on {farm}, whose variables cannot be understood"
    for each in seen.attempts:
        before = seen.before["farms"][each["farm"]]["license"]
        if each["action"] == "activate" and each["key"] is None and before["ever_paid"]:
            yield f"activated {each['farm']} without a key, which holds or held a paid license"
    for farm, truth in seen.after["farms"].items():
        license_, wanted = truth["license"], history.wanted[farm]
        was = seen.before["farms"][farm]["license"]
        landed = any(each["fault"] == "activate_wrong_account" for each in seen.journal if each["farm"] == farm)
        if license_["account"] not in (was["account"], None) and not landed and not is_ours(license_, wanted):
            yield f"signed {farm} in with {license_['account']}"


def settings_of_others(history: History, seen: Seen) -> t.Iterator[str]:
    """Settings that somebody else has staged stay staged, and no session stays open that could be ended."""
    if seen.is_killed:
        return
    for farm, truth in seen.before["farms"].items():
        if truth["settings_pending"] and not seen.after["farms"][farm]["settings_pending"]:
            yield f"applied settings of {farm} unasked"
    for session in seen.sessions:
        struck = any(
            each["fault"] or not isinstance(each["status"], int)
            for each in seen.journal
            if each["farm"] == session["farm"]
        )
        limited = any(each["status"] in (429, 503) for each in seen.journal if each["farm"] == session["farm"])
        if not struck and not limited and session["farm"] not in seen.faulty:
            yield f"left a session open on {session['farm']}"


def what_the_exit_code_says(history: History, seen: Seen) -> t.Iterator[str]:
    """0 means that all is as wanted. Otherwise each farm that is not has one row, a known code and a remedy."""
    found = _NEVER.search(seen.ran.shown)
    if found:
        yield f"said '{found.group()}'"
    if seen.is_killed:
        return
    if seen.ran.code not in (0, 2):
        yield f"exit code {seen.ran.code}"
        return
    if seen.ran.seconds > _SECONDS * len(seen.scope(history)):
        yield f"took {seen.ran.seconds:.0f} s"
    if seen.move["playbook"] == "drift":
        return
    scope = seen.scope(history)
    rows = Counter(row["farm"] for row in seen.ran.rows)
    named = Counter(history.called(farm) for farm in scope)
    if rows != named:
        yield f"the table has {dict(rows)}, expected {dict(named)}"
    for row in seen.ran.rows:
        if row["state"] not in _GOOD and (row["code"] not in REMEDIES or not row["remedy"] or not row["message"]):
            yield f"{row['farm']} has no known code, message and remedy: {row['code']}"
        if row["state"] in _GOOD and row["code"]:
            yield f"{row['farm']} is {row['state']} with the code {row['code']}"
    bad = [row["farm"] for row in seen.ran.rows if row["code"]]
    if bool(bad) != (seen.ran.code == 2):
        yield f"exit code {seen.ran.code} with {len(bad)} farms that are not as wanted"


def as_wanted(history: History, seen: Seen) -> t.Iterator[str]:
    """What is reported as done is true, asked at the world."""
    if seen.move["check"] or seen.move["playbook"] == "drift":
        return
    for row in seen.ran.rows:
        farm = next((name for name in history.farms() if history.called(name) == row["farm"]), None)
        if farm is None or row["state"] not in ("ok", "changed"):
            continue
        truth, wanted = seen.after["farms"][farm], history.wanted[farm]
        if seen.shows_what_was(farm):
            continue
        if not wanted.readable:
            yield f"{farm} is {row['state']}, and its variables cannot be understood"
        elif seen.move["playbook"] != "deactivate":
            why = _not_activated(truth, wanted, history.over, farm)
            if seen.move["playbook"] == "rollout":
                why = why or behind(history, truth)
            if why:
                yield f"{farm} is {row['state']}, and {why}"
        elif truth["license"]["state"] == "active" and is_ours(truth["license"], wanted):
            yield f"{farm} is {row['state']} after a deactivation, and holds its license"


def drift_is_never_falsely_green(history: History, seen: Seen) -> t.Iterator[str]:
    """No verdict of ok beside a farm that is not as wanted."""
    if seen.move["playbook"] != "drift" or seen.ran.code != 0:
        return
    for farm in seen.scope(history):
        truth, wanted = seen.after["farms"][farm], history.wanted[farm]
        if not wanted.managed or seen.shows_what_was(farm):
            continue
        why = "its variables cannot be understood" if not wanted.readable else None
        why = why or _not_activated(truth, wanted, history.over, farm)
        if why:
            yield f"no drift, and {farm}: {why}"


def nothing_leaks(history: History, seen: Seen) -> t.Iterator[str]:
    """No secret is shown."""
    shown = seen.ran.shown + str(seen.ran.records)
    secrets = {
        *PASSWORDS.values(),
        *KEYS,
        ADMIN_PASSWORD,
        WINDOWS_PASSWORD,
        *(str(v) for v in history.world["vault"].values()),
    }
    for number, secret in enumerate(sorted(secrets)):
        if len(secret) > 12 and "@" not in secret and secret in shown:
            yield f"secret {number} was shown"


def bounds(history: History, seen: Seen) -> t.Iterator[str]:
    """Few requests a farm, and few scripts on each host."""
    for farm, count in Counter(each["farm"] for each in seen.journal if each["protocol"] == "rest").items():
        if count > _REQUESTS:
            yield f"{count} requests to {farm}"
    for host, count in Counter(each["host"] for each in seen.journal if each["protocol"] == "winrm").items():
        if count > _SCRIPTS:
            yield f"{count} scripts on {host}"


def _not_activated(truth: t.Mapping[str, t.Any], wanted: Wanted, over: t.Mapping[str, t.Any], farm: str) -> str | None:
    """Why a farm is not signed in as wanted; None where it is, or where nobody can see that it is not."""
    license_, own = truth["license"], over.get(host_of(farm), {})
    if license_["state"] != "active":
        return f"it is {license_['state']}"
    if has_ended(truth):
        return f"it has ended on {license_['expires']}"
    hides = truth["quirks"]["pa_fields"] == "absent"
    if hides and own.get("ras_on_account_unknown") == "fail" and license_["key"] not in _known_keys(wanted, own):
        return "nobody can know whose it is"
    if not is_ours(license_, wanted) and not hides:
        return f"it is signed in with {license_['account']}, not with {wanted.emails}"
    if (
        wanted.key
        and own.get("ras_on_key_mismatch") != "ignore"
        and license_["key"] not in (None, mask_key(wanted.key))
    ):
        return f"it holds the key {license_['key']}"
    return None


def _known_keys(wanted: Wanted, own: t.Mapping[str, t.Any]) -> set[str]:
    """What a farm shows of keys that are known to be in the account."""
    return {mask_key(key) for key in (wanted.key, *own.get("ras_account_keys", [])) if key}


def _is_known(said: t.Any) -> bool:
    """Whether a text is, to its last word, one that the lab's table has."""
    known = {_bare(text) for each in TEXTS.values() for text in (each.en, each.ja)}
    return isinstance(said, str) and _bare(said) in known


def _bare(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


JUDGES: t.Final[dict[str, Judge]] = {
    judge.__name__: judge
    for judge in (
        one_wrong_password,
        two_refusals,
        check_writes_nothing,
        no_license_is_lost,
        settings_of_others,
        what_the_exit_code_says,
        as_wanted,
        drift_is_never_falsely_green,
        drift_says_what_is,
        nothing_leaks,
        bounds,
        *HOST_JUDGES,
        *POLICY_JUDGES,
    )
}


def judge(played: Played) -> list[Violation]:
    """All that must not be."""
    found = [
        Violation(name, number, said)
        for number, seen in enumerate(played.seen)
        for name, rule in JUDGES.items()
        for said in rule(played.history, seen)
    ]
    found += announced(played)
    found += _at_the_end(played)
    found += [Violation("modeled", 0, f"asked what the lab does not model: {each['text']}") for each in played.problems]
    return found


def announced(played: Played) -> list[Violation]:
    """What check mode announces is what the next undisturbed run does."""
    found = []
    for number, (check, done) in enumerate(zip(played.seen, played.seen[1:], strict=False)):
        same = {**check.move, "check": False} == done.move and check.move["check"]
        if not same or done.moved or check.faulty or done.faulty or done.ran.code != 0:
            continue
        due = {row["farm"] for row in check.ran.rows if row["changed"]}
        changed = {row["farm"] for row in done.ran.rows if row["changed"]}
        if due != changed:
            found.append(Violation("announced", number + 1, f"announced {sorted(due)}, and did {sorted(changed)}"))
    return found


def _at_the_end(played: Played) -> list[Violation]:
    """After the last fault the same command ends as wanted, or names what a person must do; then it does nothing."""
    last = [seen for seen in played.seen if seen.is_last][-1]
    number = len(played.seen) - 1
    changed = [row["farm"] for row in last.ran.rows if row["changed"]]
    if changed:
        return [Violation("at the end", number, f"still changes {', '.join(changed)}")]
    return [
        Violation("at the end", number, f"{row['farm']} is {row['code']} when nothing is wrong any more")
        for row in last.ran.rows
        if row["code"] in _OF_A_MOMENT
    ]
