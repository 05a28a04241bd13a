# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One account per organization, one host per farm, no key twice."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.checks import (
    check_confirmation,
    check_fleet,
    check_slicing,
    CheckedFarm,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import (
    EMAIL,
    KEY,
    KEY_SHOWN,
    OTHER_KEY,
    PRIVATE_EMAIL,
)


def _entry(number: int, **changes: t.Any) -> CheckedFarm:
    values: dict[str, t.Any] = {
        "host": f"host{number}",
        "farm": f"farm{number}",
        "organization": "default",
        "email": EMAIL,
        "password": "account-password",
        "key": None,
        "guid": f"{{guid{number}}}",
    }
    return CheckedFarm(**{**values, **changes})


def _found(*entries: CheckedFarm) -> list[tuple[str, tuple[str, ...]]]:
    problems = check_fleet(entries)
    for problem in problems:
        assert "account-password" not in str(problem.as_dict())
        assert KEY not in str(problem.as_dict())
    return [(problem.error.code, problem.hosts) for problem in problems]


def test_a_fleet_as_it_should_be() -> None:
    assert _found(_entry(1), _entry(2), _entry(3)) == []
    assert _found() == []


class TestAccounts:
    """One account an organization."""

    def test_two_accounts_concern_all_hosts_of_the_organization(self) -> None:
        assert _found(_entry(1), _entry(2), _entry(3, email=PRIVATE_EMAIL)) == [
            ("account_not_single", ("host1", "host2", "host3"))
        ]

    def test_a_host_without_an_account_among_others_is_another_account(self) -> None:
        (problem,) = check_fleet([_entry(1), _entry(2, email=None)])
        assert problem.error.code == "account_not_single"
        assert "none" in problem.error.message
        assert EMAIL in problem.error.message

    def test_the_same_account_in_other_letters_is_one(self) -> None:
        assert _found(_entry(1), _entry(2, email=f" {EMAIL.upper()} ")) == []

    def test_two_passwords_of_one_account_cannot_both_be_right(self) -> None:
        (problem,) = check_fleet([_entry(1), _entry(2, password="another-password")])
        assert problem.error.code == "account_not_single"
        assert "password" in problem.error.message
        assert "another" not in str(problem.as_dict())

    def test_organizations_have_accounts_of_their_own(self) -> None:
        assert _found(_entry(1), _entry(2, organization="other", email=PRIVATE_EMAIL, password="x")) == []


class TestIdentities:
    """One host a farm."""

    @pytest.mark.parametrize("other", ["{guid1}", "GUID1"])
    def test_one_farm_behind_two_hosts(self, other: str) -> None:
        assert _found(_entry(1), _entry(2, guid=other), _entry(3)) == [("duplicate_farm", ("host1", "host2"))]

    def test_farms_that_report_nothing_are_not_one(self) -> None:
        assert _found(_entry(1, guid=None), _entry(2, guid=None)) == []

    def test_one_name_for_two_hosts(self) -> None:
        (problem,) = check_fleet([_entry(1, farm="tokyo"), _entry(2, farm="tokyo")])
        assert (problem.error.code, problem.hosts) == ("duplicate_farm", ("host1", "host2"))
        assert "ras_members" in problem.error.remedy


class TestKeys:
    """Only an SPLA key may serve many farms."""

    def test_a_prepaid_key_wanted_twice(self) -> None:
        holder = _entry(1, key=KEY, key_shown=KEY_SHOWN, type_name="PrePaid")
        (problem,) = check_fleet([holder, _entry(2, key=KEY.lower()), _entry(3, key=OTHER_KEY)])
        assert (problem.error.code, problem.hosts) == ("key_not_shared", ("host1", "host2"))
        for part in ("farm1", "farm2", "PrePaid", "****-CV55K2"):
            assert part in problem.error.message

    def test_it_may_be_held_by_a_farm_that_wants_another(self) -> None:
        holder = _entry(9, key=OTHER_KEY, key_shown=KEY_SHOWN, type_name="Permanent")
        assert _found(_entry(1, key=KEY), _entry(2, key=KEY), holder) == [("key_not_shared", ("host1", "host2"))]

    @pytest.mark.parametrize(
        "seen",
        [
            {"key_shown": KEY_SHOWN, "type_name": "PostPaid"},
            {"key_shown": KEY_SHOWN, "type_name": None},
            {"key_shown": "****-****", "type_name": "PrePaid"},
            {},
        ],
        ids=["SPLA", "type not reported", "key not visible", "nothing observed"],
    )
    def test_what_does_not_prove_a_key_to_be_prepaid(self, seen: dict[str, t.Any]) -> None:
        assert _found(_entry(1, key=KEY, **seen), _entry(2, key=KEY)) == []

    def test_one_farm_may_hold_its_prepaid_key(self) -> None:
        assert _found(_entry(1, key=KEY, key_shown=KEY_SHOWN, type_name="PrePaid"), _entry(2, key=OTHER_KEY)) == []


