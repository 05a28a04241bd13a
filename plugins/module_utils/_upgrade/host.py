# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What is on a RAS host, read from the answer of the script ``host_observe``. Pure, no I/O.

None is what the host could not say; ``unread`` names the source and why. It never becomes 0, no, or an empty list.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.private_folder import why_file_not_ours
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.values import count, flag, text
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.signature import organization_of

# By the display names of services. The first two and the fourth were seen by third parties, the others are inferred
# from the vendor's names of the components; no list by the vendor was found.
_COMPONENTS: t.Final = (
    ("connection_broker", re.compile(r"Connection Broker|Publishing Agent", re.IGNORECASE)),
    ("secure_gateway", re.compile(r"Secure (Client )?Gateway", re.IGNORECASE)),
    ("enrollment_server", re.compile(r"Enrollment Server", re.IGNORECASE)),
    ("rd_session_host", re.compile(r"RD Session Host|Terminal Server Agent", re.IGNORECASE)),
    ("web_administration", re.compile(r"Web Administration|REST", re.IGNORECASE)),
    ("provider_agent", re.compile(r"Provider Agent|VDI Agent", re.IGNORECASE)),
    ("guest_agent", re.compile(r"Guest Agent", re.IGNORECASE)),
)


def describe_host(answer: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The ``host`` value of module results.

    :param answer: of ``host_observe``.
    :raises RasError: ``bad_answer`` when a list is not one.
    """
    products, services = (_rows(answer, name) for name in ("products", "services"))
    newest = max(products or [], key=lambda row: _numbers(row.get("version")), default=None)
    components = None if services is None else _components(services)
    return {
        "name": text(answer.get("computer")),
        "full_name": text(answer.get("full_name")),
        "os": text(answer.get("os")),
        "installed": None if products is None else bool(products),
        "product": newest,
        "products": products,
        "version": newest.get("version") if newest else None,
        "components": components,
        "is_broker": None if components is None else "connection_broker" in components,
        "services": services,
        "folder": text(answer.get("folder")),
        "module": text(answer.get("module")),
        "module_version": text(answer.get("module_version")),
        "reboot_pending": flag(answer.get("reboot_pending")),
        "reboot_sources": _sources(answer.get("reboot_sources")),
        "file_renames": flag(answer.get("file_renames")),
        "installer_running": flag(answer.get("installer_running")),
        "disk_free_bytes": count(answer.get("disk_free_bytes")),
        "product_disk_free_bytes": count(answer.get("product_disk_free_bytes")),
        "uptime_seconds": count(answer.get("uptime_seconds")),
        "sessions": count(answer.get("session_count")),
        "unread": [{name: text(row.get(name)) for name in ("source", "why")} for row in _rows(answer, "unread") or []],
    }


def describe_signature(path: str, answer: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The ``signature`` value of module results.

    :param path: of the file.
    :param answer: of ``signature``.
    :raises RasError: ``bad_answer`` when it does not say who may use the file.
    """
    why = why_file_not_ours(path, answer)
    chain = answer.get("chain")
    return {
        **{name: text(answer.get(name)) for name in ("status", "status_message")},
        "chain": [quote(each) for each in chain] if isinstance(chain, list) else [],
        # As it is: it is compared, and what a quotation leaves out must not make it another one.
        "publisher": organization_of(answer.get("subject")),
        "subject": text(answer.get("subject")),
        "thumbprint": text(answer.get("thumbprint")),
        "sha256": text(answer.get("sha256")),
        "is_private": why is None,
        "not_private": why,
    }


def _components(services: t.Sequence[t.Mapping[str, t.Any]]) -> list[str]:
    names = [str(service.get("display_name")) for service in services]
    return [component for component, pattern in _COMPONENTS if any(pattern.search(name) for name in names)]


def _rows(answer: t.Mapping[str, t.Any], name: str) -> list[dict[str, str | None]] | None:
    """A list of objects; None when it is not known."""
    rows = answer.get(name)
    if rows is None:
        return None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RasError("bad_answer", f"The list of {name} of the host must be a list of objects, but it is not.")
    return [{quote(key): text(value) for key, value in row.items()} for row in rows]


def _sources(names: t.Any) -> list[str] | None:
    """What asks for a restart; None when it is not known."""
    return [quote(name) for name in names] if isinstance(names, list) else None


def _numbers(version: str | None) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version or "")[:4])
