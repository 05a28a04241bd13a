# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The numbers behind the charts of the HTML report. Pure, no I/O.

The template draws; this module says only what goes where. Lengths are percent of the chart's width, so a chart fits
any screen while its texts keep their size.
"""

from __future__ import annotations

import datetime as dt
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.columns import counted
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.grouped import grouped
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import parse_version, shown
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.levels import READ_STATES

Row = t.Mapping[str, t.Any]
# More slices than this cannot be distinguished by color.
_SLICES: t.Final = 6
_VERSIONS: t.Final = 12
_MONTHS: t.Final = 12
_NEXT: t.Final = 5
_NAMES: t.Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def farms_in_words(number: int) -> str:
    """``1 farm``, ``2 farms``."""
    return f"{number:,}".replace(",", "\u202f") + counted(number, "farm").removeprefix(str(number))


def percent(part: int, whole: int) -> str:
    """A share for people; a small part never shows as 0 %, and a part of the whole never as 100 %."""
    share = 100 * part / whole if whole else 0.0
    if 0 < share < 1:
        return "<1 %"
    return ">99 %" if 99 < share < 100 else f"{share:.0f} %"


def shares(parts: t.Iterable[tuple[str, int]]) -> list[dict[str, t.Any]]:
    """Parts of a bar or a ring, one after the other: ``name``, ``count``, ``start`` and ``size``, in percent."""
    listed = [(name, number) for name, number in parts if number]
    whole = sum(number for _name, number in listed)
    made, before = [], 0
    for name, number in listed:
        start, size = round(100 * before / whole, 2), round(100 * number / whole, 2)
        made.append({"name": name, "count": number, "start": start, "size": size, "percent": percent(number, whole)})
        before += number
    return made


def accounts(report: Row) -> dict[str, t.Any]:
    """The share of each account, the most used first; then the farms whose account is not known."""
    survey, wanted = report["survey"], _wanted(report)
    listed = survey["accounts"]
    # One account more than there are colors would be "1 other account": it is shown by its name, too.
    named = listed if len(listed) <= _SLICES + 1 else listed[:_SLICES]
    rows: list[dict[str, t.Any]] = [
        {
            "label": each["email"],
            "note": ", ".join(each["companies"]) or "company not reported",
            "wanted": each["email"] in wanted,
            "count": len(each["farms"]),
            "css": f"s{number}",
        }
        for number, each in enumerate(named)
    ]
    others = listed[len(named) :]
    if others:
        rows.append(_rest(f"{len(others)} other accounts", sum(len(each["farms"]) for each in others), "s7"))
    rows.append(_rest("account not reported", len(survey["not_reported"]), "s8"))
    rows.append(_rest("not activated", len(survey["not_activated"]), "s9"))
    total = report["summary"]["farms"]
    rows.append(_rest("not read", max(0, total - sum(row["count"] for row in rows)), "s10"))
    rows = [row for row in rows if row["count"]]
    parts = {part["name"]: part for part in shares((row["css"], row["count"]) for row in rows)}
    for row in rows:
        row.update({name: parts[row["css"]][name] for name in ("start", "size", "percent")})
        # A gap between two slices, as far as the slice allows.
        row["arc"] = round(max(row["size"] - 0.8, 0.4), 2) if len(rows) > 1 else 100
    parts_in_words = "; ".join(f"{row['label']}: {farms_in_words(row['count'])}" for row in rows)
    return {"rows": rows, "number": len(listed), "description": parts_in_words or "No farm."}


def versions(report: Row) -> dict[str, t.Any]:
    """How many farms have which version, the newest first."""
    groups = grouped((farm for farm in report["farms"] if farm["version"]), lambda farm: shown(str(farm["version"])))
    most = max((len(group) for group in groups.values()), default=1)
    rows = []
    for version in sorted(groups, key=_version_key, reverse=True):
        rules = {rule for farm in groups[version] for rule in farm["rules"]}
        notes = [
            text
            for rule, text in (
                ("product_out_of_support", "out of support"),
                ("version_behind", "behind"),
                ("version_ahead", "ahead"),
            )
            if rule in rules
        ]
        rows.append(_bar(version, len(groups[version]), most, ", ".join(notes)))
    if len(rows) > _VERSIONS + 1:
        rest = rows[_VERSIONS:]
        rows = [*rows[:_VERSIONS], _bar(f"{len(rest)} older versions", sum(row["count"] for row in rest), most, "")]
    for number, row in enumerate(rows):
        row["y"] = 40 * number
    parts_in_words = "; ".join(f"{row['label']}: {farms_in_words(row['count'])}" for row in rows)
    unknown = sum(1 for farm in report["farms"] if not farm["version"])
    return {
        "rows": rows,
        "height": 40 * len(rows),
        "unknown": unknown,
        "description": parts_in_words or "No version is known.",
    }


def ends(report: Row) -> dict[str, t.Any]:
    """When licenses end: those that have, the months to come, and what is later."""
    today = dt.date.fromisoformat(report["scanned_at"][:10])
    dated = [
        (farm["license"]["expires"]["days_left"], farm)
        for farm in report["farms"]
        if ((farm["license"] or {}).get("expires") or {}).get("days_left") is not None
    ]
    dated.sort(key=lambda each: (each[0], each[1]["organization"], each[1]["farm"], each[1]["host"]))
    months = [divmod(today.year * 12 + today.month - 1 + number, 12) for number in range(_MONTHS)]
    bins: list[dict[str, t.Any]] = [_bin("past", "", "ended", "gone")]
    for year, month in months:
        under = str(year) if month == 0 or (year, month) == months[0] else ""
        bins.append(_bin(_NAMES[month], under, f"{year}-{month + 1:02}", "fine"))
    bins.append(_bin("later", "", "later", "fine"))
    for days, farm in dated:
        end = today + dt.timedelta(days=days)
        ahead = (end.year - today.year) * 12 + end.month - today.month
        column = bins[0 if days < 0 else min(1 + ahead, _MONTHS + 1)]
        column["count"] += 1
        if 0 <= days <= farm["wanted"]["expiry_warning_days"]:
            column["kind"] = "soon"
    most = max(1, *(column["count"] for column in bins))
    width = 100 / len(bins)
    for number, column in enumerate(bins):
        height = round(96 * column["count"] / most, 1)
        column["height"] = max(height, 3) if column["count"] else 0
        column["x"] = round(number * width + width * 0.12, 2)
        column["width"] = round(width * 0.76, 2)
        column["middle"] = round(number * width + width / 2, 2)
    parts_in_words = "; ".join(
        f"{column['name']}: {farms_in_words(column['count'])}" for column in bins if column["count"]
    )
    return {
        "bins": bins,
        "dated": len(dated),
        "undated": sum(1 for farm in report["farms"] if farm["state"] in READ_STATES) - len(dated),
        "warning": " or ".join(map(str, sorted({farm["wanted"]["expiry_warning_days"] for _days, farm in dated}))),
        "next": [_next(days, farm, today) for days, farm in dated if days >= 0][:_NEXT],
        "description": parts_in_words or "No date is known.",
    }


def _wanted(report: Row) -> set[str]:
    return {account for row in report["organizations"] for account in row["accounts_wanted"]}


def _rest(label: str, count: int, css: str) -> dict[str, t.Any]:
    return {"label": label, "note": "", "wanted": False, "count": count, "css": css}


def _bar(label: str, count: int, most: int, note: str) -> dict[str, t.Any]:
    return {"label": label, "count": count, "size": round(100 * count / most, 2), "note": note}


def _bin(label: str, under: str, name: str, kind: str) -> dict[str, t.Any]:
    return {"label": label, "under": under, "name": name, "kind": kind, "count": 0}


def _next(days: int, farm: Row, today: dt.date) -> dict[str, t.Any]:
    return {
        "farm": farm["farm"],
        "days": days,
        "date": (today + dt.timedelta(days=days)).isoformat(),
        "certain": farm["license"]["expires"]["certain"],
    }


def _version_key(version: str) -> tuple[bool, t.Any, str]:
    """Newest last; what is not a version comes before all others."""
    read = parse_version(version)
    return (read is not None, (read.major, read.minor, read.build) if read else (0, 0, 0), version)
