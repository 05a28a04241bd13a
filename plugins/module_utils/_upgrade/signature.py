# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Who signed an installer, and whether that is the expected publisher. Pure, no I/O."""

from __future__ import annotations

import contextlib
import re
import typing as t
from dataclasses import dataclass

from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.signer import organizations_of_signer

# The vendor publishes no name: the first word is what all names that its companies are known by begin with (inferred).
_FIRST_WORD: t.Final = "Parallels"
# The attribute "organization", by its name and by its identifier (X.520; RFC 4519, section 2.19).
_ORGANIZATION: t.Final = frozenset({"O", "2.5.4.10", "OID.2.5.4.10"})
_TYPE: t.Final = re.compile(r" *([A-Za-z][A-Za-z0-9-]*|(?:OID\.)?[0-9]+(?:\.[0-9]+)+) *= *")
_QUOTED: t.Final = re.compile(r'"((?:[^"]|"")*)" *')
# An unquoted value: for .NET, which quotes values with special characters, and for RFC 4514, section 2.4, which has a
# backslash before them.
_PLAIN: t.Final = re.compile(r'[^,+;"]*')
_ESCAPED: t.Final = re.compile(r'(?:\\[,+"\\<>;=# ]|[^,+;"])*')
_SEPARATOR: t.Final = re.compile(r"[,+;]")


def organizations_of(subject: str) -> list[str]:
    """The organizations that a certificate's subject names, in its order.

    Read as .NET writes subjects: ``CN="Example, Inc.", O=Example``, values with special characters in quotation marks,
    which are doubled within; and as RFC 4514 does, with a backslash before such a character.

    :raises ValueError: when it cannot be read in one way only.
    """
    readings = []
    for plain in (_PLAIN, _ESCAPED) if "\\" in subject else (_PLAIN,):
        with contextlib.suppress(_Unreadable):
            readings.append(_read(subject, plain))
    if not readings or any(reading != readings[0] for reading in readings):
        raise ValueError("not readable in one way only")
    return readings[0]


class _Unreadable(Exception):
    """A subject that is not one in this reading."""


def _read(subject: str, plain: re.Pattern[str]) -> list[str]:
    found, at = [], 0
    while True:
        kind = _TYPE.match(subject, at)
        if not kind:
            raise _Unreadable
        value, at = _value(subject, kind.end(), plain)
        if kind[1].upper() in _ORGANIZATION:
            if value.startswith("#"):
                raise _Unreadable  # an encoded value
            found.append(value)
        if at == len(subject):
            return found
        if not _SEPARATOR.match(subject, at):
            raise _Unreadable
        at += 1


def _value(subject: str, at: int, plain: re.Pattern[str]) -> tuple[str, int]:
    """The value that begins there, and where it ends."""
    quoted = _QUOTED.match(subject, at)
    if quoted:
        return quoted[1].replace('""', '"').strip(" "), quoted.end()
    bare = t.cast("re.Match[str]", plain.match(subject, at))
    text = re.sub(r'\\([,+"\\<>;=# ])', r"\1", bare[0]) if plain is _ESCAPED else bare[0]
    return text.strip(" "), bare.end()


def organization_of(subject: t.Any) -> str | None:
    """The one organization of a subject; None where there is none, more than one, or no subject that can be read."""
    try:
        found = organizations_of(subject) if isinstance(subject, str) else []
    except ValueError:
        return None
    return found[0] if len(found) == 1 and found[0] else None


@dataclass(frozen=True)
class Publisher:
    """Who may have signed.

    :param names: whole names of organizations; None for any whose first word is Parallels.
    :param is_checked: False when any signature that Windows takes for valid will do.
    """

    names: tuple[str, ...] | None = None
    is_checked: bool = True

    @classmethod
    def read(cls, names: t.Any, check: t.Any = True) -> Publisher:
        """What the role's variables ask for.

        :param names: a name or a list of names; None when there is no such variable.
        :raises RasError: ``invalid_option``.
        """
        try:
            is_checked = boolean(check)
        except TypeError as exc:
            raise _refused("installer_publisher_check", "yes or no", check) from exc
        if names is None:
            return cls(None, is_checked)
        given = names if isinstance(names, (list, tuple)) else [names]
        if not all(isinstance(name, str) for name in given):
            raise _refused("installer_publisher", "names as texts, in quotes", names)
        if is_checked and not (given and all(name.strip() for name in given)):
            raise _refused("installer_publisher", "the whole name of an organization, or a list of them", "none")
        return cls(tuple(name.strip() for name in given), is_checked)

    def accepts(self, organization: str | None) -> bool:
        """Whether this organization may have signed."""
        if not self.is_checked:
            return True
        if organization is None:
            return False
        if self.names is None:
            return re.split("[ ,]", organization, maxsplit=1)[0] == _FIRST_WORD
        return organization in self.names

    def __str__(self) -> str:
        if self.names is None:
            return f"an organization whose first word is '{_FIRST_WORD}'"
        return "one of these organizations: " + ", ".join(f"'{quote(name)}'" for name in self.names)


