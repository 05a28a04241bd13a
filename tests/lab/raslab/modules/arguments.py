# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks and completes module arguments as Ansible.Basic does on Windows, from the modules' documentation.

Texts after ansible-core's ``module_utils/csharp/Ansible.Basic.cs``. Modules that still use the legacy parser would let
unknown options pass; here no module does, for such an option is a mistake of the caller in any case.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from raslab.modules.call import ModuleFailed

_TABLE: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(
    Path(__file__).with_name("arguments.yml").read_text(encoding="utf-8")
)
# What action plugins add to the arguments for their own module, no option of the user
_INTERNAL = {
    "win_copy": ("_copy_mode", "_original_basename", "files", "directories", "symlinks"),
    "win_file": ("_diff_peek", "_original_basename", "original_basename", "src"),
    "async_status": ("_async_dir",),
}
# The modules' specs mark these with no_log
_NO_LOG = ("password", "url_password", "proxy_password", "client_cert_password", "value")
_HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
_TRUE = ("y", "yes", "on", "1", "true", "t", "1.0")
_FALSE = ("n", "no", "off", "0", "false", "f", "0.0")


def complete(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments with aliases resolved, types converted and defaults filled in. Raises ModuleFailed."""
    internal = {key: value for key, value in given.items() if key in _INTERNAL.get(name, ())}
    own = {key: value for key, value in given.items() if key not in internal}
    return {**_complete(name, _TABLE[name], own, ""), **internal}


def is_default(name: str, option: str, value: Any) -> bool:
    """Whether a completed argument says nothing beyond the module's default."""
    spec = _TABLE[name].get(option)
    return spec is not None and (value is None or value == spec.get("default"))


def shown(arguments: Any) -> Any:
    """Completed arguments as a result's ``invocation`` shows them."""
    if isinstance(arguments, dict):
        return {
            key: _HIDDEN if key in _NO_LOG and isinstance(value, str) else shown(value)
            for key, value in arguments.items()
        }
    return [shown(item) for item in arguments] if isinstance(arguments, list) else arguments


def secrets_in(arguments: Any) -> set[str]:
    """The values that no result may repeat."""
    found: set[str] = set()
    if isinstance(arguments, dict):
        for key, value in arguments.items():
            found |= {value} if key in _NO_LOG and isinstance(value, str) and value else secrets_in(value)
    elif isinstance(arguments, list):
        for item in arguments:
            found |= secrets_in(item)
    return found


def censored(value: Any, secrets: set[str]) -> Any:
    """A result with every secret replaced, as Ansible.Basic does on the way out."""
    if isinstance(value, dict):
        return {key: censored(item, secrets) for key, item in value.items()}
    if isinstance(value, list):
        return [censored(item, secrets) for item in value]
    if isinstance(value, str):
        if value in secrets:
            return _HIDDEN
        for secret in secrets:
            value = value.replace(secret, "********")
    return value


def _complete(name: str, specs: Mapping[str, Any], given: Mapping[str, Any], within: str) -> dict[str, Any]:
    aliases = {alias: option for option, spec in specs.items() for alias in spec.get("aliases", ())}
    folded = {option.casefold(): option for option in [*specs, *aliases]}
    found: dict[str, Any] = {}
    unknown = []
    for key, value in given.items():
        option = folded.get(key.casefold())
        if option is None:
            unknown.append(key)
        else:
            found[aliases.get(option, option)] = value
    if unknown:
        supported = ", ".join(sorted(specs))
        raise ModuleFailed(
            f"Unsupported parameters for ({name}) module: {', '.join(sorted(unknown))}{within}. "
            f"Supported parameters include: {supported}"
        )
    if missing := sorted(option for option, spec in specs.items() if spec.get("required") and option not in found):
        raise ModuleFailed(f"missing required arguments: {', '.join(missing)}{within}")
    completed: dict[str, Any] = {}
    for option, spec in specs.items():
        value = found.get(option)
        if value is None:
            value = spec.get("default")
        completed[option] = None if value is None else _convert(name, option, spec, value)
    return completed


def _convert(name: str, option: str, spec: Mapping[str, Any], value: Any) -> Any:
    kind = spec["type"]
    converted = _CONVERT[kind](value) if kind in _CONVERT else value
    if converted is None:
        shape = type(value).__name__
        raise ModuleFailed(f"argument for {option} is of type {shape} and we were unable to convert to {kind}")
    if kind == "list" and spec.get("elements"):
        element = {"type": spec["elements"], "options": spec.get("options")}
        converted = [_convert(name, option, element, item) for item in converted]
    if kind == "dict" and spec.get("options"):
        converted = _complete(name, spec["options"], converted, f" found in {option}")
    choices = spec.get("choices")
    if choices and converted not in choices:
        listed = ", ".join(map(str, choices))
        raise ModuleFailed(f"value of {option} must be one of: {listed}. Got no match for: {converted}")
    return converted


def _bool(value: Any) -> bool | None:
    text = str(value).strip().lower()
    return True if text in _TRUE else False if text in _FALSE else None


def _int(value: Any) -> int | None:
    try:
        return int(str(value))
    except ValueError:
        return None


def _list(value: Any) -> list[Any] | None:
    if isinstance(value, list):
        return value
    if isinstance(value, str):
        return [part.strip() for part in value.split(",")]
    return [value] if isinstance(value, (int, dict)) else None


def _str(value: Any) -> str | None:
    return None if isinstance(value, (list, dict)) else str(value)


_CONVERT: dict[str, Any] = {
    "bool": _bool,
    "int": _int,
    "list": _list,
    "str": _str,
    "path": _str,
    "dict": lambda value: value if isinstance(value, dict) else None,
}
