# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Recognize the answers that mean "this farm was never activated". Pure, no I/O.

It is the one reading of a farm that sends the account's password without anybody having asked for a change of account
or key. So it needs evidence: only what is documented counts, and whatever else holds no license is unknown.
"""

from __future__ import annotations

import enum
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.refusals import has_usual_marks

# The members of a ProblemDetails as the guide's schema and ASP.NET write it. An answer with others is somebody else's:
# that of a gateway, or a refusal of the API's version, which has a code.
_PROBLEM: t.Final = frozenset({"type", "title", "status", "detail", "instance", "traceId"})
# The phrase of HTTP 404 (RFC 9110), which is its title where nothing more special has happened (RFC 9457).
_TITLE: t.Final = "not found"
# What else such an answer may say; any other word may be about something else, such as a session or a server.
_DETAILS: t.Final = (None, "", "license not found.")
_INSTANCES: t.Final = (None, "", "/api/license")

# What helps where a farm shows no license and does not say, as documented, that it has none.
UNPROVEN: t.Final = (
    "Nothing is sent to the vendor on such an answer. Check what answers at api_url (a proxy, a load balancer, a "
    "portal?). If it is the farm itself, ask it in another way (backend=winrm or backend=rest), or activate it once in "
    "the RAS console."
)


class NeverActivated(enum.Enum):
    """In place of a License object, where a farm says that it has none. None is not that: it may be any lost answer."""

    SAID = "never activated"


def says_rest(status: int, content_type: str, body: t.Any) -> bool:
    """Whether this answer to ``GET /api/License`` says it.

    Source: RAS REST API guide v20 and v21, Licensing: 404 with a ProblemDetails, of the media type
    ``application/json; api-version=1.0``. A 404 of something in between differs in at least one of these.

    :param body: the decoded JSON.
    """
    if status != 404 or not _is_of_ras(content_type) or not isinstance(body, t.Mapping):
        return False
    title, repeated = body.get("title"), body.get("status")
    # The status itself, as a number: 404.0 or a text is not how ASP.NET writes it.
    if not _PROBLEM.issuperset(body) or not isinstance(repeated, int) or repeated != status:
        return False
    if _folded(body.get("detail")) not in _DETAILS or _folded(body.get("instance")) not in _INSTANCES:
        return False
    return has_usual_marks(body) and _folded(title) == _TITLE


def says_powershell(observed: t.Mapping[str, t.Any]) -> bool:
    """Whether this answer of the script that observes says it: it ran to its end and the cmdlet returned nothing.

    Source: the vendor's ``RAS_Inventory_V1.ps1`` (RAS-PowerShell), which copes with a ``Get-LicenseDetails`` of RAS 17
    that returns nothing.
    """
    return "license" in observed and observed["license"] is None


def _is_of_ras(content_type: str) -> bool:
    essence, *parameters = (part.strip().casefold() for part in content_type.split(";"))
    return essence == "application/json" and "api-version=1.0" in parameters


def _folded(value: t.Any) -> str | None:
    """A text without its case; a text that nothing equals for what is none."""
    return value if value is None else value.casefold() if isinstance(value, str) else "?"
