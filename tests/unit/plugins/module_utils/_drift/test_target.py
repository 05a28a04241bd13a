# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A farm to look at, out of the variables of its host."""

from __future__ import annotations

import pathlib
import typing as t

import pytest
import yaml
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import (
    inventory_farm_spec,
    license_spec,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.target import DEFAULTS, read_target, Target
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import COLLEAGUE_EMAIL, EMAIL, KEY

_ROLE = pathlib.Path(__file__).resolve().parents[5] / "roles" / "ras"
PASSWORD = "administrator-password"
ENOUGH: t.Final[dict[str, t.Any]] = {"ras_api_username": "svc@example.com", "ras_api_password": PASSWORD}


class Templates(dict[str, t.Any]):
    """Variables as they are read of a host: one that cannot be worked out raises its refusal."""

    def __getitem__(self, name: str) -> t.Any:
        value = super().__getitem__(name)
        if isinstance(value, Exception):
            raise value
        return value


def _problem(**changes: t.Any) -> str:
    target = read_target("h1", Templates({**ENOUGH, **changes}))
    assert target.problem is not None
    assert target.problem.code == "invalid_option"
    return target.problem.message


def test_what_is_not_set_has_the_roles_default() -> None:
    defaults = yaml.safe_load((_ROLE / "defaults" / "main.yml").read_text("utf-8"))
    assert {name: defaults[name] for name in DEFAULTS} == DEFAULTS
    assert (
        defaults["ras_api_url"]
        == "{{ ansible_host | default(inventory_hostname, true) | fleetops.parallels_ras.api_url }}"
    )
    target = read_target("h1", ENOUGH)
    assert (target.farm, target.organization, target.api_url) == ("h1", "default", "https://h1:20443")
    assert (target.managed, target.validate_certs, target.timeout, target.version) == (True, True, 60, None)
    assert target.problem is None


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("2001:db8::1", "https://[2001:db8::1]:20443"),
        ("[2001:db8::1]", "https://[2001:db8::1]:20443"),
        ("fe80::1%eth0", "https://[fe80::1%25eth0]:20443"),
    ],
)
def test_an_ipv6_address_stands_in_brackets(address: str, url: str) -> None:
    assert read_target("h1", {**ENOUGH, "ansible_host": address}).api_url == url
    assert read_target(address, ENOUGH).api_url == url


def test_choices_are_the_roles() -> None:
    for name in ("date_order", "on_key_mismatch"):
        for choice in license_spec()[name]["choices"]:
            assert read_target("h1", {**ENOUGH, f"ras_{name}": choice}).problem is None


def test_variables_are_read_as_the_role_reads_them() -> None:
    values = {
        **ENOUGH,
        "ras_farm": "tokyo",
        "ansible_host": "192.0.2.7",
        "ras_account_email": EMAIL,
        "ras_account_other_emails": f"{COLLEAGUE_EMAIL}, third@example.com",
        "ras_account_keys": [KEY],
        "ras_validate_certs": "no",
        "ras_timeout": "7",
        "ras_version": "",
        "ras_ca_path": "",
    }
    target = read_target("h1", values)
    assert (target.farm, target.api_url, target.timeout) == ("tokyo", "https://192.0.2.7:20443", 7)
    assert target.wanted.account_other_emails == (COLLEAGUE_EMAIL, "third@example.com")
    assert (target.validate_certs, target.version, target.ca_path) == (False, None, None)
    assert target.secrets == (PASSWORD, KEY)
    assert PASSWORD not in repr(target)
    assert KEY not in repr(target)


def test_what_the_task_gives_goes_before_the_hosts() -> None:
    own = {**ENOUGH, "ras_timeout": 7, "ras_expiry_warning_days": 60}
    target = read_target("h1", own)
    assert (target.timeout, target.warning_days) == (7, 60)
    target = read_target("h1", {**own, "ras_timeout": "soon"}, {"ras_timeout": 3, "ras_expiry_warning_days": 0})
    assert (target.timeout, target.warning_days) == (3, 0)
    assert read_target("h1", ENOUGH).warning_days == 30


@pytest.mark.parametrize("value", [-1, 3651, "a month", None, True])
def test_days_that_are_none_are_refused(value: t.Any) -> None:
    problem = read_target("h1", {**ENOUGH, "ras_expiry_warning_days": value}).problem
    assert problem is not None
    assert "The variable ras_expiry_warning_days of h1 is out of range: expected 0 to 3650 days" in problem.message


def test_the_environment_stands_in_for_what_no_host_sets() -> None:
    environ = {"RAS_API_USERNAME": "env@example.com", "RAS_API_PASSWORD": PASSWORD, "RAS_CA_PATH": "/ca.pem"}
    target = read_target("h1", {"ras_api_username": "own@example.com"}, environ=environ)
    assert (target.username, target.password, target.ca_path) == ("own@example.com", PASSWORD, "/ca.pem")


