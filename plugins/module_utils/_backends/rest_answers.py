# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What an answer of the API says beside its data: whether it is a success, and if not, what became of the request."""

from __future__ import annotations

import re
import urllib.parse

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.fields import words_of
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.http_client import Answer
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.not_found import says_not_found
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote


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


def is_missing(answer: Answer, path: str) -> bool:
    """Whether a farm says that it does not have this path, in one of two forms of HTTP 404.

    A ProblemDetails of RAS (RAS REST API guide, for a missing object); or no body at all, which is how ASP.NET answers
    where no route fits (Microsoft; that RAS leaves it so is inferred). Any other 404 is somebody else's.
    """
    if answer.status != 404:
        return False
    if not answer.body.strip():
        return True
    try:
        return says_not_found(answer.status, answer.content_type, answer.json(), path)
    except ValueError:
        return False


def require_success(answer: Answer, what: str, url: str, username: str) -> None:
    """Turn a status that is not a success into a failure.

    :param what: what was asked for, after "to".
    :param username: the RAS administrator who asked.
    """
    status = answer.status
    if 200 <= status < 300:
        return
    said = {"status": status}
    if 300 <= status < 400:
        raise RasError(
            "bad_answer",
            f"{url} answered the request to {what} with a redirect (HTTP {status}) to "
            f"{quote(redirect_host(answer.location))}; redirects are not followed, for they would carry secrets "
            "elsewhere.",
            observed=said,
        )
    if status == 401:
        raise RasError(
            "session_expired",
            f"The session at {url} ended before the request to {what} (HTTP 401); it was not repeated.",
            observed=said,
        )
    if status == 403:
        raise RasError(
            "api_forbidden", f"{username} may not {what} at {url} (HTTP 403): {words_of(answer)}.", observed=said
        )
    if status in (502, 503, 504):
        raise RasError(
            "api_unreachable",
            f"The farm's API at {url} is not available (HTTP {status}).{limit_hint(answer)}",
            remedy=f"{REMEDIES['rate_limited']} Otherwise: {REMEDIES['api_unreachable']}" if status == 503 else None,
            observed=said,
        )
    raise RasError(
        "bad_answer", f"{url} answered the request to {what} with HTTP {status}: {words_of(answer)}.", observed=said
    )
