# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The policy of a drift check: how severe each rule is, and what is tolerated until when. Pure, no I/O."""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import Spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import SEVERITIES, Severity
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.given_texts import complaint, REMEDY
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.rules import FIXED, RULES

# A drift check is red when an error is not waived.
DEFAULT_FAIL_WHEN: t.Final = "length(findings[?severity == 'error' && !waived]) > `0`"
_KEYS: t.Final = ("farm", "organization", "rule", "until", "reason")


def drift_report_spec() -> Spec:
    """The options of the drift_report module: it talks to nobody."""
    return {
        "scan": {"type": "dict"},
        "scans": {"type": "list", "elements": "path"},
        "baseline": {"type": "path"},
        "severities": {"type": "dict", "default": {}},
        "waivers": {"type": "list", "elements": "dict", "default": []},
        "fail_when": {"type": "str", "default": DEFAULT_FAIL_WHEN},
        "select": {"type": "str"},
        "outputs": {"type": "dict", "default": {}},
        "mask_accounts": {"type": "bool", "default": False},
        "survey": {"type": "bool", "default": False},
        "options_only": {"type": "bool", "default": False},
    }


@dataclass(frozen=True)
class Waiver:
    """A deviation that is tolerated for a while.

    :ivar farm: name of the farm or of its inventory host; None for a finding about a whole organization.
    :ivar organization: of such a finding.
    :ivar until: the last day on which it holds.
    """

    rule: str
    until: dt.date
    reason: str
    farm: str | None = None
    organization: str | None = None

    def covers(self, finding: t.Mapping[str, t.Any], rule: str) -> bool:
        """Whether it is about this rule of a finding, whatever the day."""
        if rule != self.rule:
            return False
        if self.farm is not None:
            return self.farm in (finding["farm"], finding["host"])
        return finding["farm"] is None and finding["organization"] == self.organization

    def as_dict(self) -> dict[str, t.Any]:
        """The form in which reports carry it."""
        return {
            "farm": self.farm,
            "organization": self.organization,
            "rule": self.rule,
            "until": self.until.isoformat(),
            "reason": self.reason,
        }

    def __str__(self) -> str:
        where = self.farm if self.farm is not None else f"the organization {self.organization}"
        return f"{self.rule} of {where} until {self.until.isoformat()}: {self.reason}"


@dataclass(frozen=True)
class Policy:
    """What a drift check makes of what was found.

    :ivar survey: whether farms are looked at without a wanted account on purpose.
    """

    severities: t.Mapping[str, Severity]
    waivers: tuple[Waiver, ...] = ()
    fail_when: str = DEFAULT_FAIL_WHEN
    survey: bool = False


def read_severities(changes: t.Mapping[str, t.Any], *, survey: bool = False) -> dict[str, Severity]:
    """The severity of every rule.

    :param changes: rule -> another severity than the default one.
    :param survey: whether a wanted account may be missing; it is a warning then.
    :raises RasError: ``invalid_option`` for a rule or a severity that does not exist.
    """
    found = {name: rule.severity for name, rule in RULES.items()}
    if survey:
        found["account_not_given"] = "warning"
    for name, severity in changes.items():
        _known_rule(name, "severities")
        _changeable(name, "severities")
        if severity not in SEVERITIES:
            raise RasError(
                "invalid_option",
                f"severities gives {name} a severity that does not exist: expected one of {', '.join(SEVERITIES)}, "
                f"observed '{severity}'.",
            )
        found[str(name)] = t.cast(Severity, str(severity))
    return found


def read_waivers(rows: t.Iterable[t.Any]) -> tuple[Waiver, ...]:
    """The waivers.

    :param rows: dictionaries with rule, until, reason, and farm or organization.
    :raises RasError: ``invalid_option``.
    """
    return tuple(_read_waiver(number, row) for number, row in enumerate(rows, 1))


def _read_waiver(number: int, row: t.Any) -> Waiver:
    where = f"waivers, number {number}"
    if not isinstance(row, t.Mapping):
        raise RasError("invalid_option", f"{where}: expected a dictionary with farm, rule, until and reason.")
    for name in ("farm", "organization"):
        wrong = complaint(row[name]) if row.get(name) is not None else None
        if wrong:
            raise RasError("invalid_option", f"{where}: {name} {wrong}.", remedy=REMEDY)
    texts = {str(name): "" if value is None else str(value).strip() for name, value in row.items()}
    unknown = sorted(set(texts) - set(_KEYS))
    if unknown:
        raise RasError("invalid_option", f"{where}: expected the keys {', '.join(_KEYS)}, observed '{unknown[0]}'.")
    missing = [name for name in ("rule", "until", "reason") if not texts.get(name)]
    if missing:
        raise RasError("invalid_option", f"{where}: expected a value for {missing[0]}, observed none.")
    if bool(texts.get("farm")) == bool(texts.get("organization")):
        raise RasError("invalid_option", f"{where}: expected either farm or organization.")
    _known_rule(texts["rule"], where)
    _changeable(texts["rule"], where)
    try:
        until = dt.date.fromisoformat(texts["until"])
    except ValueError:
        raise RasError(
            "invalid_option", f"{where}: expected until as a day such as 2027-01-31, observed '{texts['until']}'."
        ) from None
    return Waiver(texts["rule"], until, texts["reason"], texts.get("farm") or None, texts.get("organization") or None)


def _known_rule(name: t.Any, where: str) -> None:
    if name not in RULES:
        raise RasError(
            "invalid_option",
            f"{where} names a rule that does not exist: expected one of {', '.join(RULES)}, observed '{name}'.",
        )


def _changeable(name: t.Any, where: str) -> None:
    if name in FIXED:
        raise RasError(
            "invalid_option",
            f"{where} names {name}, which is always an error: without a wanted account nothing is compared.",
            remedy="Set ras_account_email once for the organization. To look without it, set survey "
            "(ras_drift_survey) to true.",
        )
