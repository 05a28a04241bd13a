# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The failure codes are a public contract: one table in the code, and every text that lists them lists all of them."""

from __future__ import annotations

import ast
import re
import typing as t
from pathlib import Path

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.role_words import NAMES, WORDS
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import _PATTERNS, recognize
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.scripts import _OWN_CODES

from meta.repo import ansible_doc, FILTERS, load, module_docs, MODULE_UTILS, MODULES, PLUGINS, read, ROLE, ROLES

# Codes that scripts on a RAS host give, and that are passed on as they are.
PASSED_ON = {"product_missing", "product_too_old", "constrained_language"}
# Remedies of the table that a module replaces by one of its own: scripts on a host know no api_url.
ON_HOSTS = ("host_info", "host_upgrade", "host_upgrade_wait", "host_restart", "host_restart_wait", "private_folder")
# After a restart that did not help, the wait does not advise another one.
FROM_THE_HOST = {name: {"bad_answer"} for name in ON_HOSTS} | {"host_upgrade_wait": {"bad_answer", "reboot_required"}}
# Texts that only the role shows, in files whose idea is of a lower room.
ROLE_ONLY: dict[str, set[str]] = {
    "remedies.py": {"ras_organization"},
    "restart.py": {"ras_reboot", "ras_farm", "ras_members"},
    "base.py": {"ras_installer_url"},  # not said: its secrets are hidden
}
OPTIONS = load(ROLE / "meta" / "argument_specs.yml")["argument_specs"]["main"]["options"]
_RAISERS = {"RasError", "NotSent", "VendorRefused", "WriteOutcomeUnknown", "Recognized", "__init__"}


def _raised(path: Path) -> set[str]:
    """The texts that a file gives as the code of a failure."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        values: list[ast.expr | None] = []
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            values += node.args[:1] if name in _RAISERS else []
            values += [keyword.value for keyword in node.keywords if keyword.arg == "code"]
        elif isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            values += [value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "code"]
        found |= {value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)}
    return found


def _documented() -> set[str]:
    """The codes that documentation of ``failure.code`` names, all modules and filters together, and the role's."""
    said = [line for docs in module_docs().values() for line in _lines(docs["return"])]
    for docs in ansible_doc("filter", FILTERS).values():
        said += _lines(docs["return"]["_value"].get("contains", {}))
    upgrade = load(ROLE / "meta" / "argument_specs.yml")["argument_specs"]["upgrade"]["description"]
    of_role = {word for word in re.findall(r"\w+", " ".join(upgrade)) if word in REMEDIES}
    return of_role | {code for line in said for code in re.findall(r"V\((\w+)\)", line)}


def _lines(returned: dict[str, t.Any]) -> list[str]:
    """The lines about ``failure.code``; a filter need not have such a thing."""
    said = returned["failure"]["contains"]["code"]["description"] if "failure" in returned else []
    return [said] if isinstance(said, str) else list(said)


def test_every_code_is_raised() -> None:
    raised = {code for path in PLUGINS.rglob("*.py") for code in _raised(path)}
    raised |= {recognize("").code, *(code for code, _pattern in _PATTERNS)} | PASSED_ON
    raised |= {code for path in ROLES.rglob("tasks/*.yml") for code in re.findall(r"^ +code: (\w+)$", read(path), re.M)}
    assert PASSED_ON <= _OWN_CODES
    assert raised - set(REMEDIES) == set(), "raised, but not in the table"
    assert set(REMEDIES) - raised == set()


def test_modules_and_filters_document_every_code() -> None:
    documented = _documented()
    assert documented - set(REMEDIES) == set()
    assert set(REMEDIES) - documented == set()


def test_every_module_that_fails_says_where_its_codes_are_listed() -> None:
    for module, docs in module_docs().items():
        failure = docs["return"]["failure"]
        assert {"code", "message", "remedy", "observed"} <= set(failure["contains"]), module


def test_troubleshooting_explains_every_code() -> None:
    """A code is explained by a heading, or by a row of a table, that begins with it."""
    text = read("docs/troubleshooting.md")
    explained = re.findall(r"^(?:#+ |\| ?)`(\w+)`", text, re.MULTILINE)
    assert set(explained) == set(REMEDIES)


def test_texts_name_no_other_code() -> None:
    """A code that a text names between back-quotes beside the word failure exists."""
    named: dict[str, t.Any] = {
        name: set(re.findall(r"failure\.code\W{1,6}([a-z]+_[a-z_]+)", read(name)))
        for name in ("README.md", "docs/troubleshooting.md", "roles/ras/meta/argument_specs.yml")
    }
    assert {name: codes - set(REMEDIES) for name, codes in named.items()} == {name: set() for name in named}


def _options_of(module: str) -> set[str]:
    return set(module_docs()[module]["doc"]["options"])


@pytest.mark.parametrize("module", MODULES)
def test_a_module_names_no_option_that_it_does_not_have(module: str) -> None:
    """The remedies of the codes that its documentation lists; what it passes on of the role's is listed apart."""
    lines = [line for line in _lines(module_docs()[module]["return"]) if "the role and the playbooks" not in line]
    own = {code for line in lines for code in re.findall(r"V\((\w+)\)", line)}
    assert own
    names = {name for each in MODULES for name in _options_of(each)} | {name.removeprefix("ras_") for name in OPTIONS}
    for code in own - FROM_THE_HOST.get(module, set()):
        words = set(re.findall(r"\b\w+_\w+\b|\b\w+(?==)", REMEDIES[code]))
        named = {word for word in words if word in names or word.startswith("ras_")}
        assert named <= _options_of(module), code


def test_the_code_of_a_module_names_no_variable_that_is_an_option() -> None:
    """Below the role, texts say ``license_key``; the words of the role are made in one place."""
    options = {f"ras_{name}" for module in MODULES for name in _options_of(module)}
    options -= {path.stem for path in PLUGINS.rglob("*.ps1")}  # names of scripts
    rooms = [
        *(MODULE_UTILS / name for name in ("_core", "_license", "_agents", "_upgrade", "_backends")),
        *(PLUGINS / "plugin_utils" / name for name in ("_action", "_backends", "_agents", "_upgrade")),
    ]
    files = [path for room in rooms for path in room.glob("*.py")]
    assert files
    for path in files:
        named = {word for text in _texts(path) for word in re.findall(r"\bras_\w+", text)}
        assert named & options <= ROLE_ONLY.get(path.name, set()), path


def _texts(path: Path) -> list[str]:
    """The string constants of a file but its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))]
    docs = {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [node.value for node in constants if id(node) not in docs]


def test_the_options_that_become_variables_are_variables() -> None:
    assert {f"ras_{name}" for name in (*NAMES, *WORDS)} <= set(OPTIONS)


def test_remedies_are_sentences() -> None:
    for code, remedy in REMEDIES.items():
        assert remedy.endswith("."), code
        assert "  " not in remedy, code
