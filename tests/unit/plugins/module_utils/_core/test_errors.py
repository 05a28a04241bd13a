# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failures are data, and each of them is provoked by some test."""

from __future__ import annotations

import pathlib
import re

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import (
    RasError,
    VendorRefused,
    WriteOutcomeUnknown,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES

_UNIT = pathlib.Path(__file__).resolve().parents[3]

# Where each code is provoked.
PROVOKED = {
    "account_credentials_rejected": "module_utils/_backends/test_rest_writes.py",
    "account_locked": "plugin_utils/test_license_flow.py",
    "account_already_exists": "plugin_utils/test_license_flow.py",
    "key_rejected": "plugin_utils/test_license_flow.py",
    "key_not_in_account": "plugin_utils/test_license_flow.py",
    "activation_refused": "plugin_utils/test_license_flow_release.py",
    "licensing_unreachable": "plugin_utils/test_license_flow.py",
    "not_activated": "plugin_utils/test_license_flow.py",
    "license_expired": "module_utils/_license/test_plan.py",
    "left_unlicensed": "plugin_utils/test_license_flow_release.py",
    "api_unreachable": "module_utils/_backends/test_http_client.py",
    "tls_untrusted": "module_utils/_backends/test_http_client_trust.py",
    "rest_disabled": "module_utils/_backends/test_rest.py",
    "api_credentials_rejected": "module_utils/_backends/test_rest.py",
    "api_forbidden": "module_utils/_backends/test_rest.py",
    "rate_limited": "module_utils/_backends/test_http_client.py",
    "session_expired": "module_utils/_backends/test_rest.py",
    "bad_answer": "module_utils/_license/test_reader.py",
    "outcome_unknown": "plugin_utils/test_license_flow_lost.py",
    "agent_timeout": "plugin_utils/_agents/test_flow_failures.py",
    "settings_staged": "plugin_utils/_agents/test_flow.py",
    "wrong_server": "module_utils/_license/test_plan.py",
    "wrong_farm": "module_utils/_license/test_plan.py",
    "hook_failed": "module_utils/_fleet/test_hooks.py",
    "duplicate_farm": "module_utils/_fleet/test_checks.py",
    "product_missing": "module_utils/_upgrade/test_plan.py",
    "constrained_language": "plugin_utils/_backends/test_scripts.py",
    "product_too_old": "plugin_utils/_backends/test_scripts.py",
    "account_mismatch": "module_utils/_license/test_plan.py",
    "account_unknown": "module_utils/_license/test_plan.py",
    "key_mismatch": "module_utils/_license/test_plan.py",
    "key_required": "module_utils/_license/test_plan.py",
    "account_not_single": "module_utils/_fleet/test_checks.py",
    "key_not_shared": "module_utils/_fleet/test_checks.py",
    "not_confirmed_list": "module_utils/_fleet/test_checks.py",
    "job_sliced": "module_utils/_fleet/test_checks.py",
    "not_confirmed": "plugin_utils/test_license_flow_lost.py",
    "worse_than_before": "plugin_utils/test_license_flow_lost.py",
    "host_not_back": "plugin_utils/_upgrade/test_flows.py",
    "host_unreachable": "plugin_utils/_backends/test_scripts.py",
    "upgrade_blocked": "module_utils/_upgrade/test_plan.py",
    "version_newer": "module_utils/_upgrade/test_plan.py",
    "installer_mismatch": "module_utils/_upgrade/test_msi.py",
    "installer_untrusted": "module_utils/_upgrade/test_install.py",
    "folder_untrusted": "plugin_utils/_backends/test_admin.py",
    "installer_busy": "module_utils/_upgrade/test_install.py",
    "install_failed": "module_utils/_upgrade/test_install.py",
    "reboot_required": "module_utils/_agents/test_restart.py",
    "agent_failed": "plugin_utils/_backends/test_admin.py",
    "drain_unsupported": "plugin_utils/_backends/test_scripts.py",
    "sessions_active": "module_utils/_agents/test_restart.py",
    "backup_failed": "plugin_utils/_upgrade/test_backup.py",
    "invalid_option": "plugin_utils/_action/test_base.py",
    "not_tried": "plugin_utils/_action/test_gate.py",
    "internal_error": "plugin_utils/_action/test_base.py",
}


def test_every_code_is_provoked_by_a_test() -> None:
    assert set(PROVOKED) == set(REMEDIES)


@pytest.mark.parametrize("code", PROVOKED)
def test_the_named_test_asserts_the_code(code: str) -> None:
    """In an assertion or a table of expectations, not only in a comment."""
    text = (_UNIT / "plugins" / PROVOKED[code]).read_text(encoding="utf-8")
    lines = [line.split("#")[0] for line in text.splitlines()]
    assert any(f'"{code}"' in line or f' {code}"' in line for line in lines)


@pytest.mark.parametrize("code", REMEDIES)
def test_every_remedy_is_a_readable_sentence(code: str) -> None:
    remedy = REMEDIES[code]
    assert re.fullmatch(r"[A-Z'].{15,}\.", remedy)
    assert "  " not in remedy


def test_the_two_entries_of_the_vendors_troubleshooting_are_remedies() -> None:
    """Vendor KB on business accounts: a wrong password is reset, an account that exists is signed in with."""
    for step in ("sign out of account.parallels.com", "Forgot password", "follow the steps"):
        assert step in REMEDIES["account_credentials_rejected"]
    assert "sign in with it" in REMEDIES["account_already_exists"]


def test_a_failure_as_data() -> None:
    error = RasError("bad_answer", "What.", observed={"status": 1})
    assert error.as_dict() == {
        "code": "bad_answer",
        "message": "What.",
        "remedy": REMEDIES["bad_answer"],
        "observed": {"status": 1},
    }
    assert str(error) == "What."


def test_a_remedy_of_its_own_replaces_the_tables() -> None:
    assert RasError("bad_answer", "What.", remedy="Do that.").remedy == "Do that."
    assert RasError("bad_answer", "What.", remedy="").remedy == ""


def test_an_unknown_code_is_a_defect() -> None:
    with pytest.raises(KeyError):
        raise RasError("unheard", "What.")


def test_a_lost_write_and_a_refusal_are_failures_too() -> None:
    lost = WriteOutcomeUnknown("Lost.", observed=1)
    assert isinstance(lost, RasError)
    assert (lost.code, lost.observed) == ("outcome_unknown", 1)
    no = VendorRefused("key_rejected", "No.", farm_fault=True)
    assert isinstance(no, RasError)
    assert (no.code, no.farm_fault) == ("key_rejected", True)
