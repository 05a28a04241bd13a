# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tasks hand on about an upgrade: a key or a value that is not the one that was written is refused by name."""

from __future__ import annotations

import dataclasses
import json
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.record import (
    HostUpgrade,
    NEXTS,
    PHASES,
    Restart,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.strategies import json_values
from hypothesis import given
from hypothesis import strategies as st

GOOD: t.Final = HostUpgrade("cb1").as_dict()
RESTART: t.Final = Restart(5.0, 100).as_dict()
_numbers = st.none() | st.integers(0, 10**6)
_upgrades = st.builds(
    HostUpgrade,
    host=st.text(),
    version=st.none() | st.text(),
    services=st.none() | st.lists(st.dictionaries(st.text(), st.none() | st.text()), max_size=2),
    phase=st.sampled_from(PHASES),
    next=st.sampled_from(NEXTS),
    job=st.text(),
    started_at=st.floats(0, 10**6),
    uptime_seconds=_numbers,
    attempt=st.integers(0, 9),
    publisher=st.text(),
    code=_numbers,
    restart=st.none() | st.just(RESTART),
    restarted=st.booleans(),
    failure=st.none() | st.just(RasError("bad_answer", "What.").as_dict()),
)


def _refusal(given_: t.Any, kind: t.Any = HostUpgrade) -> str:
    with pytest.raises(RasError) as caught:
        kind.read(given_, "upgrade")
    assert caught.value.code == "invalid_option"
    return caught.value.message


@given(_upgrades)
def test_what_is_written_is_read_again(upgrade: HostUpgrade) -> None:
    """Through JSON, as results are."""
    assert HostUpgrade.read(json.loads(json.dumps(upgrade.as_dict())), "upgrade") == upgrade


def test_each_field_has_its_types() -> None:
    for kind in (HostUpgrade, Restart):
        assert set(kind.TYPES) == {each.name for each in dataclasses.fields(kind)}


@given(st.text().filter(lambda key: key not in GOOD), json_values)
def test_a_key_that_is_not_ours_is_refused_whatever_it_holds(key: str, value: t.Any) -> None:
    assert _refusal({**GOOD, key: value}).startswith("upgrade cannot be used: expected the keys ")


@pytest.mark.parametrize("key", sorted(GOOD))
def test_a_key_that_is_missing_is_refused(key: str) -> None:
    """A default in its place would be a guess: an upgrade without ``failure`` would be one that goes well."""
    message = _refusal({name: value for name, value in GOOD.items() if name != key})
    assert key in message.partition(", observed ")[0]


@given(st.sampled_from(sorted(GOOD)), json_values)
def test_a_value_of_another_type_is_refused_with_its_key(key: str, value: t.Any) -> None:
    allowed = HostUpgrade.TYPES[key]
    is_number = isinstance(value, bool) and bool not in allowed
    if isinstance(value, allowed) and not is_number:
        if key in ("phase", "next"):
            _refusal({**GOOD, key: f"{value} "})
        else:
            assert HostUpgrade.read({**GOOD, key: value}, "upgrade").as_dict() == {**GOOD, key: value}
    else:
        assert f"upgrade.{key} cannot be used" in _refusal({**GOOD, key: value})


@pytest.mark.parametrize("value", [None, "", [], [GOOD], "{}", 1])
def test_what_is_no_dictionary_is_refused(value: t.Any) -> None:
    assert "observed no dictionary" in _refusal(value)
    assert "observed no dictionary" in _refusal(value, Restart)


@pytest.mark.parametrize("value", [{}, {"at": 1.0}, {**RESTART, "more": 1}, {**RESTART, "at": None}])
def test_what_is_no_restart_is_refused(value: dict[str, t.Any]) -> None:
    _refusal(value, Restart)


def test_an_upgrade_moves_on_and_keeps_the_rest() -> None:
    upgrade = HostUpgrade("cb1").seen({"version": "20.2.26050", "services": [{"name": "x"}]})
    moved = upgrade.moved("started", "wait", job="j1")
    assert (moved.phase, moved.next, moved.job, moved.version) == ("started", "wait", "j1", "20.2.26050")
    ended = moved.failed(RasError("bad_answer", "What."))
    assert (ended.phase, ended.next, ended.failure) == ("started", "nothing", RasError("bad_answer", "What.").as_dict())
    assert HostUpgrade("cb1").seen({}).services is None
