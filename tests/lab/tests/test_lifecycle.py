# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting, being many, and leaving nothing behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from labclient import Client, eventually, OTHER_EMAIL, OTHER_KEY, world
from raslab.testing import Lab, LabError

_LAB_PATH = str(Path(__file__).resolve().parents[1])


def _locks() -> set[str]:
    return {path.name for path in Path(tempfile.gettempdir()).glob("raslab-127.*.lock")}


def _lock_of(lab: Lab) -> str:
    address = next(iter(lab.farms.values()))["address"]
    return f"raslab-{address.rpartition('.')[0]}.lock"


def _start(world_path: Path, directory: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "raslab", "up", str(world_path), "--dir", str(directory), *options]
    environment = {**os.environ, "PYTHONPATH": _LAB_PATH}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _wait_until_it_serves(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    shown = ""
    while not shown.rpartition("\n")[0].rpartition("\n")[2].startswith("control "):
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        shown += line
    return shown


@pytest.fixture
def small(world_file: Callable[[Any], Path]) -> Path:
    return world_file(world([{"name": "tokyo"}]))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_nothing_is_left(small: Path, tmp_path: Path, number: signal.Signals) -> None:
    process = _start(small, tmp_path / "lab")
    _wait_until_it_serves(process)
    summary = json.loads((tmp_path / "lab" / "lab.json").read_text())
    address = summary["farms"]["tokyo"]["address"]
    lock = f"raslab-{address.rpartition('.')[0]}.lock"
    assert lock in _locks()
    hanging = socket.create_connection((address, 20443), 5)
    process.send_signal(number)
    assert process.wait(15) == 0
    hanging.close()
    assert lock not in _locks()
    assert not (tmp_path / "lab" / "lab.json").exists(), "a file that says ready must not outlive the lab"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address, 20443), 5)


def test_it_stops_while_a_client_hangs(tmp_path: Path) -> None:
    farm = {"name": "tokyo", "faults": [{"kind": "hang", "times": -1}]}
    with Lab(world([farm]), tmp_path) as lab:
        client = Client(lab.farms["tokyo"]["url"], str(lab.ca_path))
        connection = client.pool.connection_from_url(client.base)._get_conn()
        connection.request("GET", "/api/License")
        assert eventually(lambda: len(lab.journal()) == 1)
        assert lab.stop() == 0


def test_it_stops_by_itself(small: Path, tmp_path: Path) -> None:
    assert _start(small, tmp_path / "lab", "--for", "0.1").wait(20) == 0


def test_it_dies_with_its_parent(small: Path, tmp_path: Path) -> None:
    parent = subprocess.Popen(["sleep", "600"])
    process = _start(small, tmp_path / "lab", "--parent-pid", str(parent.pid))
    _wait_until_it_serves(process)
    parent.kill()
    parent.wait()
    assert process.wait(15) == 0


def test_it_does_not_start_for_a_parent_that_is_gone(small: Path, tmp_path: Path) -> None:
    parent = subprocess.Popen(["true"])
    parent.wait()
    assert _start(small, tmp_path / "lab", "--parent-pid", str(parent.pid)).wait(20) == 0


def test_labs_side_by_side_never_collide(tmp_path: Path) -> None:
    labs = [Lab(world([{"name": "tokyo"}]), tmp_path / str(number)) for number in range(4)]
    try:
        for lab in labs:
            lab.start()
        assert len({_lock_of(lab) for lab in labs}) == 4
        assert {Client(lab.farms["tokyo"]["url"], str(lab.ca_path)).logon().status for lab in labs} == {200}
        assert [len(lab.journal()) for lab in labs] == [1, 1, 1, 1]
    finally:
        assert [lab.stop() for lab in labs] == [0, 0, 0, 0]


def test_it_listens_on_its_own_loopback_addresses_only(lab: Lab) -> None:
    inodes = set()
    for descriptor in Path(f"/proc/{lab.pid}/fd").iterdir():
        target = os.readlink(descriptor)
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    listening = [
        line.split()
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if line.split()[9] in inodes and line.split()[3] == "0A"
    ]
    assert len(listening) > 100
    # little endian: the last pair of digits is the first number of the address
    assert {fields[1].partition(":")[0][-2:] for fields in listening} == {f"{127:02X}"}


def test_a_fleet_of_200_farms_starts_and_serves(tmp_path: Path) -> None:
    farms = [{"name": f"farm{number}"} for number in range(200)]
    with Lab(world(farms), tmp_path) as lab:
        clients = [Client(farm["url"], str(lab.ca_path)) for farm in lab.farms.values()]
        assert {client.logon().status for client in clients[:50]} == {200}
        assert len(lab.open_sessions()) == 50
        assert len({farm["address"] for farm in lab.farms.values()}) == 200


