# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rollout over WinRM, whose payload carries secrets in clear: they stay on the wire, whatever fails."""

from __future__ import annotations

import typing as t

import pytest

from harness.reading import states
from harness.rollouts import ROLLOUT, URL
from harness.upgrades import upgrade_world
from harness.worlds import ADMIN, EMAIL
from leak.canaries import ACCOUNT, API, KEY, KNOWN_KEY, QUERY, WINDOWS
from leak.leaks import Leaks
from raslab.testing import Lab

_HASTY: t.Final = {"ras_restart_timeout": 8, "ras_install_timeout": 12, "ras_agent_timeout": 8}


def _farms() -> dict[str, dict[str, t.Any]]:
    """One farm for each way in which an upgrade goes, or fails, near a secret."""
    given: dict[str, dict[str, t.Any]] = {
        "fine": {},
        "by-winrm": {"license": {"state": "none"}, "vars": {"ras_backend": "winrm"}},
        "fatal": {"faults": [{"on": "install", "kind": "msiexec", "code": 1603}]},
        "other-file": {"vars": {"ras_installer_sha256": "0" * 64}},
        "no-download": {"vars": {"ras_installer_url": "{{ vault_other_url }}"}},
        "lost-download": {"faults": [{"on": "win_get_url", "kind": "reset_after"}]},
        "not-pushed": {"faults": [{"on": "push", "kind": "push_fails"}], "vars": _HASTY},
        "lost": {"faults": [{"on": "install", "kind": "winrm_lost"}]},
        "gone": {"faults": [{"on": "ras_export", "kind": "refuse", "port": "winrm", "after": 1}], "vars": _HASTY},
        "lost-export": {"faults": [{"on": "ras_export", "kind": "reset_before"}]},
        "bad-admin": {"vars": {"ras_backend": "winrm", "ras_api_username": "wrong@example.com"}},
        "echo": {
            "license": {"state": "none"},
            "faults": [{"on": "activate", "kind": "vendor_text", "message": f"refused: {ACCOUNT.text}"}],
            "vars": {"ras_organization": "echo", "ras_account_email": "echo@example.com"},
        },
    }
    active = {"state": "active", "account": EMAIL, "key": KEY.text}
    farms = {}
    for name, farm in given.items():
        hosts = [{"name": f"cb1.{name}.example.com"}]
        if name in ("fine", "not-pushed"):
            hosts.append({"name": f"rd1.{name}.example.com", "components": ["rds"]})
        farms[name] = {"license": active, "hosts": hosts, **farm, "vars": {**farm.get("vars", {}), "ras_farm": name}}
    return farms


# Minutes of rollouts: in the whole matrices only.
pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def leaks(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Leaks]:
    """One fleet for all runs of this file."""
    folder = tmp_path_factory.mktemp("leak")
    made = upgrade_world(_farms(), [], ras_installer_url="{{ vault_installer_url }}")
    made["vault"] = {
        "ras_account_email": EMAIL,
        "ras_account_password": ACCOUNT.text,
        "ras_account_keys": [KNOWN_KEY.text],
        "ras_api_username": ADMIN,
        "ras_api_password": API.text,
        "ras_license_key": KEY.text,
        "vault_installer_url": f"{URL}?{QUERY.text}",
        "vault_other_url": f"https://download.example.com/nothing.msi?{QUERY.text}",
    }
    made["my_account"]["accounts"][0].update(
        people=[{"email": each, "password": ACCOUNT.text} for each in (EMAIL, "echo@example.com")],
        keys=[{"key": KEY.text, "type": "spla"}, {"key": KNOWN_KEY.text, "type": "spla"}],
    )
    made["defaults"].update(
        admins=[{"username": ADMIN, "password": API.text}],
        windows={"users": [{"name": "Administrator", "password": WINDOWS.text}]},
    )
    with Lab(made, folder / "lab") as lab:
        yield Leaks(lab, folder / "runs")


def test_check(leaks: Leaks) -> None:
    """Check mode reads over the same wire."""
    run = leaks.playbook("rollout, check", ROLLOUT, check=True)
    assert states(run)["fine"] == "due", run.output[-3000:]


def test_apply(leaks: Leaks) -> None:
    """Each failure was met, and said what it is, without the secret that was near it."""
    run = leaks.playbook("rollout", ROLLOUT)
    assert states(run) == {
        "fine": "changed",
        "by-winrm": "changed",
        "fatal": "failed install_failed",
        "other-file": "failed installer_mismatch",
        "no-download": "failed installer_mismatch",
        "lost-download": "failed install_failed",
        "not-pushed": "failed agent_failed",
        "lost": "changed",
        "gone": "failed host_unreachable",
        "lost-export": "failed host_unreachable",
        "bad-admin": "refused api_credentials_rejected",
        "echo": "failed activation_refused",
    }, run.output[-6000:]
    assert leaks.lab.problems() == []


def test_apply_again(leaks: Leaks) -> None:
    """What is left of the first run on the hosts is read again."""
    leaks.lab.clear_faults()
    run = leaks.playbook("rollout, again", ROLLOUT)
    assert states(run)["fine"] == "ok", run.output[-3000:]
