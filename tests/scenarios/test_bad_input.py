# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bad input: one sentence that says what, where, expected, observed and the way out, before anything is sent."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

import pytest

from counts import count
from harness.reading import secrets_in
from harness.runner import Run, Runner
from harness.worlds import ACTIVE, host_of, PASSWORD, world
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor

LICENSE: t.Final = "fleetops.parallels_ras.license"
# To be hidden wherever it is, also where a user should not have put it.
MISPLACED: t.Final = "misplaced-proxy-secret"
# None takes an option away.
NULL: t.Final = object()
GOOD: t.Final = {
    "api_url": "https://{{ ansible_host }}:20443",
    "api_username": "{{ ras_api_username }}",
    "api_password": "{{ ras_api_password }}",
    "ca_path": "{{ ras_ca_path }}",
    "account_email": "{{ ras_account_email }}",
    "account_password": "{{ ras_account_password }}",
    "license_key": "{{ ras_license_key }}",
}


@dataclass(frozen=True)
class Bad:
    """Options that replace good ones (None takes one away), and what the sentence must say."""

    options: dict[str, t.Any]
    says: tuple[str, ...]
    never: tuple[str, ...] = ()


CASES: t.Final[dict[str, Bad]] = {
    "api-url-missing": Bad({"api_url": None}, ("api_url",)),
    "api-url-plain-http": Bad({"api_url": "http://farm.example.com:20080"}, ("api_url", "https://host", "http://farm")),
    "api-url-with-password": Bad(
        {"api_url": f"https://me:{MISPLACED}@farm.example.com:20443"}, ("api_url", "user"), (MISPLACED,)
    ),
    "api-url-no-url": Bad({"api_url": "farm.example.com"}, ("api_url", "expected https://", "farm.example.com")),
    "api-username-missing": Bad({"api_username": None}, ("api_username",)),
    "api-password-missing": Bad({"api_password": None}, ("api_password",)),
    "api-password-short": Bad({"api_password": "kurz7!x"}, ("api_password", "at least 8", "observed 7"), ("kurz7!x",)),
    "account-password-short": Bad({"account_password": "sh0rt!"}, ("account_password", "8", "6"), ("sh0rt!",)),
    "account-password-empty": Bad({"account_password": ""}, ("account_password", "empty")),
    "account-password-line-break": Bad(
        {"account_password": "a long password\n"}, ("account_password holds U+000A LINE FEED",), ("a long password",)
    ),
    "key-octal": Bad({"license_key": 0o123456701}, ("license_key must be text", "in quotes", "whole"), ("21913025",)),
    "key-list": Bad({"license_key": ["AB12CD-LISTED"]}, ("license_key must be text", "observed a list"), ("LISTED",)),
    "key-mapping": Bad({"license_key": {"a": "AB12CD-MAPPED"}}, ("license_key must be text",), ("MAPPED",)),
    "key-bool": Bad({"license_key": True}, ("license_key must be text", "true or false")),
    "password-number": Bad({"account_password": 87654321.5}, ("account_password must be text",), ("87654321",)),
    "email-null": Bad({"account_email": NULL}, ("account_email must be text", "nothing (null)")),
    "email-list": Bad({"account_other_emails": ["a@example.com", 7]}, ("account_other_emails[1] must be text",)),
    "keys-number": Bad({"account_keys": 87654321}, ("account_keys must be text",), ("87654321",)),
    "user-number": Bad({"api_username": 4711}, ("api_username must be text",)),
    "guid-number": Bad({"farm_guid": 4711}, ("farm_guid must be text",)),
    "email-two-ats": Bad({"account_email": "a@b@example.com"}, ("account_email", "exactly one @, observed 2")),
    "email-no-at": Bad({"account_email": "licensing"}, ("account_email", "exactly one @, observed 0")),
    "email-cyrillic": Bad({"account_email": "licensing@ex\u0430mple.com"}, ("account_email holds U+0430 CYRILLIC",)),
    "email-bidi": Bad({"previous_account_email": "\u202ea@example.com"}, ("previous_account_email holds U+202E",)),
    "key-dash": Bad(
        {"license_key": "AB12CD\u2010EN34DA"}, ("license_key holds U+2010 HYPHEN as character 7",), ("EN34DA",)
    ),
    "key-full-width": Bad({"license_key": "AB12CD-\uff34WIDE"}, ("license_key holds U+FF34 FULLWIDTH",), ("WIDE",)),
    "key-bom": Bad({"account_keys": ["\ufeffAB12CD-MARKED"]}, ("account_keys[0] holds U+FEFF",), ("MARKED",)),
    "user-zero-width": Bad({"api_username": "svc\u200b@example.com"}, ("api_username holds U+200B ZERO WIDTH SPACE",)),
    "license-key-short": Bad({"license_key": "AB12-CD"}, ("license_key", "8", "7"), ("AB12-CD",)),
    "account-keys-short": Bad({"account_keys": ["LONG-ENOUGH", "XY12"]}, ("account_keys", "8", "4"), ("XY12",)),
    "fingerprint-bad": Bad({"cert_fingerprint": "abc123"}, ("cert_fingerprint", "64 hexadecimal", "6 characters")),
    "ca-path-missing": Bad({"ca_path": "/nowhere/ca.pem"}, ("ca_path", "does not exist", "/nowhere/ca.pem")),
    "ca-path-no-certificate": Bad({"ca_path": "{{ inventory_file }}"}, ("ca_path", "PEM")),
    "proxy-with-password": Bad(
        {"proxy": f"http://me:{MISPLACED}@proxy.example.com:3128"}, ("proxy", "without user and password"), (MISPLACED,)
    ),
    "proxy-other-scheme": Bad({"proxy": "socks5://proxy.example.com"}, ("proxy", "http://host:port")),
    "timeout-zero": Bad({"timeout": 0}, ("timeout", "1 to 3600", "observed 0")),
    "settle-timeout-huge": Bad({"settle_timeout": 3601}, ("settle_timeout", "1 to 3600", "observed 3601")),
    "timeout-no-number": Bad({"timeout": "soon"}, ("timeout", "int")),
    "backend-winrm": Bad({"backend": "winrm"}, ("ansible_connection", "winrm, psrp, or ssh", "observed local")),
    "backend-unknown": Bad({"backend": "ssh"}, ("backend", "rest", "ssh")),
    "state-unknown": Bad({"state": "enabled"}, ("state", "present", "absent", "enabled")),
    "option-unknown": Bad({"lisence_key": "AB12CD-EF34GH"}, ("lisence_key",)),
    "policy-unknown": Bad({"on_account_mismatch": "ignore"}, ("on_account_mismatch", "reactivate", "ignore")),
}


