# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The RASAdmin double behind the collection's scripts: the table of cmdlets, sessions, reads and writes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from labclient import Client, EMAIL, OTHER_EMAIL, PASSWORD, SPLA_KEY
from raslab.powershell import cmdlets, scripts
from raslab.testing import Lab
from winclient import Box, OLD_BUILD
from winmodule import answer, run_script, SECRETS, SESSION

_ACCOUNT = [*SECRETS, {"name": "AccountPassword", "value": PASSWORD}]
_LICENSED = {"state": "active", "account": EMAIL, "key": SPLA_KEY}
_PS = Path(__file__).resolve().parents[3] / "plugins" / "plugin_utils" / "_backends" / "ps"


def observe(box: Box, **changes: Any) -> dict[str, Any]:
    return answer(run_script(box.session(), "ras_observe", SESSION, **changes))


def write(box: Box, action: str, secrets: list[dict[str, str]] | None = None, **more: str) -> dict[str, Any]:
    given = {**SESSION, "Action": action, "Email": EMAIL, **more}
    return answer(run_script(box.session(), "ras_license_write", given, secrets or _ACCOUNT))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Get-PA", 16, 17),
        ("Get-RASPA", 18, 18),
        ("Get-RASBroker", 19, 22),
        ("Get-RASRDS", 18, 19),
        ("Get-RASRDSHost", 20, 22),
        ("Get-RASAgent", 18, 22),
    ],
)
def test_names_belong_to_versions(name: str, first: int, last: int) -> None:
    assert [major for major in range(15, 23) if cmdlets.find(name, major)] == list(range(first, last + 1))


