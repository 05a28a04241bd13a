# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The installer on the controller is looked at before anything is changed."""

from __future__ import annotations

import hashlib
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
        ({"sha256": "ab"}, "invalid_option", "ras_installer_sha256"),
        ({"sha256": ""}, "invalid_option", "ras_installer_sha256"),
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
