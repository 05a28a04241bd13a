# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a connection to a host failed: texts as the plugins and libraries write them, alone and several together."""

from __future__ import annotations

import itertools
import random
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.connection_causes import (
    causes_of,
    lost_connection,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.refusals import is_explained
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES

_POOL: t.Final = (
    "HTTPSConnectionPool(host='cb1.example.com', port=5986): Max retries exceeded with url: /wsman (Caused by "
)
NO_KERBEROS: t.Final = (
    "WinRM Kerberos authentication requested but the python kerberos library is not installed. Please install the "
    "pykerberos library, set a different authentication method with ansible_winrm_transport, or use a local user "
    "account to connect using basic authentication."
)
# Text -> a word of the cause, a word of its remedy.
SAID: t.Final[dict[str, tuple[str, str]]] = {
    "winrm or requests is not installed: No module named 'winrm'": ("library", "pywinrm"),
    "pypsrp or dependencies are not installed: No module named 'pypsrp'": ("library", "pypsrp"),
    NO_KERBEROS: ("library", "pywinrm[kerberos]"),
    "kerberos: the python kerberos library is not installed": ("library", "pywinrm[kerberos]"),
    "credssp: requests auth method is credssp, but requests-credssp is not installed": ("library", "pywinrm[credssp]"),
    "Kerberos auth failure when calling kinit cmd 'kinit': [Errno 2] No such file or directory: 'kinit'": (
        "library or program",
        "kinit",
    ),
    "Kerberos auth failure for principal svc@EXAMPLE.COM with subprocess: kinit: Cannot find KDC for realm "
    '"EXAMPLE.COM" while getting initial credentials': ("Kerberos", "krb5.conf"),
    "kerberos: authGSSClientStep() failed: (('Unspecified GSS failure. Minor code may provide more information', "
    "851968), ('Server not found in Kerberos database', -1765328377))": ("Kerberos", "HTTP/name"),
    "Kerberos auth failure for principal svc@EXAMPLE.COM: kinit: Clock skew too great while getting "
    "initial credentials": (
        "Kerberos",
        "clocks",
    ),
    "Kerberos auth failure for principal svc@EXAMPLE.COM: kinit: Preauthentication failed while getting initial "
    "credentials": ("Windows user was rejected", "ansible_password"),
    "Kerberos auth failure for principal x@EXAMPLE.COM: kinit: Client 'x@EXAMPLE.COM' not found in Kerberos database "
    "while getting initial credentials": ("Windows user was rejected", "ansible_user"),
    f"ssl: {_POOL}SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: "
    "self-signed certificate (_ssl.c:1006)')))": ("certificate", "ansible_winrm_ca_trust_path"),
    f'ssl: {_POOL}SSLError(SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: '
    "Hostname mismatch, certificate is not valid for 'cb1'. (_ssl.c:1006)\")))": ("certificate", "a name in its"),
    f"ssl: {_POOL}SSLError(SSLError(1, '[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)')))": (
        "TLS handshake",
        "5986",
    ),
    "ntlm: the specified credentials were rejected by the server": ("Windows user was rejected", "ansible_password"),
    "failed to authenticate with the server: Failed to authenticate the user svc with ntlm": (
        "Windows user was rejected",
        "lock a user",
    ),
    "WinRM/HTTP Basic authentication is not enabled on remote host": ("Windows user was rejected", "basic is off"),
    "Access is denied. (extended fault data: {'wsmanfault_code': '5'})": ("may not use WinRM", "Administrators"),
    f"ssl: {_POOL}NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7f>: Failed to establish a new "
    "connection: [Errno 111] Connection refused'))": ("nothing listens", "ansible_port"),
    f"ssl: {_POOL}NameResolutionError(\"HTTPSConnection(host='cb1', port=5986): Failed to resolve 'cb1' ([Errno -2] "
    'Name or service not known)"))': ("name of the host", "DNS"),
    "the connection attempt timed out": ("does not answer", "firewall"),
    "('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))": (
        "broke off",
        "restart",
    ),
    "winrm send_input failed; stdout: stderr": ("broke off", "quota of shells"),
    "HTTP Error 401": ("Windows user was rejected", "ansible_password"),
    "http: Bad HTTP status code: 401.": ("Windows user was rejected", "ansible_password"),
    "code 403": ("may not use WinRM", "Administrators"),
}


@pytest.mark.parametrize("said", list(SAID))
def test_each_cause_has_a_remedy_of_its_own(said: str) -> None:
    word, advice = SAID[said]
    message, remedy = lost_connection("cb1", said)
    assert [word in cause.what for cause in causes_of(said)].count(True) == 1, causes_of(said)
    assert len(causes_of(said)) == 1, causes_of(said)
    assert word in message
    assert advice in remedy
    assert remedy != REMEDIES["host_unreachable"]
    # Nothing of it is cut.
    assert said.rstrip(".") in message


def test_remedies_differ() -> None:
    assert len({lost_connection("cb1", said)[1] for said in SAID}) == 10


@pytest.mark.parametrize(("first", "second"), random.Random(15).sample(list(itertools.permutations(SAID, 2)), 60))
def test_of_two_transports_both_causes_are_named(first: str, second: str) -> None:
    message, remedy = lost_connection("cb1", f"{first}, {second}")
    for said in (first, second):
        (cause,) = causes_of(said)
        if cause.what.startswith("Kerberos"):
            continue  # the other one may be what Kerberos handed on
        assert cause.what in message
        assert cause.remedy in remedy


@pytest.mark.parametrize("said", ["", "words that nobody knows", "None", "Fehler 42"])
def test_what_nobody_knows_is_quoted_with_the_general_remedy(said: str) -> None:
    message, remedy = lost_connection("cb1", said)
    assert said in message
    assert remedy == REMEDIES["host_unreachable"]


def test_a_text_without_end_is_bounded_and_its_cause_comes_first() -> None:
    said = f"<html>{'x' * 5000} ##vso[a] the specified credentials were rejected by the server"
    message, _remedy = lost_connection("cb1", said)
    assert message.startswith("The connection to cb1 failed (the Windows user was rejected): ")
    assert len(message) < 1200
    assert "##vso[" not in message


@pytest.mark.parametrize(
    "said",
    [
        "winrm or requests is not installed: No module named 'winrm'",
        "pypsrp or dependencies are not installed: No module named 'requests'",
        NO_KERBEROS,
    ],
)
def test_a_missing_library_accuses_no_windows_user(said: str) -> None:
    assert is_explained(said, "windows_user")
    assert not is_explained(f"{said} Then the credentials were rejected", "windows_user")
    assert not is_explained(f"{said}, ssl: the specified credentials were rejected by the server", "windows_user")
    assert not is_explained(said, "account")


_SPN: t.Final = "Server not found in Kerberos database"


@pytest.mark.parametrize("other", ["Connection refused", "the connection attempt timed out", "getaddrinfo failed"])
def test_a_host_without_a_service_principal_is_a_cause_beside_others(other: str) -> None:
    causes = [cause.what for cause in causes_of(f"kerberos: authGSSClientStep() failed: ('{_SPN}', 7), ssl: {other}")]
    assert len(causes) == 2
    assert "Kerberos gave no ticket" in causes
    rejected = f"kerberos: kinit: Client 'x@EXAMPLE.COM' not found in Kerberos database, ssl: {other}"
    assert "Kerberos gave no ticket" not in [cause.what for cause in causes_of(rejected)]


@pytest.mark.parametrize("number", [401, 403, 1326])
@pytest.mark.parametrize(
    "name",
    ["host-{}.example.com", "{}.example.com", "error-{}.example.com", "http://{}.example.com/wsman", "h{}", "x-{}"],
)
def test_a_number_in_the_name_of_a_host_accuses_nobody(number: int, name: str) -> None:
    assert causes_of(f"words that nobody knows of {name.format(number)}") == []
    (cause,) = causes_of(f"Connection refused by {name.format(number)}: 5986")
    assert cause.what.startswith("nothing listens")
