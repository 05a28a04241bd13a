# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Agent pushes, draining, notes, log tails and signatures, through the collection's own scripts."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from labclient import eventually
from raslab.msi_build import STOCK
from raslab.testing import Lab
from raslab.windows.access import USER_SID
from winclient import Box, INSTALLER_URL, OLD_BUILD
from winmodule import answer, put_file, run_module, run_script, SECRETS, SESSION

NEW = "21.2.0.28000"


def ask(box: Box, name: str, secrets: list[dict[str, str]] | None = None, **parameters: Any) -> dict[str, Any]:
    """What one of the collection's scripts hands back."""
    result = run_script(box.session(), name, parameters, secrets or [])
    assert result.get("result"), result
    return answer(result)


def update(box: Box, server: str, **more: Any) -> dict[str, Any]:
    return ask(box, "ras_agent_update", SECRETS, **SESSION, Server=server, **more)


@pytest.fixture
def upgraded(wide: Box) -> Box:
    """A farm whose licensing server is already of the new version, all others of the old one."""
    run_module(wide.session(), "win_package", path=INSTALLER_URL)
    return wide


def gateway_of(box: Box) -> Box:
    return Box(box.lab, box.name, box.host.replace("cb1", "gw1"))


def test_a_push_takes_time_and_restarts_its_target(upgraded: Box) -> None:
    gateway = gateway_of(upgraded)
    before = gateway.windows["boot_time"]
    assert update(upgraded, gateway.host) == {"ok": True}
    assert gateway.truth["agent_state"] == "Synchronising"
    assert upgraded.lab.wait_for(upgraded.name, "push")["effect"] == "updated"
    upgraded.lab.wait_for(upgraded.name, "restart", "done")
    assert (gateway.truth["agent_version"], gateway.truth["agent_state"]) == (NEW, "OK")
    assert [product["version"] for product in gateway.windows["products"]] == ["21.2.28000"]
    assert gateway.windows["boot_time"] != before


def test_a_push_that_is_waited_for(upgraded: Box) -> None:
    upgraded.lab.patch_farm(upgraded.name, quirks={"push_returns": "when_done"})
    gateway = gateway_of(upgraded)
    assert update(upgraded, gateway.host, SiteId=1)["ok"] is True
    assert gateway.truth["agent_version"] == NEW


def test_a_current_agent_is_left_alone(upgraded: Box) -> None:
    assert update(upgraded, upgraded.host)["ok"] is True
    assert upgraded.lab.wait_for(upgraded.name, "push")["effect"] == "nothing"
    assert upgraded.journal("restart") == []


def test_a_push_fails(upgraded: Box) -> None:
    gateway = gateway_of(upgraded)
    upgraded.lab.add_fault(upgraded.name, on="push", kind="push_fails", host=gateway.host)
    update(upgraded, gateway.host)
    assert upgraded.lab.wait_for(upgraded.name, "push")["status"] == "failed"
    assert (gateway.truth["agent_version"], gateway.truth["agent_state"]) == (OLD_BUILD, "ConnectionFailed")


def test_a_push_hangs(upgraded: Box) -> None:
    gateway = gateway_of(upgraded)
    upgraded.lab.add_fault(upgraded.name, on="push", kind="push_hangs")
    update(upgraded, gateway.host)
    assert upgraded.lab.wait_for(upgraded.name, "push")["status"] == "hang"
    assert gateway.truth["agent_state"] == "Synchronising"


def test_a_push_needs_a_restart_that_others_do(upgraded: Box) -> None:
    gateway = gateway_of(upgraded)
    upgraded.lab.add_fault(upgraded.name, on="push", kind="push_needs_restart")
    update(upgraded, gateway.host)
    assert upgraded.lab.wait_for(upgraded.name, "push")["effect"] == "updated"
    assert (gateway.truth["agent_state"], gateway.windows["pending_reboot"]) == ("RebootPending", True)
    upgraded.lab.patch_windows(upgraded.name, gateway.host, power="restarting")
    assert eventually(lambda: bool(gateway.truth["agent_state"] == "OK" and gateway.windows["power"] == "on"))


