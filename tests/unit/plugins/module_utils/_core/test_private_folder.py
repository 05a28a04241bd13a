# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which folders of a host are ours: descriptors are drawn and spelled, the expectation is computed from their parts."""

from __future__ import annotations

import ntpath
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.private_folder import (
    local_path,
    why_file_not_ours,
    why_not_ours,
)
from hypothesis import given
from hypothesis import strategies as st

FOLDER: t.Final = r"C:\ProgramData\FleetOps\stage"
CHAIN: t.Final = ["C:\\", r"C:\ProgramData", r"C:\ProgramData\FleetOps", FOLDER]
PRIVATE: t.Final = "O:BAG:SYD:PAI(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)"
ADMIN: t.Final = "S-1-5-21-1-2-3-1104"
# As icacls and Get-Acl show them on a new Windows Server.
DEFAULTS: t.Final = {
    "C:\\": "O:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464G:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"
    "(A;OICI;0x1200a9;;;BU)(A;CI;LC;;;BU)(A;CIIO;DC;;;BU)(A;OICIIO;GA;;;CO)",
    r"C:\ProgramData": "O:SYG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICIIO;GA;;;CO)(A;OICI;0x1200a9;;;BU)"
    "(A;CI;DCLCRPCR;;;BU)",
}
OURS: t.Final = ("BA", "SY", "S-1-5-32-544", "S-1-5-18", "LA")
OTHERS: t.Final = (
    "BU",
    "AU",
    "WD",
    "CO",
    "IU",
    "NU",
    "RD",
    "DA",
    "EA",
    "DU",
    "PU",
    "LG",
    "S-1-5-21-1-2-3-500",
    "S-1-5-21-1-2-3-512",
    "S-1-5-21-1-2-3-5120",
    "S-1-3-4",
)
# Administrators of the domain: the folders above may be theirs, too.
DOMAIN: t.Final = ("DA", "EA", "S-1-5-21-1-2-3-512")
LETTERS: t.Final = {
    "CC": 1, "DC": 2, "LC": 4, "SW": 8, "RP": 16, "WP": 32, "DT": 64, "LO": 128, "CR": 256, "SD": 1 << 16,
    "RC": 1 << 17, "WD": 1 << 18, "WO": 1 << 19,
}  # fmt: skip
# Delete what is in it, delete it, change its access list, own it.
HARMFUL: t.Final = 64 | 1 << 16 | 1 << 18 | 1 << 19


def row(path: str, sddl: str | None = None, **changes: t.Any) -> dict[str, t.Any]:
    return {
        "path": path,
        "kind": "folder",
        "link": False,
        "owner": "somebody",
        "sddl": sddl or DEFAULTS.get(path, PRIVATE),
        **changes,
    }


def answer(
    *changed: dict[str, t.Any], files: t.Sequence[dict[str, t.Any]] = (), admin: t.Any = None
) -> dict[str, t.Any]:
    rows = {path: row(path) for path in CHAIN} | {each["path"]: each for each in changed}
    return {"rows": list(rows.values()), "files": list(files), "administrator": admin}


def gone(path: str) -> dict[str, t.Any]:
    return row(path, kind="missing", owner=None) | {"sddl": None}


@st.composite
def entries(draw: st.DrawFn, sids: t.Sequence[str]) -> tuple[str, int, str, list[str]]:
    """An entry of an access list: its text, what it gives, to whom, and its flags."""
    sid = draw(st.sampled_from(sids))
    flags = draw(st.lists(st.sampled_from(("OI", "CI", "IO", "NP", "ID")), unique=True))
    mask = 0
    for bit in draw(st.lists(st.sampled_from(sorted(LETTERS.values())), min_size=1)):
        mask |= bit
    letters = "".join(name for name, bit in LETTERS.items() if mask & bit)
    rights = draw(st.sampled_from((letters, f"0x{mask:x}", f"0x{mask:X}")))
    return f"(A;{''.join(flags)};{rights};;;{sid})", mask, sid, flags


@given(st.lists(entries(OURS + OTHERS), max_size=4), st.sampled_from((*OURS, *OTHERS, ADMIN)), st.booleans())
def test_a_folder_that_others_may_use_in_any_way_is_not_ours(drawn: t.Any, owner: str, is_known: bool) -> None:
    sddl = f"O:{owner}G:SYD:AI" + "".join(text for text, *_rest in drawn)
    trusted = {*OURS, ADMIN} if is_known else set(OURS)
    expected = owner in trusted and all(sid in trusted for _text, _mask, sid, _flags in drawn)
    why = why_not_ours(FOLDER, answer(row(FOLDER, sddl), admin=ADMIN if is_known else None))
    assert (why is None) is expected, (sddl, why)
    file = row(rf"{FOLDER}\a.msi", sddl, kind="file")
    assert (why_not_ours(FOLDER, answer(files=[file], admin=ADMIN if is_known else None)) is None) is expected


