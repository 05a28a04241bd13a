# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Partly visible keys."""

from __future__ import annotations

import string

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.keys import (
    compare_key,
    EVIDENCE_VISIBLE,
    is_evidence,
    mask_key,
    normalize_key,
    visible_count,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import (
    KEY,
    KEY_SHOWN,
    OTHER_KEY,
    OTHER_SHOWN,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.strategies import keys, masked_keys
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("shown", "key", "verdict"),
    [
        pytest.param(KEY_SHOWN, KEY, "match", id="vendor sample form"),
        pytest.param(KEY_SHOWN, KEY.lower(), "match", id="case does not count"),
        pytest.param(KEY_SHOWN, KEY.replace("-", ""), "match", id="hyphens of the key do not count"),
        pytest.param(KEY_SHOWN.replace("-", ""), KEY, "match", id="hyphens of the shown key do not count"),
        pytest.param(KEY_SHOWN, f" {KEY} ", "match", id="blanks do not count"),
        pytest.param(KEY_SHOWN.replace("-", "\u2013"), KEY, "match", id="dashes do not count"),
        pytest.param(KEY, KEY, "match", id="whole key shown"),
        pytest.param("*K2", KEY, "match", id="one asterisk means many characters"),
        pytest.param("A1*", KEY, "match", id="visible head"),
        pytest.param(OTHER_SHOWN, KEY, "mismatch", id="other tail"),
        pytest.param(KEY_SHOWN, OTHER_KEY, "mismatch", id="other key"),
        pytest.param("*" + KEY, KEY, "mismatch", id="an asterisk means at least one character"),
        pytest.param(KEY + "*", KEY, "mismatch", id="also at the end"),
        pytest.param("CV55K2", KEY, "mismatch", id="without an asterisk nothing is hidden"),
        pytest.param(".*", KEY, "mismatch", id="a dot is a dot, no pattern"),
        pytest.param("****-****", KEY, "unknown", id="nothing visible"),
        pytest.param("", KEY, "unknown", id="empty"),
        pytest.param(None, KEY, "unknown", id="not shown"),
        pytest.param(KEY_SHOWN, None, "unknown", id="no key wanted"),
        pytest.param(KEY_SHOWN, "", "unknown", id="empty key wanted"),
        pytest.param(KEY_SHOWN, " - ", "unknown", id="separators are no key"),
    ],
)
def test_compare_key(shown: str | None, key: str | None, verdict: str) -> None:
    assert compare_key(shown, key) == verdict


@given(masked_keys)
def test_a_mask_made_from_a_key_always_matches_it(pair: tuple[str, str]) -> None:
    key, shown = pair
    assert compare_key(shown, key) == "match"
    assert compare_key(shown.lower().replace("-", ""), key.upper()) == "match"


@given(masked_keys, st.data())
def test_a_changed_visible_character_never_matches(pair: tuple[str, str], data: st.DataObject) -> None:
    key, shown = pair
    place = data.draw(st.sampled_from([place for place, char in enumerate(shown) if char not in "*-"]))
    # A character that the key has elsewhere could agree in another place: hidden runs have no fixed length.
    foreign = sorted(set(string.ascii_uppercase + string.digits) - set(key.upper()))
    changed = data.draw(st.sampled_from(foreign))
    assert compare_key(shown[:place] + changed + shown[place + 1 :], key) == "mismatch"


@given(masked_keys, keys)
def test_a_longer_key_with_a_visible_edge_never_matches(pair: tuple[str, str], more: str) -> None:
    key, shown = pair
    if shown[-1] != "*" and not normalize_key(key + more).endswith(normalize_key(shown).rsplit("*", 1)[-1]):
        assert compare_key(shown, key + more) == "mismatch"


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_judged_without_an_error(shown: str, key: str) -> None:
    assert compare_key(shown, key) in ("match", "mismatch", "unknown")


@pytest.mark.parametrize(
    ("shown", "proof"),
    [
        (KEY_SHOWN, True),
        ("***CV55K2", True),
        ("***V55K2", False),
        ("**-**-K2", False),
        ("****", False),
        (None, False),
        (OTHER_SHOWN, False),
    ],
)
def test_a_key_is_evidence_only_with_six_visible_characters_that_agree(shown: str | None, proof: bool) -> None:
    assert EVIDENCE_VISIBLE == 6
    assert is_evidence(shown, KEY) is proof


def test_no_key_is_no_evidence() -> None:
    assert not is_evidence(KEY_SHOWN, None)


def test_hyphens_and_asterisks_are_not_visible_characters() -> None:
    assert visible_count(KEY_SHOWN) == 10
    assert visible_count("****-****") == 0
    assert visible_count(None) == 0


def test_a_wanted_key_is_shown_by_its_last_characters() -> None:
    assert mask_key(KEY.lower()) == "****-CV55K2"


@pytest.mark.parametrize("key", ["SHORT-KEY-1", "A" * 23])
def test_of_a_short_key_nothing_is_shown(key: str) -> None:
    assert mask_key(key) == "****"


def test_no_key_has_no_mask() -> None:
    assert mask_key(None) is None
    assert mask_key("") is None


@given(keys)
def test_the_shown_form_never_gives_away_more_than_a_quarter(key: str) -> None:
    shown = mask_key(key) or ""
    assert visible_count(shown) <= len(normalize_key(key)) / 4
    if visible_count(shown):
        assert compare_key(shown, key) == "match"
