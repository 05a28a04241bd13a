# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the body of a refusal says, however deep."""

from __future__ import annotations

import random
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.said import said_in

PROBLEM: t.Final = {
    "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
    "title": "One or more validation errors occurred.",
    "status": 400,
    "traceId": "00-84c1fd4063c38d9f3900d06e56542d48-85d1d4-00",
}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"code": 0, "msg": "invalid login or password"}, "invalid login or password"),
        (
            {**PROBLEM, "errors": {"email": ["The email field is required.", "Too short."], "key": ["No key."]}},
            "One or more validation errors occurred. - email: The email field is required. - email: Too short. - "
            "key: No key.",
        ),
        ({**PROBLEM, "errors": ["first", "second"]}, "One or more validation errors occurred. - first - second"),
        ({**PROBLEM, "errors": {"key": "No key."}}, "One or more validation errors occurred. - key: No key."),
        ({"code": 17, "msg": {"text": "account is locked"}}, "account is locked"),
        ({"error": {"code": "E7", "message": "account is locked"}}, "account is locked - code: E7"),
        ({"error": {"innererror": {"details": [{"message": "no seats"}]}}}, "details: no seats"),
        ({"Message": "An error has occurred.", "ModelState": {"k": ["bad"]}}, "An error has occurred. - k: bad"),
        ({"errors": {"": ["A non-empty request body is required."]}}, "A non-empty request body is required."),
        ("invalid login or password", "invalid login or password"),
        (["one", {"msg": "two"}], "one - two"),
        ({"detail": "b", "title": "a", "msg": "c"}, "c - a - b"),
        ({"msg": "same", "detail": "same"}, "same"),
        ({"type": "account-locked", "title": "Problem"}, "Problem - type: account-locked"),
        (PROBLEM, "One or more validation errors occurred."),
        ({"msg": ""}, ""),
        ({"msg": 1, "ok": False, "x": None}, ""),
        (None, ""),
    ],
)
def test_what_is_said(body: t.Any, said: str) -> None:
    assert said_in(body) == said


def _hidden_in(words: list[str], rng: random.Random, depth: int = 0) -> t.Any:
    """Some JSON in which these words are, each once, not deeper than a farm would put them."""
    if depth >= 4 or (len(words) <= 1 and rng.random() < 0.4):
        return words[0] if len(words) == 1 else list(words)
    cut = rng.randint(0, len(words))
    parts = [part for part in (words[:cut], words[cut:]) if part]
    made = [_hidden_in(part, rng, depth + 1) for part in parts]
    if rng.random() < 0.4:
        return [*made, *rng.choices([0, True, None, "", {}, []], k=rng.randrange(3))]
    names = rng.sample(["msg", "errors", "detail", "field", "Code", "type", "inner", "", "0"], len(made))
    return {**dict(zip(names, made, strict=True)), "status": 400}


@pytest.mark.parametrize("seed", range(100))
def test_no_word_is_lost_wherever_it_is(seed: int) -> None:
    rng = random.Random(seed)
    words = [f"w{number}{rng.choice('äあz')}" for number in range(rng.randint(1, 12))]
    said = said_in(_hidden_in(words, rng))
    for word in words:
        assert word in said


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_said_is_one_line_with_an_end(seed: int) -> None:
    rng = random.Random(seed)
    texts = [
        "".join(chr(rng.choice([*range(9, 14), *b"#:[|vso ", 0x202E, 0x3042])) for _turn in range(300))
        for _turn in "abc"
    ]
    body: t.Any = texts
    for _number in range(rng.randrange(60)):
        body = rng.choice([[body], {texts[0]: body}, {"errors": body, "##vso[x]": "##vso[task.complete]"}])
    said = said_in(body)
    assert said.isprintable()
    assert len(said) <= 500
    assert "##vso[" not in said
