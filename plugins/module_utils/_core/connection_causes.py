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

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.connection_remedies import remedy_of
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
    """One cause.

    :param key: of its remedies.
    :param what: in a few words.
    :param is_lasting: whether it is the same at the next attempt, so that waiting changes nothing, or locks a user.
    """

    key: str
    what: str
    is_lasting: bool = False


_CAUSES: t.Final[tuple[tuple[str, Cause], ...]] = (
    (
        r"\bis not installed|\bare not installed|no module named|calling kinit cmd|no such file or directory: 'kinit"
        r"|sshpass program|unable to execute ssh command line",
        Cause("library", "a library or program is missing on the controller", is_lasting=True),
    ),
    (
        r"host key verification failed|remote host identification has changed|no \S{1,30} host key is known",
        Cause("host_key", "the key of the host is not the one that is known", is_lasting=True),
    ),
    (
        r"certificate_verify_failed|certificate verify failed|self[- ]signed certificate|certificate has expired"
        r"|hostname .{1,253} doesn't match|(?:hostname|ip address) mismatch",
        Cause("certificate", "the certificate of WinRM is not trusted", is_lasting=True),
    ),
    (
        r"wrong_version_number|wrong version number|\bsslerror\((?!sslcert|[\"']?hostname)|ssl_error"
        r"|unexpected_eof|sslv3_alert|tlsv1\d?_alert"
        r"|unsupported_protocol|handshake failure",
        Cause("tls", "the TLS handshake failed"),
    ),
    (
        r"too long for unix domain socket|unix_listener: cannot bind",
        Cause("socket", "ssh cannot make the socket by which connections are shared", is_lasting=True),
    ),
    (
        r"does not support transport|bad configuration option|is not supported, please select one of",
        Cause("option", "an option of the connection is none that it knows", is_lasting=True),
    ),
    (
        r"preauthentication failed|password incorrect|password is incorrect|"
        + _NO_SUCH_USER
        + r"|credentials (?:were|was|is|are|have been) (?:rejected|revoked)|failed to authenticate|invalid credentials"
        r"|(?<![\w.-])1326(?![\w-]|\.\w)|"
        + _number(401)
        + r"|unauthorized|logon failure|user ?name or password|permission denied"
        r"|authentication is not enabled|authentication failed|authorization failed|too many authentication failures",
        Cause("rejected", "the Windows user was rejected", is_lasting=True),
    ),
    (
        r"kerberos auth failure|\bkinit:|\bkrb5|\bgss(?:api|error|exception)?\b|authgss|kerberos database|\bkdc\b"
        r"|clock skew|ccache|\bspnego|kerberoserror",
        Cause("kerberos", _NO_TICKET),
    ),
    (
        r"access is denied|access denied|0x80070005|forbidden|" + _number(403),
        Cause("rights", "the Windows user may not come in this way", is_lasting=True),
    ),
    (
        r"name or service not known|name resolution|failed to resolve|getaddrinfo|nodename nor servname"
        r"|no address associated|could not resolve",
        Cause("name", "the name of the host is not known"),
    ),
    (
        r"connection refused|actively refused",
        Cause("port", "nothing listens on the port"),
    ),
    (
        r"timed? ?-?out|no route to host|unreachable|host is down",
        Cause("silent", "the host does not answer"),
    ),
    (
        r"connection (?:aborted|reset|closed)|remote end closed|remotedisconnected|broken pipe|bad http response"
        r"|send_input failed|invalid selectors|\bshell (?:was )?not found",
        Cause("broken", "the connection broke off"),
    ),
)
# Kerberos is no cause of its own where it only hands on that a program is missing or that the user was rejected.
_HANDED_ON: t.Final = re.compile(
    r"kerberos library is not installed|calling kinit cmd|pykerberos is not installed"
    r"|requires the python gssapi library|preauthentication failed"
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


# ansible-core 2.16 to 2.21, ``plugins/connection/ssh.py``: the command ended while its input was still written.
# Up to 2.18, an exception of core adds what its cause says, so the same words come twice.
_ONLY_PIPE: t.Final = re.compile(
    r"data could not be sent to remote host \S{1,300} make sure this host can be reached over ssh: "
    r"\[errno 32\] broken pipe(?:\. \[errno 32\] broken pipe)?\.?",
    re.IGNORECASE,
)
# What ssh reports of itself at -vvv, in which words of any cause occur (OpenSSH, ssh.c: the version, then debug lines).
_DEBUG: t.Final = re.compile(
    r"(?:(?<=: )|^)(?:OpenSSH_\S{1,60}[^\n]*, (?:Open|Libre)SSL[^\n]*|debug[123]: [^\n]*)(?:\r?\n|$)", re.MULTILINE
)


def without_debug(said: str) -> str:
    """What was said without what ssh reports of its own work when Ansible is run with ``-vvv``."""
    return _DEBUG.sub("", said)


def hides_its_cause(said: str) -> bool:
    """Whether Ansible's ssh connection says no more than that its pipe to ssh broke: what ssh said is lost."""
    return _ONLY_PIPE.fullmatch(said.strip()) is not None


def lost_connection(host: str, said: str, over: str) -> tuple[str, str]:
    """The message and the remedy of a connection that failed: the causes first, then the whole text.

    :param over: the connection plugin: ``winrm``, ``psrp`` or ``ssh``.
    """
    causes = causes_of(said)
    what = f" ({'; '.join(cause.what for cause in causes)})" if causes else ""
    remedy = " ".join(remedy_of(cause.key, over) for cause in causes) or remedy_of("unknown", over)
    return f"The connection to {host} failed{what}: {quote(said, _LONGEST)}.", remedy
