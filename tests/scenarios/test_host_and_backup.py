# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""host_info and settings_export over real WinRM: what they report, and what they leave on both sides."""

from __future__ import annotations

import hashlib
import os
import typing as t
from pathlib import Path

import pytest

from counts import count
from harness.reading import secrets_in
from harness.runner import Run, Runner
from harness.windows import CONNECTION, NO_WINRM, windows_world
from harness.worlds import ACTIVE, host_of
from raslab.msi_build import STOCK
from raslab.testing import Lab
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor_full

HOST_INFO: t.Final = "fleetops.parallels_ras.host_info"
PRIVATE: t.Final = "fleetops.parallels_ras.private_folder"
EXPORT: t.Final = "fleetops.parallels_ras.settings_export"
GENERATIONS: t.Final = (18, 19, 20, 21)
LOG: t.Final = r"C:\Windows\Temp\ras.log"
MSI: t.Final = r"C:\Windows\Temp\ras.msi"
FOLDER: t.Final = r"C:\ProgramData\FleetOps\parallels_ras\backup"
OLDER: t.Final = [f"ras-settings-2026010{day}T000000Z.dat2" for day in (1, 2, 3)]

MEMBERS: t.Final = {
    "hosts": [
        {"name": host_of("v21")},
        {"name": "rds1.v21.example.com", "components": ["rds"], "windows": {"sessions": 4, "pending_reboot": True}},
        {"name": "gw1.v21.example.com", "components": ["gateway"], "windows": {"disk_free_gb": 1}},
    ]
}
HOSTS: t.Final[dict[str, dict[str, t.Any]]] = {
    **{
        f"v{number}": {"generation": number, "windows": {"files": {LOG: "one\r\ntwo\r\nthree\r\n"}}}
        for number in GENERATIONS
    },
    "old": {"hosts": [{"name": host_of("old"), "agent_version": "17.1.2.21790"}]},
    "bare": {"windows": {"ras_installed": False}},
    "gone": NO_WINRM,
}
HOSTS["v21"] |= MEMBERS


class Reported(t.NamedTuple):
    """A run in check mode and a real one."""

    check: Run
    run: Run
    lab: Runner

    def host(self, name: str) -> dict[str, t.Any]:
        """What was reported of a host."""
        return t.cast("dict[str, t.Any]", self.run.results(HOST_INFO, name)[0]["host"])


@pytest.fixture(scope="module")
def reported(start_lab: StartLab) -> Reported:
    runner = start_lab(windows_world(HOSTS))
    # No option is needed: the host's own connection is all.
    tasks = [
        {"name": "Host", HOST_INFO: {}, "failed_when": False, "register": "seen"},
        {"name": "Go on", "ansible.builtin.debug": {"msg": "{{ seen.failure.code | default('ok') }}"}},
    ]
    check, run = (runner.play(tasks, hosts="all", check=check) for check in (True, False))
    assert runner.lab.problems() == []
    return Reported(check, run, runner)


def test_a_host_of_each_generation_is_reported(reported: Reported) -> None:
    for number in GENERATIONS:
        name, truth = host_of(f"v{number}"), reported.lab.lab.host(f"v{number}")
        seen = reported.host(name)
        assert (seen["version"], seen["name"]) == (truth["windows"]["products"][0]["version"], "CB1")
        assert seen["components"] == ["connection_broker", "web_administration"]
        assert {service["status"] for service in seen["services"]} == {"Running"}
        assert (seen["module"], seen["reboot_pending"], seen["installer_running"]) == ("RASAdmin", False, False)
        assert seen["disk_free_bytes"] > 10**10
        assert seen["uptime_seconds"] >= 72 * 3600 - 60
        count("scenario", f"host_info: generation {number}")


