# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The formats of a drift report, and its files: read strictly, written whole or not at all."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import tempfile
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.schema import problems, Schema
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.junit import render_junit
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.markdown import render_markdown
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.prometheus import render_prometheus
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.report import FORMAT, Report, VERSION
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


def read_report(path: str, option: str) -> Report:
    """An earlier report.

    :param option: for messages.
    :raises RasError: ``invalid_option`` for a file that cannot be read or is not a report of this version.
    :raises FileNotFoundError: where there is no such file.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(_LIMIT + 1)
        if len(content) > _LIMIT:
            raise ValueError(f"it is larger than {_LIMIT} bytes")
        report = json.loads(content)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, RecursionError) as exc:
        raise _unusable(option, path, f"it cannot be read ({exc})") from exc
    found = report if isinstance(report, dict) else {}
    if found.get("format") != FORMAT:
        raise _unusable(option, path, "it is not a JSON report of drift_report")
    if found.get("version") != VERSION:
        raise _unusable(option, path, f"its version is {found.get('version')!r} and not {VERSION}")
    wrong = next(problems(report, schema()), None)
    if wrong:
        raise _unusable(option, path, wrong)
    return found


def _unusable(option: str, path: str, why: str) -> RasError:
    return RasError("invalid_option", f"{option}: {path} cannot be used: {why}.")


def check_outputs(outputs: t.Mapping[str, t.Any]) -> dict[str, str]:
    """The files to write: format -> absolute path.

    :raises RasError: ``invalid_option``.
    """
    found: dict[str, str] = {}
    for name, path in outputs.items():
        if name not in RENDERERS:
            raise RasError(
                "invalid_option",
                f"outputs names a format that does not exist: expected one of {', '.join(RENDERERS)}, "
                f"observed '{name}'.",
            )
        if not isinstance(path, str) or not path.strip():
            raise RasError("invalid_option", f"outputs: expected the path of a file for {name}, observed none.")
        full = os.path.abspath(os.path.expanduser(path))
        if full in found.values():
            raise RasError("invalid_option", f"outputs: two formats would be written to {full}.")
        found[str(name)] = full
    return found


def write_outputs(report: Report, outputs: t.Mapping[str, str]) -> None:
    """Write every file; who reads one meanwhile sees the old or the new one, never a part.

    :param outputs: of :func:`check_outputs`.
    :raises RasError: ``invalid_option`` for a place that cannot be written.
    """
    texts = {path: RENDERERS[name](report) for name, path in outputs.items()}
    for path, text in texts.items():
        try:
            _write(path, text)
        except OSError as exc:
            raise RasError(
                "invalid_option",
                f"outputs: {path} cannot be written: {exc.strerror or exc}.",
                remedy="Correct the path or its permissions, and run again.",
            ) from exc


def _write(path: str, text: str) -> None:
    folder = os.path.dirname(path)
    os.makedirs(folder, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{os.path.basename(path)}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), _mode(path))
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _mode(path: str) -> int:
    """The mode of the file that is there, else that which any new file would get."""
    with contextlib.suppress(OSError):
        return os.stat(path).st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
