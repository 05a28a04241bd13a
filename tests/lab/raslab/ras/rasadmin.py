# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The RAS PowerShell module of one host, as the doubles of marked scripts use it: only through the table of cmdlets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from raslab.farm import Farm
from raslab.host import RasHost
from raslab.powershell import cmdlets
from raslab.powershell.scripts import Run
from raslab.ras.agents import push, PushRefused
from raslab.rest import licensing
from raslab.rest.call import Call, Refused
from raslab.rest.infrastructure import logical_name
from raslab.rest.license_view import license_object
from raslab.sessions import Session

# Get-RASAgent on 21, as a third-party collector saw it
_AGENT_TYPES = {"broker": "PA", "gateway": "Gateway", "rds": "RDSHost"}
_PROPERTY_NAMES = {"paUserName": "PAUserName", "paCompanyName": "PACompanyName", "paUserEmail": "PAUserEmail"}


class PowerShellError(Exception):
    """A terminating error, with the message that PowerShell gives."""

    def __init__(self, message: str, error_id: str = "RuntimeException") -> None:
        super().__init__(message)
        self.error_id = error_id


class RasAdmin:
    """What one script sees of RAS: the module of its host, and the farm behind a session."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._session: Session | None = None
        self.machine = run.machine
        self.farm: Farm = run.machine.farm
        self.host: RasHost = run.machine.host

    @property
    def major(self) -> int:
        """The major version of the module: that of what is installed here."""
        return int(self.host.agent_version.split(".")[0])

    @property
    def module(self) -> str | None:
        """The module that is on the host, by name; None if that feature is not installed."""
        ras = self.machine.windows.ras
        return cmdlets.module_name(self.major) if ras and "F_PowerShell" in ras.features else None

    def has(self, name: str) -> bool:
        """``Get-Command``."""
        return cmdlets.find(name, self.major) is not None

    def takes(self, name: str, parameter: str) -> bool:
        """``(Get-Command ...).Parameters.ContainsKey``."""
        cmdlet = cmdlets.find(name, self.major)
        return cmdlet is not None and parameter.casefold() in {known.casefold() for known in cmdlet.parameters}

    def check(self, name: str, parameters: Mapping[str, Any]) -> None:
        """Fails as PowerShell does for an unknown cmdlet or parameter. Raises PowerShellError."""
        cmdlet = cmdlets.find(name, self.major)
        if cmdlet is None:
            raise PowerShellError(
                f"The term '{name}' is not recognized as the name of a cmdlet, function, script file, or operable "
                "program.",
                "CommandNotFoundException",
            )
        known = {parameter.casefold() for parameter in cmdlet.parameters}
        for parameter in parameters:
            if parameter.casefold() not in known:
                raise PowerShellError(
                    f"A parameter cannot be found that matches parameter name '{parameter}'.",
                    f"NamedParameterNotFound,{name}",
                )

    def new_session(self, username: str, password: str) -> None:
        """``New-RASSession -Server localhost``. Raises PowerShellError."""
        self.check("New-RASSession", {"Username": 0, "Password": 0, "Server": 0})
        broker = self.machine.windows.services.of_component("broker")
        if broker is None or not broker.is_running:
            raise PowerShellError("Failed to connect to the server 'localhost'.")
        admin = self.farm.admin(username)
        if "\\" in username or admin is None or admin.password != password:
            fault = self.farm.faults.meet("logon", self.host.name, only="model").find("refused_as")
            said = _said(fault.params["body"]) if fault else ""
            raise PowerShellError(said or "Invalid credentials: the user name or password is incorrect.")
        self._session = self.farm.sessions.open(admin, self.host.name)
        self._run.entry.session = self._session.short
        self._run.entry.admin = self.machine.journal.scrub(admin.username)

    def remove_session(self) -> None:
        """``Remove-RASSession``; harmless without one."""
        if self._session is not None:
            self.farm.sessions.close(self._session)
            self._session = None

    def version(self) -> str:
        """``Get-RASVersion``: of the module here, with text after the number; it needs no session."""
        self.check("Get-RASVersion", {})
        return f"{self.host.agent_version} (x64)"

    def license(self) -> dict[str, Any] | None:
        """``Get-RASLicenseDetails``: the properties of the REST object, in Pascal case."""
        self._need("Get-RASLicenseDetails")
        self._need_right("license")
        held = self.farm.shown_license()
        if held.state in ("none", "deactivated"):
            return None
        quirks = replace(self.farm.quirks, type_as="name", pa_fields=self.farm.quirks.ps_pa_fields)
        farm = replace(self.farm, quirks=quirks)
        # Of an object that has no text of its own, PowerShell's text is the name of its type.
        return {
            _pascal(name): "System.Object" if isinstance(value, (dict, list)) else value
            for name, value in license_object(farm, held).items()
        }

    def sites(self) -> list[dict[str, Any]]:
        """``Get-RASSite``."""
        self._need("Get-RASSite")
        return [{"Id": site.id, "Name": site.name, "LicensingSite": site.licensing} for site in self.farm.sites]

    def brokers(self, site_id: int) -> list[dict[str, Any]]:
        """``Get-RASBroker -SiteId`` (``Get-RASPA`` on 18)."""
        self._need("Get-RASBroker" if self.has("Get-RASBroker") else "Get-RASPA", {"SiteId": site_id})
        rows = []
        for number, host in self._numbered("broker"):
            if self.farm.site(host.site).id == site_id:
                row = {"Id": number, "Server": host.server_of("broker"), "SiteId": site_id, "Priority": host.priority}
                rows.append({**row, "Standby": host.standby, "Enabled": host.enabled})
        return rows

    def agents(self, site_id: int) -> list[dict[str, Any]]:
        """``Get-RASAgent -SiteId``: machines, and rows for logical objects."""
        self._need("Get-RASAgent", {"SiteId": site_id})
        site = next(site for site in self.farm.sites if site.id == site_id)
        logical = [(site.name, "Site"), *((pool, "RDSGroup") for pool in site.rds_pools)]
        rows = [_logical(logical_name(self.farm, name), kind, site_id) for name, kind in logical]
        for host in self.farm.hosts:
            if host.site == site.name:
                rows += [_agent(host, name, site_id) for name in _AGENT_TYPES if name in host.components]
        return rows

    async def update_agent(self, server: str, site_id: int | None = None, force: bool = False) -> None:
        """``Update-RASAgent``: a push from this farm. Raises PowerShellError."""
        given: dict[str, Any] = {"Server": server, **({"SiteId": site_id} if site_id else {})}
        self._need("Update-RASAgent", {**given, **({"Force": True} if force else {})})
        self._need_right("write")
        host = self._server(server, site_id)
        try:
            wait = self.farm.quirks.push_returns == "when_done"
            await push(self.machine.neighbors, self.farm, host, wait)
        except PushRefused as refused:
            raise PowerShellError(str(refused)) from None

    def set_enabled(self, name: str, server: str, enabled: bool, site_id: int | None = None) -> None:
        """``Set-RASRDSHost -Enabled`` and its like: once applied, the farm sends no more users to a disabled host."""
        self._need(name, {"Server": server, "Enabled": enabled, **({"SiteId": site_id} if site_id else {})})
        self._need_right("write")
        self.farm.stage(self._server(server, site_id), enabled)

    def activate(self, email: str, password: str, key: str | None) -> None:
        """``Invoke-RASLicenseActivate``; without a key the farm becomes a trial. Raises PowerShellError."""
        body = {"email": email, "password": password, **({"key": key} if key else {})}
        parameters = {"Email": 0, "Password": 0, **({"Key": 0} if key else {})}
        self._license_write("Invoke-RASLicenseActivate", parameters, "activate", body)

    def deactivate(self, email: str, password: str) -> None:
        """``Invoke-RASLicenseDeactivate``. Raises PowerShellError."""
        body = {"email": email, "password": password}
        self._license_write("Invoke-RASLicenseDeactivate", {"Email": 0, "Password": 0}, "deactivate", body)

    def apply(self) -> None:
        """``Invoke-RASApply``: commits what any administrator has staged."""
        self._need("Invoke-RASApply")
        self._need_right("write")
        self.farm.apply()
        self._run.entry.effect = "settings_applied"

    def export_settings(self, path: str, seconds: int = 0) -> None:
        """``Invoke-RASExportSettings -FilePath``, with a time limit where the version has one; the folder must exist.

        Raises PowerShellError, FileError.
        """
        name = "Invoke-RASExportSettings"
        limit = {"TimeoutInSecs": seconds} if seconds > 0 and self.takes(name, "TimeoutInSecs") else {}
        self._need(name, {"FilePath": path, **limit})
        self._need_right("write")
        content = {"farm": self.farm.guid, "version": self.farm.version, "hosts": [h.name for h in self.farm.hosts]}
        self.machine.windows.files.write(path, json.dumps(content, sort_keys=True).encode())
        self._run.entry.effect = "exported"

    def _license_write(self, name: str, parameters: Mapping[str, Any], op: str, body: dict[str, Any]) -> None:
        self._need(name, parameters)
        self._need_right("write")
        self._need_right("license")
        verdict = self.farm.faults.meet(op, self.host.name, only="model")
        world = self.machine.world
        call = Call(
            world.account, self.machine.journal, world.farms, self.farm, self.host, self._run.entry, verdict, body=body
        )
        try:
            (licensing.activate if op == "activate" else licensing.deactivate)(call)
        except Refused as refused:
            raise PowerShellError(_said((refused.answer.body or b"").decode())) from None

    def _need(self, name: str, parameters: Mapping[str, Any] | None = None) -> None:
        self.check(name, parameters or {})
        if self._session is None:
            raise PowerShellError("You are not logged on. Use New-RASSession to create a session.")

    def _need_right(self, need: str) -> None:
        rights = self._session.admin.rights if self._session else "root"
        if (rights == "no_license" and need == "license") or (rights == "read_only" and need == "write"):
            raise PowerShellError("You do not have the permission to perform this operation.")

    def _server(self, server: str, site_id: int | None = None) -> RasHost:
        """The host of that name, in the site if one is given."""
        for host in self.farm.hosts:
            if host.goes_by(server) and site_id in (None, 0, self.farm.site(host.site).id):
                return host
        raise PowerShellError(f"The server '{server}' was not found.")

    def _numbered(self, component: str) -> list[tuple[int, RasHost]]:
        hosts = [host for host in self.farm.hosts if component in host.components]
        hosts.sort(key=lambda host: (self.farm.site(host.site).id, host.priority))
        return list(enumerate(hosts, start=1))


def drain_arguments(run: Run) -> dict[str, Any]:
    """What the journal shows of a script that takes a host out of service or puts it back."""
    return {"server": str(run.get("Server")), "kind": str(run.get("Kind")), "enabled": bool(run.get("Enabled"))}


def _said(body: Any) -> str:
    """What a cmdlet says where REST has this body: the text of a failure, else all of it."""
    try:
        body = json.loads(body) if isinstance(body, str) else body
    except ValueError:
        return str(body)
    return str(body["msg"]) if isinstance(body, dict) and "msg" in body else json.dumps(body)


def _pascal(name: str) -> str:
    return _PROPERTY_NAMES.get(name) or name[0].upper() + name[1:]


def _logical(name: dict[str, str], kind: str, site_id: int) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(("AgentState", "AgentVer", "ServerOS", "IP"))
    named = {_pascal(each): value for each, value in name.items()}
    return {**named, "ServerType": kind, "SiteId": site_id, **empty, "Enabled": True, "ActiveSessions": 0}


def _agent(host: RasHost, component: str, site_id: int) -> dict[str, Any]:
    kind, server = _AGENT_TYPES[component], host.server_of(component)
    return {
        **({"Name": host.name} if server is None else {"Server": server}),
        "ServerType": kind,
        "SiteId": site_id,
        "AgentState": host.shown_state,
        "AgentVer": host.agent_version,
        "ServerOS": "Windows Server 2022",
        "IP": host.address,
        "Enabled": host.enabled,
        "CPULoad": 3,
        "MemLoad": 20,
        "ActiveSessions": host.windows.sessions if host.windows and kind == "RDSHost" else 0,
    }
