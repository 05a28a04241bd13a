# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Judge an installer before it runs, how it ended, and what is still missing afterwards. Pure, no I/O."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import is_too_short
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.columns import counted
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.urls import (
    shown_url,
    url_secrets,
    without_urls,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.values import text
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import compare, parse_version, shown
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.signature import Publisher, why_distrusted
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.wait import End

# Windows Installer: 0 done, 3010 a restart is due, 1641 a restart was started (Microsoft, "MsiExec.exe error codes").
SUCCEEDED: t.Final = frozenset({0, 1641, 3010})
# Another installation runs: this one changed nothing.
BUSY: t.Final = 1618
_MEANINGS: t.Final[dict[int, str]] = {
    1601: "the Windows Installer service could not be accessed",
    1602: "it was canceled",
    1603: "a fatal error during the installation",
    1605: "the product is not installed",
    1612: "the source of the installed version is not available",
    1619: "the package could not be opened",
    1620: "the package could not be opened: it is not a valid package",
    1625: "a system policy forbids it",
    1633: "the package is not for this type of processor",
    1638: "another version of the product is installed",
}
_SHOWN_OF_SIGNATURE: t.Final = ("status", "status_message", "chain", "publisher", "subject")
_TAIL_LINES: t.Final = 15
_SHOWN_LINES: t.Final = 3


def check_given(path: str, url: str, sha256: str) -> None:
    """Whether everything is given that an upgrade needs of the installer.

    :raises RasError: ``invalid_option``.
    """
    if not path and not url:
        raise RasError(
            "invalid_option",
            "An upgrade is due and no installer is given: expected installer_src or installer_url, observed none.",
        )
    if not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
        raise RasError(
            "invalid_option",
            "installer_sha256 is needed for an upgrade: expected 64 hexadecimal digits, observed "
            f"{counted(len(sha256), 'character')}.",
        )


def judge_installer(
    signature: t.Mapping[str, t.Any], sha256: str, publisher: Publisher, source: str
) -> RasError | None:
    """What blocks this installer; None when nothing does.

    :param signature: of the file on the host, as ``host_info`` describes it.
    :param sha256: the pinned one, in hexadecimal.
    :param source: where the installer came from; a path, or a URL that is shown as far as :func:`shown_url` says.
    """
    origin = shown_url(source)
    if str(signature.get("sha256")).casefold() != sha256.strip().casefold():
        return RasError(
            "installer_mismatch",
            f"The installer from {origin} is another file: expected sha256 {sha256}, observed "
            f"{quote(signature.get('sha256') or 'no file')}.",
        )
    if signature.get("is_private") is not True:
        return RasError(
            "folder_untrusted",
            f"The installer from {origin} must not run: expected that only administrators and SYSTEM own and may use "
            f"it and its folder, observed that {signature.get('not_private') or 'this is not known'}.",
        )
    why_not = why_distrusted(signature, publisher)
    if why_not is None:
        return None
    return RasError(
        "installer_untrusted",
        f"The installer from {origin} must not run: expected a valid signature of {publisher}, observed "
        f"{why_not.observed}.",
        remedy=why_not.remedy,
        observed={"reason": why_not.reason, **{name: _shown(signature.get(name)) for name in _SHOWN_OF_SIGNATURE}},
    )


def _shown(value: t.Any) -> t.Any:
    return [quote(each) for each in value] if isinstance(value, list) else text(value)


def installer_absent(source: str, said: str) -> RasError:
    """The failure of an installer that cannot be looked at on the host.

    :param said: what the host said of the file, or the download of itself; without what gives access to it.
    """
    return RasError("installer_mismatch", f"The installer from {shown_url(source)} is not on the host: {said}")


def download_said(source: str, message: str) -> str:
    """What a download said, without what gives access to it; empty when it said nothing."""
    said = message.replace(source, "it") if source else message
    hidden = Scrubber(secret for secret in url_secrets(source) if not is_too_short(secret))
    return quote(hidden.text(without_urls(said)))


def judge_end(end: End, tail: t.Sequence[str], log_path: str) -> RasError | None:
    """What became of an installation; None when it succeeded.

    :param tail: the last lines of its log, as far as they could be read.
    """
    code, said = end.code, quote(end.message or "no message")
    if code in SUCCEEDED:
        return None
    if end.cause == "installer_changed":
        return RasError(
            "installer_mismatch",
            f"The installer was not started, for it is not the file that was judged: {said}.",
            remedy="Find out who changes files in stage_folder: only administrators can. Then run again.",
        )
    if end.cause:
        remedy = "Fix what Windows says, then run again. Nothing was installed."
        return RasError("install_failed", f"The installer could not be started: {said}.", remedy=remedy)
    if code is None:
        lost = said if end.message else "the answer to its start was lost"
        return RasError("host_unreachable", f"Nothing shows that the installer was started: {lost}.")
    if code == BUSY:
        return RasError("installer_busy", "Another installation was running at every attempt (1618).")
    if code < 0:
        return RasError("install_failed", f"The installer did not end, or not as an installer does: {said}.")
    lines = [quote(line) for line in tail if line.strip()]
    words = _MEANINGS.get(code, "see Microsoft's list of MsiExec error codes")
    return RasError(
        "install_failed",
        f"The installer ended with {code} ({words}); its log is {log_path} on the host and ends: "
        f"{' | '.join(lines[-_SHOWN_LINES:]) or 'it could not be read'}",
        observed={"code": code, "log": log_path, "tail": lines[-_TAIL_LINES:]},
    )


def missing_after(
    seen: t.Mapping[str, t.Any], version: str, before: t.Sequence[t.Mapping[str, t.Any]] | None = ()
) -> list[str]:
    """What is not yet as it must be after an installation.

    :param seen: the result of host_info or farm_info.
    :param version: the wanted one.
    :param before: the services of the host before, None when not known. One that did not run then need not run now.
    :returns: sentences; empty when everything is there.
    """
    if seen.get("failure"):
        return [str(seen["failure"]["message"])]
    if "host" not in seen and "farm" not in seen:
        return [f"no answer: {quote(seen.get('msg') or 'no message')}"]
    found = seen["host"]["version"] if "host" in seen else seen.get("service_version")
    missing = []
    if "host" in seen and seen["host"].get("installer_running") is not False:
        runs = seen["host"].get("installer_running") is True
        missing.append("an installer still runs" if runs else "whether an installer still runs is not known")
    if (found or "host" in seen) and compare(parse_version(found), parse_version(version)) not in ("same", "newer"):
        none = "none" if "host" not in seen or seen["host"].get("installed") is not None else "one that is not known"
        missing.append(f"expected version {shown(version)}, observed {shown(found) or none}")
    return [*missing, *_services_missing(seen["host"], before)] if "host" in seen else missing


def _services_missing(host: t.Mapping[str, t.Any], before: t.Sequence[t.Mapping[str, t.Any]] | None) -> list[str]:
    """The services that start by themselves and do not run, or may not, though they did, or may have, before."""
    earlier = {row.get("display_name"): row.get("status") for row in before or []}
    if host.get("services") is None:
        return [] if before is None else ["whether the RAS services run is not known"]
    missing = []
    for service in host["services"]:
        name, status = service.get("display_name"), service.get("status")
        if status is None and (before is None or (name in earlier and earlier[name] is None)):
            continue  # as unknown as before
        # How a service starts is not known either where it could not be queried.
        if status == "Running" or service.get("start_type") not in ("Automatic", *([None] if status is None else [])):
            continue
        if name not in earlier or earlier[name] in ("Running", None):
            missing.append(f"the service {name} is {status or 'in a state that is not known'}")
    return missing
