# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The installer that runs is the one that was judged, and what is believed lies where nobody else can write."""

from __future__ import annotations

import json
import typing as t

import pytest

from counts import count
from harness.reading import outcomes
from harness.rollouts import FULL_VERSION, ROLLOUT, rollout_world, sha256_of, STAGE
from harness.runner import Run, Runner
from raslab.msi_build import PUBLISHER, STOCK
from scenarios.conftest import StartLab

_STAGED: t.Final = f"{STAGE}\\RASInstaller-21.2.28000.msi"
_OURS: t.Final = STAGE.rpartition("\\")[0]
_NOTE: t.Final = f"{_OURS}\\drained.json"
_ELSE: t.Final = "https://download.example.com/else.msi"
_BUSY: t.Final = {"kind": "msiexec", "code": 1618, "on": "install"}
_STRANGER: t.Final = {
    "ras_installer_src": str(STOCK / "foreign-21.2.28000.msi"),
    "ras_installer_sha256": sha256_of("foreign-21.2.28000.msi"),
}


def _forged(farm: str) -> dict[str, t.Any]:
    """A gateway that an administrator disabled, and a note that says that it was us."""
    row = {"server": f"gw1.{farm}.example.com", "kind": "gateway", "site_id": 1, "since": "2026-01-01T00:00:00+00:00"}
    names = [f"{name}.{farm}.example.com" for name in ("gw1", "gw2")]
    gateways = [{"name": name, "components": ["gateway"], "enabled": name != names[0]} for name in names]
    return {
        "hosts": [{"name": f"cb1.{farm}.example.com", "windows": _noted({"version": 1, "drained": [row]})}, *gateways],
    }


def _noted(note: dict[str, t.Any]) -> dict[str, t.Any]:
    return {"files": {_NOTE: json.dumps(note)}, "access": {_OURS: "private"}}


def _with_access(farm: dict[str, t.Any], **access: str) -> dict[str, t.Any]:
    farm["hosts"][0]["windows"]["access"] |= access
    return farm


# Which code the table shows; how many installers were started; what message and remedy say.
REFUSED: t.Final[dict[str, tuple[dict[str, t.Any], str, int, str]]] = {
    "swapped": ({"faults": [{**_BUSY, "swapped": _ELSE}]}, "installer_mismatch", 1, "is another file"),
    "theirs": (
        {"windows": {"access": {_OURS: "private", STAGE: "foreign"}}},
        "folder_untrusted",
        0,
        r"belongs to EXAMPLE\alice",
    ),
    "shared": ({"windows": {"access": {_OURS: "private", STAGE: "open"}}}, "folder_untrusted", 0, "(CO), users (BU)"),
    "linked": ({"windows": {"access": {_OURS: "private", STAGE: "link"}}}, "folder_untrusted", 0, f"{STAGE} is a link"),
    "file": (
        {"windows": {"access": {_OURS: "private", STAGE: "private", _STAGED: "foreign"}, "files": {_STAGED: "x"}}},
        "folder_untrusted",
        0,
        f"{_STAGED} belongs to",
    ),
    "rootless": ({"windows": {"root_missing": True}}, "installer_untrusted", 0, "root certificates of the host up to"),
    "other": ({"vars": {"ras_installer_publisher": ["Parallels"]}}, "installer_untrusted", 0, PUBLISHER),
    "nobody": ({"vars": {"ras_installer_publisher": []}}, "invalid_option", 0, "ras_installer_publisher_check=false"),
    "forged": (_with_access(_forged("forged"), **{_NOTE: "foreign"}), "folder_untrusted", 0, f"{_NOTE} belongs to"),
    "open": (_with_access(_forged("open"), **{_OURS: "open"}), "folder_untrusted", 0, f"{_OURS} may be used by"),
}
UPGRADED: t.Final[dict[str, dict[str, t.Any]]] = {
    "busy": {"faults": [_BUSY]},
    "pinned": {"vars": {"ras_installer_publisher": ["Somebody", f" {PUBLISHER}"]}},
    "unchecked": {"vars": {**_STRANGER, "ras_installer_publisher": [], "ras_installer_publisher_check": False}},
    "shown": {"windows": {"access": {_OURS: "private"}}},
    "noted": _forged("noted"),
}


@pytest.fixture(scope="module")
def runner(start_lab: StartLab) -> Runner:
    farms = {name: case[0] for name, case in REFUSED.items()} | UPGRADED
    made = rollout_world(farms, ras_waves=["100%"], ras_max_failed_farms=1000)
    made["downloads"] = {**made["downloads"], _ELSE: "lab:foreign-21.2.28000.msi"}
    return start_lab(made)


@pytest.fixture(scope="module")
def apply(runner: Runner) -> Run:
    run = runner.playbook(ROLLOUT)
    assert runner.lab.problems() == []
    return run


@pytest.mark.parametrize("name", REFUSED)
def test_nothing_runs_that_was_not_judged(runner: Runner, apply: Run, name: str) -> None:
    _farm, code, starts, says = REFUSED[name]
    row = outcomes(apply)[name]
    assert row["code"] == code, row
    assert says in f"{row['message']} {row['remedy']}"
    assert len(runner.lab.journal(name, op="install")) == starts
    assert runner.lab.host(name)["agent_version"] != FULL_VERSION
    count("scenario", f"installer: refused, {name}")


@pytest.mark.parametrize("name", ["forged", "open"])
def test_a_note_of_somebody_else_enables_nothing(runner: Runner, apply: Run, name: str) -> None:
    assert outcomes(apply)[name]["state"] == "refused"
    assert runner.lab.host(name, f"gw1.{name}.example.com")["enabled"] is False
    assert runner.lab.journal(name, op="ras_drain") == []


@pytest.mark.parametrize("name", UPGRADED)
def test_what_is_as_expected_is_installed(runner: Runner, apply: Run, name: str) -> None:
    assert outcomes(apply)[name]["state"] == "changed", outcomes(apply)[name]
    host = runner.lab.host(name)
    assert host["agent_version"] == FULL_VERSION
    folders = host["windows"]["folders"]
    assert folders[STAGE] == "O:BAG:BAD:PAI(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)"
    # Looked at when it is there for the first time, and right before each start.
    looks = [entry["seq"] for entry in runner.lab.journal(name, op="signature")]
    starts = [entry["seq"] for entry in runner.lab.journal(name, op="host_install")]
    assert len(starts) == (2 if name == "busy" else 1)
    for before, start in zip([0, *starts], starts, strict=False):
        assert any(before < look < start for look in looks)
    signer = "Somebody Else Ltd (simulated)" if name == "unchecked" else PUBLISHER
    said = [each["result"] for each in apply.records if each.get("host") == host["name"]]
    # Noted for each host of a turn, in a loop.
    facts = [row.get("ansible_facts") or {} for result in said for row in result.get("results", [])]
    results = [fact["ras_upgrade_result"] for fact in facts if fact.get("ras_upgrade_result")]
    assert [result["publisher"] for result in results] == [signer]
    count("scenario", f"installer: runs, {name}")


def test_what_a_note_makes_us_enable_is_reported(runner: Runner, apply: Run) -> None:
    assert runner.lab.host("noted", "gw1.noted.example.com")["enabled"] is True
    found = [
        finding
        for each in apply.results("fleetops.parallels_ras.agent_upgrade", "cb1.noted.example.com")
        for finding in each["findings"]
        if finding["rule"] == "brought_back_by_note"
    ]
    assert found
    assert all(each["observed"] == ["gw1.noted.example.com"] for each in found)
    count("scenario", "note: what it makes us enable is reported")