def test_a_problem_as_data() -> None:
    (problem,) = check_fleet([_entry(1), _entry(2, guid="{guid1}")])
    data = problem.as_dict()
    assert (data["code"], data["hosts"], data["remedy"]) == (
        "duplicate_farm",
        ["host1", "host2"],
        REMEDIES["duplicate_farm"],
    )


@pytest.mark.parametrize(
    "confirmed", [["osaka", "tokyo"], ["tokyo", "osaka"], "tokyo,osaka", " osaka , tokyo ,", ("osaka", "tokyo")]
)
def test_the_exact_list_confirms(confirmed: t.Any) -> None:
    assert check_confirmation(["tokyo", "osaka"], confirmed) is None


@pytest.mark.parametrize(
    "confirmed",
    [
        None,
        "",
        [],
        "tokyo",
        ["tokyo"],
        ["tokyo", "osaka", "kobe"],
        "all",
        True,
        "tokyo,osaka,osaka",
        ["Tokyo", "osaka"],
    ],
)
def test_anything_else_does_not_and_the_list_is_shown(confirmed: t.Any) -> None:
    error = check_confirmation(["tokyo", "osaka"], confirmed)
    assert error is not None
    assert error.code == "not_confirmed_list"
    assert "['osaka', 'tokyo']" in error.message


# What AWX gives to every job of a workflow.
NODE: t.Final = {"awx_job_id": 7, "awx_job_template_name": "Activate", "awx_workflow_job_id": 6}


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"awx_job_id": 7, "awx_job_template_name": "Activate"},
        {**NODE, "awx_workflow_job_name": "Nightly"},
        {"awx_workflow_job_name": "", "awx_job_template_name": ""},
        *({"ras_job_slice_count": count} for count in (1, "1", 0, None, "")),
    ],
)
def test_a_run_that_is_no_slice(values: dict[str, t.Any]) -> None:
    assert check_slicing(values) is None


@pytest.mark.parametrize(
    ("values", "observed"),
    [
        ({**NODE, "awx_workflow_job_name": "Activate"}, "a slice of the job template 'Activate'."),
        ({"tower_job_template_name": "A", "tower_workflow_job_name": "A"}, "a slice of the job template 'A'."),
        *(({"ras_job_slice_count": count}, f"ras_job_slice_count {count}.") for count in (2, "3", "two")),
    ],
)
def test_a_slice(values: dict[str, t.Any], observed: str) -> None:
    error = check_slicing(values)
    assert error is not None
    assert error.code == "job_sliced"
    assert error.message.endswith(f"observed {observed}")
    assert "ras_allow_slicing=true" in error.remedy


@pytest.mark.parametrize("confirmed", [[1], 1, 1.5, ["1", None], [True], {"1": 1}, ["1", ["2"]]])
def test_names_that_are_no_texts_confirm_nothing(confirmed: t.Any) -> None:
    error = check_confirmation(["1"], confirmed)
    assert error is not None
    assert (error.code, "must be text" in error.message) == ("invalid_option", True)


@pytest.mark.parametrize("value", [True, False, None])
def test_a_boolean_is_never_the_name_of_a_farm(value: t.Any) -> None:
    error = check_confirmation([str(value)], value)
    assert error is not None
    assert error.code == "not_confirmed_list"


@pytest.mark.parametrize(
    ("confirmed", "nameless", "exact"),
    [
        (["tokyo"], 1, True),
        (["tokyo", "101"], 1, True),
        (["tokyo", "101"], 0, False),
        (["tokyo", "101", "osaka"], 1, False),
        (["101"], 1, False),
        ([], 1, False),
        (["tokyo", "tokyo"], 0, False),
    ],
)
def test_a_refused_farm_may_be_named_by_a_name_that_is_not_known(
    confirmed: list[str], nameless: int, exact: bool
) -> None:
    assert (check_confirmation(["tokyo"], confirmed, nameless) is None) is exact
