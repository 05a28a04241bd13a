# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each double of the lab says and does what its script says and does in a real PowerShell."""

from __future__ import annotations

import copy
import typing as t
from types import MappingProxyType

import pytest

from harness.windows import windows_world
from harness.worlds import ACTIVE, EMAIL, FOREIGN, NONE, PASSWORD, SPLA_KEY, TRIAL
from powershell.host_cases import (
    CHANGED,
    content_of,
    INSTALLATIONS,
    installing,
    MSI,
    MSI_NAME,
    sha256_of,
    thumbprint_of,
)
from powershell.twins import Bench, SECRETS, SESSION
from raslab.powershell import scripts
from raslab.windows.machine import Machine
from raslab.windows.unreadable import GAPS

_NOTE = "C:\\ProgramData\\FleetOps\\RAS\\note.json"
_RESTART: t.Final = {"Delay": 60, "Message": 'RAS waits for "this".'}
_LOG = "C:\\ProgramData\\a.log"
_BROKER = {"name": "cb1.alpha.example.com", "components": ["broker", "gateway"]}
_SESSION_HOST = {"name": "rd1.alpha.example.com", "components": ["rds"]}
_SECOND = {"name": "cb2.alpha.example.com", "site": "Branch", "windows": {}}
_ACCOUNT = {**SECRETS, "AccountPassword": PASSWORD, "Key": SPLA_KEY}
_WRITE = {**SESSION, "Email": EMAIL, "secrets": _ACCOUNT}
_ANY_FARM: t.Final = {"hosts": [_BROKER, _SESSION_HOST]}
_SITES = {"sites": [{"name": "Main", "licensing": True, "rds_pools": ["Office"]}, {"name": "Branch"}]}


class Row(t.NamedTuple):
    """A script with its parameters, and the farm and the Windows of the host that it runs on, with an installer.

    ``scheduled``: somebody has scheduled a restart.
    """

    script: str
    given: t.Mapping[str, t.Any]
    farm: t.Mapping[str, t.Any] = MappingProxyType({})
    windows: t.Mapping[str, t.Any] = MappingProxyType({})
    msi: str | None = None
    scheduled: bool = False


