# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host that answers scripts from a list, and remembers them."""

from __future__ import annotations

import json
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.scripts import ScriptRunner

OBSERVED: dict[str, t.Any] = {
    "ok": True,
    "computer": "CB1",
    "version": "20.2.0.26050 (x64)",
    "license": {"Type": "PostPaid", "LicenseKey": "****-CV55K2", "PAUserEmail": "licensing@example.com"},
    "sites": [{"Id": 1, "Name": "Main", "LicensingSite": True}],
    "brokers": [
        {"Id": 2, "Server": "cb2.example.com", "SiteId": 1, "Priority": 1, "Standby": True, "Enabled": True},
        {"Id": 1, "Server": "cb1.example.com", "SiteId": 1, "Priority": 0, "Standby": False, "Enabled": True},
    ],
    "unread": [],
}

HOST: dict[str, t.Any] = {
    "ok": True,
    "computer": "CB1",
    "full_name": "cb1.example.com",
    "os": "Microsoft Windows Server 2022 Standard",
    "products": [
        {
            "name": "Parallels Remote Application Server",
            "version": "20.2.26050",
            "publisher": "Parallels",
            "product_code": "{AA}",
        }
    ],
    "services": [
        {
            "name": "RAS Connection Broker",
            "display_name": "RAS Connection Broker",
            "status": "Running",
            "start_type": "Automatic",
        }
    ],
    "folder": "C:\\RAS",
    "module": "RASAdmin",
    "module_version": "4.0",
    "reboot_pending": False,
    "reboot_sources": [],
    "file_renames": False,
    "installer_running": False,
    "disk_free_bytes": 42949672960,
    "product_disk_free_bytes": 42949672960,
    "uptime_seconds": 259200,
    "session_count": 3,
    "unread": [],
}


def error(code: str, message: str = "said so") -> dict[str, t.Any]:
    """The answer of a script that ended with an error."""
    return {"ok": False, "error": {"code": code, "message": message}}


def unread(**why: str) -> dict[str, t.Any]:
    """The answer of ras_observe where these sources could not be read."""
    rows = [{"source": source, "why": said} for source, said in why.items()]
    return {**OBSERVED, **dict.fromkeys(why), "unread": rows}


PRIVATE = "O:BAG:BAD:PAI(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)"


def access_rows(path: str, sddl: str = PRIVATE, kind: str = "folder") -> list[dict[str, t.Any]]:
    """What scripts say of the folders that lead to a path, and of the path, which has this descriptor."""
    parts = path.split("\\")
    chain = [parts[0] + "\\", *("\\".join(parts[:number]) for number in range(2, len(parts) + 1))]
    rows = [{"path": each, "kind": "folder", "link": False, "owner": "X\\x", "sddl": PRIVATE} for each in chain]
    rows[-1] |= {"kind": kind, "sddl": sddl}
    return rows


class FakeHost:
    """Answers in order; the last answer stays. Only what private_folder asks is answered by itself.

    :ivar sent: name, parameters and secrets of each other script.
    :ivar folders: the parameters of each private_folder.
    :ivar folder: the descriptor of every folder that is asked about, or what happens instead.
    """

    def __init__(
        self, *answers: dict[str, t.Any] | Exception, folder: str | dict[str, t.Any] | Exception = PRIVATE
    ) -> None:
        self.answers = list(answers)
        self.folder = folder
        self.folders: list[dict[str, t.Any]] = []
        self.sent: list[tuple[str, dict[str, t.Any], dict[str, str]]] = []

    @property
    def names(self) -> list[str]:
        """The names of the scripts that ran."""
        return [name for name, _parameters, _secrets in self.sent]

    def runner(self) -> ScriptRunner:
        """What the plugins use."""
        return ScriptRunner(self.execute, "cb1.example.com")

    def execute(self, arguments: dict[str, t.Any]) -> dict[str, t.Any]:
        """What win_powershell would answer."""
        name = arguments["script"].split()[2]
        if name == "private_folder":
            return self._look(arguments["parameters"])
        secrets = {each["name"]: each["value"] for each in arguments.get("sensitive_parameters", [])}
        self.sent.append((name, arguments["parameters"], secrets))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return {"changed": False, "result": json.dumps(answer)}

    def _look(self, parameters: dict[str, t.Any]) -> dict[str, t.Any]:
        self.folders.append(parameters)
        if isinstance(self.folder, Exception):
            raise self.folder
        answer: t.Any = self.folder
        if isinstance(self.folder, str):
            names = [name for name in parameters["Files"].split("|") if name]
            files = [access_rows(f"{parameters['Path']}\\{name}", kind="file")[-1] for name in names]
            answer = {"ok": True, "made": False, "rows": access_rows(parameters["Path"], self.folder), "files": files}
        return {"changed": False, "result": json.dumps(answer)}
