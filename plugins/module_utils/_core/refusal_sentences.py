# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The sentences that explain a refusal without blame for the secret that was sent; :mod:`refusals` compares.

Patterns without a gap: each word is here. Documented is one sentence of the vendor ("Failed to Deactivate - Product not
activated with a license key.", RAS REST API guide, Licensing sample). The others of RAS are how a refusal would have to
be worded to leave no doubt; that the vendor words one so is not known. Those of connections are in the source of
ansible-core, requests, urllib3 and Python.
"""

from __future__ import annotations

import typing as t

_CANNOT: t.Final = r"(?:cannot|can't|could not|couldn't|unable to|failed to)"
_SERVICE: t.Final = r"(?:the )?(?:parallels )?(?:licens(?:e|ing) |activation )?(?:server|service)"
_KIND_OF_KEY: t.Final = r"(?:licen[cs]e |product |activation )?"
_KEY: t.Final = rf"(?:the |this |your )?{_KIND_OF_KEY}key"
WHAT_FAILED: t.Final = (
    r"(?:(?:failed to (?:de)?activate|(?:de)?activation failed)(?: -|:|\.) "
    r"|アクティブ化(?:の解除)?に失敗しました - ){0,2}"
)
ACCOUNT: t.Final = (
    rf"{_CANNOT} (?:connect to|reach|contact) {_SERVICE}",
    rf"{_SERVICE} (?:is|was) (?:currently |temporarily )?(?:unreachable|unavailable|not reachable|not available)",
    rf"invalid {_KIND_OF_KEY}key",
    rf"{_KEY} (?:is|was) (?:invalid|not valid|expired|blocked|revoked)",
    rf"{_KEY} has (?:expired|been (?:blocked|revoked))",
    rf"{_KEY} is (?:already )?(?:in use|used)(?: by another farm)?",
    rf"{_KEY} is not registered (?:in|with) (?:the|this|your) account",
    r"(?:the )?product (?:is )?not activated with a licen[cs]e key",
    r"(?:the|this) farm is already activated with another account",
    r"ライセンスサーバーに接続できません",
    r"ライセンスキーが無効です",
    r"ライセンスキーは別のファームで使用されています",
    r"(?:ライセンスキーはこの|このキーはお使いの)アカウントに登録されていません",
    r"(?:製品は)?ライセンスキーでアクティブ化されていません",
    r"(?:このファームは)?別のアカウントで(?:既に)?アクティブ化されています",
)
# The scripts log on at the broker of their own host. The second sentence is that of Windows (WSAECONNREFUSED, 10061).
ADMINISTRATOR: t.Final = (
    rf"{_CANNOT} (?:connect to|reach|contact) (?:the )?(?:server |broker )?(?:'localhost'|localhost)",
    r"no connection could be made because the target machine actively refused it",
)
# How the connection plugins winrm, psrp and ssh say that they met nobody, with the errors of requests, urllib3 (1.26
# and 2), OpenSSL and the C library below them: no connection was there yet, or no trusted one, so no name and no
# password has left. A transport of winrm is named only before its shell is open; without it, the failure came later.
_HOST: t.Final = r"[^\s'\"]{1,253}"
_ERRNO: t.Final = (
    r"(?:connection refused|no route to host|network is unreachable|host is (?:down|unreachable)"
    r"|(?:connection|operation) timed out|name or service not known|temporary failure in name resolution"
    r"|no address associated with hostname)"
)
_CONNECTION: t.Final = (
    rf"(?:<urllib3\.connection\.(?:verified)?https?connection object at 0x[0-9a-f]+>"
    rf"|https?connection\(host='{_HOST}', port=\d+\)"
    rf"|<https?connection\(host='{_HOST}', port=\d+\) at 0x[0-9a-f]+>)"
)
_UNTRUSTED: t.Final = (
    r"(?:self[- ]signed certificate(?: in certificate chain)?|certificate (?:has expired|is not yet valid)"
    r"|unable to (?:get (?:local )?issuer certificate|verify the first certificate)"
    rf"|(?:hostname|ip address) mismatch, certificate is not valid for '{_HOST}'\.)"
)
_CAUSES: t.Final = (
    rf"newconnectionerror\(['\"]{_CONNECTION}: failed to establish a new connection: \[errno -?\d+\] {_ERRNO}['\"]\)"
    rf"|nameresolutionerror\(['\"]{_CONNECTION}: failed to resolve '{_HOST}' \(\[errno -?\d+\] {_ERRNO}\)['\"]\)"
    rf"|connecttimeouterror\({_CONNECTION}, ['\"]connection to {_HOST} timed out\. \(connect timeout=[\d.]+\)['\"]\)"
    rf"|sslerror\(sslcertverificationerror\(1, ['\"]\[ssl: certificate_verify_failed\] certificate verify failed: "
    rf"{_UNTRUSTED} \(_ssl\.c:\d+\)['\"]\)\)"
    r"|sslerror\(sslerror\(1, ['\"]\[ssl: wrong_version_number\] wrong version number \(_ssl\.c:\d+\)['\"]\)\)"
)
_POOL: t.Final = (
    rf"https?connectionpool\(host='{_HOST}', port=\d+\): max retries exceeded with url: /\S* "
    rf"\(caused by (?:{_CAUSES})\)"
)
_TRANSPORT: t.Final = r"(?:basic|plaintext|ssl|certificate|ntlm|kerberos|credssp)"
# Raised by the connection plugins winrm and psrp before they connect.
_NO_LIBRARY: t.Final = (
    r"(?:winrm or requests is|pypsrp or dependencies are) not installed: no module named '[\w.]{1,100}'",
    # ansible-core 2.16 says the first of Kerberos, later releases the second.
    r"kerberos: the python kerberos library is not installed",
    r"winrm kerberos authentication requested but the python kerberos library is not installed\. please install the "
    r"pykerberos library, set a different authentication method with ansible_winrm_transport, or use a local user "
    r"account to connect using basic authentication",
    r"credssp: requests auth method is credssp, but requests-credssp is not installed",
    r"cannot use credssp auth as requests-credssp is not installed: no module named '[\w.]{1,100}'",
    r"gssapiproxy requires the python gssapi library: no module named '[\w.]{1,100}'",
    r"unable to execute ssh command line on a controller: \[errno 2\] no such file or directory: b'[\w./-]{1,300}'",
    # ansible-core before 2.19.
    r"to use the 'ssh' connection type with passwords or pkcs11_provider, you must install the sshpass program",
)
# Options that the plugin, or ssh, does not know.
_NO_OPTION: t.Final = (
    r"the installed version of winrm does not support transport\(s\) \[[\w', -]{1,200}\]",
    r"command-line: line \d+: bad configuration option: \w{1,100}",
)
# What comes before what ssh says: the second where a module is sent in the same command.
_OVER_SSH: t.Final = (
    rf"(?:failed to connect to the host via ssh|data could not be sent to remote host \"{_HOST}\"\. make sure this "
    r"host can be reached over ssh)"
)
# What OpenSSH says before it has sent a name: that of the user follows the exchange of keys.
_BEFORE_KEYS: t.Final = (
    rf"ssh: connect to host {_HOST} port \d+: {_ERRNO}",
    rf"ssh: could not resolve hostname {_HOST}: {_ERRNO}",
    rf"no (?:ed25519|ecdsa|rsa) host key is known for {_HOST} and you have requested strict checking\. "
    r"host key verification failed",
    r"@+ @ warning: remote host identification has changed! @ @+ it is possible that someone is doing something nasty! "
    r"someone could be eavesdropping on you right now \(man-in-the-middle attack\)! it is also possible that a host "
    r"key has just been changed\. the fingerprint for the \w{2,20} key sent by the remote host is "
    r"sha256:[\w+/=]{20,100}\. please contact your system administrator\. add correct host key in [\w./-]{1,300} to "
    r"get rid of this message\. offending \w{2,20} key in [\w./-]{1,300}:\d+ remove with: "
    r"ssh-keygen -f \"[\w./-]{1,300}\" -r \"[^\s\"]{1,300}\" "
    rf"host key for {_HOST} has changed and you have requested strict checking\. host key verification failed\.?",
    rf"kex_exchange_identification: (?:connection closed by remote host|read: connection reset by peer)"
    rf"(?: connection (?:closed|reset) by {_HOST} port \d+)?",
)
WINDOWS_USER: t.Final = (
    *_NO_LIBRARY,
    _NO_OPTION[0],
    rf"{_TRANSPORT}: {_POOL}(?:, {_TRANSPORT}: {_POOL})*",
    rf"failed to connect to the host via psrp: {_POOL}",
    *(rf"{_OVER_SSH}: {said}" for said in (*_BEFORE_KEYS, _NO_OPTION[1])),
)
