# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What an answer of the API says beside its data: whether anybody looked at the request, and where it leads."""

from __future__ import annotations

import re
import urllib.parse

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.http_client import Answer
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError


def was_ignored(exc: RasError, answer: Answer | None) -> bool:
    """Whether nobody looked at a logon: a rate limit did not, or no API is there at all.

    The latter is a 404 without a word (inferred); one with words may be about the user.
    """
    if answer is None:
        return exc.code == "rate_limited"
    return answer.is_turned_away or (answer.status == 404 and not answer.body.strip())


def limit_hint(answer: Answer) -> str:
    """The likely cause of a 503 (Microsoft: RateLimiterOptions.RejectionStatusCode; RAS REST API guide v21)."""
    if answer.status != 503:
        return ""
    return " That is how the rate limit of its web service answers, which is the likely cause; a gateway may do so too."


def redirect_host(location: str | None) -> str:
    """Where a redirect leads: the host alone, for the rest may hold secrets."""
    try:
        # Not ``hostname``: that is in lower case, in which a secret is not known any more and would not be taken out.
        host = urllib.parse.urlsplit(location or "").netloc.rpartition("@")[2]
        return re.sub(r":\d*$", "", host) or "nowhere"
    except ValueError:
        return "a malformed address"