def test_a_host_that_is_off_cannot_be_pushed_to(upgraded: Box) -> None:
    gateway = gateway_of(upgraded)
    upgraded.lab.patch_windows(upgraded.name, gateway.host, power="off")
    assert "not reachable" in update(upgraded, gateway.host)["error"]["message"]
    assert "was not found" in update(upgraded, "nobody.example.com")["error"]["message"]


def test_draining_disables_a_host(upgraded: Box) -> None:
    host = upgraded.host.replace("cb1", "rd1")
    drained = ask(upgraded, "ras_drain", SECRETS, **SESSION, Server=host, Kind="rds", Enabled=False)
    assert drained == {"ok": True, "cmdlet": "Set-RASRDSHost"}
    assert Box(upgraded.lab, upgraded.name, host).truth["enabled"] is False
    ask(upgraded, "ras_drain", SECRETS, **SESSION, Server=host, Kind="rds", Enabled=True, SiteId=1)
    assert Box(upgraded.lab, upgraded.name, host).truth["enabled"] is True
    refused = ask(upgraded, "ras_drain", SECRETS, **SESSION, Server=host, Kind="provider", Enabled=False)
    assert refused["error"]["code"] == "drain_unsupported"


def test_a_site_that_does_not_hold_the_server(upgraded: Box) -> None:
    host = upgraded.host.replace("cb1", "rd1")
    refused = ask(upgraded, "ras_drain", SECRETS, **SESSION, Server=host, Kind="rds", Enabled=False, SiteId=2)
    assert "was not found" in refused["error"]["message"]
    assert "was not found" in update(upgraded, host, SiteId=2)["error"]["message"]
    assert Box(upgraded.lab, upgraded.name, host).truth["enabled"] is True


def test_a_text_is_no_truth_value(upgraded: Box) -> None:
    given = {**SESSION, "Server": upgraded.host, "Kind": "broker", "Enabled": "false"}
    refused = run_script(upgraded.session(), "ras_drain", given)
    assert (refused["failed"], refused["result"]) == (True, {})
    assert "argument transformation on parameter 'Enabled'" in refused["error"][0]["exception"]["message"]


def test_a_note_is_kept(box: Box) -> None:
    path = r"C:\ProgramData\FleetOps\drained.json"
    refused = answer(run_script(box.session(), "state_note", {"Path": path, "Content": "[]"}, []))
    assert "Could not find a part of the path" in refused["error"]["message"]
    ask(box, "private_folder", Path=path.rpartition("\\")[0], Create=True)
    assert ask(box, "state_note", Path=path)["content"] is None
    ask(box, "state_note", Path=path, Content='["rd1"]')
    assert ask(box, "state_note", Path=path)["content"] == '["rd1"]'


def test_check_mode_reads_a_note_and_writes_none(box: Box) -> None:
    path = r"C:\ProgramData\FleetOps\drained.json"
    ask(box, "private_folder", Path=path.rpartition("\\")[0], Create=True)
    ask(box, "state_note", Path=path, Content="[]")
    result = run_script(box.session(), "state_note", {"Path": path, "Content": '["rd1"]'}, [], check=True)
    assert (result["changed"], answer(result)["content"]) == (True, "[]")
    assert ask(box, "state_note", Path=path)["content"] == "[]"
    same = run_script(box.session(), "state_note", {"Path": path, "Content": "[]"}, [])
    assert (same["changed"], answer(same)["content"]) == (False, "[]")


def test_the_tail_of_a_log(box: Box) -> None:
    box.lab.add_fault(box.name, on="install", kind="msiexec", code=1603)
    run_module(box.session(), "win_package", path=INSTALLER_URL, log_path=r"C:\msi.log")
    tail = ask(box, "read_tail", Path=r"C:\msi.log", Lines=3)
    assert len(tail["lines"]) == 3
    assert "error status: 1603" in tail["lines"][1]
    assert ask(box, "read_tail", Path=r"C:\no.log", Lines=3)["exists"] is False


