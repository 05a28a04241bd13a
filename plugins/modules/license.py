# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the license module; the action plugin of the same name does the work."""

from __future__ import annotations

DOCUMENTATION = r"""
module: license
short_description: Activate a Parallels RAS farm with the one business account
version_added: 0.1.0
author:
  - FleetOps contributors (@fleetops)
description:
  - Brings the license of a Parallels RAS farm to the wanted state, that is, activated with the wanted Parallels
    business account and the wanted license key, or not activated.
  - It reads first, compares, and writes only what is due. Check mode, diff and a real run use the same plan, so what
    check mode announces is what a real run does.
  - O(state=present), the farm was never activated, O(license_key) given - activate with the key.
  - O(state=present), the farm was never activated, no O(license_key) - refuse with RV(failure.code=key_required),
    unless O(allow_trial=true).
  - O(state=present), the farm runs on a trial, O(license_key) given - activate with the key.
  - O(state=present), the farm runs on a trial, no O(license_key) - refuse with RV(failure.code=key_required), unless
    O(allow_trial=true), which leaves the trial alone. A trial under another account is refused with
    RV(failure.code=account_mismatch) even then; where the account is not known, O(on_account_unknown) decides.
  - O(state=present), activated, the account matches, the key matches or no key is wanted - nothing.
  - O(state=present), activated, the account matches, another key - as O(on_key_mismatch) says.
  - O(state=present), activated, another account - as O(on_account_mismatch) says. A reactivation without
    O(license_key) is always refused with RV(failure.code=key_required), because it would turn the license into a trial.
  - O(state=present), expired, account and key right - no write. It fails with RV(failure.code=license_expired), because
    the license must be renewed in the portal.
  - O(state=present), activated, the farm does not report its account - decided by other evidence (see
    RV(account_evidence)), or else as O(on_account_unknown) says; then the key is compared.
  - O(state=absent), activated, the account matches - deactivate.
  - O(state=absent), activated, another account - refuse with RV(failure.code=account_mismatch).
  - O(state=absent), activated, the farm does not report its account and no known key proves it - refuse with
    RV(failure.code=account_unknown).
  - O(state=absent), not activated, or on a trial, which holds no key that could be returned - nothing.
  - The answer of the farm shows neither a license nor, as documented, the absence of one - refuse with
    RV(failure.code=bad_answer), whatever is wanted, for an activation sends O(account_password). Only two answers mean
    that a farm was never activated - over REST the documented HTTP 404 (a ProblemDetails of the media type
    C(application/json; api-version=1.0)), over WinRM a C(Get-RASLicenseDetails) that returns nothing. An empty object,
    empty fields or the 404 of a proxy do not. O(backend) chooses which of the two is asked.
  - Accounts are compared by e-mail address, trimmed and ignoring case. An address that a farm reports with characters
    in it that cannot be seen is unknown. A farm never shows its whole key, so keys are
    compared by the characters that it shows, ignoring case, blanks and hyphens; a run of C(*) means one or more
    characters. When no character is visible, the result is unknown, and nothing is written because of the key.
  - A date that can be read in two ways never causes a write. A license counts as expired only when the date is past in
    every reading.
extends_documentation_fragment:
  - fleetops.parallels_ras._attributes
  - fleetops.parallels_ras._attributes.action_group
  - fleetops.parallels_ras._connection
attributes:
  check_mode:
    support: full
    details:
      - Logs on, reads, plans and logs off. Nothing reaches the vendor, so a wrong O(account_password) is not detected.
      - Refusals are the same as in a real run. A missing password that the change would need is a finding
        (C(password_missing)), not a failure.
  diff_mode:
    support: full
    details:
      - Shows status, account, key as far as it may be shown, type and end of the license.
  idempotent:
    support: full
options:
  state:
    description:
      - V(present) - the farm is activated with O(account_email), and with O(license_key) where it is given.
      - V(absent) - the farm holds no paid license; a license that it holds under O(account_email) is returned.
    type: str
    choices: [present, absent]
    default: present
  account_email:
    description:
      - E-mail address of the business account that signs farms in, which is the address of the person that
        O(account_password) belongs to.
      - It has exactly one C(@). Blanks at its ends are taken off, it is composed (NFC), and its domain is written as
        DNS does (C(xn--)); so it is compared, and so it is sent. Dashes that are no hyphen, full-width characters and
        letters that look like others are refused, and so is what cannot be seen, here and in each key, password and
        user.
      - Needed for O(state=present), and for O(state=absent) when the farm is activated.
    type: str
  account_password:
    description:
      - Password of O(account_email), 8 characters or more.
      - Needed, and sent, only when an activation or deactivation is due. A run in which nothing is due works without
        it.
    type: str
  account_other_emails:
    description:
      - Other e-mail addresses of the same business account, which several persons may share. A farm that is activated
        with one of them matches.
    type: list
    elements: str
    default: []
  account_company:
    description:
      - Company of the business account.
      - When the e-mail address of a farm matches and its company does not, there is a warning. No decision depends on
        it.
    type: str
  organization:
    description:
      - The organization whose farms share O(account_email), as a failure at the vendor is to name it.
      - No decision depends on it.
    type: str
    default: default
  account_keys:
    description:
      - Keys that are known to be registered in the business account, with 8 characters or more each.
      - Used only as evidence for a farm that does not report its account. They are not sent anywhere.
    type: list
    elements: str
    default: []
  license_key:
    description:
      - The license key with which the farm is activated, 8 characters or more. It must be registered in the
        business account.
      - One SPLA key may serve all farms. A prepaid subscription is documented with one additional key for each farm.
      - When it is not given, any key of the right account is accepted. An empty string is refused, because it is most
        likely an undefined variable of the vault; omit the option instead.
      - Sent only when an activation is due.
    type: str
  allow_trial:
    description:
      - Whether a farm may be activated without a key, which makes it a trial, or may stay one.
      - Never applied to a farm that holds a paid license. However, a farm that is not activated shows nothing about its
        past. With V(true) you therefore confirm that this farm never held a paid
        license; check that in Parallels My Account first. Each activation without a key brings the warning
        C(trial_history_unknown).
    type: bool
    default: false
  on_account_mismatch:
    description:
      - What to do with a farm that is activated with another account.
      - V(fail) - leave it and fail with RV(failure.code=account_mismatch).
      - V(reactivate) - activate it with the wanted account and O(license_key), without deactivating it first.
        Whether the vendor accepts that is not documented; see O(release_previous).
    type: str
    choices: [fail, reactivate]
    default: fail
  on_key_mismatch:
    description:
      - What to do with a farm that is activated with the right account and another key.
      - V(fail) - leave it and fail with RV(failure.code=key_mismatch).
      - V(reactivate) - activate it with O(license_key).
      - V(ignore) - leave it and report a finding.
    type: str
    choices: [fail, reactivate, ignore]
    default: fail
  on_account_unknown:
    description:
      - What to do with an activated farm that does not report its account, when no known key proves the account either.
      - V(warn) - accept the account, with a warning.
      - V(fail) - fail with RV(failure.code=account_unknown).
      - Nothing is ever reactivated because the account is unknown, and with O(state=absent) such a farm is always
        refused.
    type: str
    choices: [warn, fail]
    default: warn
  release_previous:
    description:
      - Whether an activation that the vendor refused may be tried again after deactivating the farm under the previous
        account.
      - It happens only after the vendor refused the activation in words that name neither the account nor the key
        nor the connection as the reason (C(activation_refused)), only when the farm reports O(previous_account_email)
        as its account, and only when O(account_email) was accepted for another farm earlier in the same run of
        Ansible. Otherwise the task fails with the refusal.
      - Between the two requests the farm has no license. When the second one fails, the task fails with
        RV(failure.code=left_unlicensed), and you must act at once.
      - Needs O(previous_account_email) and O(previous_account_password) whenever the license is to be changed.
    type: bool
    default: false
  previous_account_email:
    description:
      - E-mail address of the account that the farm is released from. Used with O(release_previous=true) only.
    type: str
  previous_account_password:
    description:
      - Password of O(previous_account_email), 8 characters or more.
    type: str
  apply_settings:
    description:
      - Whether to apply the farm's staged settings, as the console's Apply does, after a change of the license or
        when settings wait to be applied.
      - This applies what every administrator of the farm has staged. The license does not need it (inferred from the
        vendor's REST sample, which activates without it).
      - When the farm does not report whether settings wait, they are applied only after a change of the license;
        otherwise nothing is applied, and the finding C(settings_unknown) says so.
    type: bool
    default: false
  allow_unverified_server:
    description:
      - Whether a license may be written when it is unknown whether the server at O(api_url) is the farm's licensing
        server (its Licensing Connection Broker, where the farm is activated; not a Microsoft RD licensing server).
      - Up to RAS 19 the logon does not say it. Then sites and brokers decide, and this option where they are not shown.
      - A server that is known to be another one is refused with RV(failure.code=wrong_server) even then.
    type: bool
    default: false
  known_texts:
    description:
      - Texts in the status, the messages and the state of the grace period of a license that you have read in the RAS
        console and found harmless, each of them whole; case and blanks do not count. Always a list, because a
        text may hold commas.
      - What these fields may say is not documented. An unknown text is the warning V(field_unknown), and one that is
        new after an activation is RV(failure.code=not_confirmed).
    type: list
    elements: str
    default: []
  farm_guid:
    description:
      - Identity of the farm that is expected at O(api_url). Another farm is refused with RV(failure.code=wrong_farm).
      - Compared without regard to case and braces. M(fleetops.parallels_ras.farm_info) returns it.
      - RASAdmin does not report it, so over WinRM a license is never written when this option is set. The task fails
        with RV(failure.code=wrong_farm).
    type: str
seealso:
  - module: fleetops.parallels_ras.license_info
  - module: fleetops.parallels_ras.farm_info
  - ref: ansible_collections.fleetops.parallels_ras.docsite.guide_activation
    description: How to sign a fleet of farms in with one business account.
  - ref: ansible_collections.fleetops.parallels_ras.docsite.guide_safety
    description: What protects a fleet and its business account, and what is never done.
  - ref: ansible_collections.fleetops.parallels_ras.docsite.guide_verified
    description: How each fact about the product is known.
  - name: Parallels RAS REST API guide
    description: The vendor's reference, section Licensing.
    link: https://docs.parallels.com/landing/ras-rest-api-guide
notes:
  - >-
    What is sent to the farm - without errors, three requests (log on, read, log off) when nothing is due, and five when
    an activation or deactivation is due (the write, and reading the license once more). One more up to RAS 19, for the
    version; two to four more when something is due and the farm does not report whether this is its licensing server;
    and one for O(apply_settings=true). O(account_password) and
    O(license_key) are in no request except the write itself, and never in a URL.
  - >-
    One wrong password, never many - within one run of Ansible, activations and deactivations with the same
    O(account_email) go one at a time, over all hosts and forks, until the license of a farm shows that the vendor has
    accepted one. A refusal ends all further attempts with this account in this run, unless it is the first and every
    word of it is known and blames the farm or its key; the other farms fail with RV(failure.code=not_tried) and are
    not touched. An attempt with an unknown outcome ends them too.
  - >-
    A write is sent once. When its answer is lost, the farm is read in a new session until O(settle_timeout). The task
    then either goes on, because the license shows that the write took effect, or fails with
    RV(failure.code=outcome_unknown). Only a request that was never sent, or that the farm did not process because of
    its rate limit (HTTP 429 without other words), is sent again; after HTTP 503, which may be that limit too, the farm
    is read.
  - >-
    After a write the license is read until O(settle_timeout). The task fails when the farm still shows another
    account, another key or no active license, and when it shows fewer users, an earlier certain end, a lesser type,
    or a need for attention that it did not show before.
  - A business account can be created only in the vendor's portal; no API offers it. The activation guide describes how
    to find out whether the organization already has one.
"""

