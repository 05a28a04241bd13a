# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Which fields of a license that can warn say something in a form that is not known. Pure, no I/O.

The values of ``gracePeriodState``, ``licenseStatus`` and ``statusMessage`` are not documented (RAS REST API guide,
Licensing: they are empty in its samples). A field that is empty says nothing; one that says what nobody knows may be
the only warning there is, so it is never passed over. Who has read such a text in the console, and found it harmless,
lists it as a known one.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.values import count, flag, text
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.model import License

# What is quoted of a type that the farm does not report.
NOTHING: t.Final = "nothing"
# Sentences that say in known words, to the last one, that all is well. Anything else is not known.
_FINE: t.Final = re.compile(
    r"(?:(?:your |the |this )?(?:product|licen[cs]e|subscription|farm)(?: status)?(?: is|:)? )?"
    r"(?:active|activated|valid|licensed|registered|ok)[.!]?",
    re.IGNORECASE | re.ASCII,
)
# Words of a text for people that contradict an activation. Loose on purpose: it only makes a confirmation wait.
_DENIAL: t.Final = re.compile(
    r"\b(?:no (?:[a-z]+ )?(?:licen[cs]es?|subscriptions?)|(?:has|have) ended"
    r"|abgelaufen|ungültig|gesperrt|nicht|keine?"
    r"|not|in(?:active|valid)|un(?:licen[cs]ed|registered|activated)|expire[ds]?|deactivated|suspended|revoked"
    r"|blocked|locked|disabled|cancell?ed|terminated|fail(?:ed|ure|s)?|error|denied|rejected|refused|pending)\b"
    r"|無効|期限切れ|ていません|できません|失敗|停止",
    re.IGNORECASE,
)


def unclear_fields(
    fields: t.Mapping[str, t.Any], type_name: str | None, known_texts: t.Iterable[str] = ()
) -> dict[str, str]:
    """The fields in question, with what the farm says in them.

    :param fields: of the farm's License object, by their documented names.
    :param type_name: the type that was made out; None when none was.
    :param known_texts: texts that the user has found harmless, whole.
    """
    harmless = frozenset(known_texts)
    says = {name: value for name, value in fields.items() if not _says_nothing(value)}
    if type_name is None:
        says.setdefault("type", NOTHING)
    status = text(says.get("licenseStatus"))
    is_trial = type_name is not None and type_name.endswith("Trial")
    known = {
        "type": type_name is not None,
        "needsAttention": flag(says.get("needsAttention")) is not None,
        "gracePeriodDaysLeft": count(says.get("gracePeriodDaysLeft")) is not None,
        "gracePeriodState": is_known(text(says.get("gracePeriodState")), harmless),
        "installedUsers": count(says.get("installedUsers")) is not None,
        "usersPeak": count(says.get("usersPeak")) is not None,
        "licenseStatus": says_fine(status)
        or (is_trial and (status or "").casefold() == "trial")
        or is_known(status, harmless),
        **{
            name: says_fine(text(says.get(name))) or is_known(text(says.get(name)), harmless)
            for name in ("statusMessage", "alertMessage")
        },
    }
    return {name: quote(says[name]) for name, is_known in known.items() if name in says and not is_known}


def unclear_findings(license_: License) -> list[Finding]:
    """What is to be said about fields that can warn, in a form that is not known."""
    said_elsewhere = _said_elsewhere(license_)
    unclear = [f"{name}: {said}" for name, said in license_.unclear.items() if name not in said_elsewhere]
    if not unclear:
        return []
    return [
        Finding(
            "field_unknown",
            "warning",
            "license fields in a form that is known",
            unclear,
            "Look at the license in the RAS console (Licensing). What these fields say is not known here, so it may be "
            "a warning. A text that is harmless can be listed in known_texts.",
        )
    ]


def _said_elsewhere(license_: License) -> set[str]:
    """Fields that add nothing to the findings needs_attention, which quotes them, and grace_period."""
    texts = {"statusMessage": license_.status_message, "alertMessage": license_.alert_message}
    quoted = {name for name, said in texts.items() if license_.needs_attention and said}
    return quoted | ({"gracePeriodState"} if (license_.grace_days_left or 0) > 0 else set())


def says_fine(said: str | None) -> bool:
    """Whether a text says in known words, and in nothing else, that the license is in order."""
    return said is not None and _FINE.fullmatch(" ".join(said.split())) is not None


def is_known(said: str | None, known_texts: t.Iterable[str]) -> bool:
    """Whether a text is one of these, whole, whatever its case and its blanks.

    :param said: as :func:`text` reads it, which cuts what is long; so the others are cut, too.
    """
    return said is not None and _plain(said) in map(_plain, known_texts)


def denies(said: str | None) -> bool:
    """Whether a text for people speaks, as far as it can be recognized, against an activation."""
    return said is not None and _DENIAL.search(said) is not None


def _plain(said: str) -> str:
    return quote(said).casefold()


def _says_nothing(value: t.Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
