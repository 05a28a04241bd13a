# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What host_observe says of sick machines: one thing that cannot be read hides no other, and is never a no or a 0."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.host import describe_host
from hypothesis import event, given, HealthCheck, settings
from hypothesis import strategies as st

from harness.windows import windows_world
from harness.worlds import ACTIVE
from powershell.twins import Bench, script_text
from raslab.engine.rasadmin import LAYOUTS
from raslab.engine.table import machine_table
from raslab.powershell.schemas import misfit
from raslab.windows.machine import Machine

_HIVES: t.Final = (
    "HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall",
    "HKLM:\\SOFTWARE\\Wow6432Node\\Microsoft\\Windows\\CurrentVersion\\Uninstall",
)
_SETUP: t.Final = "HKLM:\\SOFTWARE\\WOW6432Node\\Parallels\\Setup\\ApplicationServer"
_SESSION_MANAGER: t.Final = "HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Session Manager"
_PENDING: t.Final = "HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending"
_UPDATE: t.Final = "HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\RebootRequired"
_BAD: t.Final = {"malformed": True}


def _machine(bench: Bench, **windows: t.Any) -> Machine:
    host = {"name": "cb1.alpha.example.com", "components": ["broker", "gateway"]}
    return bench.machine(windows_world({"alpha": {"license": ACTIVE, "windows": windows, "hosts": [host]}}))


def _table(bench: Bench, **windows: t.Any) -> dict[str, t.Any]:
    return copy.deepcopy(machine_table(_machine(bench, **windows)))


def _observe(bench: Bench, table: t.Mapping[str, t.Any], **windows: t.Any) -> dict[str, t.Any]:
    """The answer of the real script on a machine with this table; it always is one."""
    said = bench.engine(_machine(bench, **windows), "host_observe", change=dict(table))
    assert not said.changed
    assert said.answer["ok"] is True, said.answer
    assert misfit("host_observe", json.dumps(said.answer)) is None
    return said.answer


def _unread(answer: t.Mapping[str, t.Any]) -> dict[str, str]:
    return {row["source"]: row["why"] for row in answer["unread"]}


@pytest.mark.parametrize("foreign", [{"DisplayName": _BAD}, {"DisplayName": 5}, {"$denied": True}])
def test_a_key_of_somebody_else_hides_neither_ours_nor_that_it_is_there(
    bench: Bench, foreign: dict[str, t.Any]
) -> None:
    table = _table(bench)
    table["registry"][f"{_HIVES[0]}\\Foreign"] = foreign
    seen = _observe(bench, table)
    assert [row["version"] for row in seen["products"]] == ["21.2.27306"]
    assert set(_unread(seen)) == {"products"}
    bare = _table(bench, ras_installed=False)
    assert _observe(bench, bare, ras_installed=False)["products"] == []
    bare["registry"][f"{_HIVES[1]}\\Foreign"] = foreign
    seen = _observe(bench, bare, ras_installed=False)
    assert seen["products"] is None  # it may be that key
    assert describe_host(seen)["installed"] is None


def test_our_own_version_that_is_malformed_is_not_known(bench: Bench) -> None:
    table = _table(bench)
    key = next(key for key in table["registry"] if key.startswith(f"{_HIVES[1]}\\"))
    table["registry"][key]["DisplayVersion"] = _BAD
    seen = _observe(bench, table)
    assert [(row["name"], row["version"]) for row in seen["products"]] == [
        ("Parallels Remote Application Server", None)
    ]
    assert (describe_host(seen)["installed"], describe_host(seen)["version"]) == (True, None)


@pytest.mark.parametrize(
    ("folder", "unread"),
    [
        ("Q:\\RAS", {"product_disk"}),
        ("\\\\server\\share\\RAS", {"product_disk"}),
        (_BAD, {"folder", "module", "product_disk"}),
        (7, {"folder", "module", "product_disk"}),
        ("", set()),
    ],
)
def test_the_folder_of_a_product(bench: Bench, folder: t.Any, unread: set[str]) -> None:
    table = _table(bench)
    table["registry"][_SETUP] = {"ProductDir": folder, "Other": _BAD}
    seen = _observe(bench, table)
    assert set(_unread(seen)) == unread
    assert (seen["module"] is None) is bool(unread)
    assert (seen["product_disk_free_bytes"] is None) is bool(unread)
    assert (seen["folder"] is None) is ("folder" in unread)
    assert seen["disk_free_bytes"] > 0


@pytest.mark.parametrize("layout", sorted(set(LAYOUTS) - {"no manifest"}))
def test_the_module_is_found_in_each_layout(bench: Bench, layout: str) -> None:
    said = bench.engine(_machine(bench), "host_observe", change={"module": layout}).answer
    assert said["module"] == "RASAdmin"
    assert said["module_version"]


