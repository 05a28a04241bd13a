# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Decide whether a refusal clears the secret that was sent, so that it may be sent once more elsewhere.

The question is asked for the business account at the vendor, the RAS administrator at a farm and the Windows user at a
host. A refusal is *explained* when every word of it belongs to a sentence of :mod:`refusal_sentences`, each of which
blames something other than the secret. Whatever else it says, in whatever language, it is not: nobody knows what it
means, and a wrong password that goes on from host to host locks its owner out. No status is an explanation either.
"""

from __future__ import annotations

import json
import re
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core import refusal_sentences as sentences

Where = t.Literal["account", "administrator", "windows_user"]

# Loose on purpose: what speaks of any of these is a rejection even where the user was accepted elsewhere.
_OF_LOGON: t.Final = re.compile(
    r"credential|authent|password|denied|reject|log ?[io]n|sign[- ]?in|kinit|kerberos|credssp|unauthori|\b401\b",
    re.IGNORECASE,
)


def _sentence(choices: t.Iterable[str], prefix: str = "") -> re.Pattern[str]:
    # ASCII: no letter of another alphabet counts as one of these for its lower case.
    return re.compile(f"{prefix}(?:{'|'.join(choices)})[.。]?", re.IGNORECASE | re.ASCII)


_SENTENCES: t.Final[dict[Where, re.Pattern[str]]] = {
    "account": _sentence(sentences.ACCOUNT, sentences.WHAT_FAILED),
    "administrator": _sentence(sentences.ADMINISTRATOR),
    "windows_user": _sentence(sentences.WINDOWS_USER),
}


def is_explained(text: str, where: Where) -> bool:
    """Whether a refusal, read to its last word, blames something other than what was sent.

    :param text: all that was said, not shortened.
    """
    return _SENTENCES[where].fullmatch(" ".join(text.split())) is not None


def speaks_of_logon(text: str) -> bool:
    """Whether a failed connection says anything about a user, as far as English goes."""
    return _OF_LOGON.search(text) is not None


def text_of_failure(status: int, body: bytes) -> str | None:
    """All that the farm says in its one documented form of a refusal: 400, ``{"code": 0, "msg": text}``.

    Source: RAS REST API guide, Licensing sample; both samples have code 0.

    :returns: None for any other form, for then it is not known what else it says.
    """
    fields = _fields(body) if status == 400 else None
    if fields is None or set(fields) != {"code", "msg"}:
        return None
    code, text = fields["code"], fields["msg"]
    return text if isinstance(text, str) and code == 0 and not isinstance(code, bool) else None


def _fields(body: bytes) -> dict[str, t.Any] | None:
    """The fields of a JSON object; None for anything else, and where two have one name: the first would not be read."""
    try:
        said = json.loads(body.decode("utf-8-sig"), object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        return None
    fields = dict(said) if isinstance(said, tuple) else {}
    return fields if fields and len(fields) == len(said) else None


# The reason phrases of the two statuses with which a rate limit turns away a request that it has not looked at: 503 by
# default, 429 where that is configured, and no body (Microsoft: RateLimiterOptions.RejectionStatusCode).
_TURNED_AWAY: t.Final = {429: "too many requests", 503: "service unavailable"}
# The tags of the pages that web servers write for a status; the name of any other tag is a word, too.
_BARE_TAG: t.Final = re.compile(
    r"<!doctype html>|</?(?:html|head|title|body|center|h1|h2|hr|p|br)\s*/?>", re.IGNORECASE | re.ASCII
)
_OF_PROBLEM: t.Final = frozenset({"type", "title", "status", "traceId"})
# What ASP.NET writes as the type of a problem: the section of an RFC. And as its trace: the W3C's, or its own number.
_TYPE: t.Final = re.compile(
    r"(?:https://(?:tools\.ietf\.org|datatracker\.ietf\.org/doc)/html/rfc[0-9]+#section-[0-9.]+"
    r"|https://httpstatuses\.(?:io|com)/[0-9]{3}|about:blank)?"
)
_TRACE: t.Final = re.compile(r"(?:[0-9a-f-]{1,64}|[0-9A-Z]{13}:[0-9A-F]{8})?", re.ASCII)


def has_usual_marks(problem: t.Mapping[str, t.Any]) -> bool:
    """Whether type and trace of a ProblemDetails are as ASP.NET writes them of itself: then they say nothing more."""
    return all(
        form.fullmatch("" if value is None else value if isinstance(value, str) else "?")
        for form, value in ((_TYPE, problem.get("type")), (_TRACE, problem.get("traceId")))
    )


def is_turned_away(status: int, body: bytes) -> bool:
    """Whether an answer says nothing but that requests are turned away: 429 or 503, and no word beside its own name.

    The same statuses with other words may come from the vendor ("too many failed attempts") and are no such thing.
    """
    phrase = _TURNED_AWAY.get(status)
    if phrase is None:
        return False
    fields = _fields(body)
    try:
        text = body.decode("utf-8-sig")
    except ValueError:
        return False
    if fields is not None:
        # Any other type or trace may be the answer of somebody who has looked ("account-locked").
        if not set(fields) <= _OF_PROBLEM or not has_usual_marks(fields):
            return False
        text = f"{fields.get('title', '')} {fields.get('status', '')}"
    words = re.findall(r"\w+", _BARE_TAG.sub(" ", text).casefold())
    return set(words) <= {*phrase.split(), str(status)}