EXAMPLES = r"""
- name: Activate the farm with the business account
  fleetops.parallels_ras.license:
    api_url: "https://{{ ansible_host }}:20443"
    api_username: "{{ ras_api_username }}"
    api_password: "{{ ras_api_password }}"
    ca_path: "{{ ras_ca_path }}"
    account_email: "{{ ras_account_email }}"
    account_password: "{{ ras_account_password }}"
    license_key: "{{ ras_license_key }}"

- name: Show what would be done, and send nothing to the vendor
  fleetops.parallels_ras.license:
    api_url: "https://{{ ansible_host }}:20443"
    api_username: "{{ ras_api_username }}"
    api_password: "{{ ras_api_password }}"
    ca_path: "{{ ras_ca_path }}"
    account_email: "{{ ras_account_email }}"
    account_password: "{{ ras_account_password }}"
    license_key: "{{ ras_license_key }}"
  check_mode: true
  diff: true
  register: ras_plan

- name: Show what would be done
  ansible.builtin.debug:
    msg: "account {{ ras_plan.account_match }} ({{ ras_plan.account_evidence }}), steps {{ ras_plan.steps }}"

- name: Accept farms that were activated with another e-mail address of the same business account
  fleetops.parallels_ras.license:
    api_url: "https://{{ ansible_host }}:20443"
    api_username: "{{ ras_api_username }}"
    api_password: "{{ ras_api_password }}"
    ca_path: "{{ ras_ca_path }}"
    account_email: "{{ ras_account_email }}"
    account_password: "{{ ras_account_password }}"
    license_key: "{{ ras_license_key }}"
    account_other_emails:
      - first.admin@example.com
      - second.admin@example.com
    account_company: Example Corp.

- name: Take a farm over from another account, and keep whatever key a farm of the right account has
  fleetops.parallels_ras.license:
    api_url: "https://{{ ansible_host }}:20443"
    api_username: "{{ ras_api_username }}"
    api_password: "{{ ras_api_password }}"
    ca_path: "{{ ras_ca_path }}"
    account_email: "{{ ras_account_email }}"
    account_password: "{{ ras_account_password }}"
    license_key: "{{ ras_license_key }}"
    on_account_mismatch: reactivate
    on_key_mismatch: ignore

- name: Require proof of the account, by registered keys when the farm does not report the account
  fleetops.parallels_ras.license:
    api_url: "https://{{ ansible_host }}:20443"
    api_username: "{{ ras_api_username }}"
    api_password: "{{ ras_api_password }}"
    ca_path: "{{ ras_ca_path }}"
    account_email: "{{ ras_account_email }}"
    account_password: "{{ ras_account_password }}"
    license_key: "{{ ras_license_key }}"
    account_keys:
      - "{{ ras_license_key }}"
    on_account_unknown: fail

- name: Refuse to change any farm other than the expected one
  fleetops.parallels_ras.license:
    api_url: "https://{{ ansible_host }}:20443"
    api_username: "{{ ras_api_username }}"
    api_password: "{{ ras_api_password }}"
    ca_path: "{{ ras_ca_path }}"
    account_email: "{{ ras_account_email }}"
    account_password: "{{ ras_account_password }}"
    license_key: "{{ ras_license_key }}"
    farm_guid: "{{ ras_farm_guid | default(omit) }}"

- name: Report a farm under another account without failing
  fleetops.parallels_ras.license:
    api_url: "https://{{ ansible_host }}:20443"
    api_username: "{{ ras_api_username }}"
    api_password: "{{ ras_api_password }}"
    ca_path: "{{ ras_ca_path }}"
    account_email: "{{ ras_account_email }}"
    account_password: "{{ ras_account_password }}"
    license_key: "{{ ras_license_key }}"
  register: outcome
  failed_when:
    - outcome.failure is defined
    - outcome.failure.code != 'account_mismatch'

- name: Return the license
  fleetops.parallels_ras.license:
    state: absent
    api_url: "https://{{ ansible_host }}:20443"
    api_username: "{{ ras_api_username }}"
    api_password: "{{ ras_api_password }}"
    ca_path: "{{ ras_ca_path }}"
    account_email: "{{ ras_account_email }}"
    account_password: "{{ ras_account_password }}"

- name: Activate all farms, with the connection options in one place
  hosts: ras_licensing_servers
  gather_facts: false
  module_defaults:
    group/fleetops.parallels_ras.ras:
      api_url: "https://{{ ansible_host }}:20443"
      api_username: "{{ ras_api_username }}"
      api_password: "{{ ras_api_password }}"
      ca_path: "{{ ras_ca_path }}"
  tasks:
    - name: Activate the farm with the business account
      fleetops.parallels_ras.license:
        account_email: "{{ ras_account_email }}"
        account_password: "{{ ras_account_password }}"
        license_key: "{{ ras_license_key }}"
"""

