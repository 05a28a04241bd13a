# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What to do about each cause of a connection that failed, over winrm, psrp and ssh: options have other names. Pure.

Names of options and packages: the documentation of the connection plugins of ansible-core and ansible.windows, of
pywinrm and of pypsrp; files of OpenSSH for Windows: Microsoft Learn, "OpenSSH Server configuration".
"""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES

_WHERE: t.Final = "where Ansible runs, in its own Python environment or in the execution environment"
_USER: t.Final = (
    "Check ansible_user and ansible_password by one logon by hand; wrong passwords lock a user. Check that WinRM of "
    "the host allows {option} (basic is off unless it was turned on, ntlm is for local users too) and that the user "
    "is not locked, disabled or expired."
)
_RIGHTS: t.Final = (
    "The user was let in, and has no right here: make it a member of Administrators, or give it the right in {where}. "
    "Local administrators other than the built-in one need LocalAccountTokenFilterPolicy=1."
)
_TLS: t.Final = (
    "WinRM speaks TLS on port 5986 and not on 5985: make ansible_port and {option} fit, and enable TLS 1.2 on the host."
)
_KERBEROS: t.Final = (
    "Try 'kinit user@REALM' on the controller: the realm in capitals and in krb5.conf, a KDC that answers on port 88, "
    "clocks that differ by less than five minutes, and a host addressed by the full name in its service principal "
    "(HTTP/name)."
)
_BROKEN: t.Final = (
    "Look at the host: does it restart, does the {service} service run, is its quota of shells or memory used up? "
    "Then run again: the run continues from what it finds."
)
_SILENT: t.Final = (
    "Check that the host is up, its address in ansible_host, and that a firewall lets the controller reach port {port}."
)
_CERTIFICATE: t.Final = (
    "Give the PEM file of its issuer as {option}, and address the host by a name in its certificate."
)

_WINRM: t.Final[dict[str, str]] = {
    "library": f"Install pywinrm {_WHERE}: pywinrm[kerberos] with the programs of Kerberos (kinit), "
    f"pywinrm[credssp]; or choose another ansible_winrm_transport.",
    "certificate": _CERTIFICATE.format(option="ansible_winrm_ca_trust_path"),
    "tls": _TLS.format(option="ansible_winrm_scheme"),
    "option": "Check ansible_winrm_transport (basic, certificate, ntlm, kerberos or credssp), ansible_winrm_scheme and "
    "ansible_port of the host.",
    "rejected": _USER.format(option="the transport"),
    "kerberos": _KERBEROS,
    "rights": _RIGHTS.format(where="'winrm configSDDL default'"),
    "port": "Check ansible_port (5986 with TLS, 5985 without) and that WinRM is set up on the host ('winrm "
    "quickconfig'; its service must run).",
    "silent": _SILENT.format(port="5985 or 5986"),
    "broken": _BROKEN.format(service="WinRM"),
    "name": "Check ansible_host and the DNS of the controller.",
    "host_key": "Compare the fingerprint with the host's own ('ssh-keygen -lf "
    "C:\\ProgramData\\ssh\\ssh_host_ed25519_key.pub' at its console), then put "
    "its key into known_hosts of the user who runs Ansible. A key that changed and nobody "
    "changed may be another machine: send nothing to it.",
    "socket": "Name a folder with a short path that the user who runs Ansible may write to: "
    "ANSIBLE_SSH_CONTROL_PATH_DIR, or control_path_dir in [ssh_connection] of ansible.cfg. A socket's path has at most "
    "108 bytes, and ssh adds 17.",
    "unknown": REMEDIES["host_unreachable"],
}
_PSRP: t.Final[dict[str, str]] = {
    **_WINRM,
    "library": f"Install pypsrp {_WHERE}: pypsrp[kerberos] with the programs of Kerberos (kinit), pypsrp[credssp]; or "
    "choose another ansible_psrp_auth.",
    "certificate": _CERTIFICATE.format(option="ansible_psrp_ca_cert"),
    "tls": _TLS.format(option="ansible_psrp_protocol"),
    "option": "Check ansible_psrp_auth (basic, certificate, negotiate, ntlm, kerberos or credssp), "
    "ansible_psrp_message_encryption, ansible_psrp_protocol and ansible_port of the host.",
    "rejected": _USER.format(option="ansible_psrp_auth"),
    "rights": _RIGHTS.format(where="'Set-PSSessionConfiguration Microsoft.PowerShell -ShowSecurityDescriptorUI'"),
}
_SSH: t.Final[dict[str, str]] = {
    **_WINRM,
    "library": "Install the OpenSSH client (ssh and sftp) where Ansible runs, or name it in ansible_ssh_executable. "
    "With a password ansible-core before 2.19 also needs sshpass; a key (ansible_ssh_private_key_file) does not.",
    "option": "Check ansible_port, ansible_ssh_common_args and ansible_ssh_extra_args of the host: does an SSH "
    "server listen there, and does 'ssh -p PORT USER@HOST hostname' work on the controller?",
    "rejected": "Check ansible_user and its key or password by one logon by hand; wrong passwords lock a user. The "
    "keys of administrators are in C:\\ProgramData\\ssh\\administrators_authorized_keys, which only administrators "
    "and SYSTEM may use. Check that the user is not locked, disabled or expired.",
    "kerberos": _KERBEROS.replace("HTTP/name", "host/name"),
    "rights": "The user was let in, and has no right here: make it a member of Administrators, and check AllowGroups "
    "and DenyUsers in C:\\ProgramData\\ssh\\sshd_config.",
    "port": "Check ansible_port (22 unless sshd_config says otherwise) and that the service sshd of the host runs.",
    "silent": _SILENT.format(port="22"),
    "broken": _BROKEN.format(service="sshd"),
    "unknown": REMEDIES["host_unreachable"].replace("5985 or 5986", "22"),
}
_TABLES: t.Final[dict[str, dict[str, str]]] = {"winrm": _WINRM, "psrp": _PSRP, "ssh": _SSH}


def remedy_of(key: str, over: str) -> str:
    """What to do about a cause.

    :param key: of the cause; ``unknown`` for words that nobody knows.
    :param over: the connection plugin; one that is none of the three has the words of winrm.
    """
    return _TABLES.get(over, _WINRM)[key]
