# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet with about everything in it that a drift report can show, and the report of it."""

from __future__ import annotations

import datetime as dt
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.dates import read_date
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Farm
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.policy import (
    Policy,
    read_severities,
    read_waivers,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.record import (
    record_of,
    record_of_failure,
    record_of_unmanaged,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.report import (
    compare_reports,
    give_verdict,
    make_report,
    Report,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.target import Target
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.model import License
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import (
    active,
    expired,
    fresh,
    OTHER_SHOWN,
    PRIVATE_EMAIL,
    TODAY,
    trial,
    wanted,
)

ODD: t.Final = {"type": "Enterprise"}
Record = dict[str, t.Any]
SCANNED_AT: t.Final = "2026-11-24T02:00:00Z"
BEFORE: t.Final = "2026-11-20T02:00:00Z"
NEW, OLD, WANTED = "21.2.1.27306", "19.4.2.24000", "21.2.27306"
NASTY: t.Final = "<script>alert('x')</script> | [link](http://evil.example) \"quoted\" \\ 東京\x07"


def target(farm: str, organization: str = "default", **changes: t.Any) -> Target:
    """The inventory's side of a farm."""
    own = {name: changes.pop(name) for name in ("version", "managed", "unmanaged_reason") if name in changes}
    url = f"https://cb1.{farm}.example.com:20443"
    return Target(f"cb1.{farm}.example.com", farm, organization, api_url=url, wanted=wanted(**changes), **own)


def identity(name: str, **changes: t.Any) -> Farm:
    """A farm that is its own licensing server."""
    server = f"cb1.{name}.example.com"
    values: dict[str, t.Any] = {
        "guid": f"guid-of-{name}",
        "name": name,
        "connected_server": server,
        "licensing_server": server,
        "is_licensing_server": True,
        "is_primary_broker": True,
        "settings_pending": False,
    }
    return Farm(**{**values, **changes})


def machines(name: str, version: str = NEW, gateway: str | None = None, state: str = "OK") -> list[Agent]:
    """A broker and a gateway."""
    broker = Agent(f"cb1.{name}.example.com", "broker", state="OK", version=version)
    return [broker, Agent(f"gw1.{name}.example.com", "gateway", state=state, version=gateway or version)]


def read(
    name: str,
    license: License | None = None,
    agents: list[Agent] | None = None,
    farm: Farm | None = None,
    organization: str = "default",
    today: dt.date = TODAY,
    **changes: t.Any,
) -> Record:
    """The record of a farm that was read."""
    return record_of(
        target(name, organization, **changes),
        farm or identity(name),
        active(account_name="Licensing Desk") if license is None else license,
        agents,
        today=today,
        elapsed_ms=41,
    )


def _own(name: str, license: License | None = None, agents: list[Agent] | None = None, **changes: t.Any) -> Record:
    """One that was read with its agents, and of which a version is wanted."""
    return read(name, license, agents or machines(name), version=WANTED, **changes)


def failed(name: str, code: str, message: str, **changes: t.Any) -> Record:
    """The record of a farm that was not read."""
    return record_of_failure(target(name, **changes), RasError(code, message), elapsed_ms=2003)


def fleet() -> list[Record]:
    """Three organizations, one of which names no account."""
    survey: dict[str, t.Any] = {"account_email": None, "license_key": None}
    other = active(account_email=PRIVATE_EMAIL, account_company="Someone Ltd.", key_shown=OTHER_SHOWN)
    guest = active(account_email="it@customer.example", account_company="Customer", account_name="Customer's IT")
    return [
        _own("tokyo"),
        _own("osaka", other),
        _own("kyoto", active(expires=read_date("24/12/2026"), users_peak=57), machines("kyoto", OLD)),
        _own("nara", agents=machines("nara", gateway="20.2.0.26050", state="ConnectionFailed")),
        _own("kobe", expired(support_expires=read_date("31/03/2026"), users_peak=None)),
        _own("nagoya", trial(grace_days_left=3, needs_attention=False)),
        read("sapporo", fresh()),
        _own("sendai", active(account_email=None, key_shown="****"), license_key=None),
        _own("naha", active(needs_attention=True, alert_message=NASTY, expires=read_date("03/04/2027"), unclear=ODD)),
        _own("ise", farm=identity("ise", settings_pending=True, is_licensing_server=False, licensing_server="cb2")),
        _own("twin1", farm=identity("twin1", guid="{TWIN}")),
        _own("twin2", farm=identity("twin2", guid="twin")),
        *(
            failed(name, code, message, version=WANTED)
            for name, code, message in (
                (
                    "down",
                    "api_unreachable",
                    "The farm's API at https://cb1.down.example.com:20443 cannot be reached.",
                ),
                ("locked", "api_credentials_rejected", "The farm rejected the RAS administrator svc@example.com."),
                ("spared", "not_tried", "Not tried: the RAS administrator svc@example.com was rejected."),
                ("portal", "bad_answer", "The answer cannot be read as JSON."),
            )
        ),
        record_of_unmanaged(target("azure", managed=False, unmanaged_reason="pay as you go")),
        read("berlin", guest, machines("berlin"), organization="customer", **survey),
        read("paris", other, machines("paris", "20.2.0.25893"), organization="customer", **survey),
        read("rome", guest, organization="customer", **survey),
        read("oslo", agents=machines("oslo"), organization="lonely"),
    ]


WAIVERS: t.Final[list[dict[str, t.Any]]] = [
    {"farm": "nagoya", "rule": "trial", "until": "2026-12-31", "reason": "bought, delivery in December"},
    {"farm": "cb1.kobe.example.com", "rule": "support_expired", "until": "2026-11-24", "reason": "last day"},
    {"farm": "sapporo", "rule": "not_activated", "until": "2026-11-23", "reason": "was to go live"},
    {"farm": "tokyo", "rule": "trial", "until": "2027-12-31", "reason": "nobody knows"},
    {"organization": "customer", "rule": "account_not_single", "until": "2027-01-31", "reason": "merger"},
]


def policy(**changes: t.Any) -> Policy:
    """A policy with waivers of each kind, and one changed severity."""
    severities = read_severities({"settings_waiting": "info"})
    return Policy(**{"severities": severities, "waivers": read_waivers(WAIVERS), **changes})


def report_of(records: t.Sequence[Record], *, scanned_at: str = SCANNED_AT, **changes: t.Any) -> Report:
    """A report without a verdict."""
    return make_report(records, policy(**changes), scanned_at=scanned_at, today=TODAY)


def rich_report() -> Report:
    """The report of the whole fleet, compared with one of four days before."""
    before = report_of(
        [record for record in fleet() if record["farm"] not in ("oslo", "osaka", "down")]
        + [_own("osaka"), _own("down", trial(needs_attention=False)), _own("fuji", fresh())],
        scanned_at=BEFORE,
    )
    give_verdict(before, True)
    report = report_of(fleet())
    report["changes"] = compare_reports(before, report)
    give_verdict(report, True)
    return report
