# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the license_info module; the action plugin of the same name does the work."""

from __future__ import annotations

DOCUMENTATION = r"""
module: license_info
short_description: Read the license of a Parallels RAS farm
version_added: 0.1.0
author:
  - FleetOps contributors (@fleetops)
description:
  - Reads the license of a Parallels RAS farm and the account under which it is activated, in the same form for all
    versions of RAS.
  - Changes nothing, and needs neither the business account nor a key.
  - A farm may not report the account. RV(license.account.email) is then null, which means unknown, never that there is
    no account.
extends_documentation_fragment:
  - fleetops.parallels_ras._attributes
  - fleetops.parallels_ras._attributes.info_module
  - fleetops.parallels_ras._attributes.action_group
  - fleetops.parallels_ras._connection
options:
  known_texts:
    description:
      - Texts in the status, the messages and the state of the grace period of a license that you have read in the RAS
        console and found harmless, each of them whole; case and blanks do not count. Always a list, because a
        text may hold commas.
      - What these fields may say is not documented. An unknown text is the warning V(field_unknown).
    type: list
    elements: str
    default: []
  include_raw:
    description:
      - Whether to return the fields of the farm's answer that this collection does not know, in RV(raw).
    type: bool
    default: false
seealso:
  - module: fleetops.parallels_ras.license
  - module: fleetops.parallels_ras.farm_info
  - ref: ansible_collections.fleetops.parallels_ras.docsite.guide_activation
    description: How to sign a fleet of farms in with one business account.
"""

EXAMPLES = r"""
- name: Read the license
  fleetops.parallels_ras.license_info:
    api_url: "https://{{ ansible_host }}:20443"
    api_username: "{{ ras_api_username }}"
    api_password: "{{ ras_api_password }}"
    ca_path: "{{ ras_ca_path }}"
  register: ras_license_seen

- name: Show the account of the farm, and how long its license lasts
  ansible.builtin.debug:
    msg: >-
      {{ ras_license_seen.farm.name }}: {{ ras_license_seen.license.status }},
      account {{ ras_license_seen.license.account.email | default('not reported', true) }},
      {{ (ras_license_seen.license.expires | default({}, true)).days_left | default('an unknown number of') }} days left

- name: Read the license with the fields that this collection does not know
  fleetops.parallels_ras.license_info:
    api_url: "https://{{ ansible_host }}:20443"
    api_username: "{{ ras_api_username }}"
    api_password: "{{ ras_api_password }}"
    ca_path: "{{ ras_ca_path }}"
    include_raw: true

- name: Read the licenses of all farms, with the connection options in one place
  hosts: ras_licensing_servers
  gather_facts: false
  module_defaults:
    group/fleetops.parallels_ras.ras:
      api_url: "https://{{ ansible_host }}:20443"
      api_username: "{{ ras_api_username }}"
      api_password: "{{ ras_api_password }}"
      ca_path: "{{ ras_ca_path }}"
  tasks:
    - name: Read the license
      fleetops.parallels_ras.license_info:
      register: ras_license_seen
"""

