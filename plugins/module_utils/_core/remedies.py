# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What to do next after a failure, code by code: the one table of remedies.

They name options as modules do (``license_key``); :mod:`role_words` makes the role's variables of them. A code that
only the role and its playbooks raise names variables of the role (``ras_organization``): no module has such an option.
"""

from __future__ import annotations

import typing as t

# Source: the vendor's KB on Parallels business accounts (its two entries on trouble), and its licensing guide.
_RESET_PASSWORD: t.Final = (
    "Reset the password: sign out of account.parallels.com, choose 'Forgot password' and follow the steps; then put "
    "the new password into the vault. Do not retry with guesses: wrong passwords lock the business account."
)
# How to find out whether the company has an account already, and what to do then. The same source.
FIND_ACCOUNT: t.Final = (
    "The company may have one already: look for it when it holds a perpetual license with upgrade insurance, bought "
    "RAS through Parallels sales or a reseller, or uses other Parallels business products; then an invitation went to "
    "the primary e-mail address of the purchase. Sign in with it at account.parallels.com ('Forgot password' sets a "
    "new one), or have an administrator of the account invite you. For an upgrade prefer the e-mail address of the "
    "purchase. Otherwise register at my.parallels.com, or ask Parallels support (www.parallels.com/support)."
)

REMEDIES: t.Final[dict[str, str]] = {
    # account
    "account_credentials_rejected": _RESET_PASSWORD,
    "account_locked": (
        "Stop all runs that use this account, wait until the vendor unlocks it or unlock it by 'Forgot password' on "
        "account.parallels.com, then run again."
    ),
    "account_already_exists": (
        "The e-mail address already has an account: sign in with it at account.parallels.com instead of creating a "
        "new one, and use it as account_email."
    ),
    "key_rejected": (
        "Look the key up in Parallels My Account under the RAS subscription: it must exist, be valid, and not be "
        "used up by other farms. A prepaid subscription needs one additional key for each farm."
    ),
    "key_not_in_account": (
        "Register the key in the business account (Parallels My Account, 'Register key'), or use a key that the "
        "account holds."
    ),
    "activation_refused": (
        "Read the vendor's words above. Nothing was repeated. When they are about this farm alone, fix that and run "
        "again; when they are about the account, fix the account first."
    ),
    "licensing_unreachable": (
        "The farm cannot reach the vendor's licensing service: allow outbound HTTPS (443) from the licensing server, "
        "or set the farm's proxy in the RAS console, then run again."
    ),
    "not_activated": "Activate the farm first (state=present with a license_key).",
    "license_expired": (
        "Renew the subscription in Parallels My Account. No new activation is needed, and none was sent: the farm "
        "picks the renewal up under the same account and key."
    ),
    "left_unlicensed": (
        "ACT NOW: the farm was released from the previous account and the new activation failed. Activate it by hand "
        "in the RAS console (Licensing, Manage license) with the business account and the key, or run this play again."
    ),
    # connection
    "api_unreachable": (
        "Check that the RAS Web Administration Service runs on that host, that TCP port 20443 is open from the "
        "controller, and that api_url is right."
    ),
    "tls_untrusted": (
        "If this is the certificate that you expect, pin it with cert_fingerprint, or give its issuer in ca_path. If "
        "not, something else answers at this address: find out what."
    ),
    "rest_disabled": (
        "Enable the REST API of the RAS Web Administration Service (setting enableREST), or install the component on "
        "this host."
    ),
    "api_credentials_rejected": (
        "Check api_username and api_password by logging on to the RAS console with them. The user must be a RAS "
        "administrator of this farm; write it as user@domain."
    ),
    "api_forbidden": "Give the RAS administrator the permission that the message names, or use a root administrator.",
    "rate_limited": (
        "Run fewer tasks against this farm at once, or raise the rate limit of its web service, and run again."
    ),
    "session_expired": (
        "Run again: a new session is opened. Raise the web service's session expiry when this comes back."
    ),
    "bad_answer": "Check what answers at api_url (a proxy, a load balancer, a portal?) and which RAS version it is.",
    "outcome_unknown": (
        "Look at the license in the RAS console or with license_info before anything else: the request was sent once "
        "and was not repeated. Then run again: the module reads first and continues from what it finds."
    ),
    # place
    "wrong_server": "Point the inventory host (api_url) at the licensing server of the farm.",
    "wrong_farm": "Check the address in the inventory: another farm answers there. Or correct farm_guid.",
    "duplicate_farm": "Keep one inventory host for each farm in ras_licensing_servers, or correct the addresses.",
    "product_missing": (
        "Install Parallels RAS on this host first, with its PowerShell module (feature F_PowerShell), or take it out "
        "of the group."
    ),
    "constrained_language": (
        "A policy for applications (WDAC or AppLocker) keeps PowerShell from running scripts in full on this host: use "
        "the REST API for what it can do, or let the policy's owner allow these scripts."
    ),
    "product_too_old": (
        "Upgrade the farm to RAS 18 or newer first. RAS 17 is also read and activated over REST (backend=rest), as the "
        "vendor documents it; that was never tried."
    ),
    # policy
    "account_mismatch": (
        "If the farm should move, set on_account_mismatch=reactivate and give license_key. If the e-mail address "
        "belongs to another person of the same business account, add it to account_other_emails."
    ),
    "account_unknown": (
        "Give the keys that are registered in the account as account_keys, so that the farm's key can prove the "
        "account; or set on_account_unknown=warn."
    ),
    "key_mismatch": (
        "Correct license_key, or set on_key_mismatch=reactivate (use the wanted key) or ignore (keep the farm's key)."
    ),
    "key_required": "Give license_key. An activation without a key would make the farm a trial.",
    "account_not_single": (
        "Set account_email and account_password once for the organization (group_vars/all), or give each organization "
        "a name of its own in ras_organization."
    ),
    "key_not_shared": (
        "Give each of these farms a key of its own (Parallels My Account: additional keys of the subscription). Only "
        "an SPLA key may serve many farms."
    ),
    "not_confirmed_list": (
        "Read the list; when it is what you want, pass it as ras_confirm_deactivate and run again. Nothing was changed."
    ),
    "job_sliced": (
        "Set job_slice_count of the job template to 1: forks and waves spread the work already. Where each slice may "
        "spend an attempt of its own with the business account, set ras_allow_slicing=true. Nothing was changed."
    ),
    # after a write
    "not_confirmed": (
        "Look at the license in the RAS console, and in Parallels My Account at the farm's entry, before you run "
        "again. A text of the license that is quoted above, and that you find harmless there, can be listed in "
        "known_texts."
    ),
    "worse_than_before": (
        "Compare the values above with the subscription in Parallels My Account: the wanted key may hold fewer users "
        "or end sooner. Activate with the right key."
    ),
    # RAS hosts and upgrades
    "host_unreachable": (
        "Check Ansible's own connection to the host (ansible -m ansible.windows.win_ping): address, port 5985 or "
        "5986, and the Windows user."
    ),
    "upgrade_blocked": "Fix what the failed checks name, then run again. Nothing was changed on the host.",
    "version_newer": (
        "Ask for the version that is installed, or take the host out of the run: a downgrade is never made."
    ),
    "installer_mismatch": (
        "Compare installer_src or installer_url with the wanted version and installer_sha256: take all of them from "
        "the same release."
    ),
    "installer_untrusted": (
        "Do not install it. Download the installer from the vendor again; when the vendor signs with another name, "
        "set installer_publisher to that whole name."
    ),
    "folder_untrusted": (
        "Find out who made what the message names and why. When nobody needs it, remove it and run again: the folder "
        "is then made for administrators and SYSTEM only. Or choose another folder. No option accepts one that others "
        "may use. Nothing in it was believed or started."
    ),
    "installer_busy": "Wait until the other installation on the host has ended (Windows Update?), then run again.",
    "install_failed": (
        "Read the end of the installer's log above; the whole log stays on the host. Fix the cause, then run again: "
        "what is installed already is found and left alone."
    ),
    "reboot_required": "Restart the host in a maintenance window and run again, or set reboot=auto.",
    "host_not_back": (
        "Look at the host's console: did it start, do its RAS services run? Then run again: the run continues from "
        "what it finds."
    ),
    "agent_failed": (
        "Look at the host in the RAS console (Site, Tasks, 'Upgrade all agents' shows why); ports 135 and 445 must be "
        "open from the broker. Then run again."
    ),
    "agent_timeout": (
        "Look at the host in the RAS console: the update was started once and was not repeated. Run again when it "
        "has ended, or raise agent_timeout."
    ),
    "drain_unsupported": "Take the host out of service by hand, or set allow_undrained=true to go on without.",
    "sessions_active": "Wait until the users have logged off and run again, or set logoff_sessions=true.",
    "backup_failed": (
        "Look at the message: the folder, its free space and the RAS administrator's rights. Nothing was changed."
    ),
    "hook_failed": (
        "Look at the first error of the host above, and correct the hook, or what it needs; then run again: the run "
        "continues from what it finds."
    ),
    "settings_staged": (
        "Ask who staged them: apply or discard them in the RAS console, then run again; or set "
        "allow_pending_settings=true, which applies them too."
    ),
    # this collection
    "invalid_option": "Correct the option and run again. Nothing was sent.",
    "not_tried": "Fix the first failure that is named above, then run again: this farm was not touched.",
    "internal_error": (
        "This is a defect of the collection: report it with the message. Read the farm's state before you run again."
    ),
}
