# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The options by which a module reaches a farm, and what holds for all of them."""

from __future__ import annotations


class ModuleDocFragment:
    """Connection options of all modules of the action group C(ras)."""

    # Standard documentation fragment
    DOCUMENTATION = r"""
options:
  backend:
    description:
      - How to talk to the farm.
      - V(rest) is the REST API of the RAS Web Administration Service, called from the controller.
      - V(winrm) is RASAdmin, the vendor's PowerShell module, on the host that the task is for.
        M(ansible.windows.win_powershell) runs it over the host's own connection, which must be C(winrm), C(psrp), or
        C(ssh) with a PowerShell shell; another connection is refused with RV(failure.code=invalid_option).
      - V(auto) tries V(rest) first. When the host has such a connection, V(winrm) is used in two cases only. It
        replaces the REST API when the API does not answer or is switched off (C(api_unreachable), C(rest_disabled)),
        and it reads the account when the API reports a license without one.
      - With V(auto), WinRM is never a way around a refusal, such as a certificate that is not trusted or a logon that
        was rejected, and it is not used any more once a write was sent. When the host cannot be reached over WinRM,
        that is a finding, and it never makes the host unreachable for the play.
    type: str
    choices: [auto, rest, winrm]
    default: auto
  api_url:
    description:
      - Address of the farm's REST API, such as V(https://cb1.tokyo.example.com:20443).
      - Needed by the REST back end, and therefore for O(backend=auto) too. To write a license, it must be the address
        of the farm's licensing server.
      - Not used by O(backend=winrm), which uses the broker on the host that the task is for.
      - Only C(https) is accepted, and it must contain neither user nor password.
      - There is no environment variable for it, because every host would get the same address.
    type: str
  api_username:
    description:
      - Name of the RAS administrator that logs on to the farm, best written as V(user@domain). This is never the
        business account, nor the Windows user of the host's connection.
      - RAS refuses names of the form V(DOMAIN\\user) (seen by users of the product, not documented by the vendor).
      - Needed by every back end. The environment variable E(RAS_API_USERNAME) is used when the option is not set.
    type: str
  api_password:
    description:
      - Password of O(api_username), 8 characters or more.
      - Needed by every back end. The environment variable E(RAS_API_PASSWORD) is used when the option is not set.
    type: str
  validate_certs:
    description:
      - Whether to verify the certificate of the farm's API.
      - V(false) sends passwords and keys to whatever server answers. RAS ships with a self-signed certificate; pin it
        with O(cert_fingerprint) instead, or give its issuer in O(ca_path).
      - Ignored when O(cert_fingerprint) is set.
    type: bool
    default: true
  ca_path:
    description:
      - PEM file, or folder with hashed PEM files, of the authorities that sign the farm's certificate, on the
        controller.
      - The authorities of the controller's system are used when it is not set.
      - The environment variable E(RAS_CA_PATH) is used when the option is not set.
    type: path
  cert_fingerprint:
    description:
      - SHA-256 fingerprint of the one certificate that the farm's API may show, 64 hexadecimal digits, with or
        without colons.
      - The pin is then the only check. Names, validity and issuer of the certificate are not checked.
      - A run that fails with RV(failure.code=tls_untrusted) shows the fingerprint that it received. Compare it with the
        one that the server itself shows before you pin it.
    type: str
  proxy:
    description:
      - HTTP proxy between the controller and the farm, as V(http://host:port), without user and password.
      - Proxies of the environment are ignored, because farms are usually in the internal network.
    type: str
  timeout:
    description:
      - Seconds after which a request to the farm's REST API ends, including its retries, from 1 to 3600.
      - It is a deadline for the whole request, so an answer that arrives slowly, byte by byte, does not extend it.
      - Over WinRM the timeouts of the connection plugin apply, such as C(ansible_winrm_operation_timeout_sec).
    type: int
    default: 60
  settle_timeout:
    description:
      - Seconds for which the license is read again after a write, until the farm shows what was written, from 1 to
        3600.
      - Also the time within which a write whose answer was lost can be proven to have taken effect.
      - Modules that only read accept this option but do not use it.
    type: int
    default: 60
  date_order:
    description:
      - How to read a date of the farm that can be read in two ways, such as V(03/04/2027). V(dmy) reads 3
        April, V(mdy) reads 4 March.
      - It affects only RV(ignore:license.expires.days_left) and similar values. Such a date remains marked as not
        certain, and no write depends on it.
      - Modules that read no license accept this option but do not use it.
    type: str
    choices: [dmy, mdy]
    default: dmy
attributes:
  connection:
    description: Uses the target's configured connection information to execute code on it.
    support: partial
    details:
      - With O(backend=rest) the farm is reached by O(api_url). The host's own connection, whatever
        C(ansible_connection) says, is not opened.
      - With O(backend=winrm) the host's own connection is used, and with O(backend=auto) only when REST does not work
        or does not report the account.
      - C(delegate_to) is not needed.
requirements:
  - Python 3.10 or newer on the controller
  - urllib3 on the controller (pywinrm and requests bring it)
  - for O(backend=winrm), what the connection plugin of the host needs on the controller, such as pywinrm or pypsrp
notes:
  - The farm must be Parallels RAS 18 to 21, or RAS 17 over REST, which the vendor documents and nobody of this project
    ever tried. What is not supported in full is said by the finding C(version_untried). The REST API needs the RAS Web
    Administration Service with its REST API enabled; O(backend=winrm) needs RAS with its PowerShell module on the host,
    which must be a Connection Broker of the farm. RAS 15 and 16, and 17 over WinRM, are refused with
    V(product_too_old).
  - >-
    This collection was never run against the real product. It was tested against a simulation made from the vendor's
    public documents. R(How each product fact is
    known,ansible_collections.fleetops.parallels_ras.docsite.guide_verified) gives the source of each fact.
  - >-
    Secrets do not appear in results, messages or the invocation, at any verbosity; C(no_log) on the task is not needed,
    and would hide the message. A secret with fewer than 8 characters, or with a control character, is refused with
    RV(failure.code=invalid_option), because a short secret cannot be removed from a result without removing other text.
    Secrets are sent to the farm in the body of a request over TLS, or over WinRM as C(sensitive_parameters) of
    M(ansible.windows.win_powershell), which become secure strings on the host. Inside the WinRM payload they are plain
    text, so the connection must be encrypted (HTTPS, or NTLM or Kerberos with message encryption). Keep secrets in
    C(ansible-vault) files; do not pass them with C(--extra-vars) on the command line, where other users of the
    controller can see them.
  - >-
    A RAS administrator that two farms rejected with the same password in one run of Ansible is not tried again in that
    run; the remaining farms fail with RV(failure.code=not_tried). The first logon of the run is made alone, before all
    others.
  - >-
    A request that only reads is retried within O(timeout) after a connection failure and after HTTP 429, 502, 503 and
    504. Redirects are never followed. The session is always logged off. Over WinRM each script runs once, opens a
    session on the host and ends it.
"""
