# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers the questions of one script in PowerShell: cmdlets of RAS, rights of files, signatures, programs."""

from __future__ import annotations

import base64
import inspect
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from raslab.engine.disk import Disk
from raslab.engine.programs import Programs
from raslab.powershell.scripts import Run
from raslab.ras.rasadmin import drain_arguments, PowerShellError, RasAdmin
from raslab.windows.access import access_of
from raslab.windows.files import FileError
from raslab.windows.msi import MESSAGES, signature_of, signer_of

# Properties that are unsigned numbers in the module (vendor's samples), where JSON knows numbers only.
_UNSIGNED = frozenset({"Id", "SiteId", "Priority", "GracePeriodDaysLeft", "InstalledUsers", "UsersPeak"})
_SETTER = re.compile(r"Set-RAS(?:RDSHost|RDS|Gateway|GW|Broker|PA)", re.IGNORECASE)


class ScriptModel:
    """What one run of a script sees of the world. It holds the script's RAS session.

    :param replaced: what cmdlets of RAS do instead of, or besides, what the world has them do, by name: ``print``
        (objects that come first), ``warning`` (a text), ``ask`` (the cmdlet asks), ``output`` (rows) and ``error``
        (``message``, ``id``, ``terminating``). Without output and error, the world answers. Values may have a type
        that JSON does not have: see ``host/RASAdmin.head.ps1``.
    """

    def __init__(self, run: Run, disk: Disk, replaced: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self._replaced = {name.lower(): dict(answer) for name, answer in (replaced or {}).items()}
        self._run = run
        self._disk = disk
        self._files = run.machine.windows.files
        self.admin = RasAdmin(run)
        self._programs = Programs(run)
        self._effect: str | None = None
        if run.entry.op == "ras_drain":
            # What the journal shows of it, as its double does.
            run.entry.args = drain_arguments(run)
        self._cmdlets: dict[str, Callable[[Mapping[str, Any]], Any]] = {
            "new-rassession": self._new_session,
            "remove-rassession": lambda _given: self.admin.remove_session(),
            "get-rasversion": lambda _given: self.admin.version(),
            "get-rassite": lambda _given: self.admin.sites(),
            "get-rasbroker": lambda given: self.admin.brokers(given["SiteId"]),
            "get-raspa": lambda given: self.admin.brokers(given["SiteId"]),
            "get-rasagent": lambda given: self.admin.agents(given["SiteId"]),
            "get-raslicensedetails": lambda _given: self.admin.license(),
            "invoke-raslicenseactivate": self._activate,
            "invoke-raslicensedeactivate": lambda given: self.admin.deactivate(given["Email"], given["Password"]),
            "invoke-rasapply": lambda _given: self._apply(),
            "invoke-rasexportsettings": self._export,
            "update-rasagent": lambda given: self.admin.update_agent(
                given["Server"], given.get("SiteId"), bool(given.get("Force"))
            ),
        }

    def close(self) -> None:
        """The script has ended."""
        self._programs.close()

    async def answer(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """What the model says to one question."""
        if question["ask"] == "cmdlet":
            return await self._cmdlet(question["name"], question["parameters"])
        if question["ask"] == "access":
            return self._access(question["path"], question["folder"])
        if question["ask"] == "set_access":
            return self._set_access(question["path"], question["sddl"])
        if question["ask"] == "signature":
            return self._signature(question["path"])
        return await self._programs.answer(question)

    async def _cmdlet(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        replaced = self._replaced.get(name.lower(), {})
        if {"output", "error"} & replaced.keys():
            return replaced
        return {**await self._modeled(name, given), **replaced}

    async def _modeled(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        try:
            found: Any = None
            if _SETTER.fullmatch(name):
                self._set_enabled(name, given)
            elif name.lower() in self._cmdlets:
                found = self._cmdlets[name.lower()](given)
            else:
                raise PowerShellError(f"raslab: the cmdlet {name} is not modeled")
            found = await found if inspect.isawaitable(found) else found
        except (PowerShellError, FileError) as error:
            error_id = getattr(error, "error_id", "RuntimeException")
            return {"error": {"message": str(error), "id": error_id, "terminating": True}}
        rows = found if isinstance(found, list) else [] if found is None else [found]
        return {"output": [_typed(row) for row in rows]}

    def _new_session(self, given: Mapping[str, Any]) -> dict[str, Any]:
        self.admin.new_session(given["Username"], given["Password"])
        # The vendor's samples throw the object away; what is in it is not documented.
        return {"Server": given.get("Server", "localhost"), "Username": given["Username"]}

    def _activate(self, given: Mapping[str, Any]) -> dict[str, Any]:
        self.admin.activate(given["Email"], given["Password"], given.get("Key"))
        # Writers put objects into the pipeline; a key may be in one.
        return {"Email": given["Email"], "LicenseKey": given.get("Key")}

    def _set_enabled(self, name: str, given: Mapping[str, Any]) -> None:
        enabled = bool(given["Enabled"])
        self.admin.set_enabled(name, given["Server"], enabled, given.get("SiteId"))
        self._effect = "undrained" if enabled else "drained"

    def _apply(self) -> None:
        self.admin.apply()
        # What the journal says of a drain is what was applied, as its double does.
        self._run.entry.effect = self._effect or self._run.entry.effect

    def _export(self, given: Mapping[str, Any]) -> None:
        self.admin.export_settings(given["FilePath"], int(given.get("TimeoutInSecs") or 0))
        node = self._files.find(given["FilePath"])
        assert node is not None
        self._disk.put(node)

    def _access(self, path: str, folder: bool) -> dict[str, Any]:
        node = self._files.find(path)
        if node is None:
            # Made by this script a moment ago.
            self._files.make_folder(path) if folder else self._files.write(path, b"")
            node = self._files.find(path)
            assert node is not None
        return {"owner": node.access.owner_name, "sddl": node.access.sddl}

    def _set_access(self, path: str, sddl: str) -> dict[str, Any]:
        node = self._files.find(path)
        if node is None:
            return {"error": f"Cannot find path '{path}' because it does not exist."}
        node.access = access_of(sddl)
        self._run.entry.effect = "made"
        return {}

    def _signature(self, path: str) -> dict[str, Any]:
        content = self._files.read(path)
        status, _subject = signature_of(content)
        if status == "Valid" and self._run.machine.windows.root_missing:
            status = "UnknownError"
        signer = signer_of(content)
        certificate = base64.b64encode(signer).decode() if signer else None
        return {"status": status, "message": MESSAGES[status], "certificate": certificate}


def _typed(value: Any) -> Any:
    """A row with the types that JSON does not have."""
    if not isinstance(value, dict):
        return value
    return {
        name: {"$type": "uint32", "value": found} if name in _UNSIGNED and isinstance(found, int) else found
        for name, found in value.items()
    }


def line_of(answer: Mapping[str, Any]) -> bytes:
    """An answer as it goes over the socket."""
    return json.dumps(answer, ensure_ascii=False).encode() + b"\n"
