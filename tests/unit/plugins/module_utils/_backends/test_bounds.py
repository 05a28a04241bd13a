# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of an answer is believed: drawn answers take no more memory than they are said to take."""

from __future__ import annotations

import json
import tracemalloc
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends import bounds
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.bounds import (
    Budget,
    decode,
    FIELD_CHARACTERS,
    LIST_MEMORY,
    OBJECT_MEMORY,
    OutOfBounds,
    ROWS,
    TOKEN_CHARACTERS,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.scripts import ScriptRunner
from ansible_collections.fleetops.parallels_ras.tests.unit.support.rest_client import (
    backend,
    failure,
    FakeClient,
    said,
    SESSION,
)
from hypothesis import given, settings
from hypothesis import strategies as st

_ROW: t.Final = {
    "server": "rds00001.tokyo.example.com",
    "serverType": 1,
    "agentState": 0,
    "agentVer": "21.2.1.27306",
    "siteId": 1,
    "id": 4711,
    "enabled": True,
    "logLevel": "Standard",
    "osVersion": "Windows Server 2022",
    "ip": "192.0.2.17",
    "sessions": 17,
    "guid": "6f9619ff8b86d011b42d00cf4fc964ff",
}
_leaves: t.Final = (
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.floats(allow_nan=False, allow_infinity=False)
) | st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
_values: t.Final = st.recursive(
    _leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)


def _rows(number: int) -> bytes:
    return json.dumps([_ROW] * number).encode()


def _peak(work: t.Callable[[], t.Any]) -> int:
    tracemalloc.start()
    try:
        kept = work()
        peak = tracemalloc.get_traced_memory()[1]
        del kept
        return peak
    finally:
        tracemalloc.stop()


@given(_values, st.booleans())
def test_what_is_within_bounds_is_what_json_says(value: t.Any, plain: bool) -> None:
    text = json.dumps(value, ensure_ascii=plain)
    assert decode(text) == decode(text.encode("utf-8", "surrogatepass") if plain else text) == json.loads(text)


@settings(max_examples=50)
@given(_values, st.booleans())
def test_no_answer_takes_more_memory_than_it_is_said_to_cost(value: t.Any, plain: bool) -> None:
    """A part that is repeated until all else is small beside it."""
    part = json.dumps(value, ensure_ascii=plain).encode("utf-8", "replace")
    body = b"[" + b",".join([part] * min(ROWS, max(1, 100_000 // (len(part) + 1)))) + b"]"
    # What the decoder itself takes does not grow with the answer.
    assert _peak(lambda: (bytes(bytearray(body)), decode(body, Budget(1 << 40)))) <= bounds._cost(body) + (64 << 10)


def test_the_rows_of_the_largest_farm_fit() -> None:
    assert len(decode(_rows(ROWS), Budget(LIST_MEMORY))) == ROWS


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (_rows(ROWS + 1), "expected at most 20000 rows"),
        (b'{"a": [' + b"0," * ROWS + b"0]}", "expected at most 20000 rows"),
        (json.dumps([{"a": "x" * (FIELD_CHARACTERS + 1)}]).encode(), "expected at most 65536 characters in a field"),
        (json.dumps({"x" * (FIELD_CHARACTERS + 1): 1}).encode(), "expected at most 65536 characters in a field"),
        (b"[" * 100_000 + b"]" * 100_000, "too"),
        (b"[" * 20_000 + b"]" * 20_000, "too"),
        (b"[" + b"{}," * 600_000 + b"{}]", "too much memory"),
        (b'{"a":{' * 300_000, "too much memory"),
        (json.dumps({f"name{number}": 1 for number in range(5000)}).encode(), "different names"),
        (json.dumps({f'na"me{number}': 1 for number in range(5000)}).encode(), "different names"),
        (("\U0001f511" + "x" * (9 << 20)).encode(), "too much memory"),
        # What takes its time with the square of the text would not come back.
        (json.dumps({"a": '"' * (1 << 20)}).encode(), "expected at most 65536 characters in a field"),
        (json.dumps([{"a": '"\\' * 30_000}] * 20 + [{"b": "x" * (1 << 17)}]).encode(), "characters in a field"),
        (b"1" * 5000, "digits"),
        (b"-" + b"1" * 5000, "digits"),
        (b"[1e999]", "too large"),
        (b"[NaN]", "NaN"),
        (b"[-Infinity]", "Infinity"),
        (b'{"licenseKey": "x", "licenseKey": null}', "twice"),
        (b'{"a": {"b": 1, "\\u0062": 2}}', "twice"),
        (b"\xff\xfe", "decode"),
        (b"", "value"),
    ],
)
def test_what_no_ras_answers_is_refused_in_little_memory(body: bytes, why: str) -> None:
    def refused() -> None:
        with pytest.raises(ValueError, match=why):
            decode(body, Budget(LIST_MEMORY))

    assert _peak(refused) < 64 << 20


def test_all_lists_of_a_farm_together_have_one_budget() -> None:
    budget = Budget(LIST_MEMORY)
    decode(_rows(16_000), budget)
    with pytest.raises(OutOfBounds):
        decode(_rows(16_000), budget)


def test_sixty_four_mebibytes_are_shared_out() -> None:
    assert LIST_MEMORY + 3 * OBJECT_MEMORY <= 64 << 20


class TestRest:
    """Each kind of answer of the REST API."""

    @pytest.mark.parametrize("length", [TOKEN_CHARACTERS + 1, 600_000])
    def test_a_token_that_no_farm_gives(self, length: int) -> None:
        session = {**SESSION, "authToken": "x" * length}
        error = failure(backend(FakeClient(logon=[said(200, session)])).open)
        assert error.code == "bad_answer"
        assert f"observed {length}" in error.message

    def test_the_longest_token(self) -> None:
        session = {**SESSION, "authToken": "x" * TOKEN_CHARACTERS}
        assert backend(FakeClient(logon=[said(200, session)])).open().name == "tokyo"

    def test_a_field_that_no_license_has(self) -> None:
        rest = backend(FakeClient(License=[said(200, {"statusMessage": "x" * 70_000})]))
        error = failure(rest.read_license)
        assert (error.code, "65536 characters in a field" in error.message) == ("bad_answer", True)

    def test_more_agents_than_any_farm_has(self) -> None:
        rest = backend(FakeClient(Agent=[said(200, _rows(ROWS + 1))]))
        assert failure(rest.listed_agents).code == "bad_answer"

    def test_more_agents_than_any_farm_has_in_all_sites_together(self) -> None:
        sites = [{"id": number, "name": f"s{number}"} for number in range(1, 9)]
        rows = [{"server": "a", "siteId": 99}] * 6000
        more = {f"Agent?siteId={site['id']}": [said(200, rows)] for site in sites}
        rest = backend(FakeClient(Agent=[said(200, rows)], Site=[said(200, sites)], **more))
        error = failure(rest.agents)
        assert (error.code, "20000 rows" in error.message) == ("bad_answer", True)


class TestScripts:
    """Answers of scripts on a host."""

    @pytest.mark.parametrize(
        ("name", "answer"),
        [
            ("ras_agents", {"ok": True, "agents": [0] * (ROWS + 1)}),
            ("ras_observe", {"ok": True, "version": "x" * 70_000}),
            ("host_observe", {"ok": False, "error": {"code": "refused", "message": "x" * 70_000}}),
        ],
    )
    def test_an_answer_that_no_script_gives(self, name: str, answer: dict[str, t.Any]) -> None:
        run = ScriptRunner(lambda _arguments: {"result": json.dumps(answer)}, "cb1")
        error = failure(lambda: run(name))
        assert (error.code, "expected at most" in error.message) == ("bad_answer", True)
