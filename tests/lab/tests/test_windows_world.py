# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows hosts in a world: what is read, what the inventory says, how a restart meets both protocols."""

from __future__ import annotations

import base64
import re
import socket
from pathlib import Path
from typing import Any

import pytest
import urllib3.exceptions
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from labclient import Client, eventually, world
from raslab.reading import WorldError
from raslab.testing import Lab
from raslab.windows.files import expand, FileError, FileSystem
from raslab.windows.products import product_version, ras_version
from raslab.world import load_world, read_world
from winclient import Box, farm, INSTALLER_URL, play, USER, windows_world
from winmodule import run_module

_LAB = Path(__file__).resolve().parents[1]


def test_a_world_without_windows_has_no_winrm(lab: Lab) -> None:
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((lab.farms["wide"]["address"], 5985), timeout=5)
    assert lab.host("wide")["windows"] is None


def test_the_inventory_and_the_vault(tmp_path: Path) -> None:
    described = windows_world(
        [
            farm("plain"),
            farm(
                "other",
                hosts=[
                    {
                        "name": "cb1.other.example.com",
                        "windows": {
                            "users": [{"name": "eve", "password": "eves-password"}],
                            "winrm": {"scheme": "https", "auth": ["ntlm", "basic"]},
                        },
                    }
                ],
            ),
        ]
    )
    with Lab(described, tmp_path / "lab") as lab:
        inventory = yaml.safe_load(lab.inventory.read_text(encoding="utf-8"))["all"]
        hosts = inventory["children"]["ras_licensing_servers"]["hosts"]
        plain, other = hosts["cb1.plain.example.com"], hosts["cb1.other.example.com"]
        assert {name: value for name, value in plain.items() if "winrm" in name or "ansible_p" in name} == {
            "ansible_port": 5985,
            "ansible_password": "{{ lab_windows_password_1 }}",
            "ansible_winrm_scheme": "http",
            "ansible_winrm_transport": "basic",
        }
        assert (other["ansible_port"], other["ansible_user"]) == (5986, "eve")
        assert (other["ansible_winrm_transport"], other["ansible_winrm_ca_trust_path"]) == ("ntlm", str(lab.ca_path))
        vault = VaultLib(secrets=[("default", VaultSecret(lab.vault_password_file.read_text().strip().encode()))])
        opened = yaml.safe_load(vault.decrypt((lab.dir / "group_vars" / "all" / "vault.yml").read_bytes()))
        assert opened["lab_windows_password_2"] == "eves-password"
        assert "eves-password" not in lab.inventory.read_text(encoding="utf-8") + lab.log_path.read_text()
        run = play(lab, "all", [{"name": "ping", "ansible.windows.win_ping": {}}], tmp_path / "run")
        assert run.rc == 0, run.output
        assert [entry["host"] for entry in lab.journal(op="win_ping")].count("cb1.other.example.com") == 1
        assert lab.problems() == []


@pytest.mark.parametrize(
    ("windows", "message"),
    [
        ({"color": "red"}, "unknown key color"),
        ({"winrm": {"auth": ["kerberos"]}}, "one of basic, ntlm"),
        ({"users": [{"name": "eve"}]}, "password is missing"),
        ({"services": [{"name": "x", "state": "Dancing"}]}, "one of Running, Stopped"),
        ({"durations": {"install": "long"}}, "a number is needed"),
    ],
)
def test_a_wrong_windows_side_is_refused(windows: dict[str, Any], message: str) -> None:
    with pytest.raises(WorldError, match=message):
        read_world(world([{"name": "tokyo", "windows": windows}]))


def test_a_download_that_is_not_there() -> None:
    with pytest.raises(WorldError, match="No such file"):
        read_world({**world([{"name": "tokyo"}]), "downloads": {"https://example.com/a": "lab:nothing.msi"}})