class Refused(t.NamedTuple):
    """One run with a task for each case."""

    run: Run
    journal: list[dict[str, t.Any]]
    results: dict[str, dict[str, t.Any]]


@pytest.fixture(scope="module")
def runner(start_lab: StartLab) -> Runner:
    return start_lab(world({"tokyo": {"license": ACTIVE, "vars": {"ansible_connection": "local"}}}))


@pytest.fixture(scope="module")
def refused(runner: Runner) -> Refused:
    # Bad values come from variables: Ansible itself quotes the lines of a playbook in which a task failed.
    tasks, variables = [], {}
    for number, (name, case) in enumerate(CASES.items()):
        options = {key: value for key, value in GOOD.items() if case.options.get(key, "") is not None}
        for key, value in case.options.items():
            if value is NULL:
                options[key] = None
            elif value is not None:
                options[key] = f"{{{{ bad_{number}_{key} }}}}"
                variables[f"bad_{number}_{key}"] = value
        tasks.append({"name": name, LICENSE: options, "ignore_errors": True})
    run = runner.play(tasks, "-vvv", extra=variables)
    results = {each["task"]: each for each in run.records if "task" in each}
    return Refused(run, runner.lab.journal(), results)


@pytest.mark.parametrize("name", list(CASES))
def test_one_sentence(refused: Refused, name: str) -> None:
    case, record = CASES[name], refused.results[name]
    message = record["result"]["msg"]
    assert record["kind"] == "ignored"
    assert record["result"]["failure"]["code"] == "invalid_option"
    assert record["result"]["failure"]["remedy"]
    for part in case.says:
        assert part in message
    for part in case.never:
        assert part not in str(record)
        assert part not in refused.run.output
    assert "Traceback" not in str(record)
    assert "\n" not in message
    count("scenario", f"bad input: {name}")


def test_nothing_was_sent(refused: Refused) -> None:
    assert refused.run.rc == 0
    assert refused.journal == []
    assert secrets_in(refused.run) == []


def test_async_is_refused(runner: Runner) -> None:
    run = runner.play([{"name": "Async", LICENSE: dict(GOOD), "async": 30, "poll": 1}])
    assert run.rc == 2
    assert "async" in run.output
    assert "Traceback" not in run.output
    assert PASSWORD not in run.output
    assert runner.lab.journal() == []
    assert run.stats[host_of("tokyo")]["failures"] == 1
    count("scenario", "bad input: async")
