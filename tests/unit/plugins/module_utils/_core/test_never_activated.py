# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Only the documented answers mean that a farm was never activated; all else that can be drawn does not."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.never_activated import (
    says_powershell,
    says_rest,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.strategies import json_values
from hypothesis import given
from hypothesis import strategies as st

OF_RAS = "application/json; api-version=1.0"
DOCUMENTED: dict[str, t.Any] = {
    "type": "https://tools.ietf.org/html/rfc9110#section-15.5.5",
    "title": "Not Found",
    "status": 404,
    "detail": "License not found.",
    "instance": None,
    "traceId": "00-4c",
}
_MEMBERS = st.sampled_from(["type", "title", "status", "detail", "message", "error", "code", "licenseKey", "path"])


@pytest.mark.parametrize("left_out", [(), ("detail", "instance"), ("type", "traceId", "detail", "instance")])
@pytest.mark.parametrize("media", [OF_RAS, "Application/JSON;API-Version=1.0;charset=utf-8"])
def test_the_documented_404_says_it(left_out: tuple[str, ...], media: str) -> None:
    assert says_rest(404, media, {name: value for name, value in DOCUMENTED.items() if name not in left_out})


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        [],
        [DOCUMENTED],
        "Not Found",
        {"message": "Not Found"},
        {"error": "Not Found", "status": 404, "path": "/api/License", "timestamp": "2026-11-30T02:00:00"},
        {"statusCode": 404, "message": "Resource not found"},
        {"error": {"code": "NotFound", "message": "License not found"}},
        {"type": 0, "licenseKey": ""},
        {**DOCUMENTED, "title": "Unsupported API version"},
        {**DOCUMENTED, "title": "No route"},
        {**DOCUMENTED, "detail": "The session was not found."},
        {**DOCUMENTED, "detail": "The licensing server could not be reached."},
        {**DOCUMENTED, "detail": {"errors": [1]}},
        {**DOCUMENTED, "instance": "/api/Session"},
        {**DOCUMENTED, "type": "https://proxy.example/errors/no-backend"},
        {**DOCUMENTED, "traceId": "no_route"},
        {**DOCUMENTED, "code": "UnsupportedApiVersion"},
        {**DOCUMENTED, "errors": {"version": ["no"]}},
        {**DOCUMENTED, "status": 403},
        {**DOCUMENTED, "status": "404"},
        {**DOCUMENTED, "status": None},
        {"title": "Not Found"},
        {"status": 404},
        {name.upper(): value for name, value in DOCUMENTED.items()},
        {"problem": DOCUMENTED},
    ],
)
def test_another_404_does_not(body: t.Any) -> None:
    assert not says_rest(404, OF_RAS, body)


@pytest.mark.parametrize(
    "media",
    [
        "",
        "application/json",
        "application/json; charset=utf-8",
        "application/problem+json",
        "application/problem+json; api-version=1.0",
        "text/html; api-version=1.0",
        "text/json; api-version=1.0",
        "application/json api-version=1.0",
        "application/json; api-version=9",
        "application/json; api-version=1.01",
    ],
)
def test_neither_does_the_same_body_of_another_media_type(media: str) -> None:
    assert not says_rest(404, media, DOCUMENTED)


@given(st.integers(100, 599).filter(lambda status: status != 404))
def test_neither_does_the_same_body_with_another_status(status: int) -> None:
    assert not says_rest(status, OF_RAS, DOCUMENTED)


@given(
    st.integers(100, 599) | st.just(404), st.sampled_from([OF_RAS, "application/json", "text/html", ""]), json_values
)
def test_no_drawn_json_says_it(status: int, media: str, body: t.Any) -> None:
    assert not says_rest(status, media, body)


@given(st.dictionaries(_MEMBERS, json_values | st.sampled_from(["Not Found", 404, "about:blank"])))
def test_what_is_drawn_out_of_the_same_names_says_it_in_the_documented_form_only(body: dict[str, t.Any]) -> None:
    if says_rest(404, OF_RAS, body):
        assert (body["title"], body["status"]) == ("Not Found", 404)
        assert set(body) <= set(DOCUMENTED)


def test_a_cmdlet_that_returned_nothing_says_it() -> None:
    assert says_powershell({"ok": True, "license": None, "unread": []})
    assert says_powershell({"ok": True, "license": None, "unread": [{"source": "sites", "why": "no"}]})


@pytest.mark.parametrize("observed", [{}, {"ok": True}, {"License": None}, {"license": {}}, {"license": ""}])
def test_a_missing_or_empty_field_does_not(observed: dict[str, t.Any]) -> None:
    assert not says_powershell({**observed, "unread": []})


@pytest.mark.parametrize("unread", [None, {}, "", [None], [{}], [{"source": None}], ["license"]])
def test_a_list_that_cannot_be_read_does_not(unread: t.Any) -> None:
    """What it would have said of the license is not known."""
    assert not says_powershell({"license": None, "unread": unread})
    assert not says_powershell({"license": None})


@given(st.sampled_from(["License is not activated.", "Not found", ""]) | st.text())
def test_no_words_of_an_error_say_it(why: str) -> None:
    assert not says_powershell({"license": None, "unread": [{"source": "license", "why": why}]})


@given(json_values.filter(lambda value: value is not None))
def test_no_drawn_license_of_a_cmdlet_says_it(license_: t.Any) -> None:
    assert not says_powershell({"ok": True, "license": license_, "unread": []})