def test_the_files(tmp_path: Path) -> None:
    described = world(
        [
            {
                "name": "tokyo",
                "vars": {"ras_license_key": "{{ vault_key }}"},
                "hosts": [
                    {"name": "cb1.tokyo.example.com", "vars": {"ras_note": "東京"}},
                    {"name": "gw1.tokyo.example.com", "components": ["gateway"], "vars": {"ansible_connection": "ssh"}},
                ],
            },
            {"name": "hidden", "inventory": False},
            {
                "name": "mixed-up",
                "hosts": [
                    {"name": "cb1.mix.example", "member": True},
                    {"name": "cb2.mix.example", "member": False},
                ],
            },
        ]
    )
    described["inventory_vars"] = {"ras_timeout": 5}
    described["vault"]["vault_key"] = "AB12CD-ME0000-GH56IJ-B978KL-C00000"
    with Lab(described, tmp_path) as lab:
        inventory = yaml.safe_load(lab.inventory.read_text(encoding="utf-8"))["all"]
        assert inventory["vars"] == {"ras_ca_path": str(lab.ca_path), "ras_timeout": 5}
        groups = {name: group["hosts"] for name, group in inventory["children"].items()}
        assert list(groups["ras_licensing_servers"]) == ["cb1.tokyo.example.com", "cb2.mix.example"]
        assert list(groups["ras_members"]) == ["gw1.tokyo.example.com", "cb1.mix.example"]
        shown = groups["ras_licensing_servers"]["cb1.tokyo.example.com"]
        assert shown == {
            "ansible_host": lab.farms["tokyo"]["address"],
            "ansible_connection": "winrm",
            "ras_farm": "tokyo",
            "lab_certificate_sha256": lab.farm("tokyo")["hosts"][0]["certificate_sha256"],
            "ras_license_key": "{{ vault_key }}",
            "ras_note": "東京",
        }
        assert groups["ras_members"]["gw1.tokyo.example.com"]["ansible_connection"] == "ssh"
        password = lab.vault_password_file.read_text().strip()
        vault = VaultLib(secrets=[("default", VaultSecret(password.encode()))])
        encrypted = (tmp_path / "group_vars" / "all" / "vault.yml").read_bytes()
        assert encrypted.startswith(b"$ANSIBLE_VAULT;1.1;AES256\n")
        assert yaml.safe_load(vault.decrypt(encrypted)) == described["vault"]
        assert lab.vault_password_file.stat().st_mode & 0o777 == 0o600
        assert "PRIVATE KEY" not in lab.ca_path.read_text()
        # one that is killed leaves its files; a new lab in the same place writes them anew
    with Lab({**world([{"name": "osaka"}]), "vault": {}}, tmp_path) as lab:
        assert not (tmp_path / "group_vars" / "all" / "vault.yml").exists()
        assert "tokyo" not in lab.inventory.read_text(encoding="utf-8")


def test_a_wrong_world_is_an_error_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="unknown key color"):
        Lab(world([{"name": "tokyo", "color": "red"}]), tmp_path).start()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"color": "red"}, "unknown key color"),
        ({"quirks": {"pa_fields": "perhaps"}}, "present, absent"),
        ({"license": {"state": "active"}}, "needs an account"),
        ({"hosts": {"cb9": {}}}, "cb9 is not a host"),
        ({"admins": []}, "at least one administrator"),
    ],
)
def test_wrong_changes_change_nothing(lab: Lab, change: dict[str, Any], message: str) -> None:
    before = lab.farm("wide")
    with pytest.raises(LabError, match=message):
        lab.patch_farm("wide", settings_pending=True, **change)
    assert lab.farm("wide") == before


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"kind": "earthquake"}, "one of refuse, |one of reset_before"),
        ({"kind": "hang", "on": "lunch"}, "lunch is none of"),
        ({"kind": "vendor_unreachable", "on": "site"}, "site is none of activate, deactivate"),
        ({"kind": "hang", "status": 500}, "unknown key status"),
        ({"kind": "status"}, "status is missing"),
        ({"kind": "vendor_text"}, "either message or text"),
        ({"kind": "hang", "host": "cb9"}, "not a host of this farm"),
        ({"kind": "activate_wrong_account", "account": "x@y.example"}, "belongs to no account"),
    ],
)
def test_wrong_faults_are_refused(lab: Lab, fault: dict[str, Any], message: str) -> None:
    with pytest.raises(LabError, match=message):
        lab.add_fault("wide", **fault)
    assert lab.farm("wide")["faults"] == []


def test_what_is_not_there(lab: Lab) -> None:
    with pytest.raises(LabError, match="atlantis is not there"):
        lab.farm("atlantis")
    with pytest.raises(LabError, match="is not there"):
        lab.patch_account("nobody@example.com", locked=True)


def test_state_shows_accounts_and_who_uses_their_keys(lab: Lab) -> None:
    lab.patch_farm(
        "wide",
        license={"state": "active", "account": OTHER_EMAIL, "key": OTHER_KEY},
    )
    private = next(entry for entry in lab.state()["accounts"] if entry["company"] == "Private")
    lab.patch_farm("wide", license={"state": "none"})
    assert private["people"][0] == {"email": OTHER_EMAIL, "name": "Bob", "locked": False, "failures": 0}
    assert "wide" in private["keys"][0]["used_by"]
    assert private["keys"][0]["key"] == "****-ME****-****-B9****-BOB001"


def test_clearing_the_journal_keeps_the_problems(tmp_path: Path) -> None:
    with Lab(world([{"name": "tokyo"}]), tmp_path) as lab:
        client = Client(lab.farms["tokyo"]["url"], str(lab.ca_path))
        client.logon()
        client.activate("NO12CD-ME34EF-GH56IJ-B978KL-SUCHKY")
        client.ask("GET", "/api/Nothing")
        lab.clear_journal()
        assert (lab.journal(), lab.attempts(), len(lab.problems())) == ([], [], 1)
        client.license()
        assert lab.journal()[0]["seq"] == 4
