# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What PowerShell wrote beside an answer."""

from __future__ import annotations

import random
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.streams import Streams, streams_of

RECORD: t.Final = {
    "output": "Invoke-RASLicenseActivate : invalid login or password\r\nAt line:1 char:1\r\n",
    "error_details": None,
    "exception": {"message": "invalid login or password", "type": "System.Exception"},
    "category_info": {"category": "NotSpecified"},
}


@pytest.mark.parametrize(
    ("error", "texts"),
    [
        ([RECORD], ("invalid login or password",)),
        ([{**RECORD, "error_details": {"message": "details first"}}], ("details first",)),
        ([{**RECORD, "error_details": {"message": ""}}], ("invalid login or password",)),
        ([{"output": "as a console\nshows it"}], ("as a console shows it",)),
        (["a plain text"], ("a plain text",)),
        ("a plain text", ("a plain text",)),
        ([RECORD, RECORD], ("invalid login or password",)),
        ([{"odd": 1}], ("{'odd': 1}",)),
        ([f"e{number}" for number in range(8)], ("e0", "e1", "e2", "e3", "e4", "and 3 more")),
        ([], ()),
        (None, ()),
    ],
)
def test_what_error_records_say(error: t.Any, texts: tuple[str, ...]) -> None:
    assert streams_of({"error": error}) == Streams(texts, ())
    assert streams_of({"warning": error}) == Streams((), texts)


def test_both_streams_are_one_line() -> None:
    streams = streams_of({"error": [RECORD], "warning": ["slow"]})
    assert str(streams) == "error 'invalid login or password'; warning 'slow'"
    assert str(streams_of({})) == ""


@pytest.mark.parametrize("seed", range(30))
def test_whatever_the_form_something_that_was_said_is_said(seed: int) -> None:
    rng = random.Random(seed)
    odd = [
        {},
        {"output": ""},
        {"exception": "text"},
        {"exception": {"message": 7}},
        7,
        True,
        [["deep"]],
        {"error_details": []},
    ]
    records = rng.sample(odd, rng.randint(1, len(odd)))
    streams = streams_of({"error": records})
    assert streams.errors
    assert str(streams).isprintable()
