# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is true of a farm, as judges ask it of the world."""

from __future__ import annotations

import typing as t

from simulation.history import Wanted

# Before every history, on any machine: what had ended by then has ended.
_BEGIN: t.Final = "2026-01-01"
# The contract in which a date means one day only.
_CLEAR_DATES: t.Final = {"date_order": "dmy", "date_separator": "/", "date_calendar": "gregorian"}


def is_ours(license_: t.Mapping[str, t.Any], wanted: Wanted) -> bool:
    """Whether somebody of the wanted account signed the farm in."""
    return str(license_["account"]).strip().casefold() in {email.strip().casefold() for email in wanted.emails}


def has_ended(truth: t.Mapping[str, t.Any]) -> bool | None:
    """Whether the license of a farm has ended; None where the farm shows no end, or one that may mean another day."""
    ends = truth["license"].get("expires")
    is_clear = all(truth["quirks"][name] == value for name, value in _CLEAR_DATES.items())
    return ends < _BEGIN if ends and is_clear and truth["clock"] is None else None
