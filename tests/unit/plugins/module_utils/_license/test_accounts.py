# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which account a farm is signed in with."""

from __future__ import annotations

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.accounts import (
    compare_account,
    normalize_email,
    same_company,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import COLLEAGUE_EMAIL, EMAIL, PRIVATE_EMAIL
from hypothesis import given
from hypothesis import strategies as st

# Few characters, so that two draws are often equal but for case and blanks.
_emails = st.text("aAbB@. ", min_size=1, max_size=4).filter(str.strip)


@pytest.mark.parametrize(
    ("observed", "others", "verdict"),
    [
        pytest.param(EMAIL, (), "match", id="the same"),
        pytest.param(f"\t{EMAIL.upper()} ", (), "match", id="trimmed and case-folded"),
        pytest.param(COLLEAGUE_EMAIL, (COLLEAGUE_EMAIL,), "other", id="another address"),
        pytest.param(
            COLLEAGUE_EMAIL.upper(), (f" {COLLEAGUE_EMAIL}",), "other", id="another address, trimmed and case-folded"
        ),
        pytest.param(f"{EMAIL}\u200b", (), "unknown", id="a character that is not seen"),
        pytest.param(EMAIL.replace("a", "\u0430"), (), "mismatch", id="a look-alike"),
        pytest.param(EMAIL, (EMAIL,), "match", id="the wanted address is not another one"),
        pytest.param(COLLEAGUE_EMAIL, (), "mismatch", id="an address that was not named"),
        pytest.param(PRIVATE_EMAIL, (COLLEAGUE_EMAIL,), "mismatch", id="a private account"),
        pytest.param("licensing+x@example.com", (), "mismatch", id="a tag makes another address"),
        pytest.param("", (), "unknown", id="empty"),
        pytest.param("  ", (), "unknown", id="blank"),
        pytest.param("  ", ("",), "unknown", id="a blank address is not another one"),
        pytest.param(None, (), "unknown", id="not reported"),
    ],
)
def test_compare_account(observed: str | None, others: tuple[str, ...], verdict: str) -> None:
    assert compare_account(observed, EMAIL, others) == verdict


@pytest.mark.parametrize("nobody", [None, "", " "])
def test_without_a_wanted_account_nothing_is_known(nobody: str | None) -> None:
    assert compare_account(EMAIL, nobody, (EMAIL,)) == "unknown"


@given(_emails, _emails, _emails)
def test_comparison_is_an_equivalence(one: str, two: str, three: str) -> None:
    def same(left: str, right: str) -> bool:
        return compare_account(left, right) == "match"

    assert same(one, one)
    assert same(one, two) == same(two, one)
    assert same(one, three) or not (same(one, two) and same(two, three))
    assert same(one, two) == (one.strip().lower() == two.strip().lower())


@given(st.text(max_size=10))
def test_normalizing_twice_changes_nothing(email: str) -> None:
    assert normalize_email(normalize_email(email)) == normalize_email(email)


@pytest.mark.parametrize(
    ("observed", "expected", "verdict"),
    [
        ("Example  K.K.", " example k.k. ", True),
        ("Example", "Other", False),
        (None, "Example", None),
        ("Example", None, None),
        (" ", "Example", None),
    ],
)
def test_companies_are_compared_without_case_and_blanks(
    observed: str | None, expected: str | None, verdict: bool | None
) -> None:
    assert same_company(observed, expected) is verdict
