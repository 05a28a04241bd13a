# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a failure at the vendor says of account, organization and key."""

from __future__ import annotations

import random
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import (
    NotSent,
    RasError,
    VendorRefused,
    WriteOutcomeUnknown,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.attempt import Attempt

EMAIL: t.Final = "licensing@example.com"
KEY: t.Final = "AB12CD-EF34GH-IJ56KL-MN78OP-QR90ST"


def _refused() -> RasError:
    observed = {"vendor_text": "invalid login or password"}
    return VendorRefused("account_credentials_rejected", "Refused.", farm_fault=False, observed=observed)


@pytest.mark.parametrize("failure", [_refused(), WriteOutcomeUnknown("Lost.")])
def test_an_activation_names_account_organization_and_masked_key(failure: RasError) -> None:
    Attempt("activate", EMAIL, "tokyo customers", KEY).name_in(failure)
    assert failure.message.endswith(
        "It was sent with: business account licensing@example.com, organization tokyo customers, key ****-QR90ST."
    )
    assert failure.observed["account"] == EMAIL
    assert failure.observed["organization"] == "tokyo customers"
    assert failure.observed["key"] == "****-QR90ST"
    assert failure.as_dict()["message"] == failure.message


def test_what_was_observed_stays() -> None:
    failure = _refused()
    Attempt("deactivate", EMAIL, "default").name_in(failure)
    assert failure.observed["vendor_text"] == "invalid login or password"
    assert failure.message == "Refused. It was sent with: business account licensing@example.com, organization default."


def test_a_trial_has_no_key() -> None:
    failure = _refused()
    Attempt("activate", EMAIL, "default").name_in(failure)
    assert failure.message.endswith("organization default, no key.")


def test_what_was_not_sent_is_about_none_of_it() -> None:
    failure = NotSent("not_tried", "Not tried.", observed=None)
    Attempt("activate", EMAIL, "default", KEY).name_in(failure)
    assert (failure.message, failure.observed) == ("Not tried.", None)


@pytest.mark.parametrize("seed", range(30))
def test_no_more_of_a_key_than_its_end_and_no_command_in_a_name(seed: int) -> None:
    rng = random.Random(seed)
    key = "".join(rng.choices("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=rng.randint(4, 40)))
    name = "".join(chr(rng.choice([*range(9, 14), *b"#:[|vso{ ", 0x202E])) for _turn in range(300))
    failure = _refused()
    Attempt("activate", EMAIL, f"##vso[task.complete]{name}", key).name_in(failure)
    assert key[:-6] not in failure.message or len(key) <= 6
    assert failure.message.isprintable()
    assert "##vso[" not in failure.message
    assert len(failure.message) < 400