RETURN = r"""
changed:
  description: Always false.
  returned: always
  type: bool
  sample: false
license:
  description:
    - The license. A value that the farm does not report is null.
  returned: success
  type: dict
  contains:
    status:
      description:
        - V(not_activated), V(trial), V(active), V(expired), or V(unreadable) when the farm's answer shows neither a
          license nor the absence of one.
        - V(expired) only when the date is past in every reading.
      type: str
      returned: always
      sample: active
    type:
      description:
        - One of V(Permanent), V(PrePaid), V(PostPaid) (SPLA), V(ExtTrial), V(LegacyTrial), V(NormalTrial). Null when
          the farm does not report it, or reports an unknown type.
      type: str
      returned: always
      sample: PrePaid
    type_text:
      description: The type in the farm's own words. Null when there is none.
      type: str
      returned: always
      sample: Parallels Remote Application Server Subscription
    key:
      description: The key as far as the farm shows it. Null when it shows none.
      type: str
      returned: always
      sample: "****-ME****-****-B9****-CV55K2"
    account:
      description: The account under which the farm is activated. A farm may not report it.
      type: dict
      returned: always
      contains:
        email:
          description: E-mail address of the person that activated the farm. Null when the farm does not report it.
          type: str
          returned: always
          sample: licensing@example.com
        name:
          description: Name of that person. Null when the farm does not report it.
          type: str
          returned: always
          sample: Licensing Desk
        company:
          description: Company of the account. Null when the farm does not report it.
          type: str
          returned: always
          sample: Example Corp.
    expires:
      description: When the license ends. Null when the farm does not report it.
      type: dict
      returned: always
      contains:
        raw:
          description: The date as the farm wrote it.
          type: str
          returned: always
          sample: "2027-03-31"
        date:
          description: The day in ISO 8601. Null unless it is certain.
          type: str
          returned: always
          sample: "2027-03-31"
        certain:
          description: Whether the text can mean only one day, by itself or by another date of the same answer.
          type: bool
          returned: always
          sample: true
        days_left:
          description: >-
            Days from the controller's today to the date, negative when it is past, by the likelier reading
            (O(date_order)). Null when the text is not a date.
          type: int
          returned: always
          sample: 127
    support_expires:
      description: When support (upgrade insurance) ends. Null when the farm does not report it.
      type: dict
      returned: always
      contains:
        raw:
          description: The date as the farm wrote it.
          type: str
          returned: always
          sample: "31/03/2027"
        date:
          description: The day in ISO 8601. Null unless it is certain.
          type: str
          returned: always
          sample: "2027-03-31"
        certain:
          description: Whether the text can mean only one day, by itself or by another date of the same answer.
          type: bool
          returned: always
          sample: true
        days_left:
          description: >-
            Days from the controller's today to the date, negative when it is past, by the likelier reading
            (O(date_order)). Null when the text is not a date.
          type: int
          returned: always
          sample: 127
    first_activated:
      description: When the farm was first activated. Null when the farm does not report it.
      type: dict
      returned: always
      contains:
        raw:
          description: The date as the farm wrote it.
          type: str
          returned: always
          sample: "21/02/2024 12:39"
        date:
          description: The day in ISO 8601. Null unless it is certain.
          type: str
          returned: always
          sample: "2024-02-21"
        certain:
          description: Whether the text can mean only one day, by itself or by another date of the same answer.
          type: bool
          returned: always
          sample: true
        days_left:
          description: >-
            Days from the controller's today to the date, negative when it is past, by the likelier reading
            (O(date_order)). Null when the text is not a date.
          type: int
          returned: always
          sample: -1007
    users:
      description: Numbers of users. Each is null when the farm does not report it.
      type: dict
      returned: always
      contains:
        licensed:
          description: How many concurrent users the license allows.
          type: int
          returned: always
          sample: 100
        peak:
          description: Highest number of concurrent users.
          type: int
          returned: always
          sample: 61
        connected:
          description: Number of users connected now.
          type: int
          returned: always
          sample: 42
    grace:
      description: Grace period. Its values are not documented by the vendor.
      type: dict
      returned: always
      contains:
        state:
          description: State in the farm's own words. Null when the farm does not report it.
          type: str
          returned: always
        days_left:
          description: Days left of it. Null when the farm does not report it.
          type: int
          returned: always
    needs_attention:
      description: Whether the farm reports that its licensing needs attention. Null when the farm does not report it.
      type: bool
      returned: always
      sample: false
    status_message:
      description: Status in the farm's own words. Null when there is none.
      type: str
      returned: always
      sample: Activated
    alert_message:
      description: Alert for the administrator, in the farm's own words. Null when there is none.
      type: str
      returned: always
farm:
  description: The farm, and the server that answered for it.
  returned: success
  type: dict
  contains:
    guid:
      description: Identity of the farm (C(farmGUID)). Null when the farm does not report it.
      type: str
      returned: always
      sample: 6f1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d
    name:
      description: Name of the farm. Null when the farm does not report it.
      type: str
      returned: always
      sample: tokyo
    connected_server:
      description: >-
        The server that the session is connected to, as the farm names it. Null when the farm does not report it.
      type: str
      returned: always
      sample: cb1.tokyo.example.com
    licensing_server:
      description: The licensing server of the farm. Null when it is not known.
      type: str
      returned: always
      sample: cb1.tokyo.example.com
    is_licensing_server:
      description: >-
        Whether the session is with the licensing server. Null when the farm does not report it;
        M(fleetops.parallels_ras.farm_info) then tries to find out.
      type: bool
      returned: always
      sample: true
    is_primary_broker:
      description: Whether the session is connected to a primary broker. Null when the farm does not report it.
      type: bool
      returned: always
      sample: true
    settings_pending:
      description: Whether settings wait to be applied, whoever staged them. Null when the farm does not report it.
      type: bool
      returned: always
      sample: false
findings:
  description:
    - What is worth knowing but is not a failure. Findings of severity V(warning) are shown as warnings too.
    - V(date_ambiguous) - a date can be read in two ways.
    - V(date_unreadable) - warning, the end of the license or of its support cannot be read, lies outside of 2000 to
      2199 (a farm may count years by another calendar), or is not reported for a license that ends by its type. Nothing
      says that it has not ended.
    - V(grace_period) - warning, a grace period runs.
    - V(needs_attention) - warning, the farm reports that its licensing needs attention; its texts are quoted.
    - V(expired) - warning, the end of a trial or of a permanent license is past in every reading.
    - V(field_unknown) - warning, a field that can warn (type, status, grace period, attention, numbers of users) says
      what is not known.
    - V(version_untried) - the version is not known, or not supported in full, such as RAS 17 over REST (documented,
      never tried) and the preview of RAS 22.
    - V(session_left_open) - the logoff failed; the session expires by itself.
    - V(powershell_wrote) - RAS or PowerShell wrote errors or warnings beside its answer over WinRM.
    - V(not_read) - over WinRM, version, sites or brokers of the farm could not be read; RAS's words are quoted.
    - V(winrm_failed) - O(backend=auto) asked over WinRM, instead of REST or for what REST does not report, and WinRM
      could not answer.
    - V(rest_unreachable) - O(backend=auto) found no REST API and used WinRM; RV(backend_used) says so.
    - V(account_by_winrm) - REST did not report the account, and WinRM did.
    - V(back_ends_disagree) - warning, the license over WinRM has another key than over REST, so its account is not
      used. Check that both ways lead to the same farm.
  returned: unless an option was refused
  type: list
  elements: dict
  contains:
    rule:
      description: Name of the finding.
      type: str
      returned: always
      sample: date_ambiguous
    severity:
      description: V(info) or V(warning).
      type: str
      returned: always
      sample: info
    expected:
      description: What was expected, text or null.
      type: raw
      returned: always
      sample: "expires: one certain day"
    observed:
      description: What was observed, text, list or null.
      type: raw
      returned: always
      sample: ["2027-04-03", "2027-03-04"]
    remedy:
      description: What to do, or that nothing is to be done.
      type: str
      returned: always
      sample: >-
        Set date_order to how the farm writes dates: it decides days_left. No write depends on this date.
raw:
  description: >-
    Fields of the farm's answer that this collection does not know. Each text is one line, at most 4000 characters long,
    and what a CI system would take for a command (C(##vso[), C(::error::) and the like) has a blank in it.
  returned: success, when O(include_raw=true)
  type: dict
  sample: {}
backend_used:
  description: The back end that talked to the farm, V(rest) or V(winrm). With O(backend=auto), the one that worked.
  returned: unless an option was refused
  type: str
  sample: rest
failure:
  description:
    - Why the task failed, as data. RV(msg) holds its message and its remedy as one text.
  returned: on failure
  type: dict
  contains:
    code:
      description:
        - What failed. The codes are stable; branch on them, not on texts.
        - V(api_unreachable) - nothing usable answers at O(api_url) within O(timeout), or it answers HTTP 502, 503 or
          504. Over WinRM, RASAdmin got no session with the Connection Broker on the host.
        - V(host_unreachable) - over WinRM, Ansible's own connection to the host failed.
        - V(constrained_language) - over WinRM, a policy of Windows lets PowerShell run scripts in part only.
        - V(product_missing) - over WinRM, RAS or its PowerShell module is not installed on the host, or the module
          cannot be loaded.
        - V(product_too_old) - the farm is too old for this back end. RAS 17 is only reached over REST; or a host lacks
          a cmdlet that is needed.
        - V(tls_untrusted) - the certificate is not trusted; the reason, its names, issuer, validity and fingerprint are
          shown.
        - V(rest_disabled) - a web server answers, but it has no path for the logon.
        - V(api_credentials_rejected) - the farm rejected O(api_username) or O(api_password).
        - V(api_forbidden) - the RAS administrator has no permission for the request.
        - V(rate_limited) - the farm refused more requests until O(timeout) was over.
        - V(session_expired) - the session ended and a new one did not help.
        - V(bad_answer) - the answer is not one that the REST API, or RASAdmin, gives. Redirects are reported in this
          way, too.
        - V(not_tried) - two farms rejected this RAS administrator in this run, or two hosts the Windows user of the
          connection, or another task holds the first logon.
        - V(invalid_option) - an option is missing or wrong. Nothing was sent.
        - V(internal_error) - a defect of this collection.
      type: str
      returned: always
      sample: api_unreachable
    message:
      description: One or more sentences that say what failed, where, what was expected, and what was observed.
      type: str
      returned: always
      sample: "The farm's API at https://cb1.tokyo.example.com:20443 cannot be reached: connection refused."
    remedy:
      description: What to do next.
      type: str
      returned: always
      sample: >-
        Check that the RAS Web Administration Service runs on that host, that TCP port 20443 is open from the
        controller, and that api_url is right.
    observed:
      description: The data behind the message. Its form depends on RV(failure.code); null when there is none.
      type: raw
      returned: always
      sample:
        url: https://cb1.tokyo.example.com:20443
msg:
  description: Message and remedy of RV(failure).
  returned: on failure
  type: str
  sample: >-
    The farm's API at https://cb1.tokyo.example.com:20443 cannot be reached: connection refused. Check that the RAS Web
    Administration Service runs on that host, that TCP port 20443 is open from the controller, and that api_url is
    right.
"""
