# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a connection to a host failed: texts as the plugins and libraries write them, alone and several together."""

from __future__ import annotations

import errno
import io
import itertools
import os
import random
import types
import typing as t

import pytest
from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.connection import ssh
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.connection_causes import (
    causes_of,
    hides_its_cause,
    lost_connection,
    without_debug,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.connection_remedies import remedy_of
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.refusals import is_explained
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES

OVER: t.Final = ("winrm", "psrp", "ssh")
_SSH: t.Final = 'Data could not be sent to remote host "cb1". Make sure this host can be reached over ssh: '

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
    "The installed version of WinRM does not support transport(s) ['foo']": ("an option", "ansible_winrm_transport"),
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
    "Access is denied. (extended fault data: {'wsmanfault_code': '5'})": ("may not come in", "Administrators"),
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
    "code 403": ("may not come in", "Administrators"),
}
# The same for what only the connections psrp and ssh say.
OTHERS: t.Final[dict[str, tuple[str, str, str]]] = {
    "pypsrp or dependencies are not installed: No module named 'pypsrp'": ("psrp", "library", "Install pypsrp "),
    "GSSAPIProxy requires the Python gssapi library: No module named 'gssapi'": ("psrp", "library", "pypsrp[kerberos]"),
    "Cannot use CredSSP auth as requests-credssp is not installed: No module named 'requests_credssp'": (
        "psrp",
        "library",
        "ansible_psrp_auth",
    ),
    f"Failed to connect to the host via PSRP: {_POOL}SSLError(SSLCertVerificationError(1, '[SSL: "
    "CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1006)')))": (
        "psrp",
        "certificate",
        "ansible_psrp_ca_cert",
    ),
    f"Failed to connect to the host via PSRP: {_POOL}SSLError(SSLError(1, '[SSL: WRONG_VERSION_NUMBER] wrong version "
    "number (_ssl.c:1006)')))": ("psrp", "TLS handshake", "ansible_psrp_protocol"),
    "failed to authenticate with the server: Failed to authenticate the user svc with negotiate": (
        "psrp",
        "Windows user was rejected",
        "ansible_psrp_auth",
    ),
    "Received a WSManFault message. (Code: 2150858843, Machine: CB1, Reason: The request contained invalid selectors "
    "for the resource.)": ("psrp", "broke off", "restart"),
    "Unable to execute ssh command line on a controller: [Errno 2] No such file or directory: b'ssh'": (
        "ssh",
        "library or program",
        "ansible_ssh_executable",
    ),
    "to use the 'ssh' connection type with passwords or pkcs11_provider, you must install the sshpass program": (
        "ssh",
        "library or program",
        "sshpass",
    ),
    f"{_SSH}No ED25519 host key is known for [127.0.0.1]:2222 and you have requested strict checking. "
    "Host key verification failed.": ("ssh", "key of the host", "known_hosts"),
    f"{_SSH}@@@@ @ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @ @@@@ IT IS POSSIBLE THAT SOMEONE IS DOING "
    "SOMETHING NASTY!": ("ssh", "key of the host", "another machine"),
    f"{_SSH}ssh: connect to host cb1 port 22: Connection refused": ("ssh", "nothing listens", "sshd"),
    f"{_SSH}ssh: connect to host cb1 port 22: Connection timed out": ("ssh", "does not answer", "port 22"),
    f"{_SSH}kex_exchange_identification: Connection closed by remote host": ("ssh", "broke off", "sshd service"),
    f"{_SSH}svc@cb1: Permission denied (publickey,password).": (
        "ssh",
        "Windows user was rejected",
        "administrators_authorized_keys",
    ),
    f"{_SSH}command-line: line 0: Bad configuration option: foo": ("ssh", "an option", "ansible_ssh_common_args"),
    f'{_SSH}unix_listener: path "/home/{"x" * 90}/.ansible/cp/f6ed81d37d.MV0J7DSiJlK0ioFf" too long for Unix domain '
    "socket": ("ssh", "the socket", "ANSIBLE_SSH_CONTROL_PATH_DIR"),
}


@pytest.mark.parametrize("said", list(SAID))
def test_each_cause_has_a_remedy_of_its_own(said: str) -> None:
    word, advice = SAID[said]
    message, remedy = lost_connection("cb1", said, "winrm")
    assert [word in cause.what for cause in causes_of(said)].count(True) == 1, causes_of(said)
    assert len(causes_of(said)) == 1, causes_of(said)
    assert word in message
    assert advice in remedy
    assert remedy != REMEDIES["host_unreachable"]
    # Nothing of it is cut.
    assert said.rstrip(".") in message


def test_remedies_differ() -> None:
    assert len({lost_connection("cb1", said, "winrm")[1] for said in SAID}) == 11


@pytest.mark.parametrize("said", list(OTHERS))
def test_each_connection_has_remedies_of_its_own(said: str) -> None:
    over, word, advice = OTHERS[said]
    message, remedy = lost_connection("cb1", said, over)
    assert len(causes_of(said)) == 1, causes_of(said)
    assert word in message
    assert advice in remedy


