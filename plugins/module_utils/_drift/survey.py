# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Look at all farms together: what no farm shows alone, and which accounts the fleet uses. Pure, no I/O."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.columns import counted
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.grouped import grouped
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import FIND_ACCOUNT, REMEDIES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.role_words import as_variables
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import parse_version, shown
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.levels import READ_STATES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.rules import RULES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.accounts import normalize_email

Row = t.Mapping[str, t.Any]
_SHOWN: t.Final = 5
_INPUTS: t.Final = (("key_not_given", "key", "ras_license_key"), ("version_not_given", "version", "ras_version"))
ADVICE: t.Final = (
    "The vendor recommends one business account for all farms, so that all keys and subscriptions are seen and managed "
    f"in one place. {FIND_ACCOUNT} Then set ras_account_email once for the organization."
)


def duplicates(farms: t.Sequence[Row]) -> dict[str, Finding]:
    """Farms that several inventory hosts lead to: host -> finding."""
    found: dict[str, Finding] = {}
    for what, key in (("farm name", _name), ("farmGUID", _guid)):
        for value, group in grouped(farms, key).items():
            if value is not None and len(group) > 1:
                hosts = ", ".join(row["host"] for row in group[:_SHOWN]) + (" and more" if len(group) > _SHOWN else "")
                observed = f"{what} {value} at {hosts}"
                for row in group:
                    found[row["host"]] = _finding(
                        "duplicate_farm", "one inventory host", observed, REMEDIES["duplicate_farm"]
                    )
    return found


def missing_inputs(farms: t.Sequence[Row]) -> dict[str, list[Finding]]:
    """What one farm does not want and others of its organization do: host -> findings.

    A variable that is set for all farms but one was most likely misspelled there, or set for another group.
    """
    found: dict[str, list[Finding]] = {}
    # What is wanted of a farm whose variables could not be read is not known.
    managed = [row for row in farms if row["state"] not in ("unmanaged", "failed")]
    for organization, rows in grouped(managed, lambda row: str(row["organization"])).items():
        for rule, what, variable in _INPUTS:
            having = [row["farm"] for row in rows if row["wanted"][what]]
            for row in rows if having else ():
                if not row["wanted"][what]:
                    expected = f"a {what}, as {_named(having)} of the organization {organization} have it"
                    remedy = f"Set {variable} for this farm, too, or ras_organization if it belongs to another one."
                    found.setdefault(row["host"], []).append(_finding(rule, expected, None, remedy))
    return found


def _named(farms: t.Sequence[str]) -> str:
    return ", ".join(farms[:_SHOWN]) + (f" and {len(farms) - _SHOWN} more" if len(farms) > _SHOWN else "")


def organization_findings(farms: t.Sequence[Row]) -> dict[str, list[Finding]]:
    """What the farms of each organization show together: organization -> findings."""
    found: dict[str, list[Finding]] = {}
    for organization, rows in grouped(farms, lambda row: str(row["organization"])).items():
        findings = [*_accounts_of(rows), *_versions_of(rows)]
        if findings:
            found[organization] = findings
    return found


def _accounts_of(rows: t.Sequence[Row]) -> t.Iterator[Finding]:
    wanted = _count(row["wanted"]["account"] for row in rows if row["state"] != "unmanaged")
    if len(wanted) > 1:
        yield _finding(
            "account_not_single", "one wanted account", _in_farms(wanted), as_variables(REMEDIES["account_not_single"])
        )
    used = _count(account_of(row) for row in rows)
    if len(used) > 1:
        remedy = (
            "Activate the farms with one account. If these are addresses of one business account, list them in "
            "ras_account_other_emails."
        )
        yield _finding("account_not_single", "one account in use", _in_farms(used), remedy)


def _versions_of(rows: t.Sequence[Row]) -> t.Iterator[Finding]:
    if any(row["wanted"]["version"] for row in rows):
        return  # version_behind and version_ahead say it farm by farm
    versions = {row["version"] for row in rows if row["version"]}
    if len({parse_version(version) or version for version in versions}) > 1:
        remedy = "Set ras_version, and run the rollout playbook."
        yield _finding("version_mixed", "one version", _in_farms(_count(shown(row["version"]) for row in rows)), remedy)


def account_of(row: Row) -> str | None:
    """The account of a farm: the address that it reports; for another address of the wanted account, the wanted one."""
    reported = ((row["license"] or {}).get("account") or {}).get("email")
    return row["wanted"]["account"] if reported and row["account_match"] == "match" else reported


def survey(farms: t.Sequence[Row]) -> dict[str, t.Any]:
    """Which accounts the fleet uses, the most used first; with advice where no account is wanted."""
    accounts = []
    reporting = [row for row in farms if account_of(row)]
    for email, rows in grouped(reporting, lambda row: normalize_email(account_of(row))).items():
        companies = sorted({row["license"]["account"]["company"] for row in rows} - {None})
        accounts.append(
            {
                "email": email,
                "companies": companies,
                "organizations": sorted({row["organization"] for row in rows}),
                "farms": sorted(row["farm"] for row in rows),
            }
        )
    accounts.sort(key=lambda each: (-len(each["farms"]), each["email"]))
    read = [row for row in farms if row["state"] in READ_STATES]
    unknown = [row["farm"] for row in read if (row["license"] or {}).get("status") != "not_activated"]
    silent = sorted(set(unknown) - {row["farm"] for row in reporting})
    no_account = any(row["wanted"]["account"] is None for row in read)
    return {
        "accounts": accounts,
        "most_used": accounts[0]["email"] if accounts else None,
        "not_reported": silent,
        "not_activated": sorted(row["farm"] for row in read if (row["license"] or {}).get("status") == "not_activated"),
        "advice": ADVICE if no_account else None,
    }


def _name(row: Row) -> str | None:
    return str(row["farm"])


def _guid(row: Row) -> str | None:
    guid = row["identity"]["guid"]
    return str(guid).strip("{} ").casefold() if guid else None


def _count(values: t.Iterable[str | None]) -> dict[str, int]:
    """How often each value is there, without case; the most frequent first."""
    found: dict[str, int] = {}
    for value in values:
        if value:
            found[normalize_email(value)] = found.get(normalize_email(value), 0) + 1
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _in_farms(found: dict[str, int]) -> list[str]:
    return [f"{value}: {counted(number, 'farm')}" for value, number in found.items()]


def _finding(rule: str, expected: t.Any, observed: t.Any, remedy: str) -> Finding:
    return Finding(rule, RULES[rule].severity, expected, observed, remedy)