@pytest.mark.parametrize("value", [False, "false", "no", 0])
def test_an_unmanaged_farm_needs_nothing_else(value: t.Any) -> None:
    target = read_target("h1", Templates(ras_managed=value, ras_unmanaged_reason="later", ras_api_url=KeyError("x")))
    assert (target.managed, target.unmanaged_reason, target.problem) == (False, "later", None)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"ras_api_username": " "}, "ras_api_username of h1 is missing"),
        ({"ras_api_username": None}, "ras_api_username of h1 must be text"),
        ({"ras_account_email": None}, "observed nothing (null)"),
        (
            {"ras_license_key": 21913025},
            "ras_license_key of h1 must be text: expected a text in quotes, observed a whole",
        ),
        ({"ras_api_password": True}, "observed true or false"),
        ({"ras_account_keys": ["LONG-ENOUGH-KEY", 12345678]}, "ras_account_keys of h1 must be text"),
        ({"ras_account_keys": None}, "ras_account_keys of h1 must be text"),
        ({"ras_organization": 12}, "ras_organization of h1 must be text"),
        ({"ras_api_password": ""}, "ras_api_password of h1 is missing"),
        ({"ras_api_password": "short"}, "too short"),
        ({"ras_api_password": "line\nbreak-in-it"}, "At h1, ras_api_password holds U+000A LINE FEED as character 5"),
        ({"ras_api_username": "svc\u200b"}, "ras_api_username holds U+200B ZERO WIDTH SPACE as character 4"),
        ({"ras_account_email": "a@example.com\n"}, "ras_account_email holds U+000A LINE FEED"),
        ({"ras_account_other_emails": "a@example.com, b"}, "ras_account_other_emails[1] is no e-mail address"),
        ({"ras_account_keys": ["LONG-ENOUGH", "LONG\u2013ENOUGH"]}, "ras_account_keys[1] holds U+2013 EN DASH"),
        ({"ras_license_key": "LONG-EN\u041eUGH"}, "ras_license_key holds U+041E CYRILLIC CAPITAL LETTER O"),
        ({"ras_account_keys": ["short"]}, "too short"),
        ({"ras_api_url": RasError("invalid_option", "The variable is broken.")}, "The variable is broken."),
        ({"ras_farm": 101}, "ras_farm of h1 must be text"),
        ({"ras_farm": ""}, "ras_farm of h1 is empty"),
        ({"ras_organization": "Zu\u0308rich"}, "ras_organization of h1 holds a letter and its mark"),
        ({"ras_farm": "tokyo "}, "ras_farm of h1 holds a blank at its end"),
        ({"ras_organization": "a\u200b"}, "ras_organization of h1 holds"),
        ({"ras_managed": "perhaps"}, "ras_managed of h1 is not a boolean"),
        ({"ras_timeout": "0"}, "out of range"),
        ({"ras_timeout": "ten"}, "out of range"),
        ({"ras_date_order": "ymd"}, "not one of dmy, mdy"),
        ({"ras_account_email": ["a"]}, "observed a list"),
        ({"ras_account_other_emails": {"a": 1}}, "observed a mapping"),
        ({"ras_proxy": "http://user:pass@proxy"}, "ras_proxy of h1 cannot be used"),
        ({"ras_proxy": "https://proxy"}, "ras_proxy of h1 cannot be used"),
    ],
)
def test_what_is_wrong_is_named_without_its_value(changes: dict[str, t.Any], says: str) -> None:
    message = _problem(**changes)
    assert says in message
    assert "secret" not in message
    assert "pass@" not in message


def test_a_refused_host_is_not_asked() -> None:
    refused = RasError("invalid_option", "A variable does not exist.")
    target = read_target("h1", {**ENOUGH, "ras_farm": "tokyo", "ras_managed": False}, refused=refused)
    assert (target.farm, target.managed, target.problem) == ("tokyo", True, refused)


def test_a_connection_has_the_names_of_the_modules_options() -> None:
    connection = Target(
        "h1", "tokyo", api_url="https://cb1:20443", username="svc", proxy="http://proxy:8080"
    ).connection
    assert set(connection) == set(inventory_farm_spec()) - {"name", "organization"}
    assert (connection["api_username"], connection["proxy"]) == ("svc", "http://proxy:8080")


@pytest.mark.parametrize("value", [["Welcome, dear customer."], ("Welcome, dear customer.",)])
def test_a_known_text_keeps_its_commas(value: t.Any) -> None:
    assert read_target("h1", {**ENOUGH, "ras_known_texts": value}).known_texts == ("Welcome, dear customer.",)
    assert read_target("h1", ENOUGH).known_texts == ()


@pytest.mark.parametrize("value", ["Welcome, dear customer.", "Welcome", "", None, 5, {"a": "b"}])
def test_one_known_text_is_no_list(value: t.Any) -> None:
    assert "ras_known_texts of h1 must be a list of texts" in _problem(ras_known_texts=value)
