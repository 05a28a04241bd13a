# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Recognize the 404 with which RAS says that something is not there, and nothing else. Pure, no I/O."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.refusals import has_usual_marks

# The members of a ProblemDetails as the guide's schema and ASP.NET write it. An answer with others is somebody else's:
# that of a gateway, or a refusal of the API's version, which has a code.
_PROBLEM: t.Final = frozenset({"type", "title", "status", "detail", "instance", "traceId"})
# The phrase of HTTP 404 (RFC 9110), which is its title where nothing more special has happened (RFC 9457).
_TITLE: t.Final = "not found"


def says_not_found(status: int, content_type: str, body: t.Any, path: str, details: t.Container[str] = ()) -> bool:
    """Whether an answer says, as documented, that what a path names is not there.

    Source: RAS REST API guide v20 and v21: 404 with a ProblemDetails, of the media type
    ``application/json; api-version=1.0``. A 404 of something in between differs in at least one of these.

    :param body: the decoded JSON.
    :param path: what was asked for; the answer may repeat it.
    :param details: what else such an answer may say, in lower case; any other word may be about something else, such as
        a session or a server.
    """
    if status != 404 or not _is_of_ras(content_type) or not isinstance(body, t.Mapping):
        return False
    title, repeated = _folded(body.get("title")), body.get("status")
    # The status itself, as a number: 404.0 or a text is not how ASP.NET writes it.
    if not _PROBLEM.issuperset(body) or not isinstance(repeated, int) or repeated != status:
        return False
    detail, instance = _folded(body.get("detail")), _folded(body.get("instance"))
    if (detail and detail not in details) or (instance and instance != path.casefold()):
        return False
    return has_usual_marks(body) and title == _TITLE


def _is_of_ras(content_type: str) -> bool:
    essence, *parameters = (part.strip().casefold() for part in content_type.split(";"))
    return essence == "application/json" and "api-version=1.0" in parameters


def _folded(value: t.Any) -> str | None:
    """A text without its case; a text that nothing equals for what is none."""
    return value if value is None else value.casefold() if isinstance(value, str) else "?"
