# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of the vendor's side: unreachable, odd texts, late or wrong results."""

from __future__ import annotations

import pytest

from labclient import EMAIL, eventually, OTHER_EMAIL, Spot


def test_an_unreachable_vendor_hears_nothing(spot: Spot) -> None:
    spot.lab.add_fault(spot.name, kind="vendor_unreachable")
    reply = spot.client.activate(spot.key)
    assert reply.json == {"code": 0, "msg": "Cannot connect to the Parallels licensing server."}
    assert spot.attempts == []
    entry = spot.journal("activate")[-1]
    assert (entry["status"], entry["fault"], entry["effect"]) == (400, "vendor_unreachable", None)
    assert spot.client.activate(spot.key).status == 200


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"message": "Error 0x80072EE7 in module X"}, "Error 0x80072EE7 in module X"),
        ({"text": "locked"}, "Your account"),
    ],
)
def test_vendor_texts(spot: Spot, params: dict[str, str], text: str) -> None:
    spot.lab.add_fault(spot.name, kind="vendor_text", **params)
    reply = spot.client.activate(spot.key)
    assert reply.status == 400
    assert reply.json["msg"].startswith(text)
    assert spot.truth["license"]["state"] == "none"


def test_the_documented_japanese_text_of_an_account_that_exists(spot: Spot) -> None:
    spot.quirks(language="ja")
    spot.lab.add_fault(spot.name, kind="vendor_text", text="account_exists")
    assert spot.client.activate(spot.key).json["msg"] == "既にアカウントが存在します"


def test_settle_late_shows_the_old_license_for_a_while(spot: Spot) -> None:
    spot.lab.add_fault(spot.name, kind="settle_late", seconds=0.6)
    assert spot.client.activate(spot.key).status == 200
    assert spot.truth["license"]["state"] == "active", "the truth is there at once"
    assert spot.truth["license"]["settling"] is True
    assert spot.client.license().status == 404
    assert eventually(lambda: spot.client.license().status == 200)
    assert spot.truth["license"]["settling"] is False


def test_a_lost_answer_can_settle_late_too(spot: Spot) -> None:
    spot.lab.add_fault(spot.name, on="activate", kind="http_502", after=1)
    spot.lab.add_fault(spot.name, kind="settle_late", seconds=60)
    spot.lab.add_fault(spot.name, on="activate", kind="truncated_json")
    assert spot.client.activate(spot.key).status == 200
    assert spot.client.license().status == 404
    assert spot.truth["license"]["state"] == "active"


@pytest.mark.parametrize("params", [{}, {"account": OTHER_EMAIL}])
def test_activation_lands_under_another_account(spot: Spot, params: dict[str, str]) -> None:
    spot.lab.add_fault(spot.name, kind="activate_wrong_account", **params)
    assert spot.client.activate(spot.key).status == 200
    assert spot.client.license().json["paUserEmail"] == OTHER_EMAIL
    assert spot.truth["license"]["company"] == "Private"


@pytest.mark.parametrize(
    ("what", "field", "value"),
    [("trial", "state", "trial"), ("users", "users", 25), ("type", "type", "trial"), ("expiry", "state", "active")],
)
def test_activation_makes_it_worse(spot: Spot, what: str, field: str, value: object) -> None:
    spot.activated()
    spot.lab.add_fault(spot.name, kind="activate_downgrade", what=what)
    assert spot.client.activate(spot.key).status == 200
    assert spot.truth["license"][field] == value
    assert (spot.truth["license"]["expires"] < "2031-12-05") is (what in ("trial", "expiry"))
    assert spot.truth["license"]["account"] == EMAIL


def test_attention_after(spot: Spot) -> None:
    spot.lab.add_fault(spot.name, kind="attention_after", message="Renew soon.")
    assert spot.client.activate(spot.key).status == 200
    shown = spot.client.license().json
    assert (shown["needsAttention"], shown["alertMessage"]) == (True, "Renew soon.")


def test_model_faults_wait_for_their_operation(spot: Spot) -> None:
    spot.lab.add_fault(spot.name, kind="vendor_unreachable", on="deactivate")
    assert spot.client.activate(spot.key).status == 200
    assert spot.client.deactivate().status == 400
    assert spot.truth["license"]["state"] == "active"
