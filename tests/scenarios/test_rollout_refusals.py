# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What prevents an upgrade: known before anything is installed, reported with its remedy, stopping its farm alone."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

import pytest

from counts import count
from harness.reading import outcomes, secrets_in
from harness.rollouts import (
    done,
    FULL_VERSION,
    hosts_of,
    ROLLOUT,
    rollout_world,
    sha256_of,
    STAGE,
    touched,
    URL,
    VERSION,
)
from harness.runner import Run, Runner
from harness.worlds import FOREIGN, host_of
from raslab.msi_build import STOCK
from scenarios.conftest import StartLab

_OLDER: t.Final = "RASInstaller-20.2.26050.msi"
_OTHER: t.Final = "OtherProduct-1.0.7.msi"
_UNSIGNED: t.Final = "unsigned-21.2.28000.msi"
_STRANGER: t.Final = "foreign-21.2.28000.msi"
_DOWNLOADS: t.Final = "https://download.example.com/"
_WRONG: t.Final = "0" * 64
_STAGED: t.Final = f"{STAGE}\\RASInstaller-{VERSION}.msi"


def _installer(name: str, sha256: str | None = None) -> dict[str, t.Any]:
    """A farm whose installer comes from the controller."""
    pinned = sha256 or sha256_of(name)
    return {"vars": {"ras_installer_src": str(STOCK / name), "ras_installer_sha256": pinned}}


def _download(name: str) -> dict[str, t.Any]:
    """A farm whose host downloads it: nobody looks into it before."""
    return {"vars": {"ras_installer_url": f"{_DOWNLOADS}{name}", "ras_installer_sha256": sha256_of(name)}}


@dataclass(frozen=True)
class Refusal:
    """A farm that is not upgraded.

    :ivar says: parts of the message and the remedy in the table.
    :ivar planned: known at plan time; the others once the installer is on the host.
    """

    code: str
    says: tuple[str, ...]
    farm: t.Mapping[str, t.Any] = field(default_factory=dict)
    planned: bool = True


CASES: t.Final[dict[str, Refusal]] = {
    "newer": Refusal(
        "version_newer",
        ("expected 21.2.28000 or older, observed 21.3.29000",),
        {"generation": 21, "version": "21.3.0.29000"},
    ),
    "no-digest": Refusal(
        "invalid_option",
        ("ras_installer_sha256", "64 hexadecimal digits", "observed 0 characters"),
        {"vars": {"ras_installer_sha256": ""}},
    ),
    "no-installer": Refusal(
        "invalid_option", ("ras_installer_src or ras_installer_url",), {"vars": {"ras_installer_url": ""}}
    ),
    "no-file": Refusal("invalid_option", ("gone.msi",), _installer("gone.msi", _WRONG)),
    "another-version": Refusal("installer_mismatch", ("20.2.26050", "21.2.28000"), _installer(_OLDER)),
    "another-product": Refusal("installer_mismatch", ("'Another Product'",), _installer(_OTHER)),
    "another-file": Refusal("installer_mismatch", (_WRONG, sha256_of(_UNSIGNED)), _installer(_UNSIGNED, _WRONG)),
    "full": Refusal("upgrade_blocked", ("disk: expected 5 GB free", "Free space"), {"windows": {"disk_free_gb": 1}}),
    "pending": Refusal(
        "reboot_required",
        ("a restart is pending", "ras_reboot=auto"),
        {"windows": {"pending_reboot": True}, "vars": {"ras_reboot": "never"}},
    ),
    "busy": Refusal("upgrade_blocked", ("another installation runs",), {"windows": {"installer_busy": True}}),
    "no-disk": Refusal(
        "upgrade_blocked",
        ("disk: expected 5 GB free", "how much is free on the system drive", "ras_allow_unknown: [disk]"),
        {"windows": {"unreadable": ["disk"]}, "vars": {"ras_allow_unknown": ["restart", "sessions"]}},
    ),
    "no-restart": Refusal(
        "upgrade_blocked",
        ("whether a restart is pending is not known (Requested registry access", "ras_allow_unknown: [restart]"),
        {"windows": {"unreadable": ["restart"]}},
    ),
    "no-sessions": Refusal(
        "upgrade_blocked",
        ("how many sessions users have is not known (Access is denied", "ras_allow_unknown: [sessions]"),
        {"windows": {"unreadable": ["sessions"]}},
    ),
    "no-programs": Refusal(
        "bad_answer", ("Whether RAS is installed on this host is not known",), {"windows": {"unreadable": ["products"]}}
    ),
    "foreign": Refusal("account_mismatch", ("ras_on_account_mismatch=reactivate",), {"license": FOREIGN}),
    "closed": Refusal(
        "host_unreachable",
        ("nothing listens on the port", "ansible_port (5986 with TLS, 5985 without)"),
        {"windows": {"winrm": {"down": True}}},
    ),
    "staged": Refusal(
        "settings_staged",
        ("ras_allow_pending_settings",),
        {
            "settings_pending": True,
            "hosts": [
                {"name": "cb1.staged.example.com"},
                {"name": "gw1.staged.example.com", "components": ["gateway"]},
                {"name": "gw2.staged.example.com", "components": ["gateway"]},
            ],
        },
    ),
    "another-download": Refusal(
        "installer_mismatch",
        (f"did not match '{_WRONG}', it was '{sha256_of()}'",),
        {"vars": {"ras_installer_sha256": _WRONG}},
        planned=False,
    ),
    "no-download": Refusal(
        "installer_mismatch",
        ("gone is not on the host", "(404)"),
        {"vars": {"ras_installer_url": f"{URL}.gone"}},
        planned=False,
    ),
    # Somebody put a file there; the download that should replace it is refused, so it is not ours.
    "own-file": Refusal(
        "installer_mismatch",
        (f"expected sha256 {_WRONG}",),
        {
            "vars": {"ras_installer_sha256": _WRONG},
            "windows": {"access": {STAGE.rpartition("\\")[0]: "private", STAGE: "private"}, "files": {_STAGED: "x"}},
        },
        planned=False,
    ),
    "unsigned": Refusal("installer_untrusted", ("observed no signature",), _installer(_UNSIGNED)),
    "unsigned-download": Refusal(
        "installer_untrusted", ("observed no signature",), _download(_UNSIGNED), planned=False
    ),
    "stranger-download": Refusal(
        "installer_untrusted",
        ("observed the organization 'Somebody Else Ltd (simulated)'",),
        _download(_STRANGER),
        planned=False,
    ),
    "stranger": Refusal(
        "installer_untrusted",
        (
            "an organization whose first word is 'Parallels'",
            "observed the organization 'Somebody Else Ltd (simulated)'",
        ),
        _installer(_STRANGER),
    ),
}


