# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of WinRM, of installs, of restarts and of agent pushes."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
import requests
from winrm.exceptions import WinRMOperationTimeoutError, WinRMTransportError

from labclient import Client, eventually, SPLA_KEY
from raslab.msi_build import STOCK
from raslab.testing import LabError
from winclient import Box, INSTALLER_URL, NEW_BUILD, OLD_BUILD
from winmodule import run_module, run_script, SESSION

_INSTALL: dict[str, Any] = {"path": INSTALLER_URL, "log_path": r"C:\Windows\Temp.log"}


def installed(box: Box) -> list[str]:
    return [product["version"] for product in box.windows["products"]]


@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "hang", "hang_after"])
@pytest.mark.parametrize("op", ["win_ping", "winrm_open"])
def test_a_connection_breaks_at_a_step(box: Box, kind: str, op: str) -> None:
    if op == "winrm_open" and kind.endswith("after"):
        kind = kind.removesuffix("after") + "before" if kind.startswith("reset") else "hang"
    box.lab.add_fault(box.name, on=op, kind=kind)
    session = box.session(operation_timeout_sec=1, read_timeout_sec=2)
    broken = (requests.exceptions.RequestException, WinRMOperationTimeoutError)
    with pytest.raises(broken):
        run_module(session, "win_ping")
    entry = box.journal(op)[-1]
    assert entry["fault"] == kind
    assert entry["status"] == ("reset" if kind.startswith("reset") else "hang")
    assert run_module(box.session(), "win_ping")["ping"] == "pong"


def test_a_status_in_place_of_a_shell(box: Box) -> None:
    box.lab.add_fault(box.name, on="winrm_open", kind="status", status=503)
    with pytest.raises(WinRMTransportError) as refused:
        box.session().run_cmd("hostname")
    assert refused.value.code == 503


@pytest.mark.parametrize(
    ("port", "rest", "remote"), [("rest", False, True), ("winrm", True, False), ("all", False, False)]
)
def test_ports_are_closed_apart(box: Box, port: str, rest: bool, remote: bool) -> None:
    box.lab.add_fault(box.name, on="any", kind="refuse", port=port)
    client = Client(f"https://{box.address}:20443", str(box.lab.ca_path))
    if remote:
        assert box.session().run_cmd("hostname").status_code == 0
    else:
        with pytest.raises(requests.exceptions.ConnectionError):
            box.session().run_cmd("hostname")
    assert box.truth["listening"] is rest
    box.lab.clear_faults(box.name)
    assert client.logon().status == 200
    assert box.session().run_cmd("hostname").status_code == 0


def test_winrm_is_refused_after_a_step(box: Box) -> None:
    box.lab.add_fault(box.name, on="win_ping", kind="refuse", port="winrm", after=1)
    session = box.session()
    assert run_module(session, "win_ping")["ping"] == "pong"
    with pytest.raises(requests.exceptions.ConnectionError):
        run_module(box.session(), "win_ping")


@pytest.mark.parametrize("code", [1603, 1618, 1619, 112])
def test_an_install_that_fails_changes_nothing(box: Box, code: int) -> None:
    box.lab.add_fault(box.name, on="install", kind="msiexec", code=code, log="Error 1935: something is in use.")
    result = run_module(box.session(), "win_package", **_INSTALL)
    assert (result["failed"], result["rc"], result["changed"]) == (True, code, False)
    assert "unexpected rc" in result["msg"]
    assert "Error 1935" in result["log"]
    assert installed(box) == ["20.2.26050"]
    assert box.truth["agent_version"] == OLD_BUILD
    again = run_module(box.session(), "win_package", **_INSTALL)
    assert (again["rc"], again["changed"], installed(box)) == (0, True, [NEW_BUILD])


def test_an_install_is_busy_a_few_times(box: Box) -> None:
    box.lab.add_fault(box.name, on="install", kind="msiexec", code=1618, times=2)
    codes = [run_module(box.session(), "win_package", **_INSTALL)["rc"] for _try in range(3)]
    assert codes == [1618, 1618, 0]


def test_the_other_installation_brings_the_product(box: Box) -> None:
    box.lab.add_fault(box.name, on="install", kind="msiexec", code=1618, brought=True)
    assert run_module(box.session(), "win_package", **_INSTALL)["rc"] == 1618
    assert installed(box) == [NEW_BUILD]


