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
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import (
    is_too_short,
    is_usable_proxy,
    SECRET_MINIMUM,
    secret_texts,
    SECRET_VARIABLES,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.given_texts import complaint, REMEDY
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.ranges import TIMEOUT_RANGE
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import plain_text
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.server_names import api_url_of
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.spelling import spelled
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
    "ras_version": "",
}
# Where a variable that no host sets comes from, as it does for the options of the other modules.
_ENVIRONMENT: t.Final = {
    "ras_api_username": "RAS_API_USERNAME",
    "ras_api_password": "RAS_API_PASSWORD",
    "ras_ca_path": "RAS_CA_PATH",
}
_CHOICES: t.Final = {"ras_date_order": ("dmy", "mdy"), "ras_on_key_mismatch": ("fail", "reactivate", "ignore")}


@dataclass(frozen=True)
class Target:
    """One farm that is to be looked at.

    :ivar timeout: seconds for each request.
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
    version: str | None = None
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


class _Variables:
    """Reads variables of one host; each refusal names the variable and never shows a secret."""

    def __init__(self, host: str, values: t.Mapping[str, t.Any], environ: t.Mapping[str, str]) -> None:
        self._host = host
        self._values = values
        self._environ = environ

    def get(self, name: str) -> t.Any:
        """A value, or what stands in for one that is not set: the environment, or the role's default.

        :raises RasError: ``invalid_option`` when it cannot be templated.
        """
        try:
            if name not in self._values:
                return self._environ.get(_ENVIRONMENT[name]) if name in _ENVIRONMENT else DEFAULTS.get(name)
            value = self._values[name]
        # Templating fails in many ways, and older releases of ansible-core have others than newer ones.
        except Exception as exc:
            raise self.refused(name, f"cannot be worked out ({type(exc).__name__})") from exc
        if isinstance(value, str) and "{{" in value:  # what ansible-core 2.16 leaves of an undefined variable
            raise self.refused(name, "names a variable that is not defined")
        return value

    def _text(self, name: str, value: t.Any) -> str | None:
        """A text as it is. Null is not taken for a variable that is not set: a wish would be lost."""
        if value is None and name not in self._values:
            return None
        wrong = complaint(value)
        if wrong:
            raise self.refused(name, wrong, REMEDY)
        return plain_text(value)

    def hidden(self) -> tuple[str, ...]:
        """The secrets that the host has, as far as they can be worked out."""
        found: list[str] = []
        for name in SECRET_VARIABLES:
            with contextlib.suppress(RasError):
                found += secret_texts(self.get(name))
        return tuple(dict.fromkeys(found))

    def _spelled(self, name: str, value: t.Any) -> t.Any:
        try:
            return spelled({name: value})[name]
        except RasError as exc:
            raise RasError(exc.code, f"At {self._host}, {exc.message}", remedy=exc.remedy) from None

    def text(self, name: str) -> str | None:
        """A text without blanks at its ends, spelled as :func:`spelled` does; None when there is none."""
        value = self._text(name, self.get(name)) or ""
        return self._spelled(name, value).strip() if value.strip() else None

    def secret(self, name: str) -> str | None:
        """A text that is passed on as it is."""
        value = self._text(name, self.get(name))
        return self._long_enough(name, self._spelled(name, value)) if value else None

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; one text is a list of one, or of several with commas."""
        value = self.get(name)
        items = value if isinstance(value, (list, tuple)) else (self._text(name, value) or "").split(",")
        texts = [text for text in (self._text(name, item) or "" for item in items) if text.strip()]
        return tuple(text.strip() for text in self._spelled(name, texts))

    def secrets(self, name: str) -> tuple[str, ...]:
        """A list of secrets."""
        return tuple(self._long_enough(name, text) for text in self.texts(name))

    def flag(self, name: str) -> bool:
        """A boolean, however it is written."""
        try:
            return bool(boolean(self.get(name)))
        except TypeError:
            raise self.refused(name, "is not a boolean") from None

    def seconds(self, name: str) -> int:
        """A number of seconds."""
        text = str(self.get(name)).strip()
        if not (text.isascii() and text.isdecimal() and len(text) < 6 and TIMEOUT_RANGE.allows(int(text))):
            raise self.refused(name, TIMEOUT_RANGE.complaint)
        return int(text)

    def choice(self, name: str) -> str:
        """One of the values that the role allows."""
        text = str(self.get(name))
        if text not in _CHOICES[name]:
            raise self.refused(name, f"is not one of {', '.join(_CHOICES[name])}")
        return text

    def refused(self, name: str, why: str, remedy: str = "Correct it and run again.") -> RasError:
        """A refusal that shows no value: it may be a secret."""
        return RasError("invalid_option", f"The variable {name} of {self._host} {why}.", remedy=remedy)

    def _long_enough(self, name: str, value: str) -> str:
        if is_too_short(value):
            raise self.refused(
                name, f"is too short to be kept out of logs safely: expected {SECRET_MINIMUM} characters"
            )
        return value


def read_target(
    host: str,
    values: t.Mapping[str, t.Any],
    timeout: int | None = None,
    environ: t.Mapping[str, str] = MappingProxyType({}),
) -> Target:
    """A farm out of its host's variables. Never raises: what is wrong with them is the target's ``problem``.

    :param values: they are templated when they are read, as ``hostvars`` does it.
    :param timeout: seconds for each request, in place of the host's own.
    :param environ: the environment, which stands in for a RAS administrator that no variable names.
    """
    variables = _Variables(host, values, environ)
    return replace(_target(variables, host, timeout), secrets=variables.hidden())


def _target(variables: _Variables, host: str, timeout: int | None) -> Target:
    farm, organization = host, str(DEFAULTS["ras_organization"])
    try:
        farm = variables.text("ras_farm") or host
        organization = variables.text("ras_organization") or organization
        if not variables.flag("ras_managed"):
            reason = variables.text("ras_unmanaged_reason") or ""
            return Target(host, farm, organization, managed=False, unmanaged_reason=reason)
        return _managed(variables, host, farm, organization, timeout)
    except RasError as exc:
        return Target(host, farm, organization, problem=exc)


def _managed(variables: _Variables, host: str, farm: str, organization: str, timeout: int | None) -> Target:
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
        timeout=timeout or variables.seconds("ras_timeout"),
        date_order=t.cast(t.Literal["dmy", "mdy"], variables.choice("ras_date_order")),
        version=variables.text("ras_version"),
        wanted=Wanted(
            account_email=variables.text("ras_account_email"),
            account_other_emails=variables.texts("ras_account_other_emails"),
            account_company=variables.text("ras_account_company"),
            account_keys=variables.secrets("ras_account_keys"),
            license_key=variables.secret("ras_license_key"),
            allow_trial=variables.flag("ras_allow_trial"),
            on_key_mismatch=t.cast(t.Literal["fail", "reactivate", "ignore"], variables.choice("ras_on_key_mismatch")),
            farm_guid=variables.text("ras_farm_guid"),
        ),
    )
