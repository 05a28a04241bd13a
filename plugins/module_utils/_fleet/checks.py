# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What must hold for a fleet before anything is written: one account, one host per farm, no key twice. Pure, no I/O."""

from __future__ import annotations

import collections
import typing as t
from dataclasses import dataclass

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.given_texts import complaint, REMEDY
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.grouped import grouped
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.confirmation import remedy_of
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.accounts import normalize_email
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.keys import (
    is_evidence,
    mask_key,
    normalize_key,
)


@dataclass(frozen=True)
class CheckedFarm:
    """The entry of one farm in the inventory: what it wants, and what was observed so far (None: nothing yet)."""

    host: str
    farm: str
    organization: str
    email: str | None
    password: str | None
    key: str | None
    guid: str | None = None
    key_shown: str | None = None
    type_name: str | None = None


@dataclass(frozen=True)
class Problem:
    """A failure that concerns these hosts together."""

    error: RasError
    hosts: tuple[str, ...]

    def as_dict(self) -> dict[str, t.Any]:
        """The form in which the role carries it: a failure, and ``hosts``."""
        return {**self.error.as_dict(), "hosts": list(self.hosts)}


def check_fleet(entries: t.Sequence[CheckedFarm]) -> list[Problem]:
    """All problems of a fleet, the worst first.

    :param entries: the managed licensing servers, whatever part of them this run is limited to.
    """
    return [*_check_accounts(entries), *_check_names(entries), *check_observed(entries)]


def check_observed(entries: t.Sequence[CheckedFarm]) -> list[Problem]:
    """The problems that may show in the middle of a run only: from identities and keys that farms report."""
    return [*_check_identities(entries), *_check_keys(entries)]


def _check_accounts(entries: t.Sequence[CheckedFarm]) -> list[Problem]:
    problems = []
    for organization, group in grouped(entries, lambda each: each.organization).items():
        hosts = tuple(each.host for each in group)
        emails = {normalize_email(each.email) for each in group}
        if len(emails) > 1:
            shown = sorted(email or "none" for email in emails)
            problems.append(
                Problem(
                    RasError(
                        "account_not_single",
                        f"The farms of the organization '{organization}' want different accounts: expected one "
                        f"account_email, observed {', '.join(shown[:5])}.",
                        observed={"accounts": shown},
                    ),
                    hosts,
                )
            )
        elif len({each.password for each in group}) > 1:
            problems.append(
                Problem(
                    RasError(
                        "account_not_single",
                        f"The farms of the organization '{organization}' hold different passwords for one account: "
                        "all but one of them are wrong, and wrong passwords lock the account.",
                    ),
                    hosts,
                )
            )
    return problems


def _check_names(entries: t.Sequence[CheckedFarm]) -> list[Problem]:
    return [
        Problem(
            RasError(
                "duplicate_farm",
                f"Several licensing servers have the farm name '{farm}': expected one host per farm, observed "
                f"{', '.join(each.host for each in group)}.",
                remedy="Give each farm its own ras_farm, and move the farm's other hosts to ras_members.",
                observed={"farm": farm, "hosts": [each.host for each in group]},
            ),
            tuple(each.host for each in group),
        )
        for farm, group in grouped(entries, lambda each: each.farm).items()
        if len(group) > 1
    ]


def _check_identities(entries: t.Sequence[CheckedFarm]) -> list[Problem]:
    known = [each for each in entries if each.guid]
    return [
        Problem(
            RasError(
                "duplicate_farm",
                f"One farm answers for several inventory hosts: expected one host per farm, observed farmGUID {guid} "
                f"at {', '.join(each.host for each in group)}.",
                observed={"guid": guid, "hosts": [each.host for each in group]},
            ),
            tuple(each.host for each in group),
        )
        for guid, group in grouped(known, lambda each: (each.guid or "").strip("{}").casefold()).items()
        if len(group) > 1
    ]


def _check_keys(entries: t.Sequence[CheckedFarm]) -> list[Problem]:
    """Only an SPLA key may serve many farms. What a key is shows only on a farm that holds it."""
    problems = []
    for group in grouped([each for each in entries if each.key], lambda each: normalize_key(each.key or "")).values():
        if len({each.farm for each in group}) < 2:
            continue
        key = group[0].key
        holders = [
            each for each in entries if is_evidence(each.key_shown, key) and each.type_name not in (None, "PostPaid")
        ]
        if holders:
            problems.append(
                Problem(
                    RasError(
                        "key_not_shared",
                        f"Several farms want the key {mask_key(key)}, which is not an SPLA key: expected one farm per "
                        f"key, observed {', '.join(each.farm for each in group[:5])}"
                        f"{' and more' if len(group) > 5 else ''}; on {holders[0].farm} it is {holders[0].type_name}.",
                        observed={"farms": [each.farm for each in group], "type": holders[0].type_name},
                    ),
                    tuple(each.host for each in group),
                )
            )
    return problems


def check_confirmation(farms: t.Sequence[str], confirmed: t.Any, nameless: int = 0) -> RasError | None:
    """Whether the farms that will be deactivated were named exactly.

    :param confirmed: a list, or text with commas.
    :param nameless: how many farms are refused because their names cannot be read. They may be named or not.
    """
    if isinstance(confirmed, (list, tuple)):
        items = list(confirmed)
    elif confirmed is None or isinstance(confirmed, bool):  # also what people try first: true
        items = []
    else:
        items = [confirmed] if complaint(confirmed) else [name for name in str(confirmed).split(",") if name.strip()]
    for number, item in enumerate(items):
        wrong = complaint(item)
        if wrong:
            return RasError("invalid_option", f"ras_confirm_deactivate[{number}] {wrong}.", remedy=REMEDY)
    names = sorted(str(item).strip() for item in items)
    named, wanted = collections.Counter(names), collections.Counter(farms)
    if not wanted - named and (named - wanted).total() <= nameless:
        return None
    return RasError(
        "not_confirmed_list",
        "Deactivation must be confirmed farm by farm: expected ras_confirm_deactivate to be exactly "
        f"{sorted(farms)}, observed {names}.",
        observed={"expected": sorted(farms), "observed": names},
        remedy=remedy_of(farms),
    )


def check_slicing(values: t.Mapping[str, t.Any]) -> RasError | None:
    """Whether this run sees one slice of a fleet while other runs change the rest.

    AWX gives a slice the smaller inventory and no variable that says so (sources of AWX, ``Job.awx_meta_vars`` and
    ``Inventory.get_script_data``). What shows it: AWX makes the slices nodes of a workflow job that carries the name
    of the job template itself (``JobTemplate.create_unified_job``), and hands both names to the run.

    :param values: variables of any host, extra variables among them. ``ras_job_slice_count`` declares slices that
        something else than AWX made.
    """
    for prefix in ("awx", "tower"):
        template = values.get(f"{prefix}_job_template_name")
        if template and values.get(f"{prefix}_workflow_job_name") == template:
            return _sliced(f"a slice of the job template '{template}'", {"job_template": str(template)})
    count = str(values.get("ras_job_slice_count") or 1).strip()
    if count == "1":
        return None
    return _sliced(f"ras_job_slice_count {count}", {"ras_job_slice_count": count})


def _sliced(observed: str, data: dict[str, t.Any]) -> RasError:
    return RasError(
        "job_sliced",
        "One run that sees the whole fleet changes the farms, for only within one run is a wrong password sent to the "
        f"vendor once at most: expected no slices, observed {observed}.",
        observed=data,
    )