def test_the_installer_serves_one_at_a_time(box: Box) -> None:
    box.lab.patch_windows(box.name, box.host, installer_busy=True)
    assert run_module(box.session(), "win_package", **_INSTALL)["rc"] == 1618
    box.lab.patch_windows(box.name, box.host, installer_busy=False)
    assert run_module(box.session(), "win_package", **_INSTALL)["rc"] == 0


def test_3010_leaves_a_restart_to_do(box: Box) -> None:
    box.lab.add_fault(box.name, on="install", kind="msiexec", code=3010)
    result = run_module(box.session(), "win_package", **_INSTALL)
    assert (result["rc"], result["reboot_required"], result["failed"]) == (3010, True, False)
    assert box.windows["pending_reboot"] is True
    assert installed(box) == [NEW_BUILD]
    box.lab.patch_windows(box.name, box.host, power="restarting")
    box.lab.wait_for(box.name, "restart", "done")
    assert box.windows["pending_reboot"] is False


def test_1641_restarts_at_once(box: Box) -> None:
    box.lab.add_fault(box.name, on="install", kind="msiexec", code=1641)
    result = run_module(box.session(), "win_package", expected_return_code=[0, 1641], **_INSTALL)
    assert result["rc"] == 1641
    box.lab.wait_for(box.name, "restart", "done")
    assert installed(box) == [NEW_BUILD]


def test_a_full_disk(box: Box) -> None:
    box.lab.patch_windows(box.name, box.host, disk_free_gb=0.5)
    result = run_module(box.session(), "win_package", **_INSTALL)
    assert result["rc"] == 1603
    assert "not enough space" in result["log"]


def test_the_log_is_on_the_host(box: Box) -> None:
    box.lab.add_fault(box.name, on="install", kind="msiexec", code=1603)
    run_module(box.session(), "win_package", path=INSTALLER_URL, log_path=r"C:\msi.log")
    slurped = run_module(box.session(), "slurp", src=r"C:\msi.log")
    assert "Return value 3" in base64.b64decode(slurped["content"]).decode("utf-16")


def test_removing_what_is_not_there(box: Box) -> None:
    gone = run_module(box.session(), "win_package", product_id="{00000000-0000-0000-0000-000000000000}", state="absent")
    assert (gone["changed"], gone["rc"]) == (False, 0)
    code = box.windows["products"][0]["code"]
    assert run_module(box.session(), "win_package", product_id=code, state="absent")["changed"] is True
    assert installed(box) == []


def test_winrm_is_gone_in_mid_install_and_the_install_goes_on(box: Box) -> None:
    box.lab.add_fault(box.name, on="install", kind="winrm_lost", seconds=0.5, delay=0.05)
    with pytest.raises(requests.exceptions.RequestException):
        run_module(box.session(), "win_package", **_INSTALL)
    assert box.lab.wait_for(box.name, "install")["effect"] == "installed"
    assert eventually(lambda: bool(box.windows["winrm"]["answers"]))
    assert box.session().run_cmd("hostname").status_code == 0
    assert installed(box) == [NEW_BUILD]


def test_a_restart_in_mid_install_undoes_it(box: Box) -> None:
    box.lab.add_fault(box.name, on="install", kind="restart_during")
    with pytest.raises(requests.exceptions.RequestException):
        run_module(box.session(), "win_package", **_INSTALL)
    box.lab.wait_for(box.name, "restart", "done")
    assert box.journal("install")[-1]["status"] == "interrupted"
    assert installed(box) == ["20.2.26050"]
    assert box.windows["installing"] is False


def test_a_host_that_never_comes_back(box: Box) -> None:
    box.lab.add_fault(box.name, on="restart", kind="restart_never_ends")
    box.lab.patch_windows(box.name, box.host, power="restarting")
    box.lab.wait_for(box.name, "restart", "gone")
    assert box.windows["power"] == "off"
    assert box.truth["shown_state"] == "ConnectionFailed"
    with pytest.raises(requests.exceptions.ConnectionError):
        box.session().run_cmd("hostname")
    box.lab.patch_windows(box.name, box.host, power="on")
    assert box.session().run_cmd("hostname").status_code == 0


