# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The options of the modules, once. The documentation of each module is held to this by a test."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import env_fallback
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import plain_text

Spec = dict[str, dict[str, t.Any]]

# A secret that is shorter would, when results are scrubbed of it by value, blot out innocent text.
SECRET_MINIMUM: t.Final = 8


def connection_spec() -> Spec:
    """The options that every module of the action group takes."""
    return {
        "backend": {"type": "str", "choices": ["auto", "rest", "winrm"], "default": "auto"},
        "api_url": {"type": "str"},
        "api_username": {"type": "str", "fallback": (env_fallback, ["RAS_API_USERNAME"])},
        "api_password": {"type": "str", "no_log": True, "fallback": (env_fallback, ["RAS_API_PASSWORD"])},
        "validate_certs": {"type": "bool", "default": True},
        "ca_path": {"type": "path", "fallback": (env_fallback, ["RAS_CA_PATH"])},
        "cert_fingerprint": {"type": "str"},
        "proxy": {"type": "str"},
        "timeout": {"type": "int", "default": 60},
        "settle_timeout": {"type": "int", "default": 60},
        "date_order": {"type": "str", "choices": ["dmy", "mdy"], "default": "dmy"},
    }


def license_spec() -> Spec:
    """The options of the license module."""
    return {
        **connection_spec(),
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "account_email": {"type": "str"},
        "account_password": {"type": "str", "no_log": True},
        "account_other_emails": {"type": "list", "elements": "str", "default": []},
        "account_company": {"type": "str"},
        "organization": {"type": "str", "default": "default"},
        "account_keys": {"type": "list", "elements": "str", "default": [], "no_log": True},
        "license_key": {"type": "str", "no_log": True},
        "allow_trial": {"type": "bool", "default": False},
        "on_account_mismatch": {"type": "str", "choices": ["fail", "reactivate"], "default": "fail"},
        "on_key_mismatch": {
            "type": "str",
            "choices": ["fail", "reactivate", "ignore"],
            "default": "fail",
            "no_log": False,
        },
        "on_account_unknown": {"type": "str", "choices": ["warn", "fail"], "default": "warn"},
        "release_previous": {"type": "bool", "default": False},
        "previous_account_email": {"type": "str"},
        "previous_account_password": {"type": "str", "no_log": True},
        "apply_settings": {"type": "bool", "default": False},
        "allow_unverified_server": {"type": "bool", "default": False},
        "farm_guid": {"type": "str"},
        "known_texts": {"type": "list", "elements": "str", "default": []},
    }


def license_info_spec() -> Spec:
    """The options of the license_info module."""
    return {
        **connection_spec(),
        "include_raw": {"type": "bool", "default": False},
        "known_texts": {"type": "list", "elements": "str", "default": []},
    }


def farm_info_spec() -> Spec:
    """The options of the farm_info module."""
    return {
        **connection_spec(),
        "expected_version": {"type": "str"},
        "agents": {"type": "bool", "default": False},
    }


def farm_compare_spec() -> Spec:
    """The options of the farm_compare module: it compares what others have read."""
    return {
        "before": {"type": "dict", "required": True},
        "after": {"type": "dict", "required": True},
        "host": {"type": "dict", "default": {}},
        "exclude": {"type": "list", "elements": "str", "default": []},
        "expected_version": {"type": "str"},
        "expected_account": {"type": "str"},
    }


def farm_failure_spec() -> Spec:
    """The options of the farm_failure module: it judges what others have said."""
    return {
        "failure": {"type": "dict", "default": {}},
        "results": {"type": "list", "elements": "dict", "default": []},
        "hosts": {"type": "list", "elements": "str", "default": []},
        "is_planned": {"type": "bool", "default": False},
        "server": {"type": "str", "required": True},
    }


def agents_info_spec() -> Spec:
    """The options of the agents_info module."""
    return {**connection_spec(), "version": {"type": "str"}}


def host_info_spec() -> Spec:
    """The options of the host_info module: it uses the host's own connection only."""
    return {
        "signature_of": {"type": "str"},
        "tail_of": {"type": "str"},
        "tail_lines": {"type": "int", "default": 40},
    }


def _installer_spec() -> Spec:
    """What describes the installer of a host, and how it is run."""
    return {
        "version": {"type": "str", "required": True},
        "stage_folder": {"type": "str", "default": r"C:\ProgramData\FleetOps\parallels_ras\stage"},
        "installer_src": {"type": "str", "default": ""},
        "installer_url": {"type": "str", "default": ""},
        "installer_sha256": {"type": "str", "default": ""},
        "installer_publisher": {"type": "raw"},
        "installer_publisher_check": {"type": "bool", "default": True},
        "installer_arguments": {"type": "list", "elements": "str", "default": []},
        "install_timeout": {"type": "int", "default": 3600},
        "allow_unknown": {"type": "list", "elements": "str", "choices": ["disk", "restart", "sessions"], "default": []},
    }


