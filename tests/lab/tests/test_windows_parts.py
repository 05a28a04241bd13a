# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Payloads, module arguments and installers against their sources: ansible-core, ansible.windows, msitools."""

from __future__ import annotations

import ast
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, strategies

from raslab.modules import arguments
from raslab.modules.call import ModuleFailed, MODULES
from raslab.modules.run import short_name
from raslab.msi_build import build_msi, PUBLISHER, STOCK
from raslab.powershell import payload as payloads
from raslab.powershell.scripts import mark_of, refused_parameters, supports_should_process
from raslab.windows.msi import NotAnMsi, read_package, signature_of
from raslab.windows.products import product_code, RAS_NAME, RAS_UPGRADE_CODE


def _ansible_windows() -> Path:
    """The ansible.windows that the lane uses."""
    for folder in os.environ.get("ANSIBLE_COLLECTIONS_PATH", "").split(os.pathsep):
        found = Path(folder) / "ansible_collections" / "ansible" / "windows"
        if found.is_dir():
            return found
    raise AssertionError("ansible.windows is not in ANSIBLE_COLLECTIONS_PATH")


def _documented(path: Path) -> dict[str, Any]:
    """The DOCUMENTATION of a plugin file, Python or YAML."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".yml":
        return dict(yaml.safe_load(text)["DOCUMENTATION"])
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "DOCUMENTATION":
            return dict(yaml.safe_load(ast.literal_eval(node.value)) or {})
    return {}


def _options(root: Path, name: str) -> dict[str, Any]:
    found = next(path for path in (root / "plugins/modules").glob(f"{name}.*") if path.suffix in (".py", ".yml"))
    documented = _documented(found)
    fragments = documented.get("extends_documentation_fragment") or []
    options: dict[str, Any] = {}
    for fragment in [fragments] if isinstance(fragments, str) else fragments:
        path = root / "plugins/doc_fragments" / f"{fragment.rpartition('.')[2]}.py"
        if path.exists():
            options.update(_documented(path).get("options") or {})
    return {**options, **(documented.get("options") or {})}


@pytest.mark.floor
@pytest.mark.parametrize("name", sorted(MODULES))
def test_the_table_of_arguments_is_the_modules_documentation(name: str) -> None:
    table = yaml.safe_load(Path(arguments.__file__).with_name("arguments.yml").read_text(encoding="utf-8"))[name]
    for option, documented in _options(_ansible_windows(), name).items():
        assert option in table, f"{name}.{option} is missing"
        assert table[option]["type"] == documented.get("type", "str"), option
        assert table[option].get("default") == documented.get("default"), option
        assert table[option].get("required") == documented.get("required"), option
        assert table[option].get("aliases") == documented.get("aliases"), option
        choices = documented.get("choices")
        assert table[option].get("choices") == (list(choices) if choices else None), option


@pytest.mark.parametrize(
    ("asked", "short"),
    [
        ("ansible.windows.win_ping", "win_ping"),
        ("ansible.legacy.ping", "win_ping"),
        ("ansible.builtin.slurp", "slurp"),
        ("setup", "setup"),
        ("community.windows.win_ping", "community.windows.win_ping"),
    ],
)
def test_names_of_modules(asked: str, short: str) -> None:
    assert short_name(asked) == short


@pytest.mark.parametrize(
    ("name", "given_", "expected"),
    [
        ("win_package", {"expected_return_code": "0, 3010"}, {"expected_return_code": [0, 3010]}),
        ("win_package", {"EXPECTED_RETURN_CODE": 5}, {"expected_return_code": [5]}),
        ("win_stat", {"dest": "C:\\", "follow": "yes"}, {"path": "C:\\", "follow": True}),
        ("win_reg_stat", {"key": "HKLM:\\X", "entry": "y"}, {"path": "HKLM:\\X", "name": "y"}),
    ],
)
def test_arguments_are_completed(name: str, given_: dict[str, Any], expected: dict[str, Any]) -> None:
    done = arguments.complete(name, given_)
    assert {option: done[option] for option in expected} == expected


def test_suboptions_are_checked() -> None:
    with pytest.raises(ModuleFailed, match="color found in sensitive_parameters"):
        arguments.complete("win_powershell", {"script": "x", "sensitive_parameters": [{"name": "a", "color": "b"}]})


def test_secrets_do_not_come_back() -> None:
    args = {"sensitive_parameters": [{"name": "Password", "value": "very secret"}], "script": "x"}
    assert "very secret" not in json.dumps(arguments.shown(args))
    result = arguments.censored({"msg": "it was very secret, yes", "list": ["very secret"]}, {"very secret"})
    assert result == {"msg": "it was ********, yes", "list": ["VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"]}


@given(strategies.binary(max_size=200))
def test_any_input_is_a_payload_or_none_or_refused(data: bytes) -> None:
    try:
        found = payloads.decode(data)
    except payloads.BadPayload:
        return
    assert found is None or found.kind in ("module", "helper", "script")


@given(strategies.text(max_size=80))
def test_scripts_come_back_from_a_command_line(text: str) -> None:
    import base64

    script = "$x = 1\n" + text
    line = f"powershell -NoProfile -EncodedCommand {base64.b64encode(script.encode('utf-16-le', 'replace')).decode()}"
    assert payloads.encoded_script(line) == script.encode("utf-16-le", "replace").decode("utf-16-le")


def test_marks_and_parameters_of_scripts() -> None:
    text = "# ras-script: ras_apply v3\n[CmdletBinding(SupportsShouldProcess)]\nparam (\n  [Parameter(Mandatory)]\n"
    text += "  [string] $Username,\n  [ValidateSet('a', 'b')] [string] $Mode = 'a'\n)\n$other = 1\n"
    assert mark_of(text) == ("ras_apply", 3)
    assert mark_of("\n" * 20 + text) is None
    assert supports_should_process(text)
    assert not supports_should_process("[CmdletBinding()]\nparam ()")
    assert refused_parameters(text, {"username": "a", "MODE": "b"}) is None
    assert "'other'" in str(refused_parameters(text, {"username": "a", "other": "b"}))
    assert "mandatory parameters: Username" in str(refused_parameters(text, {}))
    assert "'x'" in str(refused_parameters("[CmdletBinding()]\nparam ()\n$x = (1)", {"x": 1}))


@pytest.mark.parametrize(
    ("type_", "value", "is_taken"),
    [
        ("bool", False, True),
        ("bool", 0, True),
        ("bool", "False", False),
        ("bool", None, False),
        ("int", 3, True),
        ("int", " 3", True),
        ("int", "three", False),
        ("int", None, False),
        ("string", 3, True),
    ],
)
def test_types_of_parameters(type_: str, value: Any, is_taken: bool) -> None:
    refused = refused_parameters(f"param ([{type_}] $Value)", {"Value": value})
    assert refused is None if is_taken else "argument transformation on parameter 'Value'" in str(refused)


@pytest.mark.parametrize(
    ("name", "version", "publisher"),
    [
        ("RASInstaller-20.2.26050.msi", "20.2.26050", PUBLISHER),
        ("RASInstaller-21.2.28000.msi", "21.2.28000", PUBLISHER),
        ("unsigned-21.2.28000.msi", "21.2.28000", None),
        ("foreign-21.2.28000.msi", "21.2.28000", "Somebody Else Ltd (simulated)"),
    ],
)
def test_the_installers_that_come_with_the_lab(name: str, version: str, publisher: str | None) -> None:
    content = (STOCK / name).read_bytes()
    package = read_package(content)
    assert (package.name, package.version, package.upgrade_code) == (RAS_NAME, version, RAS_UPGRADE_CODE)
    assert package.product_code == product_code(RAS_NAME, version)
    shown = ("Valid", f"CN={publisher}, O={publisher}, C=CH") if publisher else ("NotSigned", None)
    assert signature_of(content) == shown


def test_another_product_is_another_product() -> None:
    assert read_package((STOCK / "OtherProduct-1.0.7.msi").read_bytes()).upgrade_code != RAS_UPGRADE_CODE


@pytest.mark.parametrize("content", [b"", b"MZ", (STOCK / "unsigned-21.2.28000.msi").read_bytes()[:2048]])
def test_what_is_no_installer(content: bytes) -> None:
    with pytest.raises(NotAnMsi):
        read_package(content)


def test_the_recipe_builds_what_msitools_read(tmp_path: Path, needs_command: Callable[[str, str], None]) -> None:
    for command, package in (("wixl", "wixl"), ("osslsigncode", "osslsigncode"), ("msiinfo", "msitools")):
        needs_command(command, package)
    built = build_msi(tmp_path / "a.msi", "20.3.27000", full_version="20.3.1.27000", publisher="Lab")
    shown = subprocess.run(["msiinfo", "export", str(built), "Property"], capture_output=True, text=True, check=True)
    rows = dict(line.split("\t", 1) for line in shown.stdout.splitlines()[3:] if "\t" in line)
    assert rows == read_package(built.read_bytes()).properties
    assert rows["LABRASVERSION"] == "20.3.1.27000"
    assert signature_of(built.read_bytes()) == ("Valid", "CN=Lab, O=Lab, C=CH")