def test_a_host_that_comes_back_without_rest(box: Box) -> None:
    box.lab.add_fault(box.name, on="restart", kind="restart_without_rest")
    box.lab.patch_windows(box.name, box.host, power="restarting")
    box.lab.wait_for(box.name, "restart", "done")
    assert box.truth["listening"] is False
    assert box.session().run_cmd("hostname").status_code == 0
    run_module(box.session(), "win_service", name="RAS Web Administration Service", state="restarted")
    assert box.truth["listening"] is True


@pytest.mark.parametrize("what", ["attention", "trial", "none"])
def test_a_license_is_lost_by_the_upgrade(box: Box, what: str) -> None:
    box.lab.patch_farm(box.name, license={"state": "active", "account": "licensing@example.com", "key": SPLA_KEY})
    box.lab.add_fault(box.name, on="install", kind="license_lost", what=what)
    run_module(box.session(), "win_package", **_INSTALL)
    license_ = box.lab.farm(box.name)["license"]
    expected = {"attention": ("active", True), "trial": ("trial", False), "none": ("none", False)}[what]
    assert (license_["state"], license_["needs_attention"]) == expected


def test_a_gateway_is_stopped_after_the_upgrade(wide: Box) -> None:
    gateway = Box(wide.lab, wide.name, wide.host.replace("cb1", "gw1"))
    wide.lab.add_fault(wide.name, on="install", kind="service_stopped", host=gateway.host)
    run_module(gateway.session(), "win_package", **_INSTALL)
    assert gateway.windows["services"]["RAS Secure Gateway"]["state"] == "Stopped"
    assert gateway.truth["shown_state"] == "Unavailable"


def test_another_administrator_stages_settings(box: Box) -> None:
    box.lab.add_fault(box.name, on="install", kind="settings_staged")
    run_module(box.session(), "win_package", **_INSTALL)
    assert box.lab.farm(box.name)["settings_pending"] is True


def test_a_primary_that_restarts_is_replaced(wide: Box) -> None:
    wide.lab.add_fault(wide.name, on="restart", kind="promotion")
    wide.lab.patch_windows(wide.name, wide.host, power="restarting")
    wide.lab.wait_for(wide.name, "restart", "done")
    second = wide.host.replace("cb1", "cb2")
    assert wide.lab.farm(wide.name)["licensing_server"] == second
    assert wide.journal("promotion")[-1]["path"] == second
    priorities = {host["name"]: host["priority"] for host in wide.lab.farm(wide.name)["hosts"]}
    assert (priorities[second], priorities[wide.host]) == (0, 1)


def test_mixed_versions_are_seen(wide: Box) -> None:
    run_module(wide.session(), "win_package", **_INSTALL)
    agents = json.loads(run_script(wide.session(), "ras_agents", SESSION)["result"])["agents"]
    versions = {agent["Server"]: agent["AgentVer"] for agent in agents if agent["AgentVer"]}
    assert set(versions.values()) == {"21.2.0.28000", OLD_BUILD}
    assert versions[wide.host] == "21.2.0.28000"


def test_an_agent_that_is_newer_than_its_farm(wide: Box) -> None:
    gateway = Box(wide.lab, wide.name, wide.host.replace("cb1", "gw1"))
    run_module(gateway.session(), "win_package", **_INSTALL)
    assert gateway.truth["agent_state"] == "NeedsDowngrade"
    run_module(wide.session(), "win_package", **_INSTALL)
    assert gateway.truth["agent_state"] == "OK"


def test_faults_name_hosts_and_ops_that_exist(box: Box) -> None:
    with pytest.raises(LabError, match="none of install, restart"):
        box.lab.add_fault(box.name, on="win_ping", kind="service_stopped")
    with pytest.raises(LabError, match="is not a host"):
        box.lab.add_fault(box.name, on="install", kind="msiexec", host="nobody")
    with pytest.raises(LabError, match="no service spooler"):
        box.lab.patch_windows(box.name, box.host, services={"spooler": "Stopped"})


def test_signatures_are_verified_on_demand(box: Box) -> None:
    for name, status in (("RASInstaller-21.2.28000.msi", None), ("unsigned-21.2.28000.msi", "NotSigned")):
        result = run_module(
            box.session(), "win_package", _files={r"C:\a.msi": STOCK / name}, path=r"C:\a.msi", verify_signature=True
        )
        if status is None:
            assert result["rc"] == 0
            assert not result.get("failed")
            run_module(box.session(), "win_package", path=r"C:\a.msi", state="absent")
        else:
            assert result["failed"]
            assert status in result["msg"]
