# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The installer on the controller is looked at before anything is changed."""

from __future__ import annotations

import hashlib
import os
import pathlib
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.signature import Publisher
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.installers import check_on_controller

from raslab.msi_build import STOCK

VERSION: t.Final = "21.2.28000"
GOOD: t.Final = str(STOCK / f"RASInstaller-{VERSION}.msi")
FOREIGN: t.Final = str(STOCK / f"foreign-{VERSION}.msi")


def _sha256(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


@pytest.mark.parametrize("by_url", [False, True])
def test_the_wanted_installer(by_url: bool) -> None:
    path, url = ("", "https://example.com/a.msi") if by_url else (GOOD, "")
    assert check_on_controller(path, VERSION, _sha256(GOOD).upper(), url, Publisher()) is None


@pytest.mark.parametrize(
    ("changed", "code", "part"),
    [
        ({"path": "/nowhere/at/all.msi"}, "invalid_option", "/nowhere/at/all.msi"),
        ({"path": "/dev/null"}, "invalid_option", "something else"),
        ({"sha256": "ab"}, "invalid_option", "installer_sha256"),
        ({"sha256": ""}, "invalid_option", "installer_sha256"),
        ({"sha256": "0" * 64}, "installer_mismatch", "SHA-256"),
        ({"path": FOREIGN, "sha256": _sha256(FOREIGN)}, "installer_untrusted", "sign"),
        ({"publisher": Publisher(("Somebody Else Ltd",))}, "installer_untrusted", "Somebody Else"),
        ({"path": ""}, "invalid_option", "no installer is given"),
        ({"version": "20.2.26050"}, "installer_mismatch", "20.2"),
    ],
    ids=str,
)
def test_what_is_wrong_is_one_sentence(changed: dict[str, t.Any], code: str, part: str) -> None:
    given = {"path": GOOD, "version": VERSION, "sha256": _sha256(GOOD), "url": "", "publisher": Publisher(), **changed}
    failure = check_on_controller(**given)
    assert failure is not None
    assert failure.code == code
    assert part in failure.message
    assert failure.remedy


@pytest.mark.parametrize(
    ("name", "publisher", "code"),
    [
        (f"unsigned-{VERSION}.msi", Publisher(), "installer_untrusted"),
        (f"unsigned-{VERSION}.msi", Publisher((), False), "installer_untrusted"),
        (f"foreign-{VERSION}.msi", Publisher(), "installer_untrusted"),
        (f"foreign-{VERSION}.msi", Publisher(("Somebody Else Ltd (simulated)",)), None),
        (f"foreign-{VERSION}.msi", Publisher((), False), None),
        ("OtherProduct-1.0.7.msi", Publisher(), "installer_mismatch"),
    ],
    ids=str,
)
def test_who_may_have_signed_which_product(name: str, publisher: Publisher, code: str | None) -> None:
    path = str(STOCK / name)
    failure = check_on_controller(path, VERSION, _sha256(path), "", publisher)
    assert (failure.code if failure else None) == code


def test_another_checksum_is_reported_before_anything_else() -> None:
    failure = check_on_controller(GOOD, "20.2.26050", "0" * 64, "", Publisher())
    assert failure is not None
    assert (failure.code, failure.observed) == ("installer_mismatch", {"sha256": _sha256(GOOD)})


def test_blanks_around_a_checksum_are_none_of_it() -> None:
    assert check_on_controller(GOOD, "21.2.0.28000", f" {_sha256(GOOD).upper()}\n", "", Publisher()) is None


def test_a_relative_path_counts_from_where_ansible_was_started(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(STOCK.parent)
    (tmp_path / "ras.msi").symlink_to(GOOD)
    for path in (f"{STOCK.name}/RASInstaller-{VERSION}.msi", "~/ras.msi"):
        assert check_on_controller(path, VERSION, _sha256(GOOD), "", Publisher()) is None
    failure = check_on_controller("gone.msi", VERSION, _sha256(GOOD), "", Publisher())
    assert failure is not None
    assert (failure.code, str(STOCK.parent / "gone.msi") in failure.message) == ("invalid_option", True)


@pytest.mark.parametrize("kind", ["folder", "fifo", "device"])
def test_what_is_no_file_is_not_waited_for(tmp_path: pathlib.Path, kind: str) -> None:
    os.mkfifo(tmp_path / "fifo")
    path = {"folder": str(tmp_path), "fifo": str(tmp_path / "fifo"), "device": "/dev/zero"}[kind]
    failure = check_on_controller(path, VERSION, "0" * 64, "", Publisher())
    assert failure is not None
    assert failure.code == "invalid_option"
