# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What a scan needs to know of one farm, out of the variables of its inventory host.

The variables are those of the role, and what is not set has the role's default: a test holds the two together.
"""

from __future__ import annotations

import contextlib
import typing as t
from collections import ChainMap
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import (
    is_usable_proxy,
    secret_texts,
    SECRET_VARIABLES,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.ranges import DAYS_RANGE, TIMEOUT_RANGE
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.server_names import api_url_of
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.variables import Variables
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.plan import Wanted

DEFAULTS: t.Final[dict[str, t.Any]] = {
    "ras_organization": "default",
    "ras_managed": True,
    "ras_unmanaged_reason": "",
    "ras_account_other_emails": [],
    "ras_account_keys": [],
    "ras_allow_trial": False,
    "ras_on_key_mismatch": "fail",
    "ras_validate_certs": True,
    "ras_timeout": 60,
    "ras_date_order": "dmy",
    "ras_known_texts": [],
    "ras_version": "",
    "ras_expiry_warning_days": 30,
}
# Where a variable that no host sets comes from, as it does for the options of the other modules.
_ENVIRONMENT: t.Final = {
    "ras_api_username": "RAS_API_USERNAME",
    "ras_api_password": "RAS_API_PASSWORD",
    "ras_ca_path": "RAS_CA_PATH",
}


@dataclass(frozen=True)
class Target:
    """One farm that is to be looked at.

    :ivar timeout: seconds for each request.
    :ivar warning_days: a license that ends within so many days is a finding.
    :ivar problem: why it cannot be asked; the values for a connection are meaningless then.
    :ivar secrets: what must be in no record, whether the scan uses it or not: a farm may quote what another run sent.
    """

    host: str
    farm: str
    organization: str = "default"
    managed: bool = True
    unmanaged_reason: str = ""
    api_url: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    validate_certs: bool = True
    ca_path: str | None = None
    cert_fingerprint: str | None = None
    proxy: str | None = None
    timeout: int = 60
    date_order: t.Literal["dmy", "mdy"] = "dmy"
    known_texts: tuple[str, ...] = ()
    version: str | None = None
    warning_days: int = 30
    wanted: Wanted = field(default_factory=Wanted, repr=False)
    problem: RasError | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def connection(self) -> dict[str, t.Any]:
        """What a connection to the API needs, by the names that the options of the modules have."""
        return {
            "api_url": self.api_url,
            "api_username": self.username,
            "api_password": self.password,
            "validate_certs": self.validate_certs,
            "ca_path": self.ca_path,
            "cert_fingerprint": self.cert_fingerprint,
            "proxy": self.proxy,
            "timeout": self.timeout,
        }


def read_target(
    host: str,
    values: t.Mapping[str, t.Any],
    instead: t.Mapping[str, t.Any] = MappingProxyType({}),
    environ: t.Mapping[str, str] = MappingProxyType({}),
    refused: RasError | None = None,
) -> Target:
    """A farm out of its host's variables. Never raises: what is wrong with them is the target's ``problem``.

    :param values: raise RasError for what cannot be worked out.
    :param instead: variables that the scan gives in place of the host's own, which are not read.
    :param environ: the environment, which stands in for a RAS administrator that no variable names.
    :param refused: why none of its variables counts, if so.
    """
    named = {name: environ[place] for name, place in _ENVIRONMENT.items() if place in environ}
    read = t.cast(t.Mapping[str, t.Any], ChainMap(dict(instead), t.cast(dict[str, t.Any], values)))
    variables = Variables(host, read, {**DEFAULTS, **named})
    return replace(_target(variables, host, refused), secrets=_hidden(variables))


def _hidden(variables: Variables) -> tuple[str, ...]:
    """The secrets that the host has, as far as they can be worked out."""
    found: list[str] = []
    for name in SECRET_VARIABLES:
        with contextlib.suppress(RasError):
            found += secret_texts(variables.get(name))
    return tuple(dict.fromkeys(found))


def _target(variables: Variables, host: str, refused: RasError | None) -> Target:
    farm, organization = host, str(DEFAULTS["ras_organization"])
    try:
        farm = variables.name("ras_farm") or host
        organization = variables.name("ras_organization") or organization
        if refused is not None:
            raise refused
        if not variables.flag("ras_managed"):
            reason = variables.text("ras_unmanaged_reason") or ""
            return Target(host, farm, organization, managed=False, unmanaged_reason=reason)
        return _managed(variables, host, farm, organization)
    except RasError as exc:
        return Target(host, farm, organization, problem=exc)


def _managed(variables: Variables, host: str, farm: str, organization: str) -> Target:
    username, password = variables.text("ras_api_username"), variables.secret("ras_api_password")
    for name, value in (("ras_api_username", username), ("ras_api_password", password)):
        if value is None:
            raise variables.refused(name, "is missing: a scan logs on with it")
    proxy = variables.text("ras_proxy")
    if proxy and not is_usable_proxy(proxy):
        raise variables.refused("ras_proxy", "cannot be used: expected http://host:port without user and password")
    return Target(
        host,
        farm,
        organization,
        api_url=variables.text("ras_api_url") or api_url_of(variables.text("ansible_host") or host),
        username=username or "",
        password=password or "",
        validate_certs=variables.flag("ras_validate_certs"),
        ca_path=variables.text("ras_ca_path"),
        cert_fingerprint=variables.text("ras_cert_fingerprint"),
        proxy=proxy,
        timeout=variables.number("ras_timeout", TIMEOUT_RANGE),
        date_order=t.cast(t.Literal["dmy", "mdy"], variables.choice("ras_date_order", ("dmy", "mdy"))),
        known_texts=variables.sentences("ras_known_texts"),
        version=variables.text("ras_version"),
        warning_days=variables.number("ras_expiry_warning_days", DAYS_RANGE),
        wanted=Wanted(
            account_email=variables.text("ras_account_email"),
            account_other_emails=variables.texts("ras_account_other_emails"),
            account_company=variables.text("ras_account_company"),
            account_keys=variables.secrets("ras_account_keys"),
            license_key=variables.secret("ras_license_key"),
            allow_trial=variables.flag("ras_allow_trial"),
            on_key_mismatch=t.cast(
                t.Literal["fail", "reactivate", "ignore"],
                variables.choice("ras_on_key_mismatch", ("fail", "reactivate", "ignore")),
            ),
            farm_guid=variables.text("ras_farm_guid"),
        ),
    )
