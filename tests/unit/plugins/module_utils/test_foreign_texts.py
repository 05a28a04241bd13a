# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A command of a CI system in every text that a farm, a host or a certificate can send, and in none that comes out."""

from __future__ import annotations

import datetime as dt
import json
import ssl
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import read_agents
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends import tls
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.fields import (
    brokers_of,
    farm_of,
    refusal_of,
    sites_of,
    words_of,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.http_client import Answer
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.http_errors import why
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.table import drift_table
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.table import outcome, table
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.reader import KNOWN_FIELDS, read_license
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.host import (
    describe_host,
    describe_signature,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.install import (
    download_said,
    installer_absent,
    judge_end,
    judge_installer,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.signature import Publisher
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.wait import End
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import TODAY
from ansible_collections.fleetops.parallels_ras.tests.unit.support.ci_readers import commands_in, PAYLOAD, texts_in
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_scripts import access_rows
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fleet_report import failed, read, report_of
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

SESSION: t.Final = ("farmGUID", "farmName", "connectedServer", "licensingServer")
OBSERVED: t.Final = ("computer", "os", "folder", "module", "module_version")


def _clean(value: t.Any) -> None:
    found = [text for text in texts_in(value) if commands_in(text)]
    assert found == []


def _answer(body: t.Any, status: int = 409) -> Answer:
    return Answer(status, "application/json", json.dumps(body).encode(), None, None)


def test_the_payload_has_a_command_for_every_reader() -> None:
    assert len(commands_in(PAYLOAD)) == 7


def test_the_farm_its_license_and_its_lists() -> None:
    _clean(farm_of(dict.fromkeys(SESSION, PAYLOAD)).as_dict())
    license_ = read_license(dict.fromkeys([*KNOWN_FIELDS, PAYLOAD], PAYLOAD), today=TODAY)
    _clean(license_.as_dict(TODAY))
    numbers = {"id": 1, "siteId": 1, "priority": 0}
    _clean([each.name for each in sites_of([{**numbers, "name": PAYLOAD}])])
    _clean([(each.server, each.ip) for each in brokers_of([{**numbers, "server": PAYLOAD, "ip": PAYLOAD}], None)])
    fields = ("server", "servertype", "agentstate", "agentver", "ip", PAYLOAD)
    _clean([each.as_dict() for each in read_agents([dict.fromkeys(fields, PAYLOAD)], "rest", None)])


@pytest.mark.parametrize(
    "answer",
    [{PAYLOAD: 1}, [{PAYLOAD: PAYLOAD}]],
)
def test_what_cannot_be_read_is_named(answer: t.Any) -> None:
    for broken in (
        lambda: read_license(answer, today=TODAY),
        lambda: read_agents(answer if isinstance(answer, list) else [answer], "rest", None),
        lambda: sites_of(answer if isinstance(answer, list) else [answer]),
    ):
        with pytest.raises(RasError) as caught:
            broken()
        _clean(caught.value.as_dict())


@pytest.mark.parametrize("name", ["msg", "title", "detail", "message"])
def test_refusals(name: str) -> None:
    _clean(words_of(_answer({name: PAYLOAD})))
    _clean(refusal_of(_answer({name: PAYLOAD, "code": PAYLOAD}), "activate").as_dict())


@pytest.mark.parametrize("cause", [PAYLOAD, OSError(1, PAYLOAD), ValueError(PAYLOAD), ssl.SSLError(1, PAYLOAD)])
def test_errors_of_the_connection(cause: t.Any) -> None:
    _clean(why(cause, 1.0))


def test_a_certificate() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    oids = x509.oid.NameOID
    text = PAYLOAD.replace("\0", "")[:60]
    name = x509.Name([x509.NameAttribute(oid, text) for oid in (oids.COMMON_NAME, oids.ORGANIZATION_NAME)])
    begin = dt.datetime(2026, 1, 1)
    other = x509.SubjectAlternativeName([x509.UniformResourceIdentifier("##vso[a.b]c"), x509.DNSName("::error::x")])
    cert = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin.replace(year=2027))
        .add_extension(other, critical=False)
        .sign(key, hashes.SHA256())
    )
    seen = tls._parse(cert.public_bytes(serialization.Encoding.DER))
    assert "vso[" in seen["names"][0]
    assert "error" in seen["subject"]
    _clean(seen)
    _clean(tls._parse(b"\x30\x03\x02\x01\x01"))


def test_a_host_its_installer_and_its_log() -> None:
    rows = [{PAYLOAD: PAYLOAD, "version": "1.2.3", "display_name": PAYLOAD}]
    _clean(describe_host({**dict.fromkeys(OBSERVED, PAYLOAD), "products": rows, "services": rows}))
    with pytest.raises(RasError) as caught:
        describe_host({"products": PAYLOAD})
    _clean(caught.value.as_dict())
    for signature in (
        {"sha256": PAYLOAD},
        {"sha256": "00", "status": PAYLOAD, "publisher": PAYLOAD},
        {"sha256": "00", "status": "Valid", "publisher": PAYLOAD},
    ):
        seen = {"is_private": True, **signature}
        refused = judge_installer(seen, "00", Publisher(), "https://x.example/a.msi")
        assert refused is not None
        _clean(refused.as_dict())
    answer = {
        **dict.fromkeys(("status", "status_message", "subject", "thumbprint", "sha256"), PAYLOAD),
        "chain": [PAYLOAD],
        "rows": [{**row, "owner": PAYLOAD} for row in access_rows(PAYLOAD, kind="file")],
        "administrator": None,
    }
    signature = describe_signature(PAYLOAD, answer)
    _clean(signature)
    for seen in (signature, {**signature, "sha256": "00"}, {**signature, "sha256": "00", "is_private": True}):
        refused = judge_installer(seen, "00", Publisher(), "https://x.example/a.msi")
        assert refused is not None
        _clean(refused.as_dict())
    for end in (
        *(End(code, PAYLOAD) for code in (1603, -1, None)),
        *(End(None, PAYLOAD, cause) for cause in ("installer_changed", "not_sent")),
    ):
        ended = judge_end(end, [PAYLOAD] * 20, "C:\\log")
        assert ended is not None
        _clean(ended.as_dict())
    _clean(installer_absent("https://x.example/a.msi", download_said("https://x.example/a.msi", PAYLOAD)).as_dict())


def test_tables_of_a_run_and_of_a_drift_check() -> None:
    """Whatever came into a record by another way: a report of another machine, a message of a connection plugin."""
    lost = outcome(PAYLOAD, {"state": "due", "failure": None}, {"unreachable": True, "msg": PAYLOAD})
    _clean(lost["message"])
    row = {**lost, "license": {"status": PAYLOAD, "account": {"email": PAYLOAD}}, "agents": PAYLOAD, "reason": PAYLOAD}
    _clean(table([row, {**row, "versions": [PAYLOAD, "1"], "code": None, "state": "ok"}]))
    report = report_of([failed(PAYLOAD, "bad_answer", PAYLOAD), read("tokyo", organization=PAYLOAD)], waivers=())
    report["survey"]["advice"] = PAYLOAD
    for selected in (None, [PAYLOAD], {PAYLOAD: PAYLOAD}):
        failure = {"message": PAYLOAD, "remedy": PAYLOAD}
        _clean(drift_table({**report, "verdict": "error", "failure": failure, "selected": selected}))


def test_one_long_name_does_not_push_the_columns_of_all_rows_apart() -> None:
    rows = [outcome(name, {"state": "ok", "failure": None}, None) for name in ("x" * 5000, *(["tokyo"] * 3000))]
    lines = table(rows)
    assert len(lines) == 3003
    assert max(len(line) for line in lines[2:]) < 200
    assert len(lines[1]) < 500
