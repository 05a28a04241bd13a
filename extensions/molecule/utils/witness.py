# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the scenarios ask: the hosts through WinRM, by testinfra, and the lab's control API."""

from __future__ import annotations

import base64
import json
import os
import typing as t
import urllib.parse
import urllib.request
from pathlib import Path

import testinfra

# As tests/lab/worlds/molecule.yml has them.
USER: t.Final = "Administrator"
PASSWORD: t.Final = "simulated-windows"
EMAIL: t.Final = "licensing@example.com"
WANTED: t.Final = "21.2.0.28000"


class Witness:
    """The lab of this scenario."""

    def __init__(self) -> None:
        self._lab = json.loads((Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"]) / "lab" / "lab.json").read_text())

    def ask(self, path: str, **query: str) -> t.Any:
        """Ask the control API."""
        url = f"{self._lab['control_url']}{path}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(url, timeout=30) as answer:
            return json.load(answer)

    def farm(self, name: str) -> dict[str, t.Any]:
        """The true state of a farm."""
        return t.cast("dict[str, t.Any]", self.ask(f"/farms/{name}"))

    def effects(self, *wanted: str) -> list[tuple[str, str, str]]:
        """What happened, in order: farm, host, effect."""
        return [
            (entry["farm"], entry["host"], entry["effect"])
            for entry in self.ask("/journal")
            if entry["effect"] in wanted
        ]

    def clean(self) -> None:
        """Hold the lab to a run that left nothing behind and asked nothing that is not modeled."""
        assert self.ask("/sessions") == []
        assert self.ask("/problems") == []

    def powershell(self, farm: str, host: str, script: str) -> str:
        """What a script says on a host, over WinRM with NTLM."""
        address = self._lab["farms"][farm]["hosts"][host]
        connection = testinfra.get_host(f"winrm://{USER}:{PASSWORD}@{address}:5985?no_ssl=true")
        encoded = base64.b64encode(script.encode("utf-16-le")).decode()
        ran = connection.run(f"powershell -NoProfile -EncodedCommand {encoded}")
        assert ran.rc == 0, ran.stderr
        return str(ran.stdout).strip()