# What cannot be read there is allowed by name; and a service that does not run before need not run after.
_ALLOWED: t.Final[dict[str, t.Any]] = {
    "windows": {
        "unreadable": ["disk", "restart", "sessions"],
        "services": [{"name": "RAS Something", "state": "Stopped"}],
    },
    "vars": {"ras_allow_unknown": ["disk", "restart", "sessions"]},
}


@pytest.fixture(scope="module")
def runner(start_lab: StartLab) -> Runner:
    farms = {name: case.farm for name, case in CASES.items()}
    made = rollout_world({**farms, "good": {}, "allowed": _ALLOWED}, ras_waves=["100%"])
    made["downloads"] = {
        **made["downloads"],
        **{f"{_DOWNLOADS}{name}": f"lab:{name}" for name in (_UNSIGNED, _STRANGER)},
    }
    return start_lab(made)


@pytest.fixture(scope="module")
def apply(runner: Runner) -> Run:
    return runner.playbook(ROLLOUT)


@pytest.mark.parametrize("name", list(CASES))
def test_a_farm_is_refused_with_its_remedy_and_not_installed(runner: Runner, apply: Run, name: str) -> None:
    case, row = CASES[name], outcomes(apply)[name]
    assert (row["state"], row["code"]) == ("refused" if case.planned else "failed", case.code), row
    for part in case.says:
        assert part in f"{row['message']} {row['remedy']}"
    assert row["remedy"]
    journal = runner.lab.journal(name)
    assert hosts_of(journal, "install") == []
    assert not case.planned or touched(journal) == []
    assert runner.lab.host(name)["agent_version"] != FULL_VERSION
    assert apply.stats[host_of(name)]["failures"] > 0
    count("scenario", f"rollout: refused, {name}")


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if not case.planned])
def test_an_installer_that_was_staged_in_this_run_is_removed(runner: Runner, apply: Run, name: str) -> None:
    left = [path for path in runner.lab.host(name)["windows"]["files"] if path.casefold().endswith(".msi")]
    assert left == ([_STAGED] if name == "own-file" else [])
    count("scenario", f"rollout: refused, nothing staged is left, {name}")


def test_the_other_farms_are_upgraded_and_the_run_fails(runner: Runner, apply: Run) -> None:
    assert apply.rc == 2
    others = ("good", "allowed")
    assert {name: outcomes(apply)[name]["state"] for name in others} == dict.fromkeys(others, "changed")
    assert done(runner.lab.journal()).installs == {name: [host_of(name)] for name in others}
    assert {runner.lab.host(name)["agent_version"] for name in others} == {FULL_VERSION}
    assert runner.lab.host("allowed")["windows"]["services"]["RAS Something"]["state"] == "Stopped"
    assert secrets_in(apply) == []
    assert runner.lab.problems() == []
    assert runner.lab.open_sessions() == []
    count("scenario", "rollout: refusals stop their farms alone")


@pytest.mark.full
def test_check_mode_refuses_the_same_and_touches_nothing(runner: Runner, apply: Run) -> None:
    applied = outcomes(apply)
    runner.lab.clear_journal()
    run = runner.playbook(ROLLOUT, check=True)
    assert run.rc == 2
    assert touched(runner.lab.journal()) == []
    for name, row in outcomes(run).items():
        if name in CASES and CASES[name].planned:
            assert {key: row[key] for key in ("state", "code", "remedy")} == {
                key: applied[name][key] for key in ("state", "code", "remedy")
            }
        else:
            assert (row["state"], row["code"]) == ("ok" if name in ("good", "allowed") else "due", None), row
    count("scenario", "rollout: refusals in check mode")
