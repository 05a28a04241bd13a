# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Run the PowerShell scripts of ``ps/`` on a host, by ansible.windows.win_powershell over the host's own connection.

A script returns one JSON string: ``{"ok": true, ...}``, or ``{"ok": false, "error": {"code", "message"}}``.
"""

from __future__ import annotations

import contextlib
import functools
import os
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.base import LogonPermit, unguarded
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.bounds import (
    Budget,
    decode,
    LIST_MEMORY,
    OBJECT_MEMORY,
    OutOfBounds,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.connection_causes import (
    is_lasting,
    lost_connection,
    without_debug,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import NotSent, RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.refusals import is_explained, speaks_of_logon
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.streams import Streams, streams_of
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.values import flag, whole_number
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote

_FOLDER: t.Final = os.path.join(os.path.dirname(__file__), "ps")
_INCLUDE: t.Final = "# include: common\n"

# The remedy of bad_answer in the table names api_url, which a script on a host does not use.
_LOOK: t.Final = (
    "Read the text above; then open PowerShell on the host as the same user: does its profile print something, does "
    "the RAS PowerShell module load, and which RAS version is it? Then run again."
)

Execute = t.Callable[[dict[str, t.Any]], dict[str, t.Any]]


class HostPermit(t.NamedTuple):
    """Hear how the logons of one script ended: that of the connection, and that of the user whom it becomes there.

    Both are one where nobody else is become.
    """

    connection: LogonPermit
    become: LogonPermit


# Asked before each script, for the connection logs the Windows user on.
Guard = t.Callable[[], contextlib.AbstractContextManager[HostPermit]]


class HostLost(RasError):
    """Ansible's connection to the host failed, before or after the script ran (code ``host_unreachable``).

    :ivar is_lasting: whether it is the same however long one waits for the host.
    """

    def __init__(self, message: str, remedy: str | None = None, *, is_lasting: bool = False) -> None:
        super().__init__("host_unreachable", message, remedy=remedy)
        self.is_lasting = is_lasting


class HostNotReached(HostLost, NotSent):
    """The connection did not get as far as its Windows user."""


class ScriptFailed(RasError):
    """A script ended with an error of its own.

    :param script_code: the code that the script gave: ``refused`` for what RAS or Windows said, ``not_sent`` when a
        write was not reached, or one that the script documents.
    :param said: its message, not shortened.
    :ivar text: its message, fit for one of ours.
    """

    def __init__(self, code: str, host: str, script_code: str, said: str) -> None:
        remedy = _LOOK if code == "bad_answer" else None
        # What a script says with a code of ours is our sentence: nothing of it is cut off.
        text = quote(said, _OWN_WORDS) if script_code in _OWN_CODES else quote(said)
        super().__init__(code, f"{host}: {text}", remedy=remedy, observed={"script_code": script_code, "text": text})
        self.script_code = script_code
        self.said = said
        self.text = text


# Scripts whose answers grow with the farm.
_LISTS: t.Final = frozenset({"ras_agents"})
# Codes of scripts that are ours as they are.
_OWN_CODES: t.Final = frozenset(
    {"product_missing", "product_too_old", "drain_unsupported", "constrained_language", "invalid_option"}
)
# The longest: the module of RAS was looked for in several ways, each of which failed with a sentence of PowerShell's.
_OWN_WORDS: t.Final = 1500
# A script that declares this only reads in check mode; win_powershell skips one that does not.
_READS: t.Final = "[CmdletBinding(SupportsShouldProcess)]"


@contextlib.contextmanager
def _free() -> t.Iterator[HostPermit]:
    with unguarded("", "", lambda: None) as permit:
        yield HostPermit(permit, permit)


class ScriptRunner:
    """Runs scripts on one host.

    :param execute: runs win_powershell with these arguments and returns its result.
    :param host: how messages name the host.
    :param guard: guards the Windows user of the connection.
    :param check_mode: whether the task runs in check mode, in which no script that writes is sent.
    :param over: the connection plugin, for the remedies.
    :param why: takes what the connection said when it was lost, and returns what lies behind it.
    :ivar heard: what PowerShell wrote beside the answer of the last script.
    """

    def __init__(
        self,
        execute: Execute,
        host: str,
        guard: Guard = _free,
        *,
        check_mode: bool = False,
        over: str = "winrm",
        why: t.Callable[[str], str] = str,
    ) -> None:
        self._execute = execute
        self._over = over
        self._why = why
        self._guard = guard
        self._check_mode = check_mode
        self.host = host
        self.heard = Streams()

    def __call__(
        self,
        name: str,
        parameters: t.Mapping[str, t.Any] | None = None,
        secrets: t.Mapping[str, str] | None = None,
    ) -> dict[str, t.Any]:
        """Run one script, once.

        :param secrets: parameters that are secrets; they become SecureStrings on the host.
        :raises HostLost: when no answer came. Whether the script ran is not known then.
        :raises NotSent: ``not_tried`` when the Windows user must not be tried here; ``internal_error`` for a script
            that writes, in check mode.
        :raises ScriptFailed: when it answered with an error.
        :raises RasError: ``bad_answer``.
        """
        result = self._sent(name, parameters, secrets, self._execute)
        self.heard = streams_of(result)
        if result.get("result") == {} and str(result.get("msg")).startswith("skipped, "):
            raise self._skipped(name)
        return self.read(name, result)

    def begin(self, name: str, parameters: t.Mapping[str, t.Any], execute: Execute) -> dict[str, t.Any]:
        """Run one script in the background, once.

        :param execute: starts win_powershell with these arguments and returns what core says of the start.
        :returns: what it said.
        :raises HostLost: when no answer came. Whether the script was started is not known then.
        :raises NotSent: as a call.
        """
        self.heard = Streams()
        return self._sent(name, parameters, None, execute)

    def of_job(self, ask: t.Callable[[], dict[str, t.Any]]) -> dict[str, t.Any] | None:
        """The result of a script in the background; None while it runs.

        :param ask: asks core for the state of its job.
        :raises HostLost: when no answer came.
        """
        with self._guard() as permit:
            said = over_connection(ask, lambda text: self._lost(text, permit.connection))
            permit.connection.accepted()
        finished = said.get("finished")
        return said if whole_number(finished) == 1 or flag(finished) is True else None

    def _sent(
        self,
        name: str,
        parameters: t.Mapping[str, t.Any] | None,
        secrets: t.Mapping[str, str] | None,
        execute: Execute,
    ) -> dict[str, t.Any]:
        script = load_script(name)
        if self._check_mode and _READS not in script:
            raise self._skipped(name)
        arguments: dict[str, t.Any] = {"script": script, "parameters": dict(parameters or {})}
        if secrets:
            arguments["sensitive_parameters"] = [{"name": key, "value": value} for key, value in secrets.items()]
        self.heard = Streams()
        with self._guard() as permit:
            result = over_connection(lambda: execute(arguments), lambda said: self._lost(said, permit.connection))
            # Over the connection, the module began: what it says of a logon is about the user whom it was to become.
            is_answered = "result" in result or "ansible_job_id" in result
            if not is_answered and speaks_of_logon(f"{result.get('msg')} {result.get('module_stderr')}"):
                permit.become.rejected()
            else:
                permit.become.accepted()
                permit.connection.accepted()
        return result

    def _skipped(self, name: str) -> NotSent:
        message = f"The script {name} changes {self.host}, so it is not for check mode: it was not run."
        return NotSent("internal_error", message)

    def _lost(self, said: str, permit: LogonPermit) -> HostLost:
        said = without_debug(self._why(said))
        message, remedy = lost_connection(self.host, said, self._over)
        if is_explained(said, "windows_user"):
            return HostNotReached(message, remedy, is_lasting=is_lasting(said))
        if speaks_of_logon(said):
            permit.rejected()
        else:
            permit.unclear()
        return HostLost(message, remedy, is_lasting=is_lasting(said))

    def read(self, name: str, result: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """The answer in a result of win_powershell.

        :raises ScriptFailed: when it is an error.
        :raises RasError: ``bad_answer``.
        """
        try:
            answer = decode(result["result"], Budget(LIST_MEMORY if name in _LISTS else OBJECT_MEMORY))
            done = answer["ok"] is True
            error = {} if done else answer["error"]
            code, words = str(error.get("code")), str(error.get("message"))
        except OutOfBounds as exc:
            message = f"The answer of the script {name} on {self.host} is not one of RAS: {exc}."
            raise RasError("bad_answer", message, remedy=_LOOK) from exc
        except (KeyError, TypeError, ValueError, AttributeError) as exc:
            said = quote(result.get("msg") or result.get("module_stderr") or "")
            heard = f"PowerShell wrote: {self.heard}." if str(self.heard) else ""
            words = " ".join(each for each in (said, heard) if each) or "nothing that can be read"
            message = f"The script {name} on {self.host} gave no answer: {words}"
            raise RasError("bad_answer", message, remedy=_LOOK) from exc
        if done:
            return t.cast("dict[str, t.Any]", answer)
        raise ScriptFailed(code if code in _OWN_CODES else "bad_answer", self.host, code, words)


def over_connection(ask: t.Callable[[], dict[str, t.Any]], lost: t.Callable[[str], HostLost]) -> dict[str, t.Any]:
    """What was answered over Ansible's own connection to a host.

    :param lost: makes a failure of what is said when no answer came.
    :raises HostLost: of ``lost``.
    """
    try:
        result = ask()
    # Each connection plugin, and each library below it, has exceptions of its own for a lost connection.
    except Exception as exc:  # pylint: disable=broad-exception-caught
        raise lost(words_of(exc)) from exc
    if result.get("unreachable"):
        raise lost(str(result.get("msg")))
    return result


def words_of(exc: Exception) -> str:
    """What an exception says; its name where it cannot say it."""
    try:
        return str(exc)
    except Exception:  # pylint: disable=broad-exception-caught
        return type(exc).__name__


@functools.cache
def load_script(name: str) -> str:
    """A script with what it includes."""
    text, common = (_read(each) for each in (name, "common"))
    return text.replace(_INCLUDE, common)


def _read(name: str) -> str:
    with open(os.path.join(_FOLDER, f"{name}.ps1"), encoding="utf-8") as file:
        return file.read()