def host_upgrade_spec() -> Spec:
    """The options of the host_upgrade module: it uses the host's own connection only."""
    return {
        **_installer_spec(),
        "reboot": {"type": "str", "choices": ["never", "auto"], "default": "never"},
        "min_free_gb": {"type": "float", "default": 5},
        "logoff_sessions": {"type": "bool", "default": False},
        "agents": {"type": "list", "elements": "dict", "default": []},
        "brokers": {"type": "int", "default": 1},
        "support_expires": {"type": "str"},
        "auto_promotion_minutes": {"type": "int"},
        "backup_dest": {"type": "path"},
        "download_error": {"type": "str", "default": ""},
        "host": {"type": "str"},
        "upgrade": {"type": "dict"},
    }


def host_upgrade_wait_spec() -> Spec:
    """The options of the host_upgrade_wait module: it uses the host's own connection only."""
    return {
        **_installer_spec(),
        "upgrade": {"type": "dict", "required": True},
        "restart_timeout": {"type": "int", "default": 1800},
        "poll_interval": {"type": "float", "default": 10},
    }


def host_restart_spec() -> Spec:
    """The options of the host_restart module: it uses the host's own connection only."""
    return {
        "reboot": {"type": "str", "choices": ["never", "auto"], "default": "never"},
        "logoff_sessions": {"type": "bool", "default": False},
        "host": {"type": "str"},
        "upgrade": {"type": "dict"},
    }


def host_restart_wait_spec() -> Spec:
    """The options of the host_restart_wait module: it uses the host's own connection only."""
    return {
        "restart": {"type": "dict"},
        "host": {"type": "str"},
        "upgrade": {"type": "dict"},
        "restart_timeout": {"type": "int", "default": 1800},
        "poll_interval": {"type": "float", "default": 10},
    }


def private_folder_spec() -> Spec:
    """The options of the private_folder module: it uses the host's own connection only."""
    return {
        "path": {"type": "str", "required": True},
        "files": {"type": "list", "elements": "str", "default": []},
        "signature_of": {"type": "str"},
    }


def hook_check_spec() -> Spec:
    """The options of the hook_check module, which asks nobody."""
    return {
        "files": {"type": "list", "elements": "str", "default": []},
        "member_files": {"type": "list", "elements": "str", "default": []},
        "member_variables": {"type": "list", "elements": "str", "default": []},
    }


def farm_gate_spec() -> Spec:
    """The options of the farm_gate module, which asks nobody."""
    return {
        "step": {"type": "str", "choices": ["enter", "leave"], "required": True},
        "run": {"type": "str", "required": True},
        "host": {"type": "str", "required": True},
        # It is only shown. Where a text looks like a list, ansible-core before 2.19 may have made one of it.
        "farm": {"type": "raw"},
        "planned": {"type": "list", "elements": "str", "default": []},
        "playing": {"type": "list", "elements": "str", "default": []},
        "max_failed_farms": {"type": "int", "default": 0},
        "no_new_farm_after": {"type": "str", "default": ""},
        "license_key": {"type": "str", "no_log": True},
        "seen": {"type": "dict", "default": {}},
        "problem": {"type": "str", "default": ""},
    }


def fleet_run_spec() -> Spec:
    """The options of the fleet_run module, which asks nobody: what it works with are the variables of hosts."""
    return {
        "step": {
            "type": "str",
            "choices": [
                *("begin", "variables", "member", "hosts", "targets", "check", "preflight", "refused"),
                *("waves", "outcomes"),
            ],
            "required": True,
        },
        "hosts": {"type": "list", "elements": "str", "default": []},
        "members": {"type": "list", "elements": "str", "default": []},
        "confirm_hosts": {"type": "list", "elements": "str", "default": []},
        "reached": {"type": "list", "elements": "str", "default": []},
        "planned": {"type": "list", "elements": "str"},
        "forks": {"type": "int", "default": 5},
        "result": {"type": "dict", "default": {}},
        "goes_on": {"type": "bool", "default": False},
    }


def settings_export_spec() -> Spec:
    """The options of the settings_export module."""
    return {
        **connection_spec(),
        "folder": {"type": "str", "default": r"C:\ProgramData\FleetOps\parallels_ras\backup"},
        "dest": {"type": "path"},
        "label": {"type": "str"},
        "keep": {"type": "int", "default": 5},
    }


