# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS: who is trusted, and what a refusal shows so that a user can decide."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

import pytest

from counts import count
from harness.runner import Run, Runner
from harness.worlds import ACTIVE, host_of, world
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor

LICENSE_INFO: t.Final = "fleetops.parallels_ras.license_info"
BY_CA: t.Final = {"ca_path": "{{ ras_ca_path }}"}
PINNED: t.Final = {"cert_fingerprint": "{{ real_fingerprint }}"}


@dataclass(frozen=True)
class Trust:
    """A farm's certificate, the options that judge it, and the verdict."""

    options: dict[str, t.Any]
    trusted: bool
    fault: str | None = None
    why: tuple[str, ...] = ()
    changes: dict[str, t.Any] = field(default_factory=dict)


CASES: t.Final[dict[str, Trust]] = {
    "system-authorities": Trust({}, False, why=("one that the system vouches for",)),
    "ca-path": Trust(BY_CA, True),
    "pinned": Trust(PINNED, True),
    "pinned-written-with-colons": Trust({"cert_fingerprint": "{{ colons_fingerprint }}"}, True),
    "pinned-self-signed": Trust(PINNED, True, "tls_self_signed"),
    "pinned-expired": Trust(PINNED, True, "tls_expired"),
    "pinned-wrong": Trust({"cert_fingerprint": "ab" * 32}, False, why=("the pinned sha256 " + "ab" * 32,)),
    "pin-beats-authority": Trust({**BY_CA, "cert_fingerprint": "ab" * 32}, False, why=("the pinned sha256",)),
    "self-signed": Trust(BY_CA, False, "tls_self_signed", why=("(OpenSSL: self-signed certificate)",)),
    "expired": Trust(BY_CA, False, "tls_expired", why=("(OpenSSL: certificate has expired)",)),
    "wrong-name": Trust(BY_CA, False, "tls_wrong_name", why=("(OpenSSL: ", "mismatch", "names another.example.net;")),
    "foreign": Trust(BY_CA, False, "tls_foreign", why=("(OpenSSL: unable to get local issuer certificate)",)),
    "not-validated": Trust({"validate_certs": False}, True, "tls_foreign"),
    "not-validated-but-pinned-wrong": Trust({"validate_certs": False, "cert_fingerprint": "ab" * 32}, False),
}


class Tls(t.NamedTuple):
    """One run over all farms."""

    run: Run
    runner: Runner
    fingerprints: dict[str, str]


@pytest.fixture(scope="module")
def tls(start_lab: StartLab) -> Tls:
    farms = {
        name: {
            "license": ACTIVE,
            "faults": [{"kind": case.fault}] if case.fault else [],
            "vars": {"trust": case.options},
        }
        for name, case in CASES.items()
    }
    runner = start_lab(world(farms))
    shown = {name: farm["hosts"][0]["certificate_sha256"] for name, farm in runner.lab.state()["farms"].items()}
    assert all(shown.values())
    real = {host_of(name): digest for name, digest in shown.items()}
    options = {
        "api_url": "https://{{ ansible_host }}:20443",
        "api_username": "{{ ras_api_username }}",
        "api_password": "{{ ras_api_password }}",
        "timeout": 20,
        **{
            name: f"{{{{ trust.{name} | default(omit) }}}}"
            for name in ("ca_path", "cert_fingerprint", "validate_certs")
        },
    }
    variables = {
        "real": {host: digest.replace(":", "").lower() for host, digest in real.items()},
        "real_fingerprint": "{{ real[inventory_hostname] }}",
        "colons_fingerprint": "SHA256:{{ real[inventory_hostname] | upper | regex_findall('..') | join(':') }}",
    }
    run = runner.play([{"name": "Read", LICENSE_INFO: options, "ignore_errors": True}], play={"vars": variables})
    return Tls(run, runner, {name: digest.replace(":", "").lower() for name, digest in shown.items()})


@pytest.mark.parametrize("name", list(CASES))
def test_verdict(tls: Tls, name: str) -> None:
    case = CASES[name]
    result = tls.run.results(LICENSE_INFO, host_of(name))[0]
    asked = [entry["op"] for entry in tls.runner.lab.journal(name)]
    if case.trusted:
        assert "failure" not in result, result["msg"]
        assert result["license"]["status"] == "active"
        assert asked == ["logon", "license", "logoff"]
    else:
        failure = result["failure"]
        assert failure["code"] == "tls_untrusted", failure
        # Nothing was sent to a server that is not trusted.
        assert asked == []
        assert failure["observed"]["sha256"] == tls.fingerprints[name]
        for part in ("subject", "issuer", "not_before", "not_after", "sha256"):
            assert failure["observed"][part]
            assert f"{part} {failure['observed'][part]}" in failure["message"]
        for part in case.why:
            assert part in failure["message"]
        for way_out in ("cert_fingerprint", "ca_path"):
            assert way_out in failure["remedy"]
    count("scenario", f"tls: {name}")


def test_a_choice_that_was_made_gives_no_warning(tls: Tls) -> None:
    assert tls.run.rc == 0
    assert tls.run.warnings == []
    assert "InsecureRequestWarning" not in tls.run.output
    assert tls.runner.lab.problems() == []
    assert tls.runner.lab.open_sessions() == []
