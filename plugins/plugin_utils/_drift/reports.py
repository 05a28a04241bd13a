# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The formats of a drift report, and its files: which there are, and what is read from one."""

from __future__ import annotations

import functools
import json
import os
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.schema import problems, Schema
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.junit import render_junit
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.markdown import render_markdown
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.prometheus import render_prometheus
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.report import (
    FORMAT,
    OWN_FIELDS,
    Report,
    VERSION,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils import _files
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift.html_page import render_html

# Larger than the report of any fleet that one controller reads.
_LIMIT: t.Final = 256 << 20
# What is decided only after the policy's expression: an expression that asked for it would find nothing.
_DECIDED_LATER: t.Final = ("verdict", "failure", "selected")


def render_json(report: Report) -> str:
    """The report itself."""
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


# One row a format; the name is the key of the option ``outputs``.
RENDERERS: t.Final[dict[str, t.Callable[[Report], str]]] = {
    "json": render_json,
    "junit": render_junit,
    "markdown": render_markdown,
    "html": render_html,
    "prometheus": render_prometheus,
}


@functools.cache
def schema() -> Schema:
    """The JSON schema of a report."""
    path = os.path.join(os.path.dirname(__file__), "drift_report.schema.json")
    with open(path, encoding="utf-8") as file:
        return t.cast(Schema, json.load(file))


def policy_schema() -> Schema:
    """What the expression ``fail_when`` may ask for."""
    fields = {name: value for name, value in schema()["properties"].items() if name not in _DECIDED_LATER}
    return {**schema(), "properties": fields}


def farms_schema() -> Schema:
    """What the expression ``select`` is applied to: the list of farms."""
    return t.cast(Schema, schema()["properties"]["farms"])


@functools.cache
def scan_schema() -> Schema:
    """The records of a scan: the farms of a report, with their findings and before anything was made of them."""
    whole = schema()
    farm, finding = whole["$defs"]["farm"], whole["$defs"]["finding"]
    record = {name: value for name, value in farm["properties"].items() if name not in ("rules", "worst")}
    own = {name: finding["properties"][name] for name in OWN_FIELDS}
    record["findings"] = {"type": "array", "items": _object(own)}
    # Rules about all farms together are not in it.
    record["checks"] = {**record["checks"], "required": []}
    return {"type": "array", "items": _object(record), "$defs": whole["$defs"]}


def _object(fields: t.Mapping[str, Schema]) -> Schema:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def read_report(path: str, option: str) -> Report:
    """An earlier report.

    :param option: for messages.
    :raises RasError: ``invalid_option`` for a file that cannot be read or is not a report of this version.
    :raises FileNotFoundError: where there is no such file.
    """
    try:
        with open(_files.controller_path(path), "rb") as file:
            content = file.read(_LIMIT + 1)
        if len(content) > _LIMIT:
            raise ValueError(f"it is larger than {_LIMIT} bytes")
        report = json.loads(content)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, RecursionError) as exc:
        raise _unusable(option, path, f"it cannot be read ({quote(exc)})") from exc
    found = report if isinstance(report, dict) else {}
    if found.get("format") != FORMAT:
        raise _unusable(option, path, "it is not a JSON report of drift_report")
    if found.get("version") != VERSION:
        raise _unusable(option, path, f"its version is {quote(repr(found.get('version')))} and not {VERSION}")
    wrong = next(problems(report, schema()), None)
    if wrong:
        raise _unusable(option, path, quote(wrong))
    return found


def _unusable(option: str, path: str, why: str) -> RasError:
    return RasError("invalid_option", f"{option}: {path} cannot be used: {why}.")


def check_outputs(outputs: t.Mapping[str, t.Any]) -> dict[str, str]:
    """The files to write: format -> absolute path.

    :raises RasError: ``invalid_option``, also for two that are one file, by whatever links and names.
    """
    found: dict[str, str] = {}
    files: dict[_files.Identity, str] = {}
    for name, path in outputs.items():
        if name not in RENDERERS:
            raise RasError(
                "invalid_option",
                f"outputs names a format that does not exist: expected one of {', '.join(RENDERERS)}, "
                f"observed '{name}'.",
            )
        if not isinstance(path, str) or not path.strip():
            raise RasError("invalid_option", f"outputs: expected the path of a file for {name}, observed none.")
        full = _files.controller_path(path)
        try:
            other = files.setdefault(_files.identity(full), str(name))
        except (OSError, ValueError):
            other = name  # that it cannot be written is said when all others are
        if other != name:
            raise RasError(
                "invalid_option",
                f"outputs: two formats would be written to one file: expected one file for each, observed that "
                f"{found[other]} ({other}) and {full} ({name}) are the same.",
            )
        found[str(name)] = full
    return found


def check_writable(outputs: t.Mapping[str, str]) -> None:
    """Look whether every file can be written, before the work that it is for.

    :param outputs: of :func:`check_outputs`.
    :raises RasError: ``invalid_option``.
    """
    failed: dict[str, str] = {}
    for name, path in outputs.items():
        try:
            _files.check(path)
        except _files.NotWritten as exc:
            failed[name] = f"{path} ({name}) cannot be written: {exc}"
    if failed:
        raise RasError(
            "invalid_option",
            f"outputs: {'; '.join(failed.values())}.",
            remedy="Correct the path or its permissions, and run again. A relative path counts from the folder in "
            "which ansible-playbook is started. No farm was asked.",
            observed=failed,
        )


def write_outputs(report: Report, outputs: t.Mapping[str, str]) -> dict[str, str]:
    """Write every file that can be written.

    :param outputs: of :func:`check_outputs`.
    :returns: format -> why its file was not written, for the others.
    """
    failed: dict[str, str] = {}
    for name, path in outputs.items():
        try:
            _files.write(path, _render(name, report, path).encode("utf-8", "replace"))
        except _files.NotWritten as exc:
            failed[name] = f"{path} ({name}) cannot be written: {exc}"
    return failed


def _render(name: str, report: Report, path: str) -> str:
    if name == "prometheus":
        return render_prometheus(report, os.path.basename(os.path.realpath(path)))
    return RENDERERS[name](report)
