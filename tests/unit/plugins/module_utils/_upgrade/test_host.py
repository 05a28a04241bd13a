# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host says of itself, as modules return it; an answer that is none is refused."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.host import describe_host
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_scripts import HOST
from hypothesis import given
from hypothesis import strategies as st


def _services(*names: str) -> list[dict[str, str]]:
    return [{"name": name.replace(" ", ""), "display_name": name, "status": "Running"} for name in names]


def _products(*versions: t.Any) -> list[dict[str, t.Any]]:
    return [{"name": "Parallels Application Server", "version": version} for version in versions]


def test_a_host_is_described_whole() -> None:
    assert describe_host(HOST) == {
        "name": "CB1",
        "full_name": "cb1.example.com",
        "os": "Microsoft Windows Server 2022 Standard",
        "installed": True,
        "product": HOST["products"][0],
        "products": HOST["products"],
        "version": "20.2.26050",
        "components": ["connection_broker"],
        "is_broker": True,
        "services": HOST["services"],
        "folder": "C:\\RAS",
        "module": "RASAdmin",
        "module_version": "4.0",
        "reboot_pending": False,
        "reboot_sources": [],
        "file_renames": False,
        "installer_running": False,
        "disk_free_bytes": 42949672960,
        "product_disk_free_bytes": 42949672960,
        "uptime_seconds": 259200,
        "sessions": 3,
        "unread": [],
    }


def test_a_host_without_ras() -> None:
    seen = describe_host({**HOST, "products": [], "services": [], "module": None, "module_version": None})
    assert (seen["product"], seen["version"], seen["components"], seen["module"]) == (None, None, [], None)
    assert seen["installed"] is False


@pytest.mark.parametrize(
    ("versions", "newest"),
    [
        (("9.0.1", "20.2.26050"), "20.2.26050"),
        (("20.2.26050", "20.10.1"), "20.10.1"),
        (("text", "18.0.1"), "18.0.1"),
        ((None, ""), None),
    ],
)
def test_of_several_products_the_newest_counts(versions: tuple[t.Any, ...], newest: str | None) -> None:
    seen = describe_host({**HOST, "products": _products(*versions)})
    assert (seen["version"], len(seen["products"])) == (newest, 2)


def test_a_product_without_a_version_is_one_all_the_same() -> None:
    seen = describe_host({**HOST, "products": [{"name": "Parallels Application Server"}]})
    assert (seen["product"], seen["version"]) == ({"name": "Parallels Application Server"}, None)


@pytest.mark.parametrize(
    ("service", "component"),
    [
        ("RAS Connection Broker", "connection_broker"),
        ("Parallels RAS Publishing Agent", "connection_broker"),
        ("RAS Secure Gateway", "secure_gateway"),
        ("2X Secure Client Gateway", "secure_gateway"),
        ("RAS Enrollment Server", "enrollment_server"),
        ("RAS RD Session Host Agent", "rd_session_host"),
        ("2X Terminal Server Agent", "rd_session_host"),
        ("RAS Web Administration Service", "web_administration"),
        ("RAS Provider Agent", "provider_agent"),
        ("RAS Guest Agent", "guest_agent"),
    ],
)
def test_components_are_known_by_their_services(service: str, component: str) -> None:
    assert describe_host({**HOST, "services": _services(service)})["components"] == [component]


def test_a_service_that_is_not_known_is_no_component() -> None:
    seen = describe_host({**HOST, "services": _services("RAS Something New", "RAS Secure Gateway")})
    assert (seen["components"], len(seen["services"])) == (["secure_gateway"], 2)


@pytest.mark.parametrize("name", ["products", "services", "unread"])
@pytest.mark.parametrize("rows", [{}, "text", [1], [None], 0, False])
def test_lists_that_are_none_are_bad_answers(name: str, rows: t.Any) -> None:
    with pytest.raises(RasError) as caught:
        describe_host({**HOST, name: rows})
    assert caught.value.code == "bad_answer"
    assert name in caught.value.message


@pytest.mark.parametrize("value", [None, "many", True, 1.5, -1])
def test_invalid_numbers_are_not_reported(value: t.Any) -> None:
    seen = describe_host({**HOST, "disk_free_bytes": value, "uptime_seconds": value, "session_count": value})
    assert (seen["disk_free_bytes"], seen["uptime_seconds"], seen["sessions"]) == (None, None, None)


@pytest.mark.parametrize("name", ["reboot_pending", "installer_running"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, True), ("true", True), (False, False), (None, None), (1, None), (0, None), ("", None), ({}, None)],
)
def test_what_is_neither_yes_nor_no_is_not_known(name: str, value: t.Any, expected: bool | None) -> None:
    assert describe_host({**HOST, name: value})[name] is expected


def test_a_number_may_be_a_text() -> None:
    assert describe_host({**HOST, "session_count": "3"})["sessions"] == 3


def test_what_the_host_could_not_say_is_null() -> None:
    seen = describe_host({})
    assert {name: value for name, value in seen.items() if value is not None} == {"unread": []}


def test_why_something_could_not_be_read_is_passed_on() -> None:
    rows = [{"source": "sessions", "why": "Access is denied\r\n"}]
    assert describe_host({**HOST, "unread": rows})["unread"] == [{"source": "sessions", "why": "Access is denied"}]


_VALUES = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=2) | st.just({})


@given(st.dictionaries(st.sampled_from(sorted(HOST)), _VALUES))
def test_nothing_that_is_not_known_becomes_a_no_or_a_number(changes: dict[str, t.Any]) -> None:
    answer = {**HOST, **changes}
    try:
        seen = describe_host(answer)
    except RasError:
        return  # a list that is none
    known = {"session_count": "sessions", "computer": "name"}
    for name in ("reboot_pending", "installer_running", "file_renames", "disk_free_bytes", "session_count", "services"):
        if answer[name] is None:
            assert seen[known.get(name, name)] is None
    if answer["services"] is None:
        assert (seen["components"], seen["is_broker"]) == (None, None)
    if answer["products"] is None:
        assert (seen["installed"], seen["version"]) == (None, None)


def test_texts_of_the_host_fit_into_one_line() -> None:
    seen = describe_host({**HOST, "os": "Windows\r\n" + "x" * 500})
    assert "\n" not in seen["os"]
    assert len(seen["os"]) == 200