@given(st.lists(entries(OURS + OTHERS), max_size=4), st.integers(0, 2))
def test_others_may_only_look_and_create_above(drawn: t.Any, place: int) -> None:
    owner = DOMAIN[place]
    sddl = f"O:{owner}G:SYD:PAI" + "".join(text for text, *_rest in drawn)
    # A drive can be neither deleted nor renamed, whoever has the right.
    bad = HARMFUL & ~LETTERS["SD"] if place == 0 else HARMFUL
    harmful = [
        sid for _text, mask, sid, flags in drawn if mask & bad and sid not in (*OURS, *DOMAIN) and "IO" not in flags
    ]
    why = why_not_ours(FOLDER, answer(row(CHAIN[place], sddl)))
    assert (why is not None) is bool(harmful), (sddl, why)


@pytest.mark.parametrize(("place", "is_ours"), [(0, True), (1, False), (2, False)])
def test_only_of_a_drive_the_right_to_delete_it_is_harmless(place: int, is_ours: bool) -> None:
    why = why_not_ours(FOLDER, answer(row(CHAIN[place], "O:SYG:SYD:PAI(A;;SD;;;BU)")))
    assert (why is None) is is_ours


def test_the_defaults_of_windows_let_our_folders_be() -> None:
    assert why_not_ours(FOLDER, answer()) is None
    for number in range(2, 4):
        assert why_not_ours(FOLDER, answer(*map(gone, CHAIN[number:]))) is None
    drive = (
        "O:SYG:SYD:PAI(A;;FA;;;BA)(A;OICIIO;GA;;;BA)(A;;FA;;;SY)(A;OICIIO;GA;;;SY)(A;;0x1301bf;;;AU)"
        "(A;OICIIO;SDGXGWGR;;;AU)(A;;0x1200a9;;;BU)(A;OICIIO;GXGR;;;BU)"
    )
    data = {"rows": [row("D:\\", drive), row(r"D:\RAS")], "files": [], "administrator": None}
    assert why_not_ours(r"D:\RAS", data) is None


@pytest.mark.parametrize(
    "sddl",
    [
        None,
        "",
        "D:PAI(A;OICI;FA;;;BA)",
        "O:BAG:SY",
        "O:BAG:SYD:NO_ACCESS_CONTROL",
        "O:BAG:SYD:PAI(A;OICI;FA;;;BA",
        "O:BAG:SYD:PAI(A;OICI;FA;;;BA)x",
        'O:BAG:SYD:PAI(XA;OICI;FA;;;BU;(@User.Title=="PM"))',
        "O:BAG:SYD:PAI(OA;OICI;FA;bf967aba-0de6-11d0-a285-00aa003049e2;;BA)",
        "O:BAG:SYD:PAI(A;OICI;FA;;;S-1-5-32-544-1)",
        "O:BAG:SYD:PAI(A;OICI;FA;;;ba)",
        "O:S-1-5-32-5440G:SYD:PAI",
        "O:BA\nG:SYD:PAI",
    ],
)
def test_what_is_not_wholly_understood_is_not_ours(sddl: str | None) -> None:
    assert why_not_ours(FOLDER, answer({**row(FOLDER), "sddl": sddl})) is not None
    assert why_not_ours(FOLDER, answer({**row(CHAIN[2]), "sddl": sddl})) is not None or "S-1-5-32-544-1" in str(sddl)


@given(st.text(alphabet="OGDPAI:();BASYU0x1", max_size=40))
def test_any_other_text_is_not_ours(text: str) -> None:
    sddl = f"O:BUG:SYD:{text}"
    assert why_not_ours(FOLDER, answer(row(FOLDER, sddl))) is not None


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"link": True}, "is a link"),
        ({"link": None}, "is a link"),
        ({"kind": "file"}, "is not a folder"),
        ({"sddl": f"O:{ADMIN}G:SYD:PAI", "owner": "TOKYO\\alice"}, "belongs to TOKYO\\alice (S-1-5-21-1-2-3-1104)"),
    ],
)
@pytest.mark.parametrize("place", range(len(CHAIN)))
def test_every_step_on_the_way_counts(changed: dict[str, t.Any], says: str, place: int) -> None:
    why = why_not_ours(FOLDER, answer({**row(CHAIN[place]), **changed}))
    assert why is not None
    assert CHAIN[place] in why
    assert says in why