def test_members_old_and_bare_hosts_are_reported_too(reported: Reported) -> None:
    session_host, gateway = reported.host("rds1.v21.example.com"), reported.host("gw1.v21.example.com")
    assert (session_host["components"], session_host["sessions"]) == (["rd_session_host"], 4)
    assert session_host["reboot_pending"] is True
    assert gateway["components"] == ["secure_gateway"]
    assert gateway["disk_free_bytes"] < 2 * 10**9
    assert (reported.host(host_of("old"))["module"], reported.host(host_of("old"))["version"]) == (
        "PSAdmin",
        "17.1.21790",
    )
    bare = reported.host(host_of("bare"))
    assert (bare["product"], bare["products"], bare["version"], bare["module"]) == (None, [], None, None)
    count("scenario", "host_info: members, RAS 17, and a host without RAS")


def test_a_host_that_cannot_be_reached_is_a_failure_and_not_unreachable(reported: Reported) -> None:
    result = reported.run.results(HOST_INFO, host_of("gone"))[0]
    assert result["failure"]["code"] == "host_unreachable"
    assert not any(stats["unreachable"] for stats in reported.run.stats.values())
    assert reported.run.results("ansible.builtin.debug", host_of("gone"))[0]["msg"] == "host_unreachable"
    count("scenario", "host_info: host_unreachable")


def test_check_mode_reads_the_same_and_nothing_is_changed(reported: Reported) -> None:
    for name in reported.run.stats:
        seen, checked = (run.results(HOST_INFO, name)[0].get("host") for run in (reported.run, reported.check))
        moving = {"uptime_seconds": 0, "disk_free_bytes": 0}
        assert (seen and {**seen, **moving}) == (checked and {**checked, **moving})
    assert reported.run.changed_hosts == reported.check.changed_hosts == set()
    count("scenario", "host_info: check mode")


def test_the_end_of_a_log_and_the_signature_of_a_file(reported: Reported) -> None:
    runner = reported.lab
    installer = STOCK / "RASInstaller-21.2.28000.msi"
    unsigned = STOCK / "unsigned-21.2.28000.msi"
    tasks: list[dict[str, t.Any]] = []
    for source in (installer, unsigned):
        tasks += [
            {"name": "Copy", "ansible.windows.win_copy": {"src": str(source), "dest": MSI}},
            {"name": "Look", HOST_INFO: {"signature_of": MSI, "tail_of": LOG, "tail_lines": 2}},
        ]
    tasks.append({"name": "Nothing", HOST_INFO: {"tail_of": r"C:\no.log"}})
    tasks.append({"name": "No file", HOST_INFO: {"signature_of": r"C:\no.msi"}, "ignore_errors": True})
    run = runner.play(tasks, hosts=host_of("v20"))
    assert run.rc == 0, run.output
    signed, not_signed, nothing, no_file = run.results(HOST_INFO)
    assert signed["signature"]["status"] == "Valid"
    assert f"O={signed['signature']['publisher']}," in signed["signature"]["subject"]
    assert signed["signature"]["is_private"] is False
    assert "may be used by users" in signed["signature"]["not_private"]
    assert (not_signed["signature"]["status"], not_signed["signature"]["publisher"]) == ("NotSigned", None)
    for checked, source in ((signed, installer), (not_signed, unsigned)):
        assert checked["signature"]["sha256"] == hashlib.sha256(source.read_bytes()).hexdigest()
    assert signed["tail"] == {"exists": True, "lines": ["two", "three"]}
    assert nothing["tail"] == {"exists": False, "lines": []}
    assert no_file["failure"]["code"] == "bad_answer"
    count("scenario", "host_info: signature and tail")


