# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One word for one thing, in US spelling and in plain words: in all texts of the checkout, names of code included.

This is the one list of the words that are out. A word ends at an underscore here, so that ``kind_told`` is found too.
"""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import pytest

from meta.repo import read, tracked_files

# What is not said -> what is.
OUT: t.Final = {
    # One word for one thing: the README's table has most of them.
    r"licen[cs]e servers?": "licensing server",
    r"activation server": "licensing server",
    r"tenants?": "organization (of farms) or farm",
    r"my account users?": "person of the business account",
    r"(?:business|parallels) users?": "person of the business account",
    r"members? of (?:\w+ ){1,2}?(?:business )?accounts?": "other e-mail address, or person, of the business account",
    r"account_members": "account_other_emails",
    r"(?:master|corporate|company|central) accounts?": "business account",
    r"RAS admin accounts?": "RAS administrator",
    r"RAS (?:nodes?|machines?)": "RAS host",
    r"clusters?": "farm",
    r"simulators?": "lab",
    r"batch(?:es)?": "wave (of farms) or round (of agents)",
    r"(?:wave|rollout) groups?": "wave",
    r"agent[_ ]?waves?|waves? of (?:\w+ )?agents?": "round",
    r"ras_internal_\w*": "__ras_ for what is the role's own",
    r"1 farms|farms?\(s\)": "1 farm, 12 farms",
    # US spelling.
    r"licenc[a-z]*": "license, licensing",
    r"behaviours?": "behavior",
    r"[a-z]*colour[a-z]*": "color",
    r"judgements?": "judgment",
    r"(?:model|label|cancel|travel)l(?:ed|ing)": "one l",
    r"(?:author|custom|final|initial|minim|normal|optim|organ|recogn|serial|summar|synchron|util)"
    r"is(?:e[ds]?|ing|ations?)": "z in place of s",
    # Plain words.
    r"mend(?:s|ed|ing)?": "fix",
    r"told|tell(?:s|ing)?": "report, say, give, show; distinguish",
    r"stand(?:s|ing)?(?![-_]ins?)(?! in for)|stood": "is; blocks; means",
    r"in vain|bearable": "without effect, allowed",
    r"deeds?|knock(?:s|ed|ing)?": "change, action; probe",
}
_FOUND: t.Final = {
    re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])", re.IGNORECASE): instead for words, instead in OUT.items()
}
# Of files without a suffix, too: Makefile, scripts.
_SUFFIXES: t.Final = {"", *".Jenkinsfile .css .html .j2 .js .json .md .ps1 .py .rst .sh .toml .xml .yaml .yml".split()}

# Words of others, which stay as they are -> whose.
QUOTED: t.Final = {
    "Synchronising": "the vendor's enumeration of agent states",
    "tenant_broker": "the vendor's TenantBroker",
    "The license server is currently not available": "a text of the vendor",
    "operable program or batch file": "a text of Windows",
}
# Files that are not read -> why. A name that ends in a slash is a folder.
NOT_READ: t.Final = {
    "changelogs/fragments/13-rooms-and-words.yml": "it names what was renamed",
    "changelogs/changelog.yaml": "it takes the fragments over",
    "CHANGELOG.md": "it takes the fragments over",
    "CHANGELOG.rst": "it takes the fragments over",
    "tests/meta/test_words.py": "this list",
    "LICENSE": "a text of others",
    "LICENSES/": "texts of others",
    "tests/locks/": "names of others",
}


def _is_at(name: str, place: str) -> bool:
    return name == place or (place.endswith("/") and name.startswith(place))


def _texts() -> list[Path]:
    found = [path for path in tracked_files() if path.suffix in _SUFFIXES]
    return [path for path in found if not any(_is_at(path.as_posix(), place) for place in NOT_READ)]


def _words_that_are_out(text: str) -> list[tuple[int, str, str]]:
    """Line, word, and what to say for it."""
    for quoted in QUOTED:
        text = text.replace(quoted, "")
    return [
        (text.count("\n", 0, match.start()) + 1, match[0], instead)
        for words, instead in _FOUND.items()
        for match in words.finditer(text)
    ]


def test_the_words() -> None:
    """One test for all files: a test for each would cost more than reading them."""
    found = [
        f"{path}:{line}: {word!r}: say {instead}"
        for path in _texts()
        for line, word, instead in _words_that_are_out(read(path))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("kind_told", "told"),
        ("__ras_internal_plan", "ras_internal_plan"),
        ("ras_batches", "batches"),
        ("What stands against it", "stands"),
        ("It stands in the log.", "stands"),
        ("other members of the same business account", "members of the same business account"),
        ("It holds 1 farms.", "1 farms"),
        ("Organisation", "Organisation"),
    ],
)
def test_a_word_is_found(text: str, word: str) -> None:
    assert [found for _line, found, _instead in _words_that_are_out(text)] == [word]


@pytest.mark.parametrize(
    "text",
    [
        "a stand-in for AWX",
        "from meta.awx_stand_in import StandIn",
        "standby, standard, standalone, understand, outstanding",
        "recommend, amend, intelligent",
        "11 farms",
        "members of a farm",
        "waves of farms, rounds of agents",
    ],
)
def test_other_words_are_not(text: str) -> None:
    assert _words_that_are_out(text) == []


def test_the_texts_are_found() -> None:
    names = {path.as_posix() for path in _texts()}
    assert {"README.md", "roles/ras/meta/argument_specs.yml", "plugins/modules/license.py", "Makefile"} <= names
    for suffix in (".css", ".j2", ".js", ".json", ".ps1", ".rst"):
        assert [name for name in names if name.endswith(suffix)], suffix


@pytest.mark.parametrize("place", [place for place in NOT_READ if not place.lower().startswith("changelog")])
def test_a_file_that_is_not_read_is_there(place: str) -> None:
    assert [path for path in tracked_files() if _is_at(path.as_posix(), place)]
