# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is changed only where somebody asked for it: another account, another key, a license that is given back."""

from __future__ import annotations

import typing as t

from harness.worlds import host_of
from raslab.secrecy import mask_key
from simulation.history import History
from simulation.play import Seen
from simulation.truths import is_ours

_FACTS: t.Final = ("state", "account", "key")


def nothing_unasked(history: History, seen: Seen) -> t.Iterator[str]:
    """A license that is active is changed where the inventory says so, and nowhere else."""
    for farm in seen.scope(history):
        was, now = (state["farms"][farm]["license"] for state in (seen.before, seen.after))
        if was["state"] != "active" or all(was[name] == now[name] for name in _FACTS) or _may_not_be_seen(seen, farm):
            continue
        wanted, own = history.wanted[farm], history.over.get(host_of(farm), {})
        if seen.move["playbook"] == "deactivate":
            if not is_ours(was, wanted):
                yield f"gave back the license of {farm}, which is {was['account']}'s"
        elif not is_ours(was, wanted):
            if own.get("ras_on_account_mismatch") != "reactivate":
                yield f"took {farm} over from {was['account']}, and nobody asked for it"
        elif not wanted.key or was["key"] in (None, mask_key(wanted.key)):
            yield f"changed the license of {farm}, which was as wanted"
        elif own.get("ras_on_key_mismatch") != "reactivate":
            yield f"gave {farm} another key, and nobody asked for it"


def confirmed(history: History, seen: Seen) -> t.Iterator[str]:
    """Licenses are given back where the farm was named, and only if all are named that there are."""
    if seen.move["playbook"] != "deactivate":
        return
    named = set(seen.move["confirm"])
    there = {history.called(farm) for farm in seen.scope(history) if history.wanted[farm].managed}
    gone = {history.called(each["farm"]) for each in seen.journal if each["effect"] == "deactivated"}
    if gone and named != there:
        yield f"gave back {sorted(gone)}, confirmed were {sorted(named)} of {sorted(there)}"


def _may_not_be_seen(seen: Seen, farm: str) -> bool:
    """Whether the farm does not show what is true of it, or something else than a run of ours has changed it."""
    hides = seen.before["farms"][farm]["quirks"]["pa_fields"] == "absent"
    lost = any("license_lost" in str(each["fault"]) for each in seen.journal if each["farm"] == farm)
    return seen.shows_what_was(farm) or hides or lost


POLICY_JUDGES: t.Final = (nothing_unasked, confirmed)
