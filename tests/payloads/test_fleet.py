# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Farms whose answers, errors, certificates and names are templates, in the playbooks that look at whole fleets."""

from __future__ import annotations

import typing as t

import pytest

from counts import count
from harness.payloads import arrived, payload
from harness.reading import states
from harness.worlds import ACTIVE, ADMIN_PASSWORD, NONE, world
from payloads.conftest import Attempt, Try

ACTIVATE: t.Final = "fleetops.parallels_ras.activate"


def _status(source: str, status: int, on: str = "logon", **more: t.Any) -> dict[str, t.Any]:
    text = payload(source)
    body = {"title": text, "detail": text, "msg": text, "code": 0}
    return {"faults": [{"kind": "status", "on": on, "status": status, "body": body, "times": -1, **more}]}


def _adds(source: str, on: t.Any = "any", **more: t.Any) -> dict[str, t.Any]:
    fault = {"kind": "add_text", "on": on, "text": payload(source, nested=True), "times": -1, "but": ["authToken"]}
    return {"license": ACTIVE, "faults": [{**fault, **more}]}


_OPS: t.Final = ("logon", "license", "site", "broker", "agent")
FARMS: t.Final[dict[str, dict[str, t.Any]]] = {
    # Two inventory hosts that are one farm: its identity is in a message about others.
    "twin-a": {"license": ACTIVE, "guid": payload("guid")},
    "twin-b": {"license": ACTIVE, "guid": payload("guid")},
    "due": {"license": NONE, "faults": [{"kind": "vendor_text", "on": "activate", "message": payload("vendor")}]},
    **{f"status-{code}": _status(f"status_{code}", code) for code in (401, 403, 500)},
    "certificate": {"faults": [{"kind": "tls_self_signed", "name": payload("tls")}]},
    "all": _adds("all", keys=True),
}
MORE: t.Final[dict[str, dict[str, t.Any]]] = {
    "later": {"license": NONE},
    **{f"status-{code}": _status(f"status_{code}", code) for code in (400, 404, 503)},
    "license-403": _status("license_403", 403, on="license"),
    "page": {"faults": [{"kind": "status", "status": 200, "body": "", "content_type": payload("page"), "times": -1}]},
    "moved": {"faults": [{"kind": "redirect", "location": payload("moved"), "times": -1}]},
    "babbling": {"faults": [{"kind": "babble", "text": payload("babbling"), "times": -1}]},
    **{f"all-{op}": _adds(f"all_{op}", op) for op in _OPS},
}


def _own_administrators(farms: t.Mapping[str, dict[str, t.Any]]) -> dict[str, dict[str, t.Any]]:
    """Each farm with an administrator of its own: one that a farm has rejected is tried at no other farm."""
    found = {}
    for name, farm in farms.items():
        admin = {"username": f"{name}@example.com", "password": ADMIN_PASSWORD}
        found[name] = {**farm, "admins": [admin], "vars": {"ras_api_username": admin["username"]}}
    return found


def _tried(attack: Try, farms: t.Mapping[str, dict[str, t.Any]]) -> Attempt:
    variables = {"ras_waves": [1, "100%"], "ras_timeout": 10}
    return attack(world(_own_administrators(farms), inventory_vars=variables))


def test_a_fleet_is_activated(attack: Try) -> None:
    tried = _tried(attack, FARMS)
    run = tried.playbook(ACTIVATE)
    assert run.rc == 2
    assert arrived(run) == {"guid", "vendor", "status_401", "status_403", "status_500", "tls", "all"}
    assert states(run)["due"] == "failed activation_refused"
    count("scenario", "payloads: activate")


@pytest.mark.full
def test_a_fleet_with_every_kind_of_answer(attack: Try) -> None:
    tried = _tried(attack, {**FARMS, **MORE})
    for check in (True, False):
        run = tried.playbook(ACTIVATE, check=check)
        assert run.rc == 2
        assert arrived(run) >= {"guid", "tls", "all", "status_400", "license_403", "all_license", "all_logon"}
    count("scenario", "payloads: activate, every kind of answer")
