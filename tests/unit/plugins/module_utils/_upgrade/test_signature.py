# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who signed, read from subjects that are drawn and written as .NET and RFC 4514 write them."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.signature import (
    organization_of,
    organizations_of,
    Publisher,
    why_distrusted,
)
from hypothesis import example, given
from hypothesis import strategies as st

_SPECIAL: t.Final = set(',+="\n<>#;')
_ESCAPED: t.Final = set(',+="<>#;\\')
# What an attacker may put into any part of a name for which a certificate is issued.
TEXTS: t.Final = st.one_of(
    st.text(min_size=1, max_size=20),
    st.text(alphabet=' ",+=\\;O#<>aP', min_size=1, max_size=20),
    st.sampled_from(
        ["Parallels", ", O=Parallels", '", O=Parallels', '\\", O=Parallels', "x + O=Parallels", "O=Parallels"]
    ),
).filter(lambda text: text == text.strip(" ") and text.strip(" ") != "")
PARTS: t.Final = st.tuples(st.sampled_from(("CN", "OU", "O", "L", "S", "C", "E", "SERIALNUMBER", "OID.1.2.3.4")), TEXTS)


def dotnet(parts: t.Sequence[tuple[str, str]], separators: t.Sequence[str]) -> str:
    """As X500DistinguishedName writes it: quotation marks around what is special, and doubled within."""

    def value(text: str) -> str:
        doubled = text.replace('"', '""')
        return f'"{doubled}"' if set(text) & _SPECIAL or text != text.strip() else text

    written = [f"{name}={value(text)}" for name, text in parts]
    return "".join(part + separator for part, separator in zip(written, [*separators, ""], strict=False))


@given(st.lists(PARTS, min_size=1, max_size=5), st.lists(st.sampled_from((", ", " + ")), min_size=5, max_size=5))
@example([("CN", 'x\\", O=Parallels'), ("O", "Evil")], [", "] * 5)
@example([("CN", "Parallels, O=Parallels"), ("OU", "Parallels")], [", "] * 5)
def test_only_what_is_the_organization_counts(parts: list[tuple[str, str]], separators: list[str]) -> None:
    """What is read is what was written, or nothing: never something else."""
    expected = [text for name, text in parts if name == "O"]
    try:
        assert organizations_of(dotnet(parts, separators[: len(parts) - 1])) == expected
    except ValueError:
        assert any("\\" in text or text.startswith("#") for _name, text in parts)


@given(st.lists(PARTS, min_size=1, max_size=5))
def test_a_subject_of_a_standard_is_read_too(parts: list[tuple[str, str]]) -> None:
    """RFC 4514: special characters have a backslash before them."""
    text = ",".join(f"{name}={''.join(chr(92) + c if c in _ESCAPED else c for c in value)}" for name, value in parts)
    expected = [value for name, value in parts if name == "O"]
    try:
        assert organizations_of(text) == expected
    except ValueError:
        assert "\\" in text


@pytest.mark.parametrize(
    ("subject", "organization"),
    [
        (
            'CN="Parallels International GmbH", O="Parallels International GmbH", L=Schaffhausen, C=CH',
            "Parallels International GmbH",
        ),
        ('CN=x, O="Parallels, Inc.", C=US', "Parallels, Inc."),
        ("C=CH, O=Parallels International GmbH, CN=x", "Parallels International GmbH"),
        ("CN=x+O=Parallels, C=CH", "Parallels"),
        ("OID.2.5.4.10=Parallels, CN=x", "Parallels"),
        ("o=Parallels", "Parallels"),
        ('O="Say ""Parallels"" GmbH"', 'Say "Parallels" GmbH'),
        (r"O=Parallels\, Inc., CN=x", "Parallels, Inc."),
        # none, several, or not readable
        ("CN=Parallels International GmbH", None),
        ('CN="a, O=Parallels", C=CH', None),
        ('CN="a"", O=Parallels", C=CH', None),
        (r'CN="x\"", O=Parallels"', None),
        ("OU=O=Parallels, C=CH", None),
        ("O=Parallels, O=Evil", None),
        ("O=Evil, OID.2.5.4.10=Parallels", None),
        ("O=Parallels, CN", None),
        ('O="Parallels" Evil', None),
        ('O="Parallels', None),
        ("O=", None),
        ("O=#0c09506172616c6c656c73", None),
        ("NO=Parallels", None),
        ("", None),
        (None, None),
        (5, None),
    ],
)
def test_the_one_organization(subject: t.Any, organization: str | None) -> None:
    assert organization_of(subject) == organization


