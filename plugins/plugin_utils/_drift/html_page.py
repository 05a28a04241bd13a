# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""A report as one HTML page, for people.

The page needs nothing but itself. What farms say is text in it: Jinja escapes every value, :func:`_finalize` bounds it
and takes out what would show it otherwise than it is, and if that ever failed, the page's own policy (CSP) allows no
script and no fetch except by the hashes of what is written here.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import os
import re
import typing as t

import jinja2
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift.html_view import view_of
from markupsafe import Markup

_FOLDER: t.Final = os.path.join(os.path.dirname(__file__), "html")
# HTML cannot hold these; a farm that has one in its name must not make the file invalid.
_CONTROLS: t.Final = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
# These turn the direction of what follows, our own words too, or have no width.
_HIDDEN: t.Final = "\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_REPLACED: t.Final = re.compile(f"[{_CONTROLS}{_HIDDEN}]")
# A list of the names of all farms is the longest value that is ours.
_LONGEST: t.Final = 100_000


def render_html(report: t.Mapping[str, t.Any]) -> str:
    """The whole report, the verdict first."""
    style, script = _asset("drift_report.css"), _asset("drift_report.js")
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )
    return _template().render(**view_of(report), style=Markup(style), script=Markup(script), content_policy=policy)


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("drift_report.html.j2")


@functools.cache
def _asset(name: str) -> str:
    """A style sheet or a script, as it is in the page."""
    with open(os.path.join(_FOLDER, name), encoding="utf-8") as file:
        return file.read().strip()


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _finalize(value: t.Any) -> t.Any:
    """What an expression of the template becomes.

    :raises TypeError: for None, which a page would show as a word.
    """
    if value is None:
        raise TypeError("the template shows a value that is not there")
    if isinstance(value, str) and not isinstance(value, Markup):
        value = value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
        return _REPLACED.sub("\N{REPLACEMENT CHARACTER}", value)
    return value