def test_a_folder_is_private_from_the_start_or_refused(reported: Reported) -> None:
    runner, farm = reported.lab, "v19"
    folder, above = r"C:\ProgramData\Mine\stage", r"C:\ProgramData\Mine"
    task = {"name": "Folder", PRIVATE: {"path": folder.replace("\\", "/"), "files": ["a.msi"]}, "ignore_errors": True}
    results = []
    for check in (True, False, False, True):
        (result,) = runner.play([task], hosts=host_of(farm), check=check).results(PRIVATE)
        results.append((result["changed"], result["path"], folder in runner.lab.host(farm)["windows"]["folders"]))
    assert results == [(True, folder, False), (True, folder, True), (False, folder, True), (False, folder, True)]
    for path, kind in ((rf"{folder}\a.msi", "foreign"), (folder, "open"), (above, "foreign"), (above, "link")):
        runner.lab.patch_windows(farm, host_of(farm), access={above: "private", folder: "private"})
        if path.endswith(".msi"):
            runner.lab.patch_windows(farm, host_of(farm), files={path: "x"})
        runner.lab.patch_windows(farm, host_of(farm), access={path: kind})
        (result,) = runner.play([task], hosts=host_of(farm)).results(PRIVATE)
        assert (result["changed"], result["failure"]["code"]) == (False, "folder_untrusted")
        assert f"observed that {path} " in result["failure"]["message"]
        runner.lab.patch_windows(farm, host_of(farm), files={rf"{folder}\a.msi": None})
    count("scenario", "private_folder: made, found, and refused where it is somebody else's")


LABELS: t.Final = {"tokyo": "tokyo", "kyoto": "京都 / 1", "osaka": ""}
IMPATIENT: t.Final = {"ansible_winrm_operation_timeout_sec": 2, "ansible_winrm_read_timeout_sec": 4}
FARMS: t.Final[dict[str, dict[str, t.Any]]] = {
    "tokyo": {
        "generation": 21,
        "windows": {
            "access": {FOLDER: "private"},
            "files": {rf"{FOLDER}\{name}": "x" for name in [*(f"tokyo-{old}" for old in OLDER), "notes.dat2"]},
        },
    },
    "kyoto": {"generation": 18, "vars": {"label": LABELS["kyoto"]}},
    "osaka": {"generation": 20, "vars": {"label": ""}},
    "broken": {"faults": [{"kind": "reset_before", "on": "fetch_file"}], "vars": IMPATIENT},
    "refused": {"admins": [{"username": "else@example.com", "password": "some other password"}]},
    "old": {"hosts": [{"name": host_of("old"), "agent_version": "17.1.2.21790"}]},
    "theirs": {"windows": {"access": {FOLDER: "foreign"}}},
    "shared": {"windows": {"access": {FOLDER: "open"}}},
    "linked": {"windows": {"access": {FOLDER.rpartition("\\")[0]: "link"}}},
}
FAILED: t.Final = {
    "theirs": "folder_untrusted",
    "shared": "folder_untrusted",
    "linked": "folder_untrusted",
    "broken": "backup_failed",
    "refused": "api_credentials_rejected",
    "old": "product_too_old",
}


class Backup(t.NamedTuple):
    """Check mode, then the real thing, then once more; what was in the folder here after each."""

    runs: list[Run]
    local: list[list[str]]
    remote: list[dict[str, list[str]]]
    dest: Path
    lab: Lab


def _remote(lab: Lab, farm: str) -> dict[str, dict[str, t.Any]]:
    """The exports on the licensing server, and the other files beside them."""
    files = lab.host(farm)["windows"]["files"]
    return {path.rpartition("\\")[2]: entry for path, entry in files.items() if path.startswith(FOLDER)}


@pytest.fixture(scope="module")
def backup(start_lab: StartLab, tmp_path_factory: pytest.TempPathFactory) -> Backup:
    runner = start_lab(windows_world({name: {**farm, "license": ACTIVE} for name, farm in FARMS.items()}))
    dest = tmp_path_factory.mktemp("backup")
    for name in OLDER:
        (dest / f"tokyo-{name}").write_text("x", encoding="utf-8")
    (dest / "notes.dat2").write_text("x", encoding="utf-8")
    options = {**CONNECTION, "label": "{{ label | default(ras_farm) }}", "dest": str(dest), "keep": 2}
    result = Backup([], [], [], dest, runner.lab)
    for check in (True, False, False):
        run = runner.play([{"name": "Export", EXPORT: options, "ignore_errors": True}], check=check)
        assert run.rc == 0, run.output
        result.runs.append(run)
        result.local.append(sorted(os.listdir(dest)))
        result.remote.append({farm: sorted(_remote(runner.lab, farm)) for farm in FARMS})
    assert runner.lab.problems() == []
    assert runner.lab.open_sessions() == []
    return result


