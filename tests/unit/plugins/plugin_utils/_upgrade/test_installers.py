# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The installers of members are looked at before anything is changed, each with the variables of its member."""

from __future__ import annotations

import hashlib
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.installers import member_installers

from raslab.msi_build import STOCK

VERSION: t.Final = "21.2.28000"
GOOD: t.Final = str(STOCK / f"RASInstaller-{VERSION}.msi")
FOREIGN: t.Final = str(STOCK / f"foreign-{VERSION}.msi")


def _sha256(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


OF_ALL: t.Final = {"ras_version": VERSION, "ras_installer_src": GOOD, "ras_installer_sha256": _sha256(GOOD)}
SERVER: t.Final = "cb1"
PLAN: t.Final = {"rounds": [{"servers": ["m1"]}, {"servers": ["m2"]}]}


def _wrong(
    first: dict[str, t.Any] | None = None,
    second: dict[str, t.Any] | None = None,
    *,
    plan: dict[str, t.Any] | None = None,
    of_all: dict[str, t.Any] | None = None,
    given: dict[str, t.Any] | None = None,
) -> dict[str, t.Any]:
    """The failure; ``first`` and ``second`` are the variables of two members."""
    shared = {"ras_farm": "tokyo", **(OF_ALL if of_all is None else of_all)}
    hostvars = {SERVER: shared, "m1": {**shared, **(first or {})}, "m2": {**shared, **(second or {})}}
    seen = {**OF_ALL, **(given or {})}
    failure: dict[str, t.Any] = member_installers(
        PLAN if plan is None else plan, "tokyo", ["m1", "m2"], SERVER, seen, hostvars
    ).get("failure", {})
    return failure


def test_the_wanted_installers() -> None:
    assert _wrong() == {}
    by_url = {"ras_installer_src": "", "ras_installer_url": "https://example.com/a.msi"}
    assert _wrong(second=by_url) == {}


@pytest.mark.parametrize(
    ("values", "code", "part"),
    [
        ({"ras_installer_src": "/nowhere/at/all.msi"}, "invalid_option", "/nowhere/at/all.msi"),
        ({"ras_installer_sha256": "ab"}, "invalid_option", "ras_installer_sha256"),
        ({"ras_installer_sha256": ""}, "invalid_option", "ras_installer_sha256"),
        ({"ras_installer_sha256": "0" * 64}, "installer_mismatch", "SHA-256"),
        ({"ras_installer_src": FOREIGN, "ras_installer_sha256": _sha256(FOREIGN)}, "installer_untrusted", "sign"),
        ({"ras_installer_publisher": 5}, "invalid_option", "ras_installer_publisher"),
        ({"ras_installer_publisher_check": "ture"}, "invalid_option", "ras_installer_publisher_check"),
        ({"ras_installer_src": "", "ras_installer_url": ""}, "invalid_option", "no installer is given"),
        ({"ras_version": "20.2.26050"}, "installer_mismatch", "20.2"),
    ],
    ids=str,
)
@pytest.mark.parametrize("place", ["first", "second"])
def test_what_is_wrong_is_named_with_farm_and_member(
    place: str, values: dict[str, t.Any], code: str, part: str
) -> None:
    failure = _wrong(**{place: values})
    assert failure["code"] == code
    assert failure["message"].startswith(f"tokyo, the member {'m1' if place == 'first' else 'm2'}: ")
    assert part in failure["message"]
    assert failure["remedy"]


def test_only_members_that_are_due_count() -> None:
    gone = {"ras_installer_src": "/nowhere.msi"}
    assert _wrong(second=gone, plan={"rounds": [{"servers": ["m1"]}]}) == {}
    assert _wrong(second=gone, plan={"rounds": []}) == {}
    # Farms that do not report their agents yet are upgraded, all of their members too.
    assert _wrong(second=gone, plan={"failure": {"code": "product_too_old"}})["code"] == "invalid_option"


def test_what_the_play_sets_counts_for_members_too() -> None:
    assert _wrong(of_all={}) == {}
    assert _wrong(of_all={}, given={"ras_installer_src": "/nowhere.msi"})["code"] == "invalid_option"
    # What the licensing server has of its own is not theirs.
    own = {"ras_installer_src": GOOD}
    hostvars = {SERVER: {"ras_farm": "tokyo", **own}, "m1": {"ras_farm": "tokyo"}}
    found = member_installers({}, "tokyo", ["m1"], SERVER, OF_ALL, hostvars)
    assert "no installer is given" in found["failure"]["message"]
