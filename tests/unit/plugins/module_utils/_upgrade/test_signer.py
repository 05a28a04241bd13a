# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who made a signature: signatures and certificates are made by another library, and read by ours."""

from __future__ import annotations

import datetime as dt
import pathlib
import typing as t

import olefile
import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.signature import (
    judge_signature,
    Publisher,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.signer import organizations_of_signer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

_MSI = pathlib.Path(__file__).resolve().parents[4] / "lab" / "msi"
_KEY: t.Final = ec.generate_private_key(ec.SECP256R1())
_DAY: t.Final = dt.datetime(2026, 1, 1)
Names = t.Sequence[tuple[x509.ObjectIdentifier, str]]

_TEXTS = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0xFFFD, exclude_categories=["Cs"]), min_size=1, max_size=9
)
_KINDS = st.sampled_from([NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME])


def _name(parts: Names, kind: _ASN1Type = _ASN1Type.UTF8String) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value, kind) for oid, value in parts])


def _certificate(subject: x509.Name, issuer: x509.Name | None = None, serial: int = 7) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(_KEY.public_key())
        .serial_number(serial)
        .not_valid_before(_DAY)
        .not_valid_after(_DAY + dt.timedelta(days=1))
        .sign(_KEY, hashes.SHA256())
    )


def _signed(signer: x509.Certificate, *others: x509.Certificate) -> bytes:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(b"x").add_signer(signer, _KEY, hashes.SHA256())
    for other in others:
        builder = builder.add_certificate(other)
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def _by(organization: str) -> bytes:
    return _signed(_certificate(_name([(NameOID.ORGANIZATION_NAME, organization)])))


@settings(max_examples=50)
@given(st.lists(st.tuples(_KINDS, _TEXTS), max_size=5), st.integers(0, 9))
def test_the_organizations_of_the_signer(parts: list[tuple[x509.ObjectIdentifier, str]], padding: int) -> None:
    expected = [value for oid, value in parts if oid == NameOID.ORGANIZATION_NAME]
    assert organizations_of_signer(_signed(_certificate(_name(parts))) + b"\0" * padding) == expected


@pytest.mark.parametrize(
    "kind", [_ASN1Type.PrintableString, _ASN1Type.IA5String, _ASN1Type.BMPString, _ASN1Type.T61String]
)
def test_a_name_in_each_kind_of_text(kind: _ASN1Type) -> None:
    name = _name([(NameOID.ORGANIZATION_NAME, "Parallels GmbH")], kind)
    assert organizations_of_signer(_signed(_certificate(name))) == ["Parallels GmbH"]


@pytest.mark.parametrize("other", ["A", "A much longer name of another organization"])
def test_only_the_certificate_of_the_signer_counts(other: str) -> None:
    """DER puts the shortest certificate first: one is shorter than that of the signer, and one is longer."""
    root = _name([(NameOID.ORGANIZATION_NAME, "Parallels")])
    stranger = _name([(NameOID.ORGANIZATION_NAME, "Somebody")])
    decoy = _name([(NameOID.ORGANIZATION_NAME, other)])
    # Of the signer's issuer with another number, and of its number with another issuer.
    others = [_certificate(decoy, root, 8), _certificate(decoy, decoy, 9)]
    assert organizations_of_signer(_signed(_certificate(stranger, root, 9), *others)) == ["Somebody"]


@pytest.mark.parametrize(
    "content", [b"", b"0", b"0\x80", b"0\x85\1\1\1\1\1", b"0\x03\x02\x01\x07", b"\x1f\x81\1", b"0\0"]
)
def test_what_is_no_signature_cannot_be_read(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        organizations_of_signer(content)


_WHOLE: t.Final = _by("Parallels International GmbH")


@given(st.integers(0, len(_WHOLE) - 1), st.binary(max_size=6), st.integers(0, len(_WHOLE)))
def test_a_damaged_signature_is_read_or_refused(at: int, other: bytes, length: int) -> None:
    damaged = (_WHOLE[:at] + other + _WHOLE[at + len(other) :])[:length]
    try:
        found = organizations_of_signer(damaged)
    except ValueError:
        return
    assert all(isinstance(name, str) for name in found)


@pytest.mark.parametrize(
    ("name", "organization"),
    [
        ("RASInstaller-20.2.26050.msi", "Parallels International GmbH (simulated)"),
        ("foreign-21.2.28000.msi", "Somebody Else Ltd (simulated)"),
    ],
)
def test_the_signature_of_a_tool_of_the_trade(name: str, organization: str) -> None:
    with olefile.OleFileIO(_MSI / name) as file:
        assert organizations_of_signer(file.openstream(["\5DigitalSignature"]).read()) == [organization]


ANY, NAMED, UNCHECKED = Publisher.read(None), Publisher.read(["Alludo, Inc."]), Publisher.read([], False)
TWO: t.Final = _signed(_certificate(_name([(NameOID.ORGANIZATION_NAME, each) for each in ("Parallels", "Other")])))


@pytest.mark.parametrize(
    ("signature", "publisher", "reason"),
    [
        pytest.param(_WHOLE, ANY, None, id="expected"),
        pytest.param(_by("Alludo, Inc."), NAMED, None, id="named"),
        pytest.param(_by("Anybody"), UNCHECKED, None, id="unchecked"),
        pytest.param(b"\0", UNCHECKED, None, id="unchecked and not read: for Windows to say"),
        pytest.param(None, ANY, "unsigned", id="unsigned"),
        pytest.param(None, UNCHECKED, "unsigned", id="unsigned and unchecked: never valid"),
        pytest.param(b"", ANY, "not_read", id="empty"),
        pytest.param(_WHOLE[:-9], NAMED, "not_read", id="cut off"),
        pytest.param(_by("Parallelsen"), ANY, "other_publisher", id="another"),
        pytest.param(_by("Parallels"), NAMED, "other_publisher", id="not the named one"),
        pytest.param(TWO, ANY, "other_publisher", id="two organizations"),
        pytest.param(_by(" "), ANY, "other_publisher", id="a blank one"),
    ],
)
def test_what_is_said_of_a_signature_beforehand(
    signature: bytes | None, publisher: Publisher, reason: str | None
) -> None:
    failure = judge_signature("/srv/ras.msi", signature, publisher)
    if reason is None:
        assert failure is None
    else:
        assert failure is not None
        assert (failure.code, failure.observed) == ("installer_untrusted", {"reason": reason})
        assert "/srv/ras.msi" in failure.message
        assert failure.remedy
