# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Why Ansible's own connection to a host failed, and what to do about each cause. Pure, no I/O.

The texts are those of the connection plugins winrm, psrp and ssh, and of the libraries below them (pywinrm, pypsrp,
requests, urllib3, OpenSSL, MIT Kerberos). Several transports may fail, each for its own cause: all are named. This
chooses advice only; whether a password may be sent elsewhere is asked of :mod:`refusals`.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote

# Each transport of a connection writes a sentence of its own, with the whole chain of errors in it.
_LONGEST: t.Final = 1000
_MOST_CAUSES: t.Final = 3
_NO_TICKET: t.Final = "Kerberos gave no ticket"


def _number(number: int) -> str:
    """A number that is called a code, an error or a status: names of hosts have numbers, too."""
    return rf"(?<![a-z.-])(?:code|error|status|http(?:/[\d.]+)?)[\s:=('\"]{{1,3}}{number}(?![\w-]|\.\w)"


# Whose principal is not known: the user's. "Server not found" is about the host's.
_NO_SUCH_USER: t.Final = r"\bclient (?:'[^']{0,300}' )?not found in kerberos"


class Cause(t.NamedTuple):
    """One cause, in a few words, and what to do about it.

    :param is_lasting: whether it is the same at the next attempt, so that waiting changes nothing, or locks a user.
    """

    what: str
    remedy: str
    is_lasting: bool = False


_CAUSES: t.Final[tuple[tuple[str, Cause], ...]] = (
    (
        r"\bis not installed|\bare not installed|no module named|calling kinit cmd|no such file or directory: 'kinit"
        r"|sshpass program",
        Cause(
            "a library or program is missing on the controller",
            "Install it where Ansible runs, in its own Python environment or in the execution environment: pywinrm for "
            "winrm, pywinrm[kerberos] with the programs of Kerberos (kinit), pywinrm[credssp], pypsrp for psrp; or "
            "choose another ansible_winrm_transport.",
            is_lasting=True,
        ),
    ),
    (
        r"certificate_verify_failed|certificate verify failed|self[- ]signed certificate|certificate has expired"
        r"|hostname .{1,253} doesn't match|(?:hostname|ip address) mismatch",
        Cause(
            "the certificate of WinRM is not trusted",
            "Give the PEM file of its issuer as ansible_winrm_ca_trust_path (psrp: ansible_psrp_ca_cert), and address "
            "the host by a name in its certificate.",
            is_lasting=True,
        ),
    ),
    (
        r"wrong_version_number|wrong version number|\bsslerror\((?!sslcert|[\"']?hostname)|ssl_error"
        r"|unexpected_eof|sslv3_alert|tlsv1\d?_alert"
        r"|unsupported_protocol|handshake failure",
        Cause(
            "the TLS handshake failed",
            "WinRM speaks TLS on port 5986 and not on 5985: make ansible_port and ansible_winrm_scheme "
            "(psrp: ansible_psrp_protocol) fit, and enable TLS 1.2 on the host.",
        ),
    ),
    (
        r"preauthentication failed|password incorrect|password is incorrect|"
        + _NO_SUCH_USER
        + r"|credentials (?:were|was|is|are|have been) (?:rejected|revoked)|failed to authenticate|invalid credentials"
        r"|(?<![\w.-])1326(?![\w-]|\.\w)|"
        + _number(401)
        + r"|unauthorized|logon failure|user ?name or password|permission denied"
        r"|authentication is not enabled|authentication failed|authorization failed",
        Cause(
            "the Windows user was rejected",
            "Check ansible_user and ansible_password by one logon by hand; wrong passwords lock a user. Check that "
            "WinRM of the host allows the transport (basic is off unless it was turned on, ntlm is for local users "
            "too) and that the user is not locked, disabled or expired.",
            is_lasting=True,
        ),
    ),
    (
        r"kerberos auth failure|\bkinit:|\bkrb5|\bgss(?:api|error|exception)?\b|authgss|kerberos database|\bkdc\b"
        r"|clock skew|ccache|\bspnego|kerberoserror",
        Cause(
            _NO_TICKET,
            "Try 'kinit user@REALM' on the controller: the realm in capitals and in krb5.conf, a KDC that answers on "
            "port 88, clocks that differ by less than five minutes, and a host addressed by the full name in its "
            "service principal (HTTP/name).",
        ),
    ),
    (
        r"access is denied|access denied|0x80070005|forbidden|" + _number(403),
        Cause(
            "the Windows user may not use WinRM",
            "The user was let in, and has no right here: make it a member of Administrators, or give it the right in "
            "'winrm configSDDL default'. Local administrators other than the built-in one need "
            "LocalAccountTokenFilterPolicy=1.",
            is_lasting=True,
        ),
    ),
    (
        r"name or service not known|name resolution|failed to resolve|getaddrinfo|nodename nor servname"
        r"|no address associated|could not resolve",
        Cause("the name of the host is not known", "Check ansible_host and the DNS of the controller."),
    ),
    (
        r"connection refused|actively refused",
        Cause(
            "nothing listens on the port of WinRM",
            "Check ansible_port (5986 with TLS, 5985 without) and that WinRM is set up on the host "
            "('winrm quickconfig'; its service must run).",
        ),
    ),
    (
        r"timed? ?-?out|no route to host|unreachable|host is down",
        Cause(
            "the host does not answer",
            "Check that the host is up, its address in ansible_host, and that a firewall lets the controller reach "
            "port 5985 or 5986.",
        ),
    ),
    (
        r"connection (?:aborted|reset)|remote end closed|remotedisconnected|broken pipe|bad http response"
        r"|send_input failed",
        Cause(
            "the connection broke off",
            "Look at the host: does it restart, does the WinRM service run, is its quota of shells or memory used up? "
            "Then run again: the run continues from what it finds.",
        ),
    ),
)
# Kerberos is no cause of its own where it only hands on that a program is missing or that the user was rejected.
_HANDED_ON: t.Final = re.compile(
    r"kerberos library is not installed|calling kinit cmd|pykerberos is not installed|preauthentication failed"
    r"|password incorrect|credentials have been revoked|" + _NO_SUCH_USER,
    re.IGNORECASE,
)
_COMPILED: t.Final = [(re.compile(pattern, re.IGNORECASE | re.DOTALL), cause) for pattern, cause in _CAUSES]


def causes_of(said: str) -> list[Cause]:
    """The causes that a text names; none where it is in words that nobody knows.

    :param said: all that was said, not shortened.
    """
    found = [cause for pattern, cause in _COMPILED if pattern.search(said)]
    if len(found) > 1 and _HANDED_ON.search(said):
        found = [cause for cause in found if cause.what != _NO_TICKET]
    return found[:_MOST_CAUSES]


def is_lasting(said: str) -> bool:
    """Whether a host is not merely away: credentials, rights, a certificate or a library are at fault, or may be.

    :param said: all that was said, not shortened.
    """
    return any(cause.is_lasting for cause in causes_of(said))


def lost_connection(host: str, said: str) -> tuple[str, str]:
    """The message and the remedy of a connection that failed: the causes first, then the whole text."""
    causes = causes_of(said)
    what = f" ({'; '.join(cause.what for cause in causes)})" if causes else ""
    remedy = " ".join(cause.remedy for cause in causes) or REMEDIES["host_unreachable"]
    return f"The connection to {host} failed{what}: {quote(said, _LONGEST)}.", remedy
