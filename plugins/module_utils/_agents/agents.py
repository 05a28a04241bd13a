# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The agents of a farm: read from either back end, named, and judged. Pure, no I/O.

Enumerations: RAS REST API guide v20 and v21, Agents (``agentState``, ``RASServerType``). The guide's excerpt shows the
fields ``id``, ``siteId`` and ``agentState``; the others are named after the properties of ``Get-RASAgent``, so every
field is optional here. PowerShell gives names, and ``PA`` for a broker (a third-party collector, v21).

A row that names no server, or one such as ``localhost`` where nobody can say who that is, is kept: it can be shown and
judged, but it is no server that anything may be done to.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.server_names import (
    goes_by,
    means_itself,
    named_by,
    plain_name,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.values import count, flag, text, whole_number
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote

Kind = t.Literal[
    "broker",
    "gateway",
    "rds_host",
    "enrollment_server",
    "tenant_broker",
    "provider",
    "guest",
    "avd_host",
    "vdi_host",
    "halb",
    "logical",
    "unknown",
]
Health = t.Literal["ok", "busy", "restart_due", "drained", "attention", "unknown"]
Source = t.Literal["rest", "winrm"]

# Which numbers mean which names; see the module's text.
_TYPE_NAMES: t.Final = {
    1: "RDSHost",
    2: "Provider",
    3: "Gateway",
    4: "Guest",
    7: "Broker",
    9: "Site",
    10: "VDIHostPool",
    16: "RDSGroup",
    25: "HALBDevice",
    45: "TenantBroker",
    46: "Enrollment",
    51: "HALB",
    64: "AVDWorkspace",
    65: "AVDHostPool",
    66: "AVDTemplate",
    67: "AVDHost",
    95: "VDITemplateVersion",
    96: "AVDTemplateVersion",
    97: "RDSTemplateVersion",
    107: "RDSTemplate",
    108: "VDITemplate",
    2013: "VDIHost",
}
_KINDS: t.Final[dict[str, Kind]] = {
    "rdshost": "rds_host",
    "rds": "rds_host",  # the vendor's sample for RAS 17-19 asks for this type
    "provider": "provider",
    "gateway": "gateway",
    "guest": "guest",
    "broker": "broker",
    "pa": "broker",
    "halbdevice": "halb",
    "tenantbroker": "tenant_broker",
    "enrollment": "enrollment_server",
    "avdhost": "avd_host",
    "vdihost": "vdi_host",
    "site": "logical",
    "halb": "logical",
}
# Rows of these are not machines: groups (called pools since RAS 20), templates and their versions, workspaces.
_LOGICAL_ENDINGS: t.Final = ("group", "pool", "template", "templateversion", "workspace")

STATE_NAMES: t.Final = {
    0: "OK",
    1: "EnumSessionsFailed",
    2: "RDSRoleDisabled",
    3: "MaxNonCompletedSessions",
    4: "RASScheduleInProgress",
    5: "ConnectionFailed",
    6: "InvalidCredentials",
    7: "NeedsSysprep",
    8: "SysPrepInProgress",
    9: "CloningFailed",
    10: "Synchronising",
    13: "LogonDrainUntilRestart",
    14: "LogonDrain",
    15: "LogonDisabled",
    16: "ForcedDisconnect",
    17: "CloningCanceled",
    18: "RASprepInProgress",
    20: "InstallingRDSRole",
    21: "RebootPending",
    22: "PortMismatch",
    23: "NeedsDowngrade",
    24: "NotApplied",
    25: "CloningInProgress",
    26: "MarkedForDeletion",
    27: "StandBy",
    28: "UnsupportedVDIType",
    29: "FreeESXLicenseNotSupported",
    30: "ManagedESXNotSupported",
    32: "InvalidHostVersion",
    33: "NotJoined",
    35: "LicenseExpired",
    36: "JoinBroken",
    37: "InUse",
    38: "NotInUse",
    39: "Unsupported",
    40: "NoAvailableGateways",
    41: "EnrollServerNotInitialized",
    42: "EnrollmentUnavailable",
    43: "InvalidCAConfig",
    44: "InvalidEAUserCredentials",
    45: "InvalidESSettings",
    46: "FSLogixNotAvail",
    47: "NoDevices",
    48: "NeedsAttention",
    49: "ImageOptimizationPending",
    50: "ImageOptimization",
    51: "Unavailable",
    52: "UnderConstruction",
    53: "Broken",
    54: "NonRAS",
    55: "Provisioning",
    56: "Invalid",
    57: "FSLogixNeedsUpdate",
    58: "NoMembersAvailable",
}
# The guide names the states and does not explain them: the names of these say that something goes on.
_BUSY: t.Final = frozenset(
    {
        "RASScheduleInProgress",
        "SysPrepInProgress",
        "Synchronising",
        "RASprepInProgress",
        "InstallingRDSRole",
        "CloningInProgress",
        "ImageOptimization",
        "UnderConstruction",
        "Provisioning",
    }
)
# A row with none of these is something else.
_AGENT_FIELDS: t.Final = frozenset({"server", "name", "servertype", "agentstate", "agentver"})
_DRAINED: t.Final = frozenset({"LogonDrainUntilRestart", "LogonDrain", "LogonDisabled"})


@dataclass(frozen=True)
class Agent:
    """One row of a farm's list of agents.

    :param server: the name under which the farm knows the server; of a logical row the name of the object. Empty when
        nobody can say which server it is.
    :param listed_as: what the farm wrote where it wrote no name of a server: a name such as ``localhost``, or the name
        of the row where it has no server at all; else empty.
    :param kind_reported: the type as the farm reports it, a number of the vendor's enumeration by its name.
    :param state: a name of the vendor's enumeration, or the text that was reported; None when nothing was.
    :param version: as reported, such as ``20.2.0.26050``; messages and tables show ``20.2.26050``.
    :param sessions: active user sessions, as the farm counts them.
    """

    server: str
    kind: Kind = "unknown"
    kind_reported: str = ""
    site_id: int | None = None
    state: str | None = None
    version: str | None = None
    enabled: bool | None = None
    sessions: int | None = None
    ip: str | None = None
    listed_as: str = ""

    @property
    def label(self) -> str:
        """What a message calls it."""
        return self.server or self.listed_as or f"an agent without a name ({self.kind_reported or 'of no type'})"

    @property
    def has_server(self) -> bool:
        """Whether it is known on which server it is: nothing may be done to others."""
        return not means_itself(self.server)

    @property
    def is_machine(self) -> bool:
        """Whether something runs here that has a version of its own; an unknown kind may."""
        return self.kind != "logical"

    @property
    def is_template(self) -> bool:
        """Whether this is a template, or a version of one: a logical row with an agent inside."""
        return self.kind == "logical" and self.kind_reported.casefold().endswith(("template", "templateversion"))

    @property
    def health(self) -> Health:
        """What the state means for an upgrade; a state that is not known here is for a person to look at."""
        if self.state is None:
            return "unknown"
        if self.state == "OK" or (self.state == "StandBy" and self.kind == "broker"):
            return "ok"
        if self.state in _BUSY:
            return "busy"
        if self.state in _DRAINED:
            return "drained"
        return "restart_due" if self.state == "RebootPending" else "attention"

    def as_dict(self) -> dict[str, t.Any]:
        """The form in which module results carry it, with ``health`` and ``is_machine``."""
        return {
            "server": self.server,
            "kind": self.kind,
            "kind_reported": self.kind_reported,
            "site_id": self.site_id,
            "state": self.state,
            "health": self.health,
            "version": self.version,
            "enabled": self.enabled,
            "sessions": self.sessions,
            "ip": self.ip,
            "is_machine": self.is_machine,
            "listed_as": self.listed_as,
        }


def agent_from_dict(row: t.Mapping[str, t.Any]) -> Agent:
    """The agent that :meth:`Agent.as_dict` wrote.

    :raises RasError: ``invalid_option`` when the row is not one.
    """
    kind = row.get("kind") if isinstance(row, t.Mapping) else None
    if kind not in t.get_args(Kind) or not isinstance(row.get("server"), str):
        raise RasError(
            "invalid_option",
            f"An agent must be a dictionary as agents_info returns it, with server and kind: observed {quote(row)}.",
        )
    return Agent(
        server=row["server"],
        kind=t.cast(Kind, kind),
        kind_reported=text(row.get("kind_reported")) or "",
        site_id=count(row.get("site_id")),
        state=text(row.get("state")),
        version=text(row.get("version")),
        enabled=flag(row.get("enabled")),
        sessions=count(row.get("sessions")),
        ip=text(row.get("ip")),
        listed_as=text(row.get("listed_as")) or "",
    )


def read_agents(rows: t.Any, source: Source, said_by: str | None) -> list[Agent]:
    """Read a farm's list of agents, logical rows too, in its order. Logical rows without any name are left out.

    :param rows: rows of ``GET /api/Agent``, or of ``Get-RASAgent``; names of fields count without their case.
    :param source: who reported them, for messages.
    :param said_by: the broker that answered: a row that calls its server ``localhost`` or the like means this one.
    :raises RasError: ``bad_answer`` when this is not a list of agents.
    """
    reporter = "The farm's REST API" if source == "rest" else "The PowerShell module on the host"
    if not isinstance(rows, list):
        raise RasError("bad_answer", f"{reporter} must report the agents as a list, but it gave {type(rows).__name__}.")
    agents = [agent for agent in (_read_agent(row, reporter) for row in rows) if agent]
    return _with_own_names(agents, said_by)


def _with_own_names(agents: list[Agent], said_by: str | None) -> list[Agent]:
    """Give those that are listed as ``localhost`` or the like the name of the broker that answered, if that is sure."""
    if means_itself(said_by or ""):
        # Where a farm has one broker, that is the one.
        brokers = {plain_name(each.server): each.server for each in agents if each.kind == "broker" and each.server}
        said_by = next(iter(brokers.values())) if len(brokers) == 1 else None
    same = [each for each in agents if each.is_machine and goes_by(each.server, said_by or "")]
    said_by = same[0].server if same else said_by
    # Another site than that of this broker has brokers of its own.
    sites = {each.site_id for each in same} or {None}
    return [
        replace(each, server=named_by(each.listed_as, said_by))
        if each.listed_as and means_itself(each.listed_as) and (None in sites or each.site_id in {None, *sites})
        else each
        for each in agents
    ]


def _read_agent(row: t.Any, reporter: str) -> Agent | None:
    """One row; None for a logical one without a name."""
    if not isinstance(row, t.Mapping):
        raise RasError(
            "bad_answer", f"{reporter} must report each agent as an object, but one is {type(row).__name__}."
        )
    fields = {str(name).casefold(): value for name, value in row.items()}
    if not fields.keys() & _AGENT_FIELDS:
        raise RasError(
            "bad_answer",
            f"{reporter} reported something that is not an agent: expected fields such as 'server' and 'serverType'.",
            observed={"fields": sorted(quote(name) for name in row)[:10]},
        )
    reported = _named(fields.get("servertype"), _TYPE_NAMES) or ""
    kind = _kind(reported)
    named, ip = text(fields.get("server")), text(fields.get("ip"))
    server, listed_as = named or "", ""
    if kind == "logical":
        # Two scripts that were seen on real farms fall back to the name of the row.
        server = named or text(fields.get("name")) or ""
        if not server:
            return None
    elif named is None:
        listed_as = text(fields.get("name")) or ""
    elif means_itself(named):
        server, listed_as = "", named
        ip = None if means_itself(ip or "") else ip
    return Agent(
        server=server,
        kind=kind,
        kind_reported=reported,
        site_id=count(fields.get("siteid")),
        state=_named(fields.get("agentstate"), STATE_NAMES),
        version=text(fields.get("agentver")),
        enabled=flag(fields.get("enabled")),
        sessions=count(fields.get("activesessions")),
        ip=ip,
        listed_as=listed_as,
    )


def _kind(reported: str) -> Kind:
    word = reported.casefold()
    return _KINDS.get(word) or ("logical" if word.endswith(_LOGICAL_ENDINGS) else "unknown")


def _named(value: t.Any, names: t.Mapping[int, str]) -> str | None:
    """A value of an enumeration by its name, whether it came as number, as number in a text, or as name."""
    number = whole_number(value)
    if number is not None:
        return names.get(number, str(number))
    word = text(value)
    by_name = {name.casefold(): name for name in names.values()}
    return by_name.get(word.casefold(), word) if word else None
