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

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.not_found import says_not_found

# What the answer may say besides; any other word may be about something else, such as a session or a server.
_DETAILS: t.Final = frozenset({"license not found."})

# What helps where a farm shows no license and does not say, as documented, that it has none.
UNPROVEN: t.Final = (
    "Nothing is sent to the vendor on such an answer. Check what answers at api_url (a proxy, a load balancer, a "
    "portal?). If it is the farm itself, ask it in another way (backend=winrm or backend=rest), or activate it once in "
    "the RAS console."
)
# The same where a script on the host asked: there is no address at which something else could have answered.
UNPROVEN_ON_HOST: t.Final = (
    "Nothing is sent to the vendor on such an answer. Read the words of RAS above. May this RAS administrator read the "
    "license? Ask the farm in another way (backend=rest), or activate it once in the RAS console."
)


class NeverActivated(enum.Enum):
    """In place of a License object, where a farm says that it has none. None is not that: it may be any lost answer."""

    SAID = "never activated"


def says_rest(status: int, content_type: str, body: t.Any) -> bool:
    """Whether this answer to ``GET /api/License`` says it.

    Source: RAS REST API guide v20 and v21, Licensing: 404 with a ProblemDetails.

    :param body: the decoded JSON.
    """
    return says_not_found(status, content_type, body, "/api/License", _DETAILS)


def says_powershell(observed: t.Mapping[str, t.Any]) -> bool:
    """Whether this answer of the script that observes says it: the cmdlet ran to its end and returned nothing.

    An error is not that, whatever its words: no text is documented, and one that speaks of "not activated" may mean a
    product, a module or a session.

    Source: the vendor's ``RAS_Inventory_V1.ps1`` (RAS-PowerShell), which copes with a ``Get-LicenseDetails`` of RAS 17
    that returns nothing.
    """
    unread = observed.get("unread")
    if not isinstance(unread, list) or not all(isinstance(row, t.Mapping) and row.get("source") for row in unread):
        return False
    is_read = not any(row["source"] == "license" for row in unread)
    return is_read and "license" in observed and observed["license"] is None
