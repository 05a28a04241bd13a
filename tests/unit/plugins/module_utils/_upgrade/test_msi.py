# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an installer says of itself, read from real MSI files."""

from __future__ import annotations

import hashlib
import pathlib
import shutil
import struct

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade import msi
from hypothesis import given
from hypothesis import strategies as st

_MSI = pathlib.Path(__file__).resolve().parents[4] / "lab" / "msi"
RAS = _MSI / "RASInstaller-20.2.26050.msi"
_CONTENT = RAS.read_bytes()


def _failure(path: pathlib.Path) -> RasError:
    with pytest.raises(RasError) as caught:
        msi.read_installer(str(path))
    return caught.value


@pytest.mark.parametrize(
    ("name", "product", "version"),
    [
        ("RASInstaller-20.2.26050.msi", "Parallels Remote Application Server", "20.2.26050"),
        ("unsigned-21.2.28000.msi", "Parallels Remote Application Server", "21.2.28000"),
        ("OtherProduct-1.0.7.msi", "Another Product", "1.0.7"),
    ],
)
def test_the_property_table(name: str, product: str, version: str) -> None:
    seen = msi.read_installer(str(_MSI / name))
    properties = seen.properties
    assert (seen.signature is None) is (name != RAS.name)
    assert (properties["ProductName"], properties["ProductVersion"]) == (product, version)
    assert properties["ProductCode"].startswith("{")


@pytest.mark.parametrize("content", [b"", b"MZ", b"<html>", _CONTENT[:8], _CONTENT[:4096], _CONTENT[:8] + b"\0" * 4096])
def test_what_is_no_msi(content: bytes, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "x.msi"
    path.write_bytes(content)
    failure = _failure(path)
    assert failure.code == "installer_mismatch"
    assert str(path)[:100] in failure.message


@given(st.data())
def test_a_damaged_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.msi"
    at = data.draw(st.integers(0, len(_CONTENT) - 1))
    path.write_bytes(_CONTENT[:at] + data.draw(st.binary(max_size=64)) + _CONTENT[at + 64 :])
    assert _outcome(path) in ("read", "installer_mismatch")


def _outcome(path: pathlib.Path) -> str:
    try:
        msi.read_installer(str(path))
    except RasError as exc:
        return exc.code
    return "read"


def test_a_file_that_is_not_there_is_an_option_to_correct(tmp_path: pathlib.Path) -> None:
    for path in (tmp_path / "missing.msi", tmp_path):
        assert _failure(path).code == "invalid_option"
        with pytest.raises(RasError, match="cannot be read"):
            msi.sha256_of_installer(str(path))


def test_without_olefile_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(msi, "HAS_OLEFILE", False)
    failure = _failure(RAS)
    assert failure.code == "invalid_option"
    assert "olefile" in failure.remedy


def test_the_checksum_of_a_file_longer_than_one_read(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "long"
    path.write_bytes(b"x" * (3 * 2**20 + 1))
    assert msi.sha256_of_installer(str(path)) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_strings_of_64_kib_and_wide_references() -> None:
    """No stock file has them: the pool is written here as the format has it."""
    long, word = b"x" * 70000, "größer".encode()
    entries = [(4, 1), (0, 1), (len(long) & 0xFFFF, len(long) >> 16), (len(word), 1), (3, 1)]
    pool = struct.pack("<HH", 65001, 0x8000) + b"".join(struct.pack("<HH", *entry) for entry in entries)
    table = b"".join(number.to_bytes(3, "little") for number in (1, 4, 2, 3))
    found = msi._properties(pool, b"Name" + long + word + b"abc", table)
    assert found == {"Name": long.decode(), "abc": "größer"}


@pytest.mark.parametrize("table", [b"\x01", b"\x01\x00\x09\x00"], ids=["cut off", "no such string"])
def test_a_table_that_does_not_fit_its_strings_is_refused(table: bytes) -> None:
    pool = struct.pack("<HHHH", 0, 0, 1, 1)
    with pytest.raises((ValueError, IndexError)):
        msi._properties(pool, b"a", table)


@pytest.mark.parametrize(
    ("properties", "word"),
    [
        ({"ProductName": "Another Product", "ProductVersion": "20.2.26050"}, "Another Product"),
        ({"ProductName": "My Parallels Application Server", "ProductVersion": "20.2.26050"}, "another product"),
        ({}, "another product"),
        ({"ProductName": "Parallels Application Server", "ProductVersion": "20.2.26051"}, "20.2.26051"),
        ({"ProductName": "Parallels Application Server", "ProductVersion": "x"}, "another version"),
        ({"ProductName": "Parallels Application Server"}, "another version"),
    ],
)
def test_another_installer(properties: dict[str, str], word: str) -> None:
    failure = msi.check_installer(properties, "20.2.26050")
    assert failure
    assert failure.code == "installer_mismatch"
    assert word in failure.message


@pytest.mark.parametrize("name", ["Parallels Application Server", "Parallels Remote Application Server 20"])
@pytest.mark.parametrize("wanted", ["20.2.26050", "20.2.0.26050"])
def test_the_wanted_installer(name: str, wanted: str) -> None:
    assert msi.check_installer({"ProductName": name, "ProductVersion": "20.2.26050"}, wanted) is None


def test_a_copy_under_any_name_is_read(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "installer with blanks 🙂.bin"
    shutil.copyfile(RAS, path)
    assert msi.read_installer(str(path)) == msi.read_installer(str(RAS))
