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
      - V(rest) is the REST API of the RAS Web Administration Service, spoken from the controller.
      - V(auto) chooses by itself. In this version that is always V(rest).
      - V(winrm) is reserved for RASAdmin on the host. This version refuses it with RV(failure.code=invalid_option).
    type: str
    choices: [auto, rest, winrm]
    default: auto
  api_url:
    description:
      - Address of the farm's REST API, such as V(https://cb1.tokyo.example.com:20443).
      - Needed by the REST back end. To write a licence it must be the farm's licensing server.
      - Only C(https) is accepted, and neither user nor password may stand in it.
      - No environment variable stands in for it, because every host would get the same address.
    type: str
  api_username:
    description:
      - Name of the RAS administrator that logs on to the farm's API, best written as V(user@domain). This is never the
        business account.
      - RAS refuses names of the form V(DOMAIN\\user) (seen by users of the product, not documented by the vendor).
      - Needed by the REST back end. The environment variable E(RAS_API_USERNAME) is used when the option is not set.
    type: str
  api_password:
    description:
      - Password of O(api_username), 8 characters or more.
      - Needed by the REST back end. The environment variable E(RAS_API_PASSWORD) is used when the option is not set.
    type: str
  validate_certs:
    description:
      - Whether to verify the certificate of the farm's API.
      - V(false) sends passwords and keys to whatever answers. RAS ships with a self-signed certificate, so rather
        pin it with O(cert_fingerprint), or give its issuer in O(ca_path).
      - Not looked at when O(cert_fingerprint) is set.
    type: bool
    default: true
  ca_path:
    description:
      - PEM file, or folder with hashed PEM files, of the authorities that vouch for the farm's certificate, on the
        controller.
      - The authorities of the controller's system are used when it is not set.
      - The environment variable E(RAS_CA_PATH) is used when the option is not set.
    type: path
  cert_fingerprint:
    description:
      - SHA-256 fingerprint of the one certificate that the farm's API may show, 64 hexadecimal digits, with or
        without colons.
      - The pin is then the whole check. Names, validity and issuer of the certificate are not looked at.
      - A run that fails with RV(failure.code=tls_untrusted) shows the fingerprint that it saw. Compare it with the
        one that the server itself shows before you pin it.
    type: str
  proxy:
    description:
      - HTTP proxy between the controller and the farm, as V(http://host:port), without user and password.
      - Proxies of the environment are ignored, since farms are usually inside.
    type: str
  timeout:
    description:
      - Seconds in which a request to the farm ends, with all its repetitions, from 1 to 3600.
      - It is a deadline for the whole request, so an answer that drips in byte by byte does not prolong it.
    type: int
    default: 60
  settle_timeout:
    description:
      - Seconds for which the licence is read again after a write, until the farm shows what was written, from 1 to
        3600.
      - Also the time in which a write whose answer was lost may prove that it took effect.
      - Modules that only read accept it, and do not use it.
    type: int
    default: 60
  date_order:
    description:
      - How the farm is thought to write dates that can be read in two ways, such as V(03/04/2027). V(dmy) reads 3
        April, V(mdy) reads 4 March.
      - It decides only RV(ignore:license.expires.days_left) and its like. Such a date stays marked as not certain,
        and no write depends on it.
      - Modules that read no licence accept it, and do not use it.
    type: str
    choices: [dmy, mdy]
    default: dmy
requirements:
  - Python 3.10 or newer on the controller
  - urllib3 on the controller (pywinrm and requests bring it)
notes:
  - The farm must be Parallels RAS 18 to 21, with the RAS Web Administration Service installed and its REST API enabled.
  - >-
    This collection was never run against the real product. It was tested against a simulation made from the vendor's
    public documents; R(How each product fact is
    known,ansible_collections.fleetops.parallels_ras.docsite.guide_verified) says of each fact how it is known.
  - >-
    Secrets appear neither in results nor in messages nor in the invocation, at any verbosity; C(no_log) at the task
    is not needed, and would hide the message. A secret with fewer than 8 characters, or with a control character, is
    refused with RV(failure.code=invalid_option), because a short one cannot be blotted out of a result without
    blotting out innocent text. Keep secrets in C(ansible-vault) files; do not pass them by C(--extra-vars) on the
    command line, where other users of the controller can see them.
  - >-
    A RAS administrator that two farms rejected in one run of Ansible, with the same password, is not tried again in
    that run; the remaining farms fail with RV(failure.code=not_tried). The first logon of the run goes alone.
  - >-
    A request that only reads is repeated within O(timeout) after a failure of the connection and after HTTP 429,
    502, 503 and 504. Redirects are never followed. The session is always logged off.
"""
