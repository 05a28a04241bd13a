# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options: secrets are marked, and refused when they cannot be right."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import (
    check_secrets,
    connection_spec,
    farm_info_spec,
    license_info_spec,
    license_spec,
    SECRET_MINIMUM,
    secret_names,
    Spec,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.plan import Wanted

SPECS: dict[str, Spec] = {"license": license_spec(), "license_info": license_info_spec(), "farm_info": farm_info_spec()}
SECRETS = {"api_password", "account_password", "account_keys", "license_key", "previous_account_password"}


@pytest.mark.parametrize("module", SPECS)
def test_every_module_takes_the_connection_options(module: str) -> None:
    assert set(connection_spec()) <= set(SPECS[module])


def test_the_secrets_are_these() -> None:
    assert set(secret_names(license_spec())) == SECRETS
    assert secret_names(farm_info_spec()) == secret_names(license_info_spec()) == ["api_password"]


@pytest.mark.parametrize("module", SPECS)
def test_what_sounds_like_a_secret_is_marked_one_way_or_the_other(module: str) -> None:
    """Core guesses secrets from names and warns; a guess is no decision."""
    for name, option in SPECS[module].items():
        if "password" in name or "key" in name:
            assert "no_log" in option, name


@pytest.mark.parametrize("module", SPECS)
def test_secrets_have_no_choices_and_no_default_for_core_would_print_a_rejected_value(module: str) -> None:
    for name in secret_names(SPECS[module]):
        option = SPECS[module][name]
        assert "choices" not in option
        assert option["type"] == "str" or (option["type"], option["elements"]) == ("list", "str")
        assert not option.get("default")


def test_only_credentials_and_authorities_may_come_from_the_environment() -> None:
    """An api_url from the environment would send every host to one farm."""
    names = {name: option["fallback"][1] for name, option in license_spec().items() if "fallback" in option}
    assert names == {
        "api_username": ["RAS_API_USERNAME"],
        "api_password": ["RAS_API_PASSWORD"],
        "ca_path": ["RAS_CA_PATH"],
    }


def test_the_defaults_are_the_careful_ones() -> None:
    defaults = {name: option.get("default") for name, option in license_spec().items()}
    assert defaults["state"] == "present"
    assert defaults["validate_certs"] is True
    assert defaults["on_account_mismatch"] == defaults["on_key_mismatch"] == "fail"
    for name in ("allow_trial", "release_previous", "apply_settings", "allow_unverified_server"):
        assert defaults[name] is False


def test_every_wish_is_an_option_with_the_same_default() -> None:
    spec = license_spec()
    for name, field in Wanted.__dataclass_fields__.items():
        default: t.Any = spec[name].get("default")
        assert (tuple(default) if isinstance(default, list) else default) == field.default, name


@pytest.mark.parametrize("name", sorted(SECRETS))
@pytest.mark.parametrize("value", ["", "q1w2e3r", " " * 20, "   q1w2   "])
def test_a_short_secret_is_refused_by_name_and_length_only(name: str, value: str) -> None:
    with pytest.raises(RasError) as caught:
        check_secrets({name: [value] if name == "account_keys" else value}, license_spec())
    assert caught.value.code == "invalid_option"
    assert name in caught.value.message
    assert str(len(value.strip())) in caught.value.message
    assert value.strip() == "" or value.strip() not in str(caught.value.as_dict())


@pytest.mark.parametrize("value", ["x" * SECRET_MINIMUM, 'p"a & b<c>%d\\e \u79d8\u5bc6', " 12345678 ", None])
def test_printable_secrets_of_eight_characters_and_missing_ones_pass(value: str | None) -> None:
    check_secrets({"api_password": value, "account_keys": []}, license_spec())


def test_each_key_of_the_account_is_checked() -> None:
    with pytest.raises(RasError, match="account_keys"):
        check_secrets({"account_keys": ["long-enough-key", "short"]}, license_spec())
