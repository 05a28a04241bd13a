# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Which server a name means: farms, inventories and people write the same server in different forms. Pure.

A name such as ``localhost`` means whoever says it. In the list of a farm it is the broker that answers, as the vendor's
own appliances add their session host under it; here it would be the controller. So it never names an inventory host.
"""

from __future__ import annotations

import ipaddress
import re
import typing as t
import unicodedata

# Names that Windows and Unix give the machine itself (hosts files, RFC 6761 section 6.3), and those by which tools of
# Windows take it: "." for a computer, "(local)" for a server.
_OWN_NAMES: t.Final = frozenset(
    {"", "localhost", "localhost4", "localhost6", "ip6-localhost", "ip6-loopback", "loopback", "(local)"}
    | {"localhost.localdomain", "localhost4.localdomain4", "localhost6.localdomain6"}
)
# How inet_aton(3) and Windows read an IPv4 address besides four decimal numbers: fewer parts, octal, hexadecimal.
_PART: t.Final = re.compile(r"0x[0-9a-f]+|0[0-7]*|[1-9][0-9]*")

# The first 96 bits of an IPv6 address that has an IPv4 one in it: compatible, mapped (RFC 4291, section 2.5.5).
_HOLDS_IPV4: t.Final = (0, 0xFFFF)


def goes_by(name: str, server: str, ip: str | None = None) -> bool:
    """Whether ``name`` means this server: its full name, its address, or its short name against a full one.

    :param name: what somebody calls it.
    :param server: what the farm calls it.
    :param ip: its address as the farm reports it.
    """
    wanted, known = plain_name(name), plain_name(server)
    if not wanted:
        return False
    if wanted == plain_name(ip or "") or (wanted == known and not means_itself(known)):
        return True
    if is_address(wanted) or is_address(known) or means_itself(wanted) or means_itself(known):
        return False
    return ("." in wanted) != ("." in known) and wanted.split(".")[0] == known.split(".")[0]


def known_as(servers: t.Iterable[str], hosts: t.Mapping[str, t.Iterable[str]]) -> dict[str, str]:
    """The inventory hosts of a farm by the names or addresses by which the farm knows them.

    A farm's ``localhost`` is none of them, whatever the inventory calls its hosts: here it would be the controller.

    :param hosts: inventory host -> what it is called.
    :returns: server -> inventory host, in the given order; a server without a host is left out.
    """
    found = {}
    for server in servers:
        for host, names in hosts.items() if not means_itself(server) else ():
            if any(goes_by(name, server) for name in names):
                found[server] = host
                break
    return found


def means_itself(name: str) -> bool:
    """Whether a name means the machine that says it: ``localhost``, ``.``, an address of the loopback in any spelling.

    So does no name at all, and the address that means all of a machine's own (``0.0.0.0``, ``::``).
    """
    plain = plain_name(unicodedata.normalize("NFKC", name).lstrip("\\"))
    if plain in _OWN_NAMES or plain.endswith(".localhost"):
        return True
    address = _address(plain)
    if address is None:
        return False
    if address.version == 6 and int(address) >> 32 in _HOLDS_IPV4 and int(address) > 1:
        address = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.is_loopback or address.is_unspecified


def named_by(name: str, teller: str | None) -> str:
    """The server that a name means in the list of a broker; empty when nobody can say.

    :param teller: by which name that broker is known.
    """
    if not means_itself(name):
        return name
    return "" if means_itself(teller or "") else str(teller)


def is_address(name: str) -> bool:
    """Whether this is an IP address: such a name has no short form."""
    plain = plain_name(name)
    return plain.replace(".", "").isdecimal() or ":" in plain


def url_host(name: str) -> str:
    """A name as the host of a URL: an IPv6 address is in brackets (RFC 3986, section 3.2.2).

    What is in brackets already stays so, and so does what is no address: whether it can be used is said where it is.
    """
    bare = name.strip()
    inner = bare[1:-1] if bare[:1] == "[" and bare[-1:] == "]" else bare
    address, _percent, zone = inner.partition("%")
    try:
        ipaddress.IPv6Address(address)
    except ValueError:
        return bare
    # The sign of a zone may be written as in a URL (RFC 6874) or not.
    zone = zone.removeprefix("25") if zone[2:] else zone
    return f"[{address}%25{zone}]" if zone else f"[{address}]"


def api_url_of(name: str) -> str:
    """The URL of the API of a server that no variable gives one."""
    return f"https://{url_host(name)}:20443"


def plain_name(name: str) -> str:
    """A name without what makes no difference: case, blanks and the dot at its end, brackets of an address."""
    plain = name.strip().casefold().rstrip(".")
    if plain[:1] == "[" and plain[-1:] == "]":
        return plain[1:-1].strip()
    return plain


def _address(plain: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        if ":" in plain:
            return ipaddress.IPv6Address(plain.partition("%")[0])
        return ipaddress.IPv4Address(_as_inet_aton(plain))
    except ValueError:
        return None


def _as_inet_aton(plain: str) -> int:
    """The number of an IPv4 address in any of its spellings.

    :raises ValueError: for what is none.
    """
    parts = plain.split(".")
    if len(parts) > 4 or not all(_PART.fullmatch(part) for part in parts):
        raise ValueError(plain)
    numbers = [int(part, 16) if part[:2] == "0x" else int(part, 8 if part[0] == "0" else 10) for part in parts]
    *heads, last = numbers
    # The last part fills all bytes that are left.
    if any(head > 255 for head in heads) or last >= 1 << (8 * (5 - len(numbers))):
        raise ValueError(plain)
    return sum(head << (24 - 8 * at) for at, head in enumerate(heads)) + last
