# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that a lab leaves for its users: inventory, vault, CA certificate and, last, lab.json."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

import yaml

from raslab.host import RasHost
from raslab.lab import RunningLab
from raslab.listener import WINRM_PORTS
from raslab.ssh.server import SSH_PORT
from raslab.views import farms_summary
from raslab.windows.model import WindowsHost

_SSH_KEY, _KNOWN_HOSTS = "ssh_key", "known_hosts"


def write_files(lab: RunningLab, directory: Path, control_url: str) -> Path:
    """Writes everything; lab.json appears last and at once, and so says that the lab is ready."""
    paths = {
        "inventory": directory / "inventory.yml",
        "vault": directory / "group_vars" / "all" / "vault.yml",
        "vault_password": directory / "vault_password",
        "ca": directory / "ca.pem",
    }
    (directory / "group_vars" / "all").mkdir(parents=True, exist_ok=True)
    _write(paths["ca"], lab.shop.ca_pem.decode(), 0o644)
    _write_ssh_files(lab, directory)
    password = secrets.token_urlsafe(24)
    _write(paths["vault_password"], password + "\n", 0o600)
    vault = {**_windows_passwords(lab), **lab.world.vault}
    if vault:
        _write(paths["vault"], _encrypted(vault, password), 0o600)
    else:  # one of an earlier lab could not be read with the new password
        paths["vault"].unlink(missing_ok=True)
    _write(paths["inventory"], yaml.safe_dump(inventory(lab, paths["ca"]), sort_keys=False, allow_unicode=True), 0o644)
    ready = directory / "lab.json"
    summary = {
        "pid": os.getpid(),
        "control_url": control_url,
        "farms": farms_summary(lab),
        "paths": {name: str(path) for name, path in paths.items()},
    }
    _write(ready, json.dumps(summary, indent=1), 0o644)
    return ready


def inventory(lab: RunningLab, ca_path: Path) -> dict[str, Any]:
    """The Ansible inventory: licensing servers and members, each at its address.

    Passwords are in the vault file only; variables refer to them.
    """
    passwords = {password: name for name, password in _windows_passwords(lab).items()}
    groups: dict[str, dict[str, Any]] = {"ras_licensing_servers": {}, "ras_members": {}}
    for farm in lab.world.farms:
        if not farm.in_inventory:
            continue
        for host in farm.hosts:
            is_member = host is not farm.licensing_server if host.member is None else host.member
            variables = _host_variables(lab, farm.name, host)
            if host.windows:
                variables.update(_connection_variables(host.windows, passwords, ca_path))
            if not is_member:
                variables.update(farm.vars)
            variables.update(host.vars)
            groups["ras_members" if is_member else "ras_licensing_servers"][host.name] = variables
    return {
        "all": {
            "vars": {"ras_ca_path": str(ca_path), **lab.world.inventory_vars},
            "children": {name: {"hosts": hosts} for name, hosts in groups.items()},
        }
    }


def _host_variables(lab: RunningLab, farm: str, host: RasHost) -> dict[str, Any]:
    connection = host.windows.connection if host.windows else "winrm"
    variables: dict[str, Any] = {"ansible_host": host.address, "ansible_connection": connection, "ras_farm": farm}
    if fingerprint := lab.fingerprint(host):
        # for worlds whose vars pin a certificate: ras_cert_fingerprint: "{{ lab_certificate_sha256 }}"
        variables["lab_certificate_sha256"] = fingerprint
    return variables


def _windows_passwords(lab: RunningLab) -> dict[str, str]:
    """A name in the vault for each distinct password of the users that Ansible signs in with."""
    hosts = [host for farm in lab.world.farms for host in farm.hosts]
    found = dict.fromkeys(host.windows.users[0].password for host in hosts if host.windows and host.windows.users)
    return {f"lab_windows_password_{number}": password for number, password in enumerate(found, start=1)}


def _connection_variables(windows: WindowsHost, passwords: dict[str, str], ca_path: Path) -> dict[str, Any]:
    """How Ansible reaches the host, and as whom."""
    if windows.connection == "ssh":
        return {**_ssh_variables(ca_path.parent), "ansible_user": windows.users[0].name}
    variables = {"winrm": _winrm_variables, "psrp": _psrp_variables}[windows.connection](windows, str(ca_path))
    if windows.users:
        variables["ansible_user"] = windows.users[0].name
        variables["ansible_password"] = "{{ " + passwords[windows.users[0].password] + " }}"
    return variables


def _winrm_variables(windows: WindowsHost, ca_path: str) -> dict[str, Any]:
    return {
        "ansible_port": WINRM_PORTS[windows.winrm.scheme],
        "ansible_winrm_scheme": windows.winrm.scheme,
        "ansible_winrm_transport": windows.winrm.auth[0],
        **({"ansible_winrm_ca_trust_path": ca_path} if windows.winrm.scheme == "https" else {}),
    }


def _psrp_variables(windows: WindowsHost, ca_path: str) -> dict[str, Any]:
    variables: dict[str, Any] = {
        "ansible_port": WINRM_PORTS[windows.winrm.scheme],
        "ansible_psrp_protocol": windows.winrm.scheme,
        "ansible_psrp_auth": windows.winrm.auth[0],
    }
    if windows.winrm.scheme == "https":
        variables["ansible_psrp_ca_cert"] = ca_path
    elif windows.winrm.auth[0] == "basic":
        # Basic has nothing to seal messages with, and pypsrp would insist on it.
        variables["ansible_psrp_message_encryption"] = "never"
    return variables


def _ssh_variables(directory: Path) -> dict[str, Any]:
    return {
        "ansible_port": SSH_PORT,
        "ansible_shell_type": "powershell",
        # By a key: for a password, ansible-core before 2.19 needs the program sshpass.
        "ansible_ssh_private_key_file": str(directory / _SSH_KEY),
        "ansible_ssh_common_args": f"-o UserKnownHostsFile={directory / _KNOWN_HOSTS} -o StrictHostKeyChecking=yes",
    }


def _write_ssh_files(lab: RunningLab, directory: Path) -> None:
    """What an SSH client needs: the key of the user, and those of the hosts."""
    if lab.ssh_listeners:
        addresses = {name: listener.machine.host.address for name, listener in lab.ssh_listeners.items()}
        _write(directory / _SSH_KEY, lab.ssh_keys.of_client(), 0o600)
        _write(directory / _KNOWN_HOSTS, lab.ssh_keys.known_hosts(addresses, SSH_PORT), 0o644)


def _encrypted(values: dict[str, Any], password: str) -> str:
    # imported late: only the vault file needs ansible-core
    from ansible.parsing.vault import VaultLib, VaultSecret

    vault = VaultLib(secrets=[("default", VaultSecret(password.encode()))])
    plain = yaml.safe_dump(values, allow_unicode=True, sort_keys=False)
    return str(vault.encrypt(plain).decode())


def _write(path: Path, content: str, mode: int) -> None:
    """Writes to a neighbor and renames it, so that nobody reads half a file; the mode holds from the first byte."""
    part = path.with_name(path.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(content)
    os.replace(part, path)