def test_a_module_without_a_manifest_is_none(bench: Bench) -> None:
    said = bench.engine(_machine(bench), "host_observe", change={"module": "no manifest"}).answer
    assert (said["module"], said["module_version"]) == (None, None)


@pytest.mark.parametrize(("said", "expected"), [("held", True), ("denied", True), (None, False)])
def test_a_mutex_that_may_not_be_opened_is_held(bench: Bench, said: str | None, expected: bool) -> None:
    table = _table(bench)
    table["mutexes"] = {"Global\\_MSIExecute": said} if said else {}
    assert _observe(bench, table)["installer_running"] is expected


@pytest.mark.parametrize(
    ("keys", "pending", "sources"),
    [
        ({}, False, []),
        ({_PENDING: {}}, True, ["component_servicing"]),
        ({_PENDING: {"$denied": True}}, None, []),
        ({_PENDING: {"$denied": True}, _UPDATE: {}}, True, ["windows_update"]),
    ],
)
def test_a_restart_is_pending_not_pending_or_not_known(
    bench: Bench, keys: dict[str, t.Any], pending: bool | None, sources: list[str]
) -> None:
    table = _table(bench)
    table["registry"].update(keys)
    seen = _observe(bench, table)
    assert (seen["reboot_pending"], seen["reboot_sources"], seen["file_renames"]) == (pending, sources, False)


@pytest.mark.parametrize(
    ("values", "renames"),
    [({"PendingFileRenameOperations": ["a", ""]}, True), ({"PendingFileRenameOperations": _BAD}, None), ({}, False)],
)
def test_renames_of_files_are_apart(bench: Bench, values: dict[str, t.Any], renames: bool | None) -> None:
    table = _table(bench)
    table["registry"][_SESSION_MANAGER] = values
    seen = _observe(bench, table)
    assert (seen["file_renames"], seen["reboot_pending"]) == (renames, False)


def test_only_services_that_are_ours_are_asked(bench: Bench) -> None:
    table = _table(bench)
    table["services"][0]["Denied"] = "Access is denied"
    assert _observe(bench, table)["unread"] == []
    ours = next(row for row in table["services"] if row["Name"] == "RAS Secure Gateway")
    ours["Denied"] = "Access is denied"
    seen = _observe(bench, table)
    states = {row["name"]: row["status"] for row in seen["services"]}
    assert (states["RAS Secure Gateway"], states["RAS Connection Broker"]) == (None, "Running")
    assert "secure_gateway" in describe_host(seen)["components"]
    assert set(_unread(seen)) == {"services"}


@pytest.mark.parametrize(
    ("row", "full_name"),
    [
        ({"DNSHostName": "a-name-of-more-than-15", "Domain": "example.com", "PartOfDomain": True}, None),
        ({"DNSHostName": "srv", "Domain": "WORKGROUP", "PartOfDomain": False}, "srv"),
        ({"DNSHostName": "srv", "Domain": "WORKGROUP"}, "unknown"),
        ({"DNSHostName": "", "Domain": "example.com", "PartOfDomain": True}, "unknown"),
        ({"DNSHostName": "srv", "Domain": None, "PartOfDomain": True}, "unknown"),
    ],
)
def test_the_full_name(bench: Bench, row: dict[str, t.Any], full_name: str | None) -> None:
    table = _table(bench)
    table["cim"]["Win32_ComputerSystem"] = [row]
    seen = _observe(bench, table)
    expected = {None: "a-name-of-more-than-15.example.com", "unknown": None}
    assert seen["full_name"] == expected.get(full_name, full_name)
    assert ("full_name" in _unread(seen)) is (seen["full_name"] is None)


def test_the_session_manager_that_does_not_answer_is_not_a_host_without_sessions(bench: Bench) -> None:
    seen = _observe(bench, {**_table(bench), "sessions": "The RPC server is unavailable"})
    assert (seen["session_count"], _unread(seen)) == (None, {"sessions": "The RPC server is unavailable"})
    assert _observe(bench, {**_table(bench), "sessions": 0})["session_count"] == 0


def test_the_code_for_the_session_manager_is_c_sharp_5() -> None:
    """Compiled only: what it asks is in a library that only Windows has."""
    found = re.search(r"@'\n(.*?)\n'@", script_text("host_observe"), re.DOTALL)
    assert found
    source = found[1].replace("namespace FleetOps", "namespace FleetOpsCompiled")
    script = (
        "$source = [Console]::In.ReadToEnd(); Add-Type -TypeDefinition $source -CompilerOptions '-langversion:5';"
        "[FleetOpsCompiled.RasSessions].GetMethod('Count').ReturnType.FullName"
    )
    command = [os.environ["RAS_PWSH"], "-NoProfile", "-NonInteractive", "-Command", script]
    ran = subprocess.run(command, input=source, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.strip()) == (0, "System.Int32"), ran.stderr