_IN_SESSION = {**SESSION, "secrets": SECRETS}
_EXPORT = {**_IN_SESSION, "Path": "C:\\ProgramData\\a-3.dat2", "Prefix": "a-", "Keep": 2}
ROWS: dict[str, Row] = {
    "host": Row("host_observe", {}),
    "host_without_ras": Row("host_observe", {}, windows={"ras_installed": False}),
    "host_waits_for_a_restart": Row("host_observe", {}, windows={"pending_reboot": True, "sessions": 3}),
    "host_installs": Row("host_observe", {}, windows={"installer_busy": True, "disk_free_gb": 0.5}),
    **{f"host_without_{name}": Row("host_observe", {}, windows={"unreadable": [name]}) for name in GAPS},
    "host_that_says_nothing": Row("host_observe", {}, windows={"unreadable": list(GAPS), "ras_installed": False}),
    "host_of_18": Row("host_observe", {}, {"generation": 18}),
    "host_with_stopped_service": Row(
        "host_observe",
        {},
        windows={
            "services": [
                {"name": "RAS Secure Gateway", "state": "Stopped", "start_mode": "disabled"},
                {"name": "Later", "display_name": "ras something new", "state": "Stopped"},
            ]
        },
    ),
    "observe_active": Row("ras_observe", _IN_SESSION, {"license": ACTIVE}),
    "observe_foreign": Row("ras_observe", _IN_SESSION, {"license": FOREIGN}),
    "observe_trial": Row("ras_observe", _IN_SESSION, {"license": TRIAL}),
    "observe_none": Row("ras_observe", _IN_SESSION, {"license": NONE}),
    "observe_sites": Row("ras_observe", _IN_SESSION, {"license": ACTIVE, **_SITES, "hosts": [_BROKER, _SECOND]}),
    "observe_of_18": Row("ras_observe", _IN_SESSION, {"license": ACTIVE, "generation": 18}),
    "observe_of_19": Row("ras_observe", _IN_SESSION, {"license": ACTIVE, "generation": 19}),
    "observe_too_old": Row("ras_observe", _IN_SESSION, {"hosts": [{**_BROKER, "agent_version": "17.1.2.22000"}]}),
    "observe_wrong_user": Row("ras_observe", {**_IN_SESSION, "Username": "nobody@example.com"}),
    "observe_wrong_form": Row("ras_observe", {**_IN_SESSION, "Username": "DOMAIN\\nobody"}),
    "observe_without_ras": Row("ras_observe", _IN_SESSION, windows={"ras_installed": False}),
    "observe_broker_stopped": Row(
        "ras_observe", _IN_SESSION, windows={"services": [{"name": "RAS Connection Broker", "state": "Stopped"}]}
    ),
    "agents": Row("ras_agents", _IN_SESSION, {**_SITES, "hosts": [_BROKER, _SESSION_HOST, _SECOND]}),
    "agents_states": Row(
        "ras_agents",
        _IN_SESSION,
        {
            "hosts": [
                {**_BROKER, "listed_as": {"gateway": None}},
                {**_SESSION_HOST, "agent_state": None, "agent_version": "20.0.1.25000"},
            ]
        },
    ),
    "apply": Row("ras_apply", _IN_SESSION),
    "activate": Row("ras_license_write", {**_WRITE, "Action": "activate"}, {"license": NONE}),
    "activate_as_a_trial": Row(
        "ras_license_write", {**_WRITE, "Action": "activate", "secrets": {**SECRETS, "AccountPassword": PASSWORD}}
    ),
    "activate_refused": Row(
        "ras_license_write",
        {**_WRITE, "Action": "activate", "secrets": {**_ACCOUNT, "AccountPassword": "not the right one"}},
    ),
    "activate_says": Row(
        "ras_license_write",
        {**_WRITE, "Action": "activate"},
        {"faults": [{"on": "activate", "kind": "vendor_text", "message": "ライセンス キーが無効です。"}]},
    ),
    "activate_without_a_session": Row("ras_license_write", {**_WRITE, "Action": "activate", "Username": "nobody"}),
    "deactivate": Row("ras_license_write", {**_WRITE, "Action": "deactivate"}, {"license": ACTIVE}),
    "deactivate_refused": Row("ras_license_write", {**_WRITE, "Action": "deactivate"}, {"license": NONE}),
    "push": Row("ras_agent_update", {**_IN_SESSION, "Server": "rd1.alpha.example.com", "SiteId": 1}),
    "push_by_force": Row("ras_agent_update", {**_IN_SESSION, "Server": "rd1.alpha.example.com", "Force": True}),
    "push_nobody": Row("ras_agent_update", {**_IN_SESSION, "Server": "rd9.alpha.example.com"}),
    **{
        f"drain_{kind}_{major}": Row(
            "ras_drain",
            {**_IN_SESSION, "Server": server, "Kind": kind, "Enabled": False, "SiteId": 1},
            {"generation": major},
        )
        for major in (18, 20, 21)
        for kind, server in (
            ("rds", "rd1.alpha.example.com"),
            ("gateway", "cb1.alpha.example.com"),
            ("broker", "cb1.alpha.example.com"),
        )
    },
    "drain_unheard_of": Row("ras_drain", {**_IN_SESSION, "Server": "x", "Kind": "hypervisor", "Enabled": True}),
    "undrain": Row("ras_drain", {**_IN_SESSION, "Server": "rd1.alpha.example.com", "Kind": "rds", "Enabled": True}),
    "export": Row("ras_export", _EXPORT),
    "export_and_retain": Row(
        "ras_export",
        _EXPORT,
        windows={
            "files": {f"C:\\ProgramData\\{name}": name for name in ("a-1.dat2", "A-2.DAT2", "b-1.dat2", "a-1.txt")}
        },
    ),
    "export_with_a_limit_on_20": Row("ras_export", {**_EXPORT, "TimeoutInSecs": 60}, {"generation": 20}),
    "export_nowhere": Row("ras_export", {**_EXPORT, "Path": "C:\\nowhere\\a.dat2"}),
    "tail_missing": Row("read_tail", {"Path": _LOG}),
    "tail": Row("read_tail", {"Path": _LOG, "Lines": 2}, windows={"files": {_LOG: "one\r\ntwo\r\nthree ü\r\n"}}),
    "note_missing": Row(
        "state_note", {"Path": _NOTE}, windows={"access": {"C:\\ProgramData\\FleetOps\\RAS": "private"}}
    ),
    "note_written": Row("state_note", {"Path": _LOG, "Content": "{'hosts': ['käse', '本社']}\n"}),
    "note_alike": Row("state_note", {"Path": _LOG, "Content": "same"}, windows={"files": {_LOG: "same"}}),
    "note_in_check_mode": Row(
        "state_note", {"Path": _LOG, "Content": "new", "check": True}, windows={"files": {_LOG: "old"}}
    ),
    "folder_made": Row("private_folder", {"Path": "C:\\ProgramData\\FleetOps\\RAS", "Create": True, "Files": "a|b"}),
    "folder_in_check_mode": Row(
        "private_folder", {"Path": "C:\\ProgramData\\FleetOps\\RAS", "Create": True, "check": True}
    ),
    "folder_missing": Row("private_folder", {"Path": "C:\\ProgramData\\FleetOps\\RAS"}),
    **{
        f"folder_{kind}": Row(
            "private_folder",
            {"Path": "C:\\ProgramData\\FleetOps", "Files": "a.json"},
            windows={"access": {"C:\\ProgramData\\FleetOps": kind}},
        )
        for kind in ("private", "open", "foreign", "link")
    },
    "unsigned": Row("signature", {"Path": _LOG}, windows={"files": {_LOG: "no MSI"}}),
    **{
        f"signed_{name}": Row("signature", {"Path": MSI}, msi=f"{name}-21.2.28000.msi")
        for name in ("RASInstaller", "foreign", "unsigned")
    },
    "signed_without_root": Row(
        "signature", {"Path": MSI}, windows={"root_missing": True}, msi="RASInstaller-21.2.28000.msi"
    ),
    "signature_of_nothing": Row("signature", {"Path": _LOG}),
    "restart": Row("host_restart", _RESTART),
    "restart_in_the_place_of_another": Row("host_restart", _RESTART, scheduled=True),
    "restart_of_a_host_that_goes_down": Row("host_restart", _RESTART, windows={"shutdown_code": 1115}),
    "restart_denied": Row("host_restart", _RESTART, windows={"shutdown_code": 5}),
    **{
        f"install_{name}": Row("host_install", installing(MSI), farm, windows, MSI_NAME)
        for name, (farm, windows) in INSTALLATIONS.items()
    },
    **{
        f"install_{name}": Row("host_install", installing(MSI, **given), msi=MSI_NAME)
        for name, given in CHANGED.items()
    },
    "install_another": Row("host_install", installing(MSI), msi="foreign-21.2.28000.msi"),
    "install_by_somebody_else": Row(
        "host_install", installing(MSI, Sha256=sha256_of("foreign-21.2.28000.msi")), msi="foreign-21.2.28000.msi"
    ),
    "install_unsigned": Row(
        "host_install", installing(MSI, Sha256=sha256_of("unsigned-21.2.28000.msi")), msi="unsigned-21.2.28000.msi"
    ),
    "install_in_other_letters": Row(
        "host_install",
        installing(MSI, Sha256=sha256_of(MSI_NAME).upper(), Thumbprint=thumbprint_of(MSI_NAME).lower()),
        msi=MSI_NAME,
    ),
    "install_nothing": Row("host_install", installing(MSI)),
}


