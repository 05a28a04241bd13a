# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Compare a farm before and after an upgrade: what got worse. Pure, no I/O.

What a module did not read is None, is not compared, and is named by :func:`not_compared`: it never passes for equal.
"""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.servers import UPGRADED_KINDS
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import compare as compare_versions
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import shown
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.accounts import normalize_email

AREAS: t.Final = ("farm", "license", "account", "sites", "brokers", "agents", "services")

_RANK: t.Final = {"active": 3, "expired": 2, "trial": 1}
# The farm itself makes and removes these, so that one is gone says nothing.
_COME_AND_GO: t.Final = frozenset({"guest", "avd_host"})
_WELL: t.Final = ("ok", "drained")

Row = t.Mapping[str, t.Any]
Difference = dict[str, t.Any]


def take(
    *,
    license: Row | None = None,
    farm: Row | None = None,
    sites: t.Sequence[t.Any] | None = None,
    brokers: t.Sequence[t.Any] | None = None,
    agents: t.Sequence[Row] | None = None,
    services: t.Sequence[Row] | None = None,
) -> dict[str, t.Any]:
    """Keep of a farm what is compared later, as plain data.

    :param license: as ``license_info`` returns it; the account is part of it.
    :param farm: as ``farm_info`` returns it; likewise ``sites`` and ``brokers``.
    :param agents: as ``agents_info`` returns them.
    :param services: of one host, as ``host_info`` returns them.
    :returns: every area of :data:`AREAS`, None for what was not read.
    """
    areas: dict[str, t.Any] = dict.fromkeys(AREAS)
    if license is not None:
        areas["license"] = {
            "status": license.get("status"),
            "type": license.get("type"),
            "users": (license.get("users") or {}).get("licensed"),
            # Only a certain day: a date that can be read in two ways is never a reason.
            "expires": (license.get("expires") or {}).get("date"),
            "needs_attention": license.get("needs_attention"),
        }
        areas["account"] = {"email": (license.get("account") or {}).get("email")}
    if farm is not None:
        areas["farm"] = {"guid": farm.get("guid"), "name": farm.get("name")}
    if sites is not None:
        areas["sites"] = {str(row["id"]): row.get("name") for row in map(_row, sites)}
    if brokers is not None:
        areas["brokers"] = {
            str(row["server"]): {name: row.get(name) for name in ("site_id", "priority", "enabled")}
            for row in map(_row, brokers)
        }
    if agents is not None:
        areas["agents"] = {
            f"{row['server'] or row.get('listed_as')} ({row['kind']})": {
                name: row.get(name) for name in ("server", "kind", *_AGENT_FIELDS)
            }
            for row in agents
            if row.get("is_machine", True)
        }
    if services is not None:
        areas["services"] = {str(row.get("display_name") or row.get("name")): row.get("status") for row in services}
    return areas


_AGENT_FIELDS: t.Final = ("state", "health", "version")


def not_compared(before: Row, after: Row) -> list[str]:
    """The areas that were not read before, or not after."""
    return [area for area in AREAS if before.get(area) is None or after.get(area) is None]


def compare(
    before: Row,
    after: Row,
    *,
    exclude: t.Sequence[str] = (),
    expected_version: str | None = None,
    expected_account: str | None = None,
) -> list[Difference]:
    """What is worse than before; nothing that got better, and no version that went up.

    :param before: what :func:`take` returned; likewise ``after``.
    :param exclude: areas, or single items as ``area:item``, that are not compared.
    :param expected_version: the version that agents must have now, of the kinds that an upgrade brings to it.
    :param expected_account: the account to which the run may have moved the farm: to be there is no difference.
    :returns: for each difference ``area``, ``item``, ``before``, ``after`` and ``text``, one sentence.
    """
    missing = not_compared(before, after)
    found: list[Difference] = []
    for area, judge in _JUDGES.items():
        if area not in missing and area not in exclude:
            found += [_difference(area, *each) for each in judge(before[area], after[area])]
    if after.get("agents") is not None and "agents" not in exclude and expected_version:
        earlier = before.get("agents") or {}
        found += [_difference("agents", *each) for each in _judge_versions(earlier, after["agents"], expected_version)]
    if expected_account and after.get("account"):
        moved = normalize_email(after["account"]["email"]) == normalize_email(expected_account)
        found = [each for each in found if not (moved and each["area"] == "account")]
    return [each for each in found if f"{each['area']}:{each['item']}" not in exclude]


_Found = t.Iterator[tuple[str, t.Any, t.Any, str]]


def _difference(area: str, item: str, before: t.Any, after: t.Any, text: str) -> Difference:
    return {"area": area, "item": item, "before": before, "after": after, "text": text}


def _judge_farm(before: Row, after: Row) -> _Found:
    had, has = before["guid"], after["guid"]
    if had and has and str(had).casefold() != str(has).casefold():
        yield "guid", had, has, f"Another farm answers: before {had}, now {has}."


def _judge_license(before: Row, after: Row) -> _Found:
    had, has = before["status"], after["status"]
    if _RANK.get(has, 0) < _RANK.get(had, 0):
        yield "status", had, has, f"The license is worse: before {had}, now {has}."
    users, now_users = before["users"], after["users"]
    if users is not None and now_users is not None and now_users < users:
        yield "users", users, now_users, f"Fewer users are licensed: before {users}, now {now_users}."
    end, now_end = before["expires"], after["expires"]
    if end and now_end and now_end < end:
        yield "expires", end, now_end, f"The license ends earlier: before {end}, now {now_end}."
    if after["needs_attention"] and not before["needs_attention"]:
        yield "needs_attention", before["needs_attention"], True, "The license needs attention now."


def _judge_account(before: Row, after: Row) -> _Found:
    had, has = before["email"], after["email"]
    if had and not has:
        yield "email", had, has, f"The farm reported its account before ({had}) and reports none now."
    elif had and normalize_email(had) != normalize_email(has):
        yield "email", had, has, f"The farm is activated with another account: before {had}, now {has}."


def _judge_sites(before: Row, after: Row) -> _Found:
    for number, name in before.items():
        if number not in after:
            yield number, name, None, f"The site {name or number} is gone."


def _judge_brokers(before: Row, after: Row) -> _Found:
    now = {name.casefold(): row for name, row in after.items()}
    for name, had in before.items():
        has = now.get(name.casefold())
        if has is None:
            yield name, had, None, f"The broker {name} is gone."
        elif had["priority"] == 0 and has["priority"] not in (0, None):
            yield name, had, has, f"The broker {name} was the primary of its site, and another one is now."
        elif had["enabled"] is not False and has["enabled"] is False:
            yield name, had, has, f"The broker {name} is disabled now."


def _judge_agents(before: Row, after: Row) -> _Found:
    now = {item.casefold(): row for item, row in after.items()}
    for item, had in before.items():
        has = now.get(item.casefold())
        earlier = _of_agent(had)
        if has is None:
            if had["kind"] not in _COME_AND_GO:
                yield item, earlier, None, f"The agent {item} is gone."
            continue
        if compare_versions(has["version"], had["version"]) == "older":
            text = f"The agent {item} has an older version than before: {shown(has['version'])}."
            yield item, earlier, _of_agent(has), text
        good = had["health"] == "ok"
        if (good and has["health"] != "ok") or (had["health"] in _WELL and has["health"] not in _WELL):
            text = f"The agent {item} was well before ({had['state']}), and is not now ({has['state'] or 'no state'})."
            yield item, earlier, _of_agent(has), text


def _judge_versions(before: Row, after: Row, version: str) -> _Found:
    for item, has in after.items():
        relation = compare_versions(has["version"], version)
        # One that was newer before was left alone, and has a finding of its own.
        untouched = relation == "newer" and (before.get(item) or {}).get("version") == has["version"]
        if has["kind"] in UPGRADED_KINDS and relation != "same" and not untouched:
            earlier = _of_agent(before[item]) if item in before else None
            text = f"The agent {item} has the version {shown(has['version']) or 'unknown'}: expected {shown(version)}."
            yield item, earlier, _of_agent(has), text


def _judge_services(before: Row, after: Row) -> _Found:
    for name, status in before.items():
        now = after.get(name)
        if str(status).casefold() == "running" and str(now).casefold() != "running":
            seen = "gone" if name not in after else now or "in a state that is not known"
            yield name, status, now, f"The service {name} ran before, and now it is {seen}."


_JUDGES: t.Final[dict[str, t.Callable[[t.Any, t.Any], _Found]]] = {
    "farm": _judge_farm,
    "license": _judge_license,
    "account": _judge_account,
    "sites": _judge_sites,
    "brokers": _judge_brokers,
    "agents": _judge_agents,
    "services": _judge_services,
}


def _row(item: t.Any) -> Row:
    """A row as a module returns it, or an object of the domain."""
    return t.cast(Row, item if isinstance(item, t.Mapping) else vars(item))


def _of_agent(agent: Row) -> dict[str, t.Any]:
    return {name: agent[name] for name in _AGENT_FIELDS}