def test_every_script_of_the_collection_has_its_double() -> None:
    """A script without a double, or with another version than its double's, would only fail in somebody's scenario."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in _PS.glob("*.ps1") if path.stem != "common"}
    assert texts, "no scripts were found"
    marks = {name: scripts.mark_of(text) for name, text in texts.items()}
    assert {name: mark and mark[0] for name, mark in marks.items()} == {name: name for name in texts}
    from raslab.ras import script_doubles  # noqa: F401 (registers the doubles)

    missing = {name: found for name, text in texts.items() if isinstance(found := scripts.find(text), str)}
    assert missing == {}


def test_host_observe_needs_no_session(box: Box) -> None:
    box.lab.patch_windows(box.name, box.host, pending_reboot=True, services={"RAS Connection Broker": "Stopped"})
    result = run_script(box.session(), "host_observe", secrets=[])
    seen = answer(result)
    assert (result["changed"], seen["ok"], seen["reboot_pending"], seen["module"]) == (False, True, True, "RASAdmin")
    assert [product["version"] for product in seen["products"]] == ["20.2.26050"]
    assert {service["name"]: service["status"] for service in seen["services"]} == {
        "RAS Connection Broker": "Stopped",
        "RAS Web Administration Service": "Running",
    }
    assert seen["uptime_seconds"] > 3600
    assert seen["disk_free_bytes"] > 10**9
    assert (seen["module_version"], seen["session_count"]) == (OLD_BUILD, 0)


def test_observe_reports_the_account_that_rest_may_not_report(box: Box) -> None:
    box.lab.patch_farm(box.name, license=_LICENSED, quirks={"pa_fields": "absent"})
    seen = observe(box)
    license_ = seen["license"]
    assert (license_["PAUserEmail"], license_["Type"], license_["LicenseKey"][-6:]) == (EMAIL, "PostPaid", "SPLA01")
    assert seen["version"].split(" ")[0] == OLD_BUILD
    assert seen["sites"] == [{"Id": 1, "Name": "Main", "LicensingSite": True}]
    assert seen["brokers"][0] == {
        "Id": 1,
        "Server": box.host,
        "SiteId": 1,
        "Priority": 0,
        "Standby": False,
        "Enabled": True,
    }
    box.lab.patch_farm(box.name, quirks={"ps_pa_fields": "absent"})
    assert "PAUserEmail" not in observe(box)["license"]
    assert [session for session in box.lab.open_sessions() if session["farm"] == box.name] == []


def test_a_farm_that_was_never_activated(box: Box) -> None:
    assert observe(box)["license"] is None


@pytest.mark.parametrize("username", ["DOMAIN\\svc-ansible@example.com", "nobody@example.com"])
def test_a_wrong_administrator(box: Box, username: str) -> None:
    seen = answer(run_script(box.session(), "ras_observe", {"Username": username}))
    assert (seen["ok"], seen["error"]["code"]) == (False, "logon_failed")
    assert "Invalid credentials" in seen["error"]["message"]


def test_rights_hold_in_powershell_too(box: Box) -> None:
    seen = answer(run_script(box.session(), "ras_observe", {"Username": "nolicense@example.com"}))
    assert (seen["license"], seen["sites"][0]["Id"]) == (None, 1)
    assert [row["source"] for row in seen["unread"]] == ["license"]
    assert "permission" in seen["unread"][0]["why"]
    refused = write(box, "activate", Username="reader@example.com")
    assert "permission" in refused["error"]["message"]
    assert box.lab.farm(box.name)["license"]["state"] == "none"


def test_activate_and_deactivate(box: Box) -> None:
    done = write(box, "activate", [*_ACCOUNT, {"name": "Key", "value": SPLA_KEY}])
    assert done == {"ok": True}
    license_ = box.lab.farm(box.name)["license"]
    assert (license_["state"], license_["account"], license_["type"]) == ("active", EMAIL, "spla")
    assert [entry["effect"] for entry in box.journal("ras_license_write")] == ["activated"]
    assert write(box, "deactivate") == {"ok": True}
    assert box.lab.farm(box.name)["license"]["state"] == "deactivated"
    made = [(item["action"], item["result"]) for item in box.lab.attempts() if item["farm"] == box.name]
    assert made == [("activate", "accepted"), ("deactivate", "accepted")]


def test_refusals_carry_the_vendors_text(box: Box) -> None:
    refused = write(box, "activate", [*SECRETS, {"name": "AccountPassword", "value": "wrong"}])
    assert refused["error"] == {"code": "refused", "message": "invalid login or password"}
    refused = write(box, "deactivate")
    assert "not activated" in refused["error"]["message"]


def test_model_faults_meet_powershell_too(box: Box) -> None:
    box.lab.add_fault(box.name, on="activate", kind="vendor_text", message="Come back tomorrow.")
    assert write(box, "activate")["error"]["message"] == "Come back tomorrow."


def test_check_mode_skips_what_writes(box: Box) -> None:
    result = run_script(box.session(), "ras_apply", SESSION, check=True)
    assert (result["changed"], result["msg"], result["result"]) == (True, "skipped, running in check mode", {})
    assert observe(box, check=True)["ok"] is True


def test_apply_commits_what_anybody_staged(box: Box) -> None:
    box.lab.patch_farm(box.name, settings_pending=True)
    assert answer(run_script(box.session(), "ras_apply", SESSION)) == {"ok": True}
    assert box.lab.farm(box.name)["settings_pending"] is False


def test_export_writes_a_file(box: Box) -> None:
    path = r"C:\backup\farm.dat2"
    assert answer(run_script(box.session(), "private_folder", {"Path": r"C:\backup", "Create": True}, []))["made"]
    said = answer(run_script(box.session(), "ras_export", {**SESSION, "Path": path}))
    assert said["ok"]
    assert box.windows["files"][path] == {"size": said["size"], "sha256": said["sha256"]}
    assert len(said["sha256"]) == len(hashlib.sha256().hexdigest())
    assert (said["removed"], said["not_removed"]) == ([], [])


def test_export_keeps_the_newest_of_its_own(box: Box) -> None:
    foreign = [r"C:\backup\ras-notes.txt", r"C:\backup\other-1.dat2", r"C:\backup\deep\ras-0.dat2"]
    box.lab.patch_windows(box.name, box.host, files=dict.fromkeys(foreign, "x"))
    removed = []
    for number in range(1, 5):
        path = rf"C:\backup\ras-{number}.dat2"
        given = {**SESSION, "Path": path, "Prefix": "RAS-", "Keep": 2}
        removed.append(answer(run_script(box.session(), "ras_export", given))["removed"])
    assert removed == [[], [], [r"C:\backup\ras-1.dat2"], [r"C:\backup\ras-2.dat2"]]
    kept = {path for path in box.windows["files"] if path.startswith("C:\\backup")}
    assert kept == {*foreign, r"C:\backup\ras-3.dat2", r"C:\backup\ras-4.dat2"}


@pytest.mark.parametrize("version", [OLD_BUILD, "21.2.0.28000"])
def test_export_takes_a_time_limit_where_the_version_has_one(box: Box, version: str) -> None:
    """Without the look at the cmdlet's parameters the older version would refuse it."""
    box.lab.patch_farm(box.name, hosts={box.host: {"agent_version": version}})
    said = answer(run_script(box.session(), "ras_export", {**SESSION, "Path": r"C:\a.dat2", "TimeoutInSecs": 600}))
    assert said["ok"], said


