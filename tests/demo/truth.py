# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab knows, whatever the modules say: the witness of the demo."""

from __future__ import annotations

from typing import Any

from raslab.testing import Lab

_TYPES = {"spla": "SPLA", "prepaid": "prepaid", "permanent": "permanent"}
HEAD = ("farm", "account before", "account after", "evidence", "license", "changed")


class Witness:
    """Watches the fleet through the control API, from its first state on."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._before = lab.state()["farms"]
        self._seen = 0
        self._activated: dict[str, list[str]] = {}
        self._attempts: list[dict[str, Any]] = []
        self._by_hand: dict[str, str] = {}

    def look(self, step: int) -> tuple[dict[str, int], list[str]]:
        """Look at what happened since the last look.

        Args:
            step: The step of the demo that it belongs to.

        Returns:
            The number of requests that each farm got, and the farms that were activated, in order.
        """
        fresh = [entry for entry in self._lab.journal() if entry["seq"] > self._seen]
        self._seen = max([self._seen, *(entry["seq"] for entry in fresh)])
        requests: dict[str, int] = {}
        for entry in fresh:
            requests[entry["farm"]] = requests.get(entry["farm"], 0) + 1
        activated = [entry["farm"] for entry in fresh if entry["effect"] == "activated"]
        for farm in activated:
            self._activated.setdefault(farm, []).append(str(step))
        for attempt in self._lab.attempts()[len(self._attempts) :]:
            self._attempts.append({**attempt, "step": step})
        return requests, activated

    def note(self, farm: str, what: str) -> None:
        """Note what a person did to a farm."""
        self._by_hand[farm] = what

    @property
    def attempts(self) -> list[dict[str, Any]]:
        """What reached My Account so far, each with its ``step``."""
        return list(self._attempts)

    def rows(self) -> list[tuple[str, ...]]:
        """Return the summary of all farms, its head first."""
        state = self._lab.state()
        return [HEAD, *(self._row(name, farm["license"], state["accounts"]) for name, farm in state["farms"].items())]

    def _row(self, name: str, after: dict[str, Any], accounts: list[dict[str, Any]]) -> tuple[str, ...]:
        before = self._before[name]["license"]
        holders = [
            f"{_TYPES[key['type']]} key of {account['company']}"
            for account in accounts
            for key in account["keys"]
            if name in key["used_by"]
        ]
        until = f" until {after['expires']}" if after["expires"] else ""
        steps = ", ".join(self._activated.get(name, []))
        changed = f"steps {steps}" if "," in steps else f"step {steps}" if steps else self._by_hand.get(name, "-")
        return (
            name,
            _account(before),
            _account(after) if _account(after) != _account(before) else "the same",
            holders[0] if holders else "no key",
            f"{after['state']}{until}",
            changed,
        )


def _account(license_: dict[str, Any]) -> str:
    if license_["state"] in ("none", "trial") and not license_["account"]:
        return "(trial)" if license_["state"] == "trial" else "(not activated)"
    return str(license_["account"])