_TEXTS: t.Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["Parallels", "Параллелс", "並列", "a[b]*", "C:\\", "ras:product_missing:no", "$denied"]
)
_VALUES: t.Final = _TEXTS | st.integers(-(2**31), 2**31 - 1) | st.lists(_TEXTS, max_size=2) | st.just(_BAD) | st.none()
_KEY: t.Final = st.dictionaries(
    st.sampled_from(["DisplayName", "DisplayVersion", "Publisher", "ProductDir"]), _VALUES, max_size=3
)
_WHY: t.Final = st.sampled_from(["Access is denied", "Отказано в доступе.", "アクセスが拒否されました。"])


@st.composite
def _machines(draw: st.DrawFn) -> dict[str, t.Any]:
    """What is changed in the table of a machine: keys of others, values, classes, services, mutex, sessions."""
    names = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
    keys = draw(st.dictionaries(names, _KEY, max_size=4))
    closed = draw(st.sets(st.sampled_from([*_HIVES, _SETUP, _SESSION_MANAGER, _PENDING, _UPDATE]), max_size=3))
    classes = ["Win32_OperatingSystem", "Win32_ComputerSystem", "Win32_LogicalDisk"]
    return {
        "keys": {f"{_HIVES[draw(st.integers(0, 1))]}\\{name}": values for name, values in keys.items()},
        "denied": sorted(closed),
        "setup": draw(st.none() | _KEY),
        "cim_broken": draw(st.dictionaries(st.sampled_from(classes), _WHY, max_size=3)),
        "fields": draw(
            st.dictionaries(
                st.sampled_from(["Caption", "LastBootUpTime", "FreeSpace", "DNSHostName", "Domain", "PartOfDomain"]),
                st.none() | _TEXTS | st.booleans(),
                max_size=3,
            )
        ),
        "services": draw(st.dictionaries(st.integers(0, 5), _WHY, max_size=3)),
        "mutexes": draw(st.sampled_from([{}, {"Global\\_MSIExecute": "denied"}])),
        "sessions": draw(st.integers(0, 5) | _WHY),
    }


def _changed(table: dict[str, t.Any], sick: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    # A registry is blind to case, and so is the engine when it reads its table.
    taken = {key.casefold() for key in table["registry"]}
    for key, values in sick["keys"].items():
        if key.casefold() not in taken:
            taken.add(key.casefold())
            table["registry"][key] = values
    if sick["setup"] is not None:
        table["registry"][_SETUP] = sick["setup"]
    for key in sick["denied"]:
        table["registry"].setdefault(key, {})["$denied"] = True
    for index, why in sick["services"].items():
        table["services"][index % len(table["services"])]["Denied"] = why
    for rows in table["cim"].values():
        for row in rows:
            row.update({name: value for name, value in sick["fields"].items() if name in row})
    return {**table, **{name: sick[name] for name in ("cim_broken", "mutexes", "sessions")}}


# By the field of the answer: the sources of which one is named when the field is null.
_SOURCES: t.Final = {
    "products": ["products"],
    "services": ["services"],
    "folder": ["folder"],
    "reboot_pending": ["component_servicing", "windows_update"],
    "file_renames": ["file_renames"],
    "installer_running": ["installer"],
    "disk_free_bytes": ["disk"],
    "product_disk_free_bytes": ["product_disk"],
    "uptime_seconds": ["uptime"],
    "session_count": ["sessions"],
    "full_name": ["full_name"],
    "os": ["os"],
}


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(sick=_machines())
def test_no_machine_is_refused_as_a_whole_and_what_is_not_known_is_null(bench: Bench, sick: dict[str, t.Any]) -> None:
    table = _changed(_table(bench), sick)
    seen = _observe(bench, table)
    unread = _unread(seen)
    event(f"{len(unread)} sources unread")
    assert all(why.strip() for why in unread.values())
    if _HIVES[1] not in sick["denied"]:
        # The key of our product is readable.
        assert "21.2.27306" in [row["version"] for row in seen["products"]]
    for field, sources in _SOURCES.items():
        assert (seen[field] is not None) or (set(sources) & set(unread)), field
    if isinstance(sick["sessions"], str):
        assert seen["session_count"] is None
    else:
        assert seen["session_count"] == sick["sessions"]
    for field, name in (("disk_free_bytes", "Win32_LogicalDisk"), ("os", "Win32_OperatingSystem")):
        assert name not in sick["cim_broken"] or seen[field] is None
    if {_PENDING, _UPDATE} & set(sick["denied"]):
        assert seen["reboot_pending"] is None
    assert seen["file_renames"] is (None if _SESSION_MANAGER in sick["denied"] else False)
    host = describe_host(seen)
    assert (host["installed"], host["sessions"]) == (
        None if seen["products"] is None else bool(seen["products"]),
        seen["session_count"],
    )
