# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PowerShell is found in one of three ways, or its absence is said in one sentence."""

from __future__ import annotations

import hashlib
import tarfile
from pathlib import Path

import pytest

import pwsh
from runner import LeftOut, Log, StepFailed


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("RAS_PWSH", "RAS_PWSH_ARCHIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setattr(pwsh, "CACHE", tmp_path)


def _program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\necho hello\n")
    path.chmod(0o755)
    return path


@pytest.fixture(name="archive")
def _archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive of the shape of the pinned one, and its pin."""
    _program(tmp_path / "packed" / "powershell" / "bin" / "pwsh")
    archive = tmp_path / "powershell.tar.xz"
    with tarfile.open(archive, "w:xz") as packed:
        packed.add(tmp_path / "packed" / "powershell", "powershell")
    pin = tmp_path / "powershell.sha256"
    pin.write_text(f"{hashlib.sha256(archive.read_bytes()).hexdigest()}  {archive.name}\n")
    monkeypatch.setattr(pwsh, "_PIN", pin)
    return archive


def test_none_is_said_with_the_three_ways_to_get_one() -> None:
    with pytest.raises(LeftOut) as missing:
        pwsh.find(Log("pwsh"))
    for way in ("'pwsh' is on PATH", "RAS_PWSH ", "RAS_PWSH_ARCHIVE", "tests/locks/powershell.sha256"):
        assert way in str(missing.value)


def test_a_named_one_goes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, archive: Path) -> None:
    named = _program(tmp_path / "named" / "pwsh")
    monkeypatch.setenv("RAS_PWSH", str(named))
    monkeypatch.setenv("RAS_PWSH_ARCHIVE", str(archive))
    assert pwsh.find(Log("pwsh")) == named
    monkeypatch.setenv("RAS_PWSH", str(tmp_path / "nothing"))
    with pytest.raises(StepFailed, match="expected a program that can be run"):
        pwsh.find(Log("pwsh"))


def test_the_pinned_archive_is_unpacked_once(monkeypatch: pytest.MonkeyPatch, archive: Path) -> None:
    monkeypatch.setenv("RAS_PWSH_ARCHIVE", str(archive))
    found = pwsh.find(Log("pwsh"))
    assert found.read_text().startswith("#!")
    (found.parent / "mine").touch()
    assert pwsh.find(Log("pwsh")) == found
    assert (found.parent / "mine").exists()


def test_another_archive_is_refused(monkeypatch: pytest.MonkeyPatch, archive: Path, tmp_path: Path) -> None:
    archive.write_bytes(archive.read_bytes() + b"\0")
    monkeypatch.setenv("RAS_PWSH_ARCHIVE", str(archive))
    with pytest.raises(StepFailed, match=r"expected the SHA-256 [0-9a-f]{64} .*, observed [0-9a-f]{64}"):
        pwsh.find(Log("pwsh"))
    monkeypatch.setenv("RAS_PWSH_ARCHIVE", str(tmp_path / "nothing"))
    with pytest.raises(StepFailed, match="found none"):
        pwsh.find(Log("pwsh"))
    assert not list(tmp_path.glob("powershell-*"))


def test_one_on_the_path_is_the_last_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = _program(tmp_path / "bin" / "pwsh")
    monkeypatch.setenv("PATH", str(program.parent))
    assert pwsh.find(Log("pwsh")) == program