def test_agents_of_all_sites(wide: Box) -> None:
    agents = answer(run_script(wide.session(), "ras_agents", SESSION))["agents"]
    kinds = [(agent["ServerType"], agent["SiteId"]) for agent in agents]
    assert kinds.count(("PA", 1)) == 2
    assert ("Gateway", 2) in kinds
    assert ("RDSGroup", 1) in kinds
    host = next(agent for agent in agents if agent["ServerType"] == "RDSHost")
    assert (host["ActiveSessions"], host["AgentState"], host["AgentVer"]) == (3, "OK", OLD_BUILD)


def test_a_host_without_the_module(wide: Box) -> None:
    gateway = Box(wide.lab, wide.name, wide.host.replace("cb1", "gw1"))
    seen = answer(run_script(gateway.session(), "ras_observe", SESSION))
    assert seen["error"]["code"] == "product_missing"


def test_an_old_host_has_another_module(box: Box) -> None:
    box.lab.patch_farm(box.name, hosts={box.host: {"agent_version": "17.1.0.21782"}})
    assert answer(run_script(box.session(), "host_observe", secrets=[]))["module"] == "PSAdmin"
    assert observe(box)["error"]["code"] == "product_too_old"


def test_no_broker_no_session(box: Box) -> None:
    box.lab.patch_windows(box.name, box.host, services={"RAS Connection Broker": "Stopped"})
    assert "Failed to connect" in observe(box)["error"]["message"]


def test_nothing_is_left_behind(winlab: Lab, at: Any) -> None:
    """After all that: no session, and no secret in the journal."""
    assert winlab.open_sessions() == []
    said = json.dumps(winlab.journal())
    assert PASSWORD not in said
    assert SPLA_KEY not in said
    assert OTHER_EMAIL not in said


def test_rest_and_powershell_agree(box: Box) -> None:
    box.lab.patch_farm(box.name, license=_LICENSED)
    client = Client(f"https://{box.address}:20443", str(box.lab.ca_path))
    client.logon()
    rest, powershell = client.license().json, observe(box)["license"]
    for field in ("licenseKey", "expiryDate", "installedUsers", "paUserEmail"):
        name = {"paUserEmail": "PAUserEmail"}.get(field, field[0].upper() + field[1:])
        assert rest[field] == powershell[name], field


def test_a_property_that_is_an_object_is_the_name_of_its_type(box: Box) -> None:
    box.lab.patch_farm(box.name, quirks={"unknown_fields": True}, license=_LICENSED)
    assert observe(box)["license"]["Renewal"] == "System.Object"