def test_others_have_names() -> None:
    users = row(FOLDER, f"{PRIVATE}(A;OICI;0x1200a9;;;BU)")
    assert why_not_ours(FOLDER, answer(users)) == rf"{FOLDER} may be used by users (BU)"


@pytest.mark.parametrize("admin", ["", "S-1", "BU", "S-1-5-21-1-2-3-1104\n", 5])
def test_an_administrator_is_a_whole_sid(admin: t.Any) -> None:
    owned = row(FOLDER, f"O:{'BU' if admin == 'BU' else ADMIN}G:SYD:PAI")
    assert why_not_ours(FOLDER, answer(owned, admin=admin)) is not None


def test_what_is_below_nothing_is_nothing() -> None:
    assert why_not_ours(FOLDER, answer(gone(CHAIN[2]))) is not None
    files = [row(rf"{FOLDER}\a", kind="file")]
    assert why_not_ours(FOLDER, answer(gone(FOLDER), files=files)) is not None
    assert why_not_ours(FOLDER, answer(*map(gone, CHAIN))) is not None


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"rows": None, "files": []},
        {"rows": [], "files": []},
        {"rows": [row(path) for path in CHAIN[:-1]], "files": []},
        {"rows": [row(path) for path in CHAIN[1:]], "files": []},
        {"rows": ["C:\\"], "files": []},
        {"rows": [row(path) for path in CHAIN], "files": [row(r"C:\elsewhere\a", kind="file")]},
    ],
)
def test_an_answer_about_something_else_is_no_answer(bad: dict[str, t.Any]) -> None:
    with pytest.raises(RasError) as caught:
        why_not_ours(FOLDER, bad)
    assert caught.value.code == "bad_answer"


def test_a_file_counts_with_its_folders() -> None:
    path = rf"{FOLDER}\a.msi"
    file = row(path, kind="file")
    good = {"rows": [*(row(each) for each in CHAIN), file], "administrator": None}
    assert why_file_not_ours(path, good) is None
    for number, each in enumerate(good["rows"]):  # type: ignore[var-annotated, arg-type]
        rows = [*good["rows"]]  # type: ignore[misc]
        rows[number] = {**each, "sddl": "O:BUG:SYD:PAI"}
        assert each["path"] in str(why_file_not_ours(path, {**good, "rows": rows}))
    assert "full path" in str(why_file_not_ours("a.msi", {"rows": []}))
    assert "no folder" in str(why_file_not_ours(r"C:\a.msi", {"rows": [row("C:\\"), row(r"C:\a.msi", kind="file")]}))
    assert "not a file" in str(why_file_not_ours(FOLDER, {"rows": [row(each) for each in CHAIN]}))


@pytest.mark.parametrize(
    ("path", "normal"),
    [
        (r"C:\ProgramData\x", None),
        ("d:/install/ras/", r"d:\install\ras"),
        (r"C:\a\..\b\.\c", r"C:\b\c"),
    ],
)
def test_a_full_path_is_taken_in_its_normal_form(path: str, normal: str | None) -> None:
    assert local_path(path, "folder") == (normal or path)


@pytest.mark.parametrize(
    "path",
    [
        *("", "x", r"\x", "C:", "C:\\", "C:x", r"C:\a\..", r"\\server\share\x", r"\\?\C:\x", r"\\.\C:\x"),
        *("%ProgramData%\\x", r"C:\a|b", r"C:\a:b", "C:\\a\nb", r"C:\a.", r"C:\a \b", r"C:\a*", "CC:\\a", "/srv/x"),
    ],
)
def test_any_other_path_is_refused(path: str) -> None:
    with pytest.raises(RasError, match="folder is not a full path") as caught:
        local_path(path, "folder")
    assert caught.value.code == "invalid_option"


@given(st.text(max_size=30).map(lambda tail: f"C:\\{tail}"))
def test_what_is_taken_is_below_a_drive(path: str) -> None:
    try:
        normal = local_path(path, "folder")
    except RasError:
        return
    assert ntpath.normpath(normal) == normal
    assert ntpath.splitdrive(normal)[0] == "C:"
    assert len(normal) > 3