@pytest.mark.parametrize(
    ("name", "status", "publisher"),
    [
        ("RASInstaller-21.2.28000.msi", "Valid", "Parallels International GmbH (simulated)"),
        ("foreign-21.2.28000.msi", "Valid", "Somebody Else Ltd (simulated)"),
        ("unsigned-21.2.28000.msi", "NotSigned", None),
    ],
)
def test_signatures(box: Box, name: str, status: str, publisher: str | None) -> None:
    content = (STOCK / name).read_bytes()
    put_file(box.session(), r"C:\setup.msi", content)
    said = ask(box, "signature", Path=r"C:\setup.msi")
    sha256 = hashlib.sha256(content).hexdigest()
    subject = f"CN={publisher}, O={publisher}, C=CH" if publisher else None
    assert (said["status"], said["subject"], said["sha256"]) == (status, subject, sha256)
    assert [(row["path"], row["kind"]) for row in said["rows"]] == [("C:\\", "folder"), (r"C:\setup.msi", "file")]


def test_a_missing_root_certificate_is_an_unknown_error(box: Box) -> None:
    put_file(box.session(), r"C:\setup.msi", (STOCK / "RASInstaller-21.2.28000.msi").read_bytes())
    box.lab.patch_windows(box.name, box.host, root_missing=True)
    said = ask(box, "signature", Path=r"C:\setup.msi")
    assert (said["status"], said["chain"]) == ("UnknownError", ["UntrustedRoot"])


FOLDER = r"C:\ProgramData\FleetOps\stage"
CHAIN = ["C:\\", r"C:\ProgramData", r"C:\ProgramData\FleetOps", FOLDER]


def test_folders_are_made_for_administrators_only(box: Box) -> None:
    given = {"Path": FOLDER, "Files": "a.msi", "Create": True}
    looked = run_script(box.session(), "private_folder", {**given, "Create": False}, [])
    planned = run_script(box.session(), "private_folder", given, [], check=True)
    for result, made in ((looked, False), (planned, True)):
        said = answer(result)
        assert (result["changed"], said["made"]) == (made, made)
        assert [row["kind"] for row in said["rows"]] == ["folder", "folder", "missing", "missing"]
    done = answer(run_script(box.session(), "private_folder", given, []))
    assert [row["path"] for row in done["rows"]] == CHAIN
    for row in done["rows"][2:]:
        assert row["sddl"] == "O:BAG:BAD:PAI(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)"
    assert done["files"][0]["kind"] == "missing"
    put_file(box.session(), rf"{FOLDER}\a.msi", b"x")
    again = answer(run_script(box.session(), "private_folder", given, []))
    assert (again["made"], again["rows"]) == (False, done["rows"])
    assert again["files"][0]["sddl"] == "O:BAG:BAD:AI(A;ID;FA;;;BA)(A;ID;FA;;;SY)"


@pytest.mark.parametrize(
    ("kind", "owner", "users"),
    [("private", "BA", False), ("open", "BA", True), ("foreign", USER_SID, True), ("link", USER_SID, True)],
)
def test_others_own_and_use_what_they_made(box: Box, kind: str, owner: str, users: bool) -> None:
    box.lab.patch_windows(box.name, box.host, access={CHAIN[2]: kind})
    rows = {row["path"]: row for row in ask(box, "private_folder", Path=FOLDER)["rows"]}
    above = rows[CHAIN[2]]
    assert above["sddl"].startswith(f"O:{owner}G:")
    assert ("(A;OICIID;0x1200a9;;;BU)" in above["sddl"], above["link"]) == (users, kind == "link")
    assert (f"(A;ID;FA;;;{USER_SID})" in above["sddl"]) is (owner == USER_SID)
    missing = ask(box, "signature", Path=r"C:\nothing.msi")
    assert "Could not find file" in missing["error"]["message"]


def test_auto_promotion_after_a_while(winlab: Lab, wide: Box) -> None:
    """Without promotion_seconds in its world a farm keeps its primary, however long that stays away."""
    winlab.add_fault(wide.name, on="restart", kind="restart_never_ends")
    winlab.patch_windows(wide.name, wide.host, power="restarting")
    winlab.wait_for(wide.name, "restart", "gone")
    assert winlab.farm(wide.name)["licensing_server"] == wide.host
    second = Box(winlab, "promoting", "cb2.promoting.example.com")
    winlab.patch_windows("promoting", "cb1.promoting.example.com", power="off")
    assert winlab.wait_for("promoting", "promotion")["effect"] == "promoted"
    assert second.truth["priority"] == 0