RETURN = r"""
changed:
  description:
    - Whether the farm was changed, or would be in check mode.
    - Also true when a request was sent and its outcome is unknown.
  returned: always
  type: bool
  sample: true
account_match:
  description:
    - Whether the farm is activated with the wanted account. V(match), V(mismatch), or V(unknown).
    - Judged by the license as it was read last.
  returned: when the farm could be read
  type: str
  sample: match
account_evidence:
  description:
    - The evidence for RV(account_match).
    - V(reported) - the farm reports the account.
    - V(key) - the farm does not report it, and shows six or more characters of its key, which match O(license_key) or
      one of O(account_keys).
    - V(activated_now) - the farm does not report it, and this task has just activated the farm with it.
    - V(none) - nothing.
  returned: when the farm could be read
  type: str
  sample: reported
key_match:
  description:
    - Whether the key that the farm shows can be O(license_key). V(match), V(mismatch), or V(unknown) when either
      side is missing or the farm shows no character of its key.
  returned: when the farm could be read
  type: str
  sample: match
license:
  description:
    - The license as it was read last; in check mode that is before the change. A value that the farm does not report is
      null.
  returned: when the farm could be read
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
  returned: when the farm could be read
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
      description: Whether the session is with the licensing server. Null when that is not known.
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
steps:
  description:
    - What was done, in order; in check mode what would be done. On failure, what was done before it.
  returned: when the farm could be read
  type: list
  elements: dict
  contains:
    action:
      description: V(activate), V(deactivate), or V(apply_settings).
      type: str
      returned: always
      sample: activate
    reason:
      description: Why.
      type: str
      returned: always
      sample: the farm is not activated
diff:
  description:
    - The license before and after, in check mode as planned. Each side has C(status), C(account), C(key), C(type) and
      C(expires).
  returned: when the farm could be read
  type: dict
  contains:
    before:
      description: Before.
      type: dict
      returned: always
      sample: {status: not_activated, account: null, key: null, type: null, expires: null}
    after:
      description:
        - After. In check mode, what only the vendor knows is described in words. Of a wanted key only the last
          characters are shown; of a short key, none.
      type: dict
      returned: always
      sample:
        status: active
        account: licensing@example.com
        key: "****-ME****-****-B9****-CV55K2"
        type: PrePaid
        expires: "2027-03-31"
findings:
  description:
    - What is worth knowing but is not a failure. Findings of severity V(warning) are shown as warnings too.
    - V(account_other_email) - the farm was activated with another e-mail address of the account
      (O(account_other_emails)).
    - V(account_company) - warning, the e-mail address matches and the company does not (O(account_company)).
    - V(account_unknown) - warning, the account is not reported and not proven (O(on_account_unknown=warn)).
    - V(key_mismatch) - the farm has another key, which is kept (O(on_key_mismatch=ignore)).
    - V(trial_history_unknown) - warning, the farm is activated without a key, and shows nothing about earlier licenses
      (O(allow_trial=true)).
    - V(settings_pending) - settings wait to be applied and are left alone (O(apply_settings=false)).
    - V(settings_unknown) - the farm does not report whether settings wait, and nothing was applied
      (O(apply_settings=true)).
    - V(password_missing) - in check mode, a password that the change will need is missing.
    - V(answer_lost) - the answer to a write was lost, and the license proves that it took effect.
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
    - V(brokers_unknown) - the farm shows no list of its Connection Brokers under any name that is known.
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
        - V(account_credentials_rejected) - the vendor rejected the e-mail address or password of the account.
        - V(account_locked) - the vendor says that the account is locked.
        - V(account_already_exists) - the vendor says that the account already exists.
        - V(key_rejected) - the vendor rejected the key.
        - V(key_not_in_account) - the vendor says that the key is not registered in the account.
        - V(activation_refused) - the vendor refused in words that this collection does not know; they are quoted.
        - V(licensing_unreachable) - the farm cannot reach the vendor's licensing service.
        - V(not_activated) - a deactivation met a farm that is not activated with a key.
        - V(license_expired) - account and key are right, and the license must be renewed. Nothing was sent.
        - V(left_unlicensed) - the farm was released from the previous account and has no license now. Act at once.
        - V(wrong_server) - the server is not the farm's licensing server, or that is not known. Nothing was sent.
        - V(wrong_farm) - another farm than O(farm_guid) answers. Nothing was sent.
        - V(account_mismatch) - the farm is activated with another account. Nothing was sent.
        - V(account_unknown) - the farm's account is not reported and not proven. Nothing was sent.
        - V(key_mismatch) - the farm is activated with another key. Nothing was sent.
        - V(key_required) - the change would need O(license_key). Nothing was sent.
        - V(not_confirmed) - the vendor accepted the request, but the farm does not show the result within
          O(settle_timeout), or says something else about its status, or something that is not known.
        - V(worse_than_before) - the farm lost something by the change; RV(failure.observed) shows before and after.
        - V(outcome_unknown) - the request was sent once, its answer was lost or says something that is not documented,
          and nothing shows its outcome.
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
        - V(not_tried) - the account, the RAS administrator or the Windows user of the connection is not used any more
          in this run, because other farms failed with it. This farm was not touched.
        - V(invalid_option) - an option is missing or wrong. Nothing was written.
        - V(internal_error) - a defect of this collection.
        - In addition, the role and the playbooks report V(account_not_single), V(duplicate_farm), V(key_not_shared),
          V(job_sliced) and V(not_confirmed_list) for a fleet as a whole.
      type: str
      returned: always
      sample: account_mismatch
    message:
      description: One or more sentences that say what failed, where, what was expected, and what was observed.
      type: str
      returned: always
      sample: >-
        The farm is activated with another account: expected licensing@example.com, observed someone@example.net.
    remedy:
      description: What to do next.
      type: str
      returned: always
      sample: >-
        If the farm should move, set on_account_mismatch=reactivate and give license_key. If this is another e-mail
        address of the same business account, add it to account_other_emails.
    observed:
      description: The data behind the message. Its form depends on RV(failure.code); null when there is none.
      type: raw
      returned: always
      sample:
        status: active
        account: someone@example.net
        key: "****-ME****-****-B9****-CV55K2"
        type: PrePaid
        expires: "2027-03-31"
msg:
  description: Message and remedy of RV(failure).
  returned: on failure
  type: str
  sample: >-
    The farm is activated with another account: expected licensing@example.com, observed someone@example.net. If the
    farm should move, set on_account_mismatch=reactivate and give license_key. If this is another e-mail address of the
    same business account, add it to account_other_emails.
"""