@pytest.mark.parametrize("over", OVER)
@pytest.mark.parametrize("said", [*SAID, *OTHERS])
def test_no_remedy_names_what_another_connection_has(said: str, over: str) -> None:
    _message, remedy = lost_connection("cb1", said, over)
    foreign = {other for other in OVER if other != over}
    if not {cause.key for cause in causes_of(said)} & {"certificate", "tls"}:
        assert not [other for other in foreign if f"ansible_{other}_" in remedy or f"py{other}" in remedy], remedy


@pytest.mark.parametrize("said", [said for said in OTHERS if "rejected" not in OTHERS[said][1]])
def test_what_comes_before_the_logon_accuses_no_windows_user(said: str) -> None:
    over, word, _advice = OTHERS[said]
    # What is cut here, what comes in the middle of a conversation or after it is not explained to its last word.
    is_whole = not [text for text in ("@@@@", "WSManFault", "unix_listener") if text in said]
    assert is_explained(said, "windows_user") == is_whole, (over, word)
    assert not is_explained(f"{said} Then the password was wrong", "windows_user")


@pytest.mark.parametrize(("first", "second"), random.Random(15).sample(list(itertools.permutations(SAID, 2)), 60))
def test_of_two_transports_both_causes_are_named(first: str, second: str) -> None:
    message, remedy = lost_connection("cb1", f"{first}, {second}", "winrm")
    for said in (first, second):
        (cause,) = causes_of(said)
        if cause.what.startswith("Kerberos"):
            continue  # the other one may be what Kerberos handed on
        assert cause.what in message
        assert remedy_of(cause.key, "winrm") in remedy


@pytest.mark.parametrize("said", ["", "words that nobody knows", "None", "Fehler 42"])
def test_what_nobody_knows_is_quoted_with_the_general_remedy(said: str) -> None:
    message, remedy = lost_connection("cb1", said, "psrp")
    assert said in message
    assert remedy == REMEDIES["host_unreachable"]
    _message, remedy = lost_connection("cb1", said, "ssh")
    assert "port 22," in remedy
    assert "598" not in remedy


def test_a_text_without_end_is_bounded_and_its_cause_comes_first() -> None:
    said = f"<html>{'x' * 5000} ##vso[a] the specified credentials were rejected by the server"
    message, _remedy = lost_connection("cb1", said, "winrm")
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


_DEBUG_LINES: t.Final = (
    "debug1: Next authentication method: gssapi-with-mic",
    "debug3: set_sock_tos: timeout 10 Permission denied",
    "debug2: ssh_packet_set_mux_auto: Connection refused",
)


@pytest.mark.parametrize("said", [said for said in OTHERS if OTHERS[said][0] == "ssh"])
@pytest.mark.parametrize("seed", range(5))
def test_what_ssh_reports_of_itself_names_no_cause(said: str, seed: int) -> None:
    """With -vvv, ansible-core before 2.19 hands on what ssh prints of its own work."""
    drawn = random.Random(f"{said}{seed}")
    head, mark, tail = said.partition("over ssh: ")
    noise = "".join(f"{drawn.choice(_DEBUG_LINES)}\r\n" for _each in range(drawn.randint(1, 30)))
    version = "OpenSSH_9.2p1 Debian-2+deb12u6, OpenSSL 3.0.19 27 Jan 2026\r\n" if mark else ""
    text = f"{head}{mark}{version}{noise if mark else ''}{tail}"
    assert without_debug(text) == said
    assert causes_of(without_debug(text)) == causes_of(said)


@pytest.mark.parametrize("text", ["", "debug1", "a debug1: b", "OpenSSH_ without a library", "Permission denied"])
def test_other_words_stay(text: str) -> None:
    assert without_debug(text) == text


def test_a_pipe_that_broke_hides_its_cause() -> None:
    for quoted in ('"cb1"', "'cb1.example.com'", "b'cb1'"):
        where = f"Data could not be sent to remote host {quoted}. Make sure this host can be reached over SSH"
        said = f"{where}: [Errno 32] Broken pipe"
        assert hides_its_cause(said)
        assert not hides_its_cause(f"{said} and Permission denied")
    assert not any(hides_its_cause(said) for said in (*SAID, *OTHERS))


def test_a_pipe_that_broke_as_core_says_it() -> None:
    """The words are those of the ansible-core that runs the test: it has changed them before."""

    class Ended(io.BytesIO):
        def write(self, _data: t.Any) -> int:
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    running = types.SimpleNamespace(poll=lambda: None, returncode=None)
    with pytest.raises(AnsibleConnectionFailure) as caught:
        ssh.Connection._send_initial_data(types.SimpleNamespace(host="cb1.example.com"), Ended(), b"all", running)
    assert hides_its_cause(str(caught.value)), str(caught.value)
