# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""How each farm ended, as one record and as lines of a table. Pure, no I/O."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.columns import aligned, counted
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.dates import day_shown
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.log_text import log_line, log_lines
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.role_words import in_role_words

GOOD: t.Final = frozenset({"ok", "changed", "due", "unmanaged"})
_COLUMNS: t.Final = ("farm", "state", "account", "evidence", "license", "why")
# Of a run that upgrades; they are before the last column.
_UPGRADE_COLUMNS: t.Final = ("version", "agents", "took")
# Of the farms that failed alike; each has a row of its own anyway.
_LONGEST_NAMES: t.Final = 500
# Of one of two texts in the last line of a farm; the table has them whole.
_LONGEST_REASON: t.Final = 600


def outcome(
    farm: str,
    preflight: t.Mapping[str, t.Any] | None,
    result: t.Mapping[str, t.Any] | None,
    stopped: str | None = None,
    check_mode: bool = False,
    run_failure: t.Mapping[str, t.Any] | None = None,
) -> dict[str, t.Any]:
    """The record of one farm.

    :param preflight: what preflight found; None when it never got there.
    :param result: the result of the task that should have changed the farm; None when it was not run.
    :param stopped: why the farm's wave did not start.
    :param run_failure: a failure of the run as a whole, with ``code``, ``message`` and ``remedy``: no farm was tried.
    :returns: ``state``: ok, changed, due (check mode), unmanaged, refused, not_tried, failed.
    """
    record: dict[str, t.Any] = {
        "farm": farm,
        "state": "failed",
        "changed": False,
        "code": None,
        "message": "",
        "remedy": "",
    }
    if result is not None and not result.get("skipped"):
        _ended(record, result, check_mode)
    elif preflight is None:
        record.update(
            code="not_tried",
            message="The host dropped out before it could be planned.",
            remedy="Look at the first error of the host.",
        )
    elif preflight["failure"]:
        record.update(failure_shown(preflight["failure"]), state="refused")
    elif run_failure and preflight["state"] != "unmanaged":
        # Farms that need nothing too: a run that could not be carried out as it was described is not green.
        record.update(
            state="not_tried",
            code=run_failure["code"],
            message=f"Not tried: {run_failure['message']}",
            remedy=run_failure["remedy"],
        )
    elif preflight["state"] in ("ok", "unmanaged"):
        record["state"] = preflight["state"]
    elif stopped:
        record.update(
            state="not_tried",
            code="not_tried",
            message=f"Not tried: {stopped}",
            remedy="Fix what is named first, then run again.",
        )
    else:
        record.update(
            code="not_tried",
            message="The farm's wave ended without a result for it.",
            remedy="Look at the first error of the host.",
        )
    return record


def _ended(record: dict[str, t.Any], result: t.Mapping[str, t.Any], check_mode: bool) -> None:
    failure = result.get("failure")
    record["changed"] = bool(result.get("changed"))
    if failure:
        state = "not_tried" if failure["code"] == "not_tried" else "failed"
        record.update(failure_shown(failure), state=state)
    elif result.get("failed") or result.get("unreachable"):
        record.update(
            code="internal_error",
            message=log_line(result.get("msg", "no message")),
            remedy="Fix what the message names and run again.",
        )
    elif record["changed"]:
        record["state"] = "due" if check_mode else "changed"
    else:
        record["state"] = "ok"


def failure_shown(failure: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What the record of a farm says of a failure, in the words of the role."""
    return {name: value for name, value in in_role_words(failure).items() if name in ("code", "message", "remedy")}


def table(rows: t.Sequence[t.Mapping[str, t.Any]]) -> list[str]:
    """Aligned lines: a head, one line a farm in the given order, a sum.

    :param rows: records of :func:`outcome`, each with ``license`` (or None), ``account_match`` and
        ``account_evidence``; of a run that upgrades also ``versions``, ``agents``, ``account_before``, ``seconds``.
    """
    upgrades = any("versions" in row for row in rows)
    head = (*_COLUMNS[:-1], *(_UPGRADE_COLUMNS if upgrades else ()), _COLUMNS[-1])
    lines = aligned([head, *(_cells(row, upgrades) for row in rows)])
    bad = [row for row in rows if row["state"] not in GOOD]
    changed = sum(1 for row in rows if row["state"] in ("changed", "due"))
    untried = sum(1 for row in bad if row["state"] == "not_tried")
    lines.append(
        f"{counted(len(rows), 'farm')}: {changed} changed or due, {len(rows) - changed - len(bad)} as they were, "
        f"{len(bad)} not as wanted{f' ({untried} of them not tried)' if untried else ''}"
    )
    # One sentence for all farms that failed alike: a wrong password of a hundred farms is one thing to read.
    alike: dict[tuple[str, str, str], list[str]] = {}
    for row in bad:
        alike.setdefault((row["code"], row["message"], row["remedy"]), []).append(row["farm"])
    lines += [
        f"{log_line(', '.join(farms), _LONGEST_NAMES)}: {code}: {log_line(message, 2000)} -> {log_line(remedy, 1000)}"
        for (code, message, remedy), farms in alike.items()
    ]
    said: dict[str, list[str]] = {}
    for row in rows:
        for note in row.get("notes") or []:
            said.setdefault(note, []).append(row["farm"])
    lines += [f"{log_line(', '.join(farms), _LONGEST_NAMES)}: note: {note}" for note, farms in said.items()]
    return log_lines(lines)


def last_words(row: t.Mapping[str, t.Any]) -> str:
    """The last line of a farm that did not end well: why, what to do, and the command to go on with."""
    why = f"{row['code']}: {log_line(row['message'], _LONGEST_REASON)} -> {log_line(row['remedy'], _LONGEST_REASON)}"
    return log_line(f"{row['farm']}: {why} Next: {row['next']}")


def _cells(row: t.Mapping[str, t.Any], upgrades: bool) -> tuple[str, ...]:
    license_ = row.get("license") or {}
    account = _change(row.get("account_before"), (license_.get("account") or {}).get("email"))
    evidence = f"{row.get('account_match') or 'unknown'} ({row.get('account_evidence') or 'none'})"
    until = day_shown(license_.get("expires"))
    license = (
        " ".join(
            str(part)
            for part in (license_.get("status"), license_.get("type"), f"until {until}" if until else None)
            if part
        )
        or "-"
    )
    extra: tuple[str, ...] = ()
    if upgrades:
        seconds = row.get("seconds")
        took = "-" if seconds is None else f"{seconds // 60} min {seconds % 60} s" if seconds >= 60 else f"{seconds} s"
        extra = (_change(*(row.get("versions") or (None, None))), row.get("agents") or "-", took)
    return (row["farm"], row["state"], account, evidence, license, *extra, row["code"] or row.get("reason") or "-")


def _change(before: str | None, after: str | None) -> str:
    """ "before -> after", or one of them where they are the same or only one is known."""
    return f"{before} -> {after}" if before and after and before != after else after or before or "-"