def _export(run: Run, farm: str) -> dict[str, t.Any]:
    return run.results(EXPORT, host_of(farm))[0]


def test_check_mode_leaves_nothing_on_either_side(backup: Backup) -> None:
    assert backup.local[0] == sorted([*(f"tokyo-{name}" for name in OLDER), "notes.dat2"])
    assert all(not files for farm, files in backup.remote[0].items() if farm != "tokyo")
    for farm in LABELS:
        planned = _export(backup.runs[0], farm)
        assert (planned["changed"], set(planned["file"])) == (True, {"path", "fetched_to"})
    count("scenario", "settings_export: check mode")


def test_the_copy_is_the_file_of_the_farm(backup: Backup) -> None:
    for farm in LABELS:
        exported = _export(backup.runs[2], farm)["file"]
        copy = Path(exported["fetched_to"])
        there = _remote(backup.lab, farm)[exported["path"].rpartition("\\")[2]]
        assert exported["sha256"] == there["sha256"] == hashlib.sha256(copy.read_bytes()).hexdigest()
        assert exported["size"] == copy.stat().st_size > 0
        assert (copy.stat().st_mode & 0o777, copy.parent) == (0o600, backup.dest)
        assert backup.lab.farm(farm)["guid"].encode() in copy.read_bytes()
        count("scenario", f"settings_export: {farm}")


def test_names_are_those_of_labels_or_of_addresses(backup: Backup) -> None:
    names = {farm: Path(_export(backup.runs[1], farm)["file"]["fetched_to"]).name for farm in LABELS}
    assert names["tokyo"].startswith("tokyo-ras-settings-2")
    assert names["kyoto"].startswith("_____1-")
    assert names["osaka"].startswith(f"{backup.lab.farms['osaka']['address']}-ras-settings-2")
    count("scenario", "settings_export: labels")


def test_the_newest_stay_on_both_sides_and_foreign_files_are_not_touched(backup: Backup) -> None:
    for files in (backup.local[2], backup.remote[2]["tokyo"]):
        ours = [name for name in files if name.startswith("tokyo-")]
        assert ours == sorted(Path(_export(run, "tokyo")["file"]["fetched_to"]).name for run in backup.runs[1:])
        assert "notes.dat2" in files
    removed = _export(backup.runs[1], "tokyo")["removed"]
    assert {path.rpartition("\\")[2] for path in removed if "\\" in path} == {f"tokyo-{name}" for name in OLDER[:2]}
    assert {Path(path).name for path in removed if "\\" not in path} == {f"tokyo-{name}" for name in OLDER[:2]}
    count("scenario", "settings_export: retention on both sides")


def test_a_copy_that_breaks_leaves_nothing_here_and_the_export_there(backup: Backup) -> None:
    result = _export(backup.runs[1], "broken")
    assert (result["failure"]["code"], result["changed"]) == ("backup_failed", True)
    assert result["file"]["fetched_to"] is None
    assert backup.remote[1]["broken"] == [result["file"]["path"].rpartition("\\")[2]]
    assert not [name for name in backup.local[1] if name.startswith(("broken", "."))]
    assert "failure" not in _export(backup.runs[2], "broken")
    count("scenario", "settings_export: fetch broken, and fixed by the next run")


def test_what_cannot_be_exported_says_why(backup: Backup) -> None:
    codes = {farm: (_export(backup.runs[1], farm).get("failure") or {}).get("code") for farm in FARMS}
    assert {farm: code for farm, code in codes.items() if code} == FAILED
    for farm in FAILED.keys() - {"broken"}:
        assert backup.remote[2][farm] == [], farm
    planned = {farm: (_export(backup.runs[0], farm).get("failure") or {}).get("code") for farm in FARMS}
    assert planned == {**codes, "broken": None}, "check mode says the same, but for a copy that is not made"
    for run in backup.runs:
        assert secrets_in(run) == []
    count("scenario", "settings_export: refused administrator, RAS 17")
