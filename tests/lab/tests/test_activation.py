# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Activation and deactivation: My Account's verdicts and what becomes of the farm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from labclient import (
    Client,
    COLLEAGUE,
    COLLEAGUE_PASSWORD,
    EMAIL,
    OTHER_EMAIL,
    OTHER_KEY,
    OTHER_PASSWORD,
    PASSWORD,
    PERMANENT_KEY,
    SPLA_KEY,
    Spot,
)
from raslab.testing import Lab


def test_a_key_activates_a_new_farm(spot: Spot) -> None:
    assert spot.client.activate(spot.key).status == 200
    license_ = spot.truth["license"]
    assert (license_["state"], license_["type"], license_["account"]) == ("active", "prepaid", EMAIL)
    assert (license_["users"], license_["expires"]) == (50, "2031-12-05")
    assert spot.attempts == ["accepted"]
    assert spot.client.license().json["paUserEmail"] == EMAIL


def test_without_a_key_a_new_farm_becomes_a_trial(spot: Spot) -> None:
    assert spot.client.activate(None).status == 200
    license_ = spot.truth["license"]
    assert (license_["state"], license_["users"], license_["ever_paid"]) == ("trial", 50, False)
    assert license_["expires"] == (date.today() + timedelta(days=30)).isoformat()
    assert spot.client.license().json["type"] == 6


def test_without_a_key_a_paid_farm_really_becomes_a_trial(spot: Spot) -> None:
    spot.activated()
    assert spot.client.activate(None).status == 200
    license_ = spot.truth["license"]
    assert (license_["state"], license_["key"], license_["ever_paid"]) == ("trial", None, True)


def test_a_trial_does_not_get_longer(spot: Spot) -> None:
    spot.lab.patch_farm(spot.name, license={"state": "trial", "account": EMAIL, "expires": "2026-01-01"})
    assert spot.client.activate(None).status == 200
    assert spot.truth["license"]["expires"] == "2026-01-01"


def test_a_trial_takes_a_key_of_any_account(spot: Spot) -> None:
    spot.quirks(direct_account_change=False)
    spot.lab.patch_farm(spot.name, license={"state": "trial", "account": OTHER_EMAIL})
    assert spot.client.activate(spot.key).status == 200
    assert spot.truth["license"]["company"] == "Example Holdings"


@pytest.mark.parametrize(
    ("key", "result", "text"),
    [
        ("NO12CD-ME34EF-GH56IJ-B978KL-SUCHKY", "key_rejected", "The license key is invalid."),
        (OTHER_KEY, "key_not_in_account", "The license key is not registered in your account."),
    ],
)
def test_keys_that_do_not_fit(spot: Spot, key: str, result: str, text: str) -> None:
    reply = spot.client.activate(key)
    assert (reply.status, reply.json) == (400, {"code": 0, "msg": text})
    assert spot.attempts == [result]
    assert spot.truth["license"]["state"] == "none"


def test_a_prepaid_key_serves_one_farm(lab: Lab, spot: Spot) -> None:
    lab.patch_farm("generation20", license={"state": "active", "account": EMAIL, "key": spot.key})
    reply = spot.client.activate(spot.key)
    assert reply.json["msg"] == "The license key is already in use by another farm."
    lab.patch_farm("generation20", license={"state": "none"})
    assert spot.client.activate(spot.key).status == 200
    assert spot.client.activate(spot.key).status == 200, "its own farm may use it again"
    assert spot.attempts == ["key_in_use", "accepted", "accepted"]


def test_max_farms_counts_the_other_farms(lab: Lab, spot: Spot) -> None:
    for farm in ("generation18", "generation19"):
        lab.patch_farm(farm, license={"state": "active", "account": EMAIL, "key": PERMANENT_KEY})
    assert spot.client.activate(PERMANENT_KEY).status == 400
    lab.patch_farm("generation18", license={"state": "none"})
    assert spot.client.activate(PERMANENT_KEY).status == 200
    lab.patch_farm("generation19", license={"state": "none"})
    lab.patch_farm(spot.name, license={"state": "none"})


def test_an_spla_key_serves_many_farms(lab: Lab, spot: Spot) -> None:
    for farm in ("generation18", "generation19", "generation20"):
        lab.patch_farm(farm, license={"state": "active", "account": EMAIL, "key": SPLA_KEY})
    assert spot.client.activate(SPLA_KEY.lower()).status == 200
    assert spot.truth["license"]["type"] == "spla"
    for farm in ("generation18", "generation19", "generation20"):
        lab.patch_farm(farm, license={"state": "none"})


