# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys of hosts and of their client: new for each lab, and never on a disk before its files are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Keys:
    """Made when they are asked for: only worlds that use SSH need asyncssh."""

    def __init__(self) -> None:
        self._of_hosts: dict[str, Any] = {}
        self._of_client: Any = None

    def of_host(self, name: str) -> Any:
        """The key of a host; a restart does not change it."""
        if name not in self._of_hosts:
            self._of_hosts[name] = _new()
        return self._of_hosts[name]

    def is_of_client(self, key: Any) -> bool:
        """Whether a public key is that of the client."""
        return self._of_client is not None and key == self._of_client.convert_to_public()

    def of_client(self) -> str:
        """The private key with which Ansible comes, as OpenSSH keeps it."""
        self._of_client = self._of_client or _new()
        return str(self._of_client.export_private_key().decode())

    def known_hosts(self, addresses: Mapping[str, str], port: int) -> str:
        """The lines of a known_hosts file.

        Args:
            addresses: Of hosts, by name.
            port: Where they listen.
        """
        lines = []
        for name, address in addresses.items():
            public = self.of_host(name).export_public_key().decode().strip()
            lines.append(f"[{address}]:{port} {public}\n")
        return "".join(lines)


def _new() -> Any:
    import asyncssh

    return asyncssh.generate_private_key("ssh-ed25519")