def _refused(name: str, expected: str, observed: t.Any) -> RasError:
    return RasError(
        "invalid_option",
        f"{name} cannot be used: expected {expected}, observed {quote(observed)}.",
        remedy="Leave installer_publisher out for an organization whose first word is Parallels, or name the "
        "organization whole; only installer_publisher_check=false goes without. Nothing was changed.",
    )


class Distrust(t.NamedTuple):
    """Why a signature does not do.

    :param reason: one word for it, for results.
    """

    reason: str
    observed: str
    remedy: str | None


_DOWNLOAD: t.Final = "Do not install it. Download the installer from the vendor again, and compare its SHA-256."
_ROOTS: t.Final = (
    "Bring the root certificates of the host up to date (Windows Update, or the group policy that distributes them), "
    "so that Windows can judge the signature; then run again. Nothing was started."
)
# What Get-AuthenticodeSignature answers (Microsoft, "SignatureStatus Enum"), besides Valid and UnknownError.
_STATUS: t.Final[dict[str, tuple[str, str]]] = {
    "NotSigned": ("unsigned", "no signature"),
    "HashMismatch": ("tampered", "a file that was changed after it was signed"),
    "NotTrusted": ("distrusted", "a signer whom this host explicitly distrusts"),
    "NotSupportedFileFormat": ("no_installer", "a file of a kind that cannot be signed"),
    "Incompatible": ("incompatible", "a signature that this Windows cannot check"),
}
_NO_ROOT: t.Final = frozenset({"UntrustedRoot", "PartialChain"})


def judge_signature(path: str, signature: bytes | None, publisher: Publisher) -> RasError | None:
    """What can be said of an installer's signature before any host is asked; None when nothing speaks against it.

    Whether a signature is valid, and its certificate one to trust, is for Windows to say: see :func:`why_distrusted`.

    :param signature: what the file holds; None when it is not signed.
    """
    why = _why_not_expected(signature, publisher)
    if why is None:
        return None
    return RasError(
        "installer_untrusted",
        f"The installer '{quote(path)}' must not run: expected a signature of {publisher}, observed {why.observed}.",
        remedy=why.remedy,
        observed={"reason": why.reason},
    )


def _why_not_expected(signature: bytes | None, publisher: Publisher) -> Distrust | None:
    if signature is None:
        return Distrust("unsigned", "no signature", _DOWNLOAD)
    if not publisher.is_checked:
        return None
    try:
        named = organizations_of_signer(signature)
    except ValueError as exc:
        return Distrust("not_read", f"a signature of which it cannot be read who made it ({quote(exc)})", _DOWNLOAD)
    if publisher.accepts(named[0] if len(named) == 1 and named[0] else None):
        return None
    observed = ", ".join(f"'{quote(name)}'" for name in named[:3]) or "none"
    return Distrust("other_publisher", f"the organization {observed}", None)


def why_distrusted(signature: t.Mapping[str, t.Any], publisher: Publisher) -> Distrust | None:
    """Why this signature does not do; None when it does.

    :param signature: of host_info: ``status``, ``status_message``, ``chain``, ``publisher`` and ``subject``.
    """
    status, said = signature.get("status"), quote(signature.get("status_message") or "nothing")
    if status == "Valid":
        organization = signature.get("publisher")
        if publisher.accepts(organization if isinstance(organization, str) else None):
            return None
        observed = f"'{quote(organization)}'" if organization else f"none, in '{quote(signature.get('subject'))}'"
        return Distrust("other_publisher", f"the organization {observed}", None)
    if status == "UnknownError":
        chain = signature.get("chain")
        if isinstance(chain, list) and _NO_ROOT & {str(each) for each in chain}:
            text = f"a signature whose root certificate this host lacks or does not trust (Windows says: '{said}')"
            return Distrust("root_missing", text, _ROOTS)
        text = f"a signature that Windows could not judge (it says: '{said}'); its root certificate may be missing"
        return Distrust("not_judged", text, f"{_ROOTS} If its words name another cause, fix that.")
    reason, text = _STATUS.get(str(status), ("unknown", f"the unknown status '{quote(status)}'"))
    return Distrust(reason, f"{text} (Windows says: '{said}')", _DOWNLOAD)