def agent_upgrade_spec() -> Spec:
    """The options of the agent_upgrade module."""
    return {
        **connection_spec(),
        "version": {"type": "str", "required": True},
        "servers": {"type": "list", "elements": "str"},
        "exclude": {"type": "list", "elements": "str", "default": []},
        "installing": {"type": "list", "elements": "str", "default": []},
        "hosts": {
            "type": "list",
            "elements": "dict",
            "default": [],
            "options": {
                "host": {"type": "str", "required": True},
                "names": {"type": "list", "elements": "str", "required": True},
            },
        },
        "reboot": {"type": "str", "choices": ["never", "auto"], "default": "never"},
        "restarted": {"type": "list", "elements": "str", "default": []},
        "force": {"type": "bool", "default": False},
        "gateways_min_in_service": {"type": "int", "default": 50},
        "rds_hosts_min_in_service": {"type": "int", "default": 50},
        "drain": {"type": "bool", "default": True},
        "drain_timeout": {"type": "int", "default": 1800},
        "logoff_sessions": {"type": "bool", "default": False},
        "allow_undrained": {"type": "bool", "default": False},
        "settings_pending": {"type": "bool"},
        "allow_pending_settings": {"type": "bool", "default": False},
        "agent_timeout": {"type": "int", "default": 1800},
        "poll_interval": {"type": "int", "default": 10},
        "note_path": {"type": "str", "default": r"C:\ProgramData\FleetOps\parallels_ras\drained.json"},
    }


def inventory_farm_spec() -> Spec:
    """What the inventory plugin takes for one farm; the environment is looked at once, for all farms."""
    connection = connection_spec()
    names = ("api_username", "api_password", "validate_certs", "ca_path", "cert_fingerprint", "proxy")
    taken = {name: {key: value for key, value in connection[name].items() if key != "fallback"} for name in names}
    return {
        "name": {"type": "str", "required": True},
        "api_url": {"type": "str", "required": True},
        "organization": {"type": "str"},
        **taken,
        # Shorter than a module's: a farm that is down holds up everybody who loads the inventory.
        "timeout": {"type": "int", "default": 30},
    }


def fleet_info_spec() -> Spec:
    """The options of the fleet_info module: what leads to a farm comes from the variables of its host."""
    return {
        "hosts": {"type": "list", "elements": "str", "required": True},
        "agents": {"type": "str", "choices": ["none", "listed", "all"], "default": "none"},
        "expiry_warning_days": {"type": "int"},
        "workers": {"type": "int", "default": 64},
        "timeout": {"type": "int"},
        "farm_timeout": {"type": "int", "default": 120},
        "total_timeout": {"type": "int", "default": 1800},
        "options_only": {"type": "bool", "default": False},
    }


def secret_texts(value: t.Any) -> list[str]:
    """The secrets that a value of an option or a variable holds, one or a list, as plain texts.

    Shorter ones are refused where they are used; taking them out of texts would make messages unreadable.
    """
    if value is None or isinstance(value, (bool, t.Mapping)):
        return []
    each = value if isinstance(value, (list, tuple)) else [value]
    return [text for text in map(plain_text, each) if not is_too_short(text)]


def secret_names(spec: Spec) -> list[str]:
    """The options whose values must appear nowhere."""
    return [name for name, option in spec.items() if option.get("no_log")]


def is_too_short(secret: str) -> bool:
    """Whether a secret cannot be kept out of results."""
    # Blanks at the ends do not count: where a text is trimmed, what is left must still be long enough.
    return len(secret.strip()) < SECRET_MINIMUM


def is_usable_proxy(proxy: str) -> bool:
    """Whether a proxy is written as http://host:port, without user and password."""
    return "@" not in proxy and proxy.startswith("http://")


def check_secrets(options: t.Mapping[str, t.Any], spec: Spec) -> None:
    """Refuse secrets that cannot be kept out of results.

    :raises RasError: ``invalid_option``; the message never holds the value.
    """
    for name in secret_names(spec):
        values = options.get(name)
        for value in [values] if isinstance(values, str) else values or []:
            if is_too_short(value):
                raise RasError(
                    "invalid_option",
                    f"{name} is too short to be kept out of logs safely: expected at least {SECRET_MINIMUM} "
                    "characters, observed "
                    f"{len(value.strip())}. Is the variable empty or undefined in the vault?",
                )


# The variables from which connection plugins to Windows take the password of a user.
CONNECTION_PASSWORDS: t.Final = (
    *("ansible_password", "ansible_become_password", "ansible_become_pass", "ansible_winrm_password"),
    *("ansible_winrm_pass", "ansible_psrp_password", "ansible_ssh_password", "ansible_ssh_pass"),
)
# The variables of the role that hold secrets, and those of connections: every task hides what they hold, whether or not
# it takes them as options.
SECRET_VARIABLES: t.Final = (
    *(f"ras_{name}" for name in secret_names(license_spec())),
    *CONNECTION_PASSWORDS,
    *("ansible_private_key_passphrase", "ansible_ssh_private_key_passphrase", "ansible_psrp_certificate_key_password"),
)
