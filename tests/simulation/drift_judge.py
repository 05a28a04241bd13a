# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drift check says of each farm and rule, against a judge of its own that asks the world."""

from __future__ import annotations

import typing as t

from harness.worlds import host_of
from raslab.secrecy import mask_key
from simulation.history import History
from simulation.host_judges import behind
from simulation.play import Seen
from simulation.truths import has_ended, is_ours

# A farm that could not be read: nothing else is said of it.
_UNREAD: t.Final = {"unreachable", "credentials_rejected", "bad_answer", "not_tried", "failed"}


def drift_says_what_is(history: History, seen: Seen) -> t.Iterator[str]:
    """Of a farm that was read without a fault, each rule is found where it is broken, and nowhere else."""
    results = [each["result"] for each in seen.ran.records if str(each.get("action")).endswith(".drift_report")]
    results = [each for each in results if isinstance(each, dict) and "findings" in each]
    if seen.move["playbook"] != "drift" or seen.is_killed or not results:
        return
    found: dict[str, set[str]] = {}
    for finding in results[-1]["findings"]:
        if finding["farm"] is not None:
            found.setdefault(finding["farm"], set()).add(finding["rule"])
    for farm in seen.scope(history):
        wanted, rules = history.wanted[farm], found.get(history.called(farm), set())
        if not wanted.managed or rules & _UNREAD or _was_disturbed(seen, farm):
            continue
        if not wanted.readable:
            yield f"{farm} was judged, and its variables cannot be understood"
            continue
        truth = seen.after["farms"][farm]
        broken = _broken(history, truth, farm)
        # Not every farm says which version it has.
        if behind(history, truth) and truth["quirks"]["version_path"] != "absent":
            broken["version_behind"] = True
        for rule, is_broken in broken.items():
            if is_broken and rule not in rules:
                yield f"{farm} breaks {rule}, and nothing was found"
            if not is_broken and rule in rules:
                yield f"{farm} does not break {rule}, and that was found"


def _broken(history: History, truth: t.Mapping[str, t.Any], farm: str) -> dict[str, bool]:
    """The rules that can be judged from what is true of a farm, and whether it breaks them."""
    license_, wanted = truth["license"], history.wanted[farm]
    own = history.over.get(host_of(farm), {})
    state = license_["state"]
    if state in ("none", "deactivated"):
        return {"not_activated": True, "trial": False, "account_mismatch": False, "key_mismatch": False}
    if state == "trial":
        return {"not_activated": False, "trial": True, "key_mismatch": False}
    found = {"not_activated": False, "trial": False}
    if truth["quirks"]["pa_fields"] == "absent":
        return found
    found["account_mismatch"] = not is_ours(license_, wanted)
    if is_ours(license_, wanted) and wanted.key and license_["key"] and own.get("ras_on_key_mismatch") != "ignore":
        found["key_mismatch"] = license_["key"] != mask_key(wanted.key)
    ended = has_ended(truth)
    if ended is not None:
        found["expired"] = ended
    return found


def _was_disturbed(seen: Seen, farm: str) -> bool:
    """Whether something came between the world and who looked at it."""
    requests = [each for each in seen.journal if each["farm"] == farm]
    struck = any(each["fault"] or each["status"] in (429, 503) for each in requests)
    return struck or farm in seen.faulty or seen.shows_what_was(farm)
