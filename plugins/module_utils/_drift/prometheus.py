# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""A report in the text format of Prometheus, for the textfile collector of its node exporter. Pure, no I/O.

Names and escapes: the exposition format 0.0.4 of the Prometheus documentation. What is not known has no sample.

The collector reads all files of its folder as one text, and a sample that is in two of them costs both (node_exporter,
collector/textfile.go). So every sample has the label ``report``: the name of its file, which no other file there has.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import SEVERITIES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import shown
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.levels import VERDICTS

Row = t.Mapping[str, t.Any]
_LONGEST_LABEL: t.Final = 200


class _Text:
    """Collects families of samples.

    :param report: the value of their label ``report``.
    """

    def __init__(self, report: str) -> None:
        self.lines: list[str] = []
        self._report = {"report": report}

    def family(self, name: str, about: str, samples: t.Iterable[tuple[dict[str, str], int]]) -> None:
        """A gauge with its samples; none for a family without any."""
        made = [f"{name}{_labels({**self._report, **labels})} {value}" for labels, value in samples]
        if made:
            self.lines += [f"# HELP {name} {about}", f"# TYPE {name} gauge", *made]


def render_prometheus(report: Row, file: str = "drift.prom") -> str:
    """The whole report.

    :param file: the name of the file that it becomes, without folder.
    """
    text = _Text(file.removesuffix(".prom"))
    farms: list[Row] = list(report["farms"])
    text.family(
        "ras_drift_verdict",
        "1 for the verdict of the last scan.",
        [({"verdict": verdict}, int(report["verdict"] == verdict)) for verdict in VERDICTS],
    )
    began = dt.datetime.strptime(report["scanned_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.timezone.utc)
    text.family("ras_drift_last_scan_timestamp_seconds", "When the last scan began.", [({}, int(began.timestamp()))])
    text.family(
        "ras_farm_state",
        "1 for the state of each farm.",
        [({**_of(farm), "state": farm["state"]}, 1) for farm in farms],
    )
    text.family(
        "ras_farm_account_match",
        "1 when the farm is activated with the wanted account, 0 when with another; no sample when not known.",
        [
            (_of(farm), int(farm["account_match"] == "match"))
            for farm in farms
            if farm["account_match"] in ("match", "mismatch")
        ],
    )
    for name, field, about in (
        ("ras_farm_license_days_left", "expires", "Days until the license ends, negative when it has."),
        ("ras_farm_support_days_left", "support_expires", "Days until support ends, negative when it has."),
    ):
        text.family(name, about, [(_of(farm), days) for farm in farms if (days := _days(farm, field)) is not None])
    text.family(
        "ras_farm_version_info",
        "1, with the version of the farm as a label.",
        [({**_of(farm), "version": shown(farm["version"])}, 1) for farm in farms if farm["version"]],
    )
    text.family(
        "ras_farm_checks_not_made",
        "Rules that were not looked at, because nothing was asked, reported or wanted for them.",
        [(_of(farm), list(farm["checks"].values()).count("not_checked")) for farm in farms],
    )
    counted = _counted(report)
    text.family(
        "ras_farm_findings",
        "Findings about the farm that are not waived.",
        [
            ({**_of(farm), "severity": severity}, counted.get((farm["host"], severity), 0))
            for farm in farms
            for severity in SEVERITIES
        ],
    )
    return "\n".join(text.lines) + "\n"


def _counted(report: Row) -> dict[tuple[str, str], int]:
    """How many findings a host has of each severity, counted once: a fleet has thousands of farms."""
    index: dict[tuple[str, str], int] = {}
    for finding in report["findings"]:
        if finding["host"] is not None and not finding["waived"]:
            key = (finding["host"], finding["severity"])
            index[key] = index.get(key, 0) + 1
    return index


def _of(farm: Row) -> dict[str, str]:
    return {"organization": farm["organization"], "farm": farm["farm"], "host": farm["host"]}


def _days(farm: Row, field: str) -> int | None:
    days = ((farm["license"] or {}).get(field) or {}).get("days_left")
    return days if isinstance(days, int) else None


def _labels(labels: t.Mapping[str, str]) -> str:
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    """The value of a label. Two that differ stay two: a sample that is there twice would cost the whole file."""
    if len(value) > _LONGEST_LABEL or not _is_unicode(value):
        digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        value = f"{value[: _LONGEST_LABEL - 17].encode('utf-8', 'replace').decode()}…{digest}"
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _is_unicode(value: str) -> bool:
    """Whether it can be written as UTF-8: half of a surrogate pair cannot."""
    return not any("\ud800" <= char <= "\udfff" for char in value)