@pytest.mark.parametrize("name", ["Parallels", "Parallels International GmbH", "Parallels, Inc."])
def test_by_default_the_first_word_decides(name: str) -> None:
    assert Publisher().accepts(name)


@given(st.text(max_size=20))
@example("soft Inc")
@example("X")
@example("-Evil GmbH")
@example("\u200b Inc")
@example("\u00a0Inc")
@example(".Inc")
def test_other_words_that_begin_so_are_others(tail: str) -> None:
    expected = tail == "" or tail[0] in " ,"
    assert Publisher().accepts(f"Parallels{tail}") is expected


@pytest.mark.parametrize(
    "name",
    [
        "Not Parallels",
        "PARALLELS INC",
        "parallels",
        "Pаrallels Inc",
        "Ｐarallels Inc",
        "\u200bParallels",
        " Parallels",
        "",
        None,
    ],
)
def test_names_that_only_look_like_it_are_others(name: str | None) -> None:
    assert not Publisher().accepts(name)


@given(st.lists(st.text(min_size=1, max_size=8).filter(str.strip), min_size=1, max_size=3), st.text(max_size=8))
def test_a_list_holds_whole_names(names: list[str], name: str) -> None:
    publisher = Publisher.read([f" {each} " for each in names])
    assert publisher.accepts(name) is (name in {each.strip() for each in names})
    assert all(publisher.accepts(each.strip()) for each in names)


def test_a_text_is_one_name() -> None:
    assert Publisher.read("Alludo, Inc.").names == ("Alludo, Inc.",)
    assert Publisher.read(None).names is None
    assert not Publisher.read("Parallels").accepts("Parallels International GmbH")


@pytest.mark.parametrize("names", ["", " ", [], [""], ["Parallels", " "], [5], 5, True, {"a": 1}, [None]])
def test_nothing_cannot_be_expected(names: t.Any) -> None:
    with pytest.raises(RasError) as caught:
        Publisher.read(names)
    assert caught.value.code == "invalid_option"


@pytest.mark.parametrize("check", ["maybe", "ture", "", None, [], 2])
def test_only_a_clear_no_switches_it_off(check: t.Any) -> None:
    with pytest.raises(RasError) as caught:
        Publisher.read(None, check)
    assert caught.value.code == "invalid_option"


@pytest.mark.parametrize("check", [False, "false", "no", 0])
def test_without_the_check_every_valid_signature_will_do(check: t.Any) -> None:
    publisher = Publisher.read([], check)
    assert publisher.accepts("Somebody Ltd")
    assert publisher.accepts(None)
    assert why_distrusted({"status": "NotSigned"}, publisher) is not None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"publisher": "Evil Parallels"}, "other_publisher"),
        ({"publisher": None}, "other_publisher"),
        ({"status": "NotSigned"}, "unsigned"),
        ({"status": "HashMismatch"}, "tampered"),
        ({"status": "NotTrusted"}, "distrusted"),
        ({"status": "UnknownError", "chain": ["UntrustedRoot"]}, "root_missing"),
        ({"status": "UnknownError", "chain": ["RevocationStatusUnknown", "PartialChain"]}, "root_missing"),
        ({"status": "UnknownError", "chain": ["NotTimeValid"]}, "not_judged"),
        ({"status": "UnknownError", "chain": None}, "not_judged"),
        ({"status": "UnknownError"}, "not_judged"),
        ({"status": "valid"}, "unknown"),
        ({"status": "Fine"}, "unknown"),
        ({"status": None}, "unknown"),
    ],
)
def test_each_verdict_of_windows_is_reported_as_what_it_is(changes: dict[str, t.Any], reason: str | None) -> None:
    found = why_distrusted(
        {"status": "Valid", "publisher": "Parallels X", "status_message": "said", **changes}, Publisher()
    )
    assert (found.reason if found else None) == reason
    if reason == "root_missing":
        assert found is not None
        assert "root certificate" in found.observed
        assert "root certificates of the host up to date" in str(found.remedy)
    if reason and reason != "other_publisher":
        assert found is not None
        assert "'said'" in found.observed


@given(st.text(max_size=12))
def test_only_valid_is_valid(status: str) -> None:
    found = why_distrusted({"status": status, "publisher": "Parallels"}, Publisher())
    assert (found is None) is (status == "Valid")