def test_hosts_differ_as_their_world_says() -> None:
    hosts = [
        {"name": "cb1.tokyo.example.com", "windows": {"products": [{"name": "Other", "version": "1.0"}]}},
        {"name": "gw1.tokyo.example.com", "components": ["gateway"], "windows": {"ras_installed": False}},
        {"name": "rd1.tokyo.example.com", "components": ["rds"], "windows": {"services": [{"name": "Spooler"}]}},
    ]
    read = read_world(world([{"name": "tokyo", "windows": {"disk_free_gb": 7}, "hosts": hosts}]))
    sides = [host.windows for host in read.farms[0].hosts]
    assert all(side is not None and side.disk_free == 7 * 1024**3 for side in sides)
    names = [[product.name for product in side.products] for side in sides if side]
    assert names == [["Parallels Remote Application Server", "Other"], [], ["Parallels Remote Application Server"]]
    assert [side.services.find("spooler") is not None for side in sides if side] == [False, False, True]


def test_the_sample_world_rolls() -> None:
    read = load_world(_LAB / "worlds" / "rollout.yml")
    assert {farm_.name: len(farm_.hosts) for farm_ in read.farms} == {"tokyo": 4, "osaka": 2, "nagoya": 1}
    assert next(iter(read.downloads)) in str(read.inventory_vars)


@pytest.mark.parametrize(
    ("agent", "package"), [("20.2.0.26050", "20.2.26050"), ("21.2.1.27306", "21.2.27306"), ("20.2.26050", "20.2.26050")]
)
def test_versions_have_three_parts_in_a_package(agent: str, package: str) -> None:
    assert product_version(agent) == package
    assert product_version(ras_version(package)) == package


def test_paths_are_read_as_windows_reads_them() -> None:
    files = FileSystem()
    assert expand("%TEMP%/a\\.\\b\\") == r"C:\Users\Administrator\AppData\Local\Temp\a\b"
    assert expand("c:") == "c:\\"
    files.make_folder(r"C:\Data")
    files.write(r"c:\DATA\x.txt", b"1")
    assert files.read(r"C:\data\X.TXT") == b"1"
    with pytest.raises(FileError, match="Could not find a part of the path"):
        files.write(r"C:\no\x.txt", b"1")
    assert files.remove(r"C:\Data") is True
    assert files.find(r"C:\Data\x.txt") is None


def test_a_restart_takes_rest_and_winrm_away(box: Box) -> None:
    client = Client(f"https://{box.address}:20443", str(box.lab.ca_path))
    client.logon()
    shell = box.session().protocol.open_shell()
    assert shell
    box.lab.add_fault(box.name, on="restart", kind="restart_slow", seconds=1.0)
    box.lab.patch_windows(box.name, box.host, power="restarting")
    assert eventually(lambda: bool(box.windows["power"] == "restarting"))
    with pytest.raises(urllib3.exceptions.HTTPError):
        client.license()
    with pytest.raises(OSError, match="refused"):
        box.session().run_cmd("hostname")
    assert (box.windows["shells"], box.truth["listening"]) == (0, False)
    box.lab.wait_for(box.name, "restart", "done")
    assert client.license().status == 401
    assert client.logon().status == 200
    assert box.session().run_cmd("hostname").status_code == 0


def test_what_is_installed_over_winrm_shows_in_rest(box: Box) -> None:
    client = Client(f"https://{box.address}:20443", str(box.lab.ca_path))
    client.logon()
    assert client.ask("GET", "/api/Broker").status == 200
    run_module(box.session(), "win_package", path=INSTALLER_URL)
    assert client.ask("GET", "/api/WebService/version").json == {"version": "21.2.0.28000"}
    # generation 21 has another path for brokers, and the old one no more
    assert client.ask("GET", "/api/Broker").status == 404
    assert client.ask("GET", "/api/ConnectionBroker").status == 200
    agents = client.ask("GET", "/api/Agent").json
    assert {agent["agentVer"] for agent in agents if agent["agentVer"]} == {"21.2.0.28000"}


def test_passwords_do_not_leak_over_the_wire(box: Box) -> None:
    """A refused log-on shows nobody what would have been right."""
    token = base64.b64encode(f"{USER}:wrong".encode()).decode()
    answer = urllib3.PoolManager(retries=False).request(
        "POST", f"http://{box.address}:5985/wsman", body=b"<a/>", headers={"Authorization": f"Basic {token}"}
    )
    assert answer.status == 401
    assert re.fullmatch('Basic realm="WSMAN"', answer.headers["WWW-Authenticate"])
