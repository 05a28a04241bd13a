# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The base of all actions: options, and one place where failures become data, secrets are taken out and texts marked.

An action runs in process on the controller. What it needs from its host, except an API, goes through
:meth:`powershell`.
"""

from __future__ import annotations

import abc
import contextlib
import datetime as dt
import os
import traceback
import typing as t

from ansible import constants as C
from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.plugins.action import ActionBase
from ansible.plugins.become import BecomeBase
from ansible.plugins.connection import ConnectionBase
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import (
    check_secrets,
    CONNECTION_PASSWORDS,
    secret_names,
    secret_texts,
    SECRET_VARIABLES,
    Spec,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.connection_causes import hides_its_cause
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.given_texts import check_given, complaint
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.given_texts import REMEDY as TEXT_REMEDY
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.log_text import log_line, log_lines
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.ranges import check_ranges, TIMEOUT_RANGE
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import REPLACEMENT, Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.spelling import spelled
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.urls import url_secrets
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.core_version import check_core
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.gate import WindowsGate
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import marked
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.preload import preload_filters
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.quiet import quiet
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.scripts import (
    HostPermit,
    ScriptRunner,
    words_of,
)

Options = dict[str, t.Any]
# The users and passwords that connection plugins to Windows take from variables.
_CONNECTION_TEXTS: t.Final = (
    *("ansible_user", "ansible_become_user", "ansible_winrm_user", "ansible_psrp_user", "ansible_ssh_user"),
    *CONNECTION_PASSWORDS,
)

preload_filters()


class RasAction(ActionBase):  # type: ignore[misc]
    """Subclasses give a spec and :meth:`perform`."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False

    SPEC: t.ClassVar[Spec]
    _task_vars: dict[str, t.Any] | None = None

    @abc.abstractmethod
    def perform(self, options: Options, scrubber: Scrubber) -> dict[str, t.Any]:
        """Do the module's work.

        :param scrubber: must be given the secrets that turn up on the way.
        :returns: the result. ``findings`` are :class:`Finding` objects, ``failure`` a :class:`RasError` or missing.
        :raises RasError: when there is nothing to return but the failure.
        """

    def handed_on(self, failure: dict[str, t.Any]) -> dict[str, t.Any]:
        """What later tasks need of the result even where it is a defect that failed."""
        return {}

    def run(self, tmp: None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Entry point of Ansible. ``task_vars`` are raw templates: passed on, and read only for what to hide."""
        self._task_vars = task_vars
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        scrubber = Scrubber([*_secrets(self._task.args, self.SPEC), *self._secrets_of_the_run()])
        try:
            check_core()
            result.update(self._outcome(scrubber))
        except RasError as exc:
            result.update(failed(exc))
        except AnsibleError as exc:
            result.update(failed(RasError("invalid_option", log_line(exc))))
        except Exception as exc:  # a traceback with secrets in it must never reach the log
            result.update(failed(RasError("internal_error", f"Unexpected {type(exc).__name__}: {log_line(exc)}")))
            result["exception"] = "\n".join(log_lines(traceback.format_exc().splitlines()))
            result.update(self.handed_on(result["failure"]))
        result.setdefault("changed", False)
        shown = _shown(self._task.args, self.SPEC)
        result["invocation"] = {
            "module_args": {
                name if name in self.SPEC else scrubber.text(name): scrubber.foreign(value)
                for name, value in shown.items()
            }
        }
        clean = t.cast("dict[str, t.Any]", scrubber.data(result))
        # The names on the first level are ours and Ansible's, which reads them itself.
        return {name: marked(value) for name, value in clean.items()}

    def _secrets_of_the_run(self) -> list[str]:
        """What the variables of the host hold that no task may show, also one that does not take them as options.

        A farm may quote what another task sent. Only to be hidden, never to be used: a variable that cannot be worked
        out here is of no interest to this task.
        """
        found = secret_texts(os.environ.get("RAS_API_PASSWORD"))
        for name in (*SECRET_VARIABLES, "ras_installer_url"):
            value = (self._task_vars or {}).get(name)
            if value is not None:
                with contextlib.suppress(Exception):  # templating fails in many ways, and differs between releases
                    value = self._templar.template(value)
                    found += secret_texts(url_secrets(str(value)) if name == "ras_installer_url" else value)
        return found

    def _outcome(self, scrubber: Scrubber) -> dict[str, t.Any]:
        options = self._options(scrubber)
        outcome = self.perform(options, scrubber)
        findings: list[Finding] = outcome.setdefault("findings", [])
        where = options.get("api_url") or options.get("host") or self._task_host()
        warnings = [f"{where}: {each.rule}: {each.remedy}" for each in findings if each.severity == "warning"]
        if warnings:
            outcome["warnings"] = warnings
        outcome["findings"] = [finding.as_dict() for finding in findings]
        failure = outcome.pop("failure", None)
        if failure is not None:
            outcome.update(failed(failure))
        return outcome

    def _options(self, scrubber: Scrubber) -> Options:
        check_given(self._task.args, self.SPEC)
        try:
            validated, _args = self.validate_argument_spec(argument_spec=self.SPEC)
        except AnsibleActionFail as exc:
            raise RasError("invalid_option", exc.message) from exc
        options: Options = validated.validated_parameters
        # Values may also come from the environment, which the raw arguments do not show.
        for secret in _secrets(options, self.SPEC):
            scrubber.add(secret)
        options = spelled(options)
        check_secrets(options, self.SPEC)
        check_ranges(options, dict.fromkeys(("timeout", "settle_timeout"), TIMEOUT_RANGE))
        return options

    def powershell(self) -> ScriptRunner:
        """Runs the collection's PowerShell scripts on the task's host, through its own connection.

        :raises RasError: ``invalid_option`` for a host without such a connection.
        """
        if not self.has_powershell():
            raise RasError(
                "invalid_option",
                "PowerShell on the host is needed: expected an ansible_connection of winrm, psrp, or ssh with a "
                f"PowerShell shell, observed {getattr(self._connection, 'transport', 'another one')}.",
            )
        self._check_connection()
        host = self._task_host()
        return ScriptRunner(
            self._run_powershell,
            host,
            lambda: self._windows_users(host),
            check_mode=bool(self._task.check_mode),
            over=self.connection_name(),
            why=self._why_lost,
        )

    @contextlib.contextmanager
    def _windows_users(self, host: str) -> t.Iterator[HostPermit]:
        """The user of the connection, and the one that it becomes on the host, where there is one with a password."""
        # Without a password, it is a ticket, a certificate or a key.
        password = self._connection_option("remote_password") or self._connection_option("password")
        password = password or f"none over {getattr(self._connection, 'transport', 'another connection')}"
        users = [(self._connection_option("remote_user"), password)]
        become = self._connection.become if isinstance(self._connection, ConnectionBase) else None
        if isinstance(become, BecomeBase) and _option(become, "become_pass"):
            users.append((_option(become, "become_user"), _option(become, "become_pass")))
        with contextlib.ExitStack() as stack:
            permits = [
                stack.enter_context(WindowsGate(run_folder(), secret)(host, name, lambda: None))
                for name, secret in users
            ]
            yield HostPermit(permits[0], permits[-1])

    def _check_connection(self) -> None:
        """Refuse users and passwords of connections that are no texts: core would make texts of them by itself."""
        for name in _CONNECTION_TEXTS:
            value = (self._task_vars or {}).get(name)
            wrong = complaint(self._templar.template(value)) if value is not None else None
            if wrong:
                raise RasError("invalid_option", f"{name} {wrong}.", remedy=TEXT_REMEDY)

    def _connection_option(self, name: str) -> str:
        """An option of the host's connection plugin; empty where it has none of that name."""
        return _option(self._connection, name) if isinstance(self._connection, ConnectionBase) else ""

    def _run_powershell(self, arguments: dict[str, t.Any]) -> dict[str, t.Any]:
        with quiet():
            result: dict[str, t.Any] = self._execute_module(
                module_name="ansible.windows.win_powershell", module_args=arguments, task_vars=self._task_vars
            )
        return result

    def has_powershell(self) -> bool:
        """Whether the host declares a connection over which PowerShell modules run."""
        name = self.connection_name()
        if name == "ssh":
            return getattr(getattr(self._connection, "_shell", None), "SHELL_FAMILY", "") == "powershell"
        return name in ("winrm", "psrp")

    def connection_name(self) -> str:
        """The connection plugin of the host, without its collection."""
        connection = self._connection
        return str(getattr(connection, "_load_name", None) or getattr(connection, "transport", "")).rpartition(".")[2]

    def _why_lost(self, said: str) -> str:
        """What ssh said, where Ansible's connection only says that the pipe to it broke.

        That is so where ssh ended before it had read all its input and was not gone yet: whether the user was rejected
        is not known then, and a wait would try it again and again. A command without input is answered by ssh itself.
        """
        if self.connection_name() != "ssh" or not hides_its_cause(said):
            return said
        try:
            self._connection.exec_command("exit 0")
        except Exception as exc:  # pylint: disable=broad-exception-caught
            return words_of(exc)
        return said

    def _task_host(self) -> str:
        return str(getattr(self._play_context, "remote_addr", None) or "the host")


def _option(plugin: ConnectionBase | BecomeBase, name: str) -> str:
    try:
        return str(plugin.get_option(name) or "")
    except (AnsibleError, KeyError):
        return ""


def run_folder() -> str:
    """A folder of this run of Ansible, shared with its workers, mode 0700, removed by Ansible at its end."""
    return str(C.DEFAULT_LOCAL_TMP)  # pylint: disable=no-member


def today() -> dt.date:
    """The controller's day, against which expiry is judged."""
    return dt.date.today()


def _secrets(values: t.Mapping[str, t.Any], spec: Spec) -> list[str]:
    found = [secret for name in secret_names(spec) for secret in secret_texts(values.get(name))]
    if "installer_url" in spec:
        found += secret_texts(url_secrets(str(values.get("installer_url") or "")))
    return found


def _shown(args: t.Mapping[str, t.Any], spec: Spec) -> dict[str, t.Any]:
    hidden = set(secret_names(spec))
    # A URL with a user and a password in it is refused; it is not shown either, however short the password is.
    hidden |= {name for name in ("api_url", "proxy") if "@" in str(args.get(name) or "")}
    return {name: REPLACEMENT if name in hidden else value for name, value in args.items()}


def failed(exc: RasError) -> dict[str, t.Any]:
    return {"failed": True, "msg": f"{exc.message} {exc.remedy}".strip(), "failure": exc.as_dict()}
