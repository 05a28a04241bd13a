# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The farms that an inventory file lists: checked, each with its options and a session that is not opened yet."""

from __future__ import annotations

import os
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.rest import RestBackend
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import (
    check_secrets,
    inventory_farm_spec,
    is_too_short,
    secret_names,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.given_texts import check_given, kind_of
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.ranges import check_ranges, TIMEOUT_RANGE
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import plain_text, Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.spelling import spelled
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._inventory import FarmEntry
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.farm import rest_backend

# What all farms may have in common, and a farm may have for itself.
COMMON: t.Final = tuple(name for name in inventory_farm_spec() if name not in ("name", "api_url", "organization"))
# What the playbooks need, too, to reach the same API. Credentials do not become host variables.
_PASSED_ON: t.Final = ("validate_certs", "ca_path", "cert_fingerprint", "proxy")


def plain(value: t.Any) -> t.Any:
    """Nested data without the marks and tags that Ansible puts on texts, and with vaulted texts in the clear."""
    if isinstance(value, t.Mapping):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    # What is no text stays what it is, to be refused as such.
    return plain_text(value) if kind_of(value) is None else value


def wanted_farms(
    farms: t.Any, common: t.Mapping[str, t.Any], folder: str, scrubber: Scrubber
) -> list[tuple[FarmEntry, RestBackend]]:
    """Check the list of farms.

    :param farms: the plain value of the option ``farms``.
    :param common: the plain values of the options in :data:`COMMON` that are set, or given as null.
    :param folder: where the inventory file is; a ``ca_path`` may be relative to it.
    :param scrubber: gets the secrets.
    :raises RasError: ``invalid_option``.
    """
    if not isinstance(farms, list) or not farms:
        raise RasError("invalid_option", "farms lists no farm: expected one entry or more, each with name and api_url.")
    found: list[tuple[FarmEntry, RestBackend]] = []
    groups: dict[str, str] = {}
    for number, farm in enumerate(farms, 1):
        entry, options = _checked(number, farm, common, folder, scrubber)
        if entry.group in groups:
            raise RasError(
                "invalid_option",
                f"Two farms would share the group {entry.group}: expected different names, observed "
                f"'{groups[entry.group]}' and '{entry.name}'.",
            )
        groups[entry.group] = entry.name
        try:
            found.append((entry, rest_backend(options, scrubber)))
        except RasError as exc:
            raise _of_farm(entry.name, exc) from None
    return found


def _checked(
    number: int, farm: t.Any, common: t.Mapping[str, t.Any], folder: str, scrubber: Scrubber
) -> tuple[FarmEntry, dict[str, t.Any]]:
    if not isinstance(farm, t.Mapping):
        raise RasError(
            "invalid_option", f"farms[{number - 1}] is not a farm: expected a dictionary with name and api_url."
        )
    spec = inventory_farm_spec()
    label = f"farms[{number - 1}] ({_named(farm)})"
    try:
        check_given({**common, **farm}, spec)
    except RasError as exc:
        raise _of_farm(label, exc) from None
    given = {name: value for each in (common, farm) for name, value in each.items() if value is not None}
    for name in secret_names(spec):
        if not is_too_short(str(given.get(name) or "")):
            scrubber.add(str(given[name]))
    if given.get("ca_path"):
        given["ca_path"] = os.path.join(folder, os.path.expanduser(str(given["ca_path"])))
    result = ArgumentSpecValidator(spec).validate(given)
    if result.error_messages:
        raise RasError("invalid_option", f"{label}: {'; '.join(result.error_messages)}.")
    options = result.validated_parameters
    try:
        options = spelled(options)
        check_secrets(options, spec)
        check_ranges(options, {"timeout": TIMEOUT_RANGE})
    except RasError as exc:
        raise _of_farm(label, exc) from None
    if not str(options["name"]).strip():
        raise RasError("invalid_option", f"{label}: the name is empty.")
    return FarmEntry(options["name"], options["api_url"], options["organization"], _passed_on(options)), options


def _named(farm: t.Mapping[str, t.Any]) -> str:
    name = farm.get("name")
    return quote(name) if isinstance(name, str) else "no name"


def _passed_on(options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Connection options as variables of the role; the role's own defaults are left to it."""
    return {
        f"ras_{name}": options[name]
        for name in _PASSED_ON
        if options[name] is not None and not (name == "validate_certs" and options[name])
    }


def _of_farm(label: str, exc: RasError) -> RasError:
    return RasError(exc.code, f"{label}: {exc.message}", remedy=exc.remedy, observed=exc.observed)
