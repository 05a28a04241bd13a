# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same server under its different names."""

from __future__ import annotations

import socket
from ipaddress import IPv6Address

import pytest
import urllib3
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.server_names import (
    api_url_of,
    goes_by,
    means_itself,
    named_by,
    url_host,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    "name", ["cb1.tokyo.example.com", "CB1.Tokyo.Example.Com.", "cb1", "CB1", " cb1 ", "127.3.0.1"]
)
def test_a_server_goes_by_its_full_name_its_short_name_and_its_address(name: str) -> None:
    assert goes_by(name, "cb1.tokyo.example.com", "127.3.0.1")


def test_a_short_name_that_the_farm_reports_means_any_full_one() -> None:
    assert goes_by("cb1.tokyo.example.com", "cb1")


@pytest.mark.parametrize(
    ("name", "server", "ip"),
    [
        pytest.param("cb1.osaka.example.com", "cb1.tokyo.example.com", None, id="another domain"),
        pytest.param("cb", "cb1.tokyo.example.com", None, id="a beginning"),
        pytest.param("127", "127.3.0.1", None, id="a piece of an address"),
        pytest.param("10.0.0.1", "10", None, id="an address has no short name"),
        pytest.param("fe80::1", "fe80::2", None, id="addresses of version 6"),
        pytest.param("", "", "", id="nothing"),
        pytest.param(" ", "cb1", None, id="blank"),
    ],
)
def test_another_server(name: str, server: str, ip: str | None) -> None:
    assert not goes_by(name, server, ip)


# -- names that mean whoever says them ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        ".",
        "localhost",
        "LocalHost",
        "localhost.",
        " localhost ",
        "localhost.localdomain",
        "cb1.localhost",
        "ip6-localhost",
        "(local)",
        r"\\.",
        r"\\localhost",
        "127.0.0.1",
        "127.255.255.254",
        "127.1",
        "127.0.1",
        "0x7f.1",
        "0177.0.0.1",
        "2130706433",
        "0x7f000001",
        "0.0.0.0",
        "0",
        "::",
        "::1",
        "[::1]",
        "0:0:0:0:0:0:0:1",
        "0000:0000:0000:0000:0000:0000:0000:0001",
        "::0001",
        "::1%1",
        "::1%lo",
        "::ffff:127.0.0.1",
        "::FFFF:7F00:1",
        "0:0:0:0:0:ffff:127.9.8.7",
        "::127.0.0.1",
        "\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54",
        "\uff11\uff12\uff17.0.0.1",
    ],
)
def test_a_name_that_means_whoever_says_it_is_no_other_server(name: str) -> None:
    assert means_itself(name)
    assert not goes_by(name, name)
    assert not goes_by("localhost", name)
    assert not goes_by("cb1", name)
    assert (named_by(name, "cb1.tokyo"), named_by(name, None), named_by(name, "localhost")) == ("cb1.tokyo", "", "")


@pytest.mark.parametrize(
    "name",
    [
        "cb1",
        "localhost1",
        "mylocalhost",
        "localhost.example.com",
        "cb1.localdomain",
        "126.255.255.255",
        "128.0.0.1",
        "127",
        "10",
        "101",
        "127.0.0.256",
        "127.0.0.0.1",
        "127.0.0.1.example.com",
        "1.127.0.0",
        "0.0.0.1",
        "::2",
        "fe80::1",
        "::ffff:10.0.0.1",
        "1::1",
        "::1::",
        "08.1",
    ],
)
def test_a_name_that_means_one_server_only(name: str) -> None:
    assert not means_itself(name)
    assert named_by(name, "other") == name
    assert goes_by(name, name)


@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.lists(st.sampled_from("dox"), min_size=4, max_size=4))
def test_an_ipv4_address_is_recognized_in_every_spelling_that_inet_aton_reads(
    number: int, parts: int, bases: list[str]
) -> None:
    heads = [number >> (24 - 8 * at) & 0xFF for at in range(parts - 1)]
    numbers = [*heads, number & ((1 << (8 * (5 - parts))) - 1)]
    forms = {"d": "{}", "o": "0{:o}", "x": "0x{:x}"}
    name = ".".join(forms[base].format(each) for base, each in zip(bases, numbers, strict=False))
    packed = socket.inet_aton(name)  # the C library is the judge
    assert means_itself(name) is (packed[0] == 127 or packed == bytes(4))


@given(st.ip_addresses(v=6) | st.sampled_from(["::1", "::", "::ffff:127.0.0.1", "::ffff:127.3.2.1"]).map(IPv6Address))
def test_an_ipv6_address_is_recognized_in_short_and_in_long(address: IPv6Address) -> None:
    spellings = {str(address), address.exploded, address.exploded.upper(), f"[{address}]", f" {address} "}
    assert len({means_itself(each) for each in spellings}) == 1
    mapped = address.ipv4_mapped
    compatible = address.packed[:12] == bytes(12) and int(address) > 1 and address.packed[12] == 127
    expected = address.is_loopback or address.is_unspecified or bool(mapped and (mapped.is_loopback or not int(mapped)))
    assert means_itself(str(address)) is (expected or compatible)


# -- names in a URL ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("cb1.tokyo.example.com", "cb1.tokyo.example.com"),
        ("10.0.0.1", "10.0.0.1"),
        ("2001:db8::1", "[2001:db8::1]"),
        (" 2001:DB8::1 ", "[2001:DB8::1]"),
        ("[2001:db8::1]", "[2001:db8::1]"),
        ("::ffff:10.0.0.1", "[::ffff:10.0.0.1]"),
        ("fe80::1%eth0", "[fe80::1%25eth0]"),
        ("fe80::1%25eth0", "[fe80::1%25eth0]"),
        ("[fe80::1%eth0]", "[fe80::1%25eth0]"),
        ("[fe80::1%25eth0]", "[fe80::1%25eth0]"),
        ("fe80::1%12", "[fe80::1%2512]"),
        ("fe80::1%25", "[fe80::1%2525]"),
        ("cb1:5986", "cb1:5986"),
        ("not an address:", "not an address:"),
        ("", ""),
    ],
)
def test_the_host_of_a_url(name: str, host: str) -> None:
    assert url_host(name) == host
    assert url_host(host) == host or "%2525" in host
    assert api_url_of(name) == f"https://{host}:20443"


@given(st.ip_addresses(v=6), st.sampled_from(["", "%eth0", "%12", "%en-1"]), st.booleans())
def test_the_url_of_an_ipv6_address_leads_to_it(address: IPv6Address, zone: str, in_brackets: bool) -> None:
    name = f"[{address}{zone}]" if in_brackets else f"{address}{zone}"
    parsed = urllib3.util.parse_url(api_url_of(name))  # what connects in the end is the judge
    assert (parsed.scheme, parsed.port) == ("https", 20443)
    bare, _percent, found = parsed.host.strip("[]").partition("%")
    assert (IPv6Address(bare), found.removeprefix("25")) == (address, zone.removeprefix("%"))