def _world(row: Row) -> dict[str, t.Any]:
    made = windows_world({"alpha": {**_ANY_FARM, **row.farm}})
    hosts = made["farms"][0]["hosts"]
    hosts[0]["windows"] = {**hosts[0].get("windows", {}), **row.windows}
    return made


def _after(machine: Machine) -> dict[str, t.Any]:
    """What a script may have changed: the license, agents, files with their rights, products, and the journal."""
    windows = machine.windows
    held = machine.farm.license
    return {
        "license": (held.state, held.type, held.key, held.person and held.person.email),
        "hosts": [(host.name, host.enabled, host.agent_version) for host in machine.farm.hosts],
        "files": [(node.path, node.content, node.access.sddl) for node in windows.files.listing()],
        "folders": [(node.path, node.access.sddl) for node in windows.files.folders()],
        "sessions": machine.farm.sessions.live(1e9),
        "products": [product.version for product in windows.products],
        "restart": (windows.pending_reboot, machine.shutdown_scheduled),
        "journal": [(each.op, each.effect, each.args, each.check, each.status) for each in machine.journal.entries],
    }


@pytest.mark.parametrize("name", ROWS)
def test_double_and_engine_agree(bench: Bench, name: str) -> None:
    row = ROWS[name]
    world = _world(row)
    machines = [bench.machine(world), bench.machine(world)]
    for machine in machines:
        machine.shutdown_scheduled = row.scheduled
        if row.msi:
            machine.windows.files.write(MSI, content_of(row.msi))
    said = bench.double(machines[0], row.script, **copy.deepcopy(dict(row.given)))
    # Now: a restart that it ordered comes in its own time.
    expected = _after(machines[0])
    heard = bench.engine(machines[1], row.script, **copy.deepcopy(dict(row.given)))
    assert heard.answer == said.answer
    assert heard.changed == said.changed
    assert _after(machines[1]) == expected
    for machine in machines:
        machine.stop()


def test_every_double_has_a_row() -> None:
    assert {row.script for row in ROWS.values()} == set(scripts.known())