@pytest.mark.parametrize(("email", "password"), [(EMAIL, "wrong"), ("nobody@example.com", PASSWORD)])
def test_wrong_credentials_get_the_documented_text(spot: Spot, email: str, password: str) -> None:
    reply = spot.client.activate(spot.key, email, password)
    assert (reply.status, reply.json) == (400, {"code": 0, "msg": "invalid login or password"})
    assert spot.attempts == ["credentials_rejected"]
    spot.lab.patch_account(EMAIL, failures=0)


def test_five_wrong_passwords_lock_the_person(spot: Spot) -> None:
    email, password = "lockable@example.com", "lockables-password"
    for _number in range(4):
        spot.client.activate(spot.key, email, "wrong")
    assert spot.client.activate(spot.key, email, password).status == 200, "success starts the count anew"
    for _number in range(5):
        spot.client.activate(spot.key, email, "wrong")
    reply = spot.client.activate(spot.key, email, password)
    assert reply.json["msg"] == "Your account is locked. Too many failed sign-in attempts."
    assert spot.attempts == ["credentials_rejected"] * 4 + ["accepted"] + ["credentials_rejected"] * 5 + ["locked"]
    spot.lab.patch_account(email, locked=False)
    assert spot.client.activate(spot.key, email, password).status == 200


def test_a_colleague_is_the_same_account(spot: Spot) -> None:
    spot.activated().quirks(direct_account_change=False)
    assert spot.client.activate(spot.key, COLLEAGUE, COLLEAGUE_PASSWORD).status == 200
    assert spot.truth["license"]["account"] == COLLEAGUE


@pytest.mark.parametrize(("direct", "status", "company"), [(True, 200, "Example Holdings"), (False, 400, "Private")])
def test_activation_under_another_account(spot: Spot, direct: bool, status: int, company: str) -> None:
    spot.quirks(direct_account_change=direct)
    spot.lab.patch_farm(spot.name, license={"state": "active", "account": OTHER_EMAIL, "key": OTHER_KEY})
    assert spot.client.activate(spot.key).status == status
    assert spot.truth["license"]["company"] == company
    assert spot.attempts == ["accepted" if direct else "account_conflict"]


def test_deactivation_needs_the_account_that_holds_the_activation(spot: Spot) -> None:
    spot.activated()
    assert spot.client.deactivate(OTHER_EMAIL, OTHER_PASSWORD).status == 400
    assert spot.client.deactivate(EMAIL, "wrong").json["msg"] == "invalid login or password"
    assert spot.truth["license"]["state"] == "active"
    assert spot.client.deactivate().status == 200
    assert spot.truth["license"]["state"] == "deactivated"
    assert spot.truth["license"]["ever_paid"] is True
    assert spot.attempts == ["account_conflict", "credentials_rejected", "accepted"]


@pytest.mark.parametrize("state", ["none", "trial", "deactivated"])
def test_deactivation_without_a_key(spot: Spot, state: str) -> None:
    spot.lab.patch_farm(spot.name, license={"state": state})
    reply = spot.client.deactivate()
    assert reply.status == 400
    assert reply.json["msg"] == "Failed to Deactivate - Product not activated with a license key."
    assert spot.attempts == [], "the farm knows by itself and asks nobody"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"email": EMAIL, "password": PASSWORD, "macAddress": "00"}, "unknown body field macAddress"),
        ({"email": EMAIL}, "password is needed"),
        ({"email": EMAIL, "password": PASSWORD, "key": 5}, "key is not a string"),
    ],
)
def test_activation_bodies_are_strict(spot: Spot, body: dict[str, object], problem: str) -> None:
    assert spot.client.ask("POST", "/api/License/activate", body).status == 400
    assert spot.problems == [problem]
    assert spot.attempts == []


def test_only_the_licensing_server_activates(lab: Lab, at: Callable[..., Client]) -> None:
    before = len(lab.attempts())
    second = at("wide", "cb2.wide.example.com")
    assert second.activate(SPLA_KEY).json["msg"] == "This operation is available on the licensing server only."
    assert len(lab.attempts()) == before
    assert at("wide", "web1.wide.example.com").activate(SPLA_KEY).status == 200
    lab.patch_farm("wide", license={"state": "none"})


def test_tampering_behind_everybodys_back(spot: Spot) -> None:
    spot.activated(users=7, expires="-3d", needs_attention=True)
    shown = spot.client.license().json
    assert (shown["installedUsers"], shown["needsAttention"]) == ("7", True)
    assert shown["expiryDate"] == (date.today() - timedelta(days=3)).strftime("%d/%m/%Y")
    spot.lab.patch_farm(spot.name, license={"users": 9})
    assert spot.truth["license"]["users"] == 9
    assert spot.truth["license"]["account"] == EMAIL
