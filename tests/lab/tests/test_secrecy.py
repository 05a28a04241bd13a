# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""No password, token or whole key in anything the lab shows or writes."""

from __future__ import annotations

import base64
import html
import json
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from labclient import Client, EMAIL, world
from raslab.secrecy import mask_key, Scrubber
from raslab.testing import Lab

CANARIES = {
    "account": 'Konto-"&<%\\ 秘密 geheim',
    "administrator": 'Verwalter-"&<%\\ 秘密 geheim',
    "vault": 'Tresor-"&<%\\ 秘密 geheim',
    "key": "CANARY-KEY123-CANARY-KEY456-CV55K2",
}


def _forms(secret: str) -> Iterator[str]:
    yield secret
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield html.escape(secret)
    yield urllib.parse.quote(secret)
    yield urllib.parse.quote_plus(secret)
    yield repr(secret)[1:-1]
    yield base64.b64encode(secret.encode()).decode()
    yield base64.b64encode(secret.encode("utf-16-le")).decode()


@pytest.fixture
def shown(tmp_path: Path) -> dict[str, str]:
    """Everything that a lab shows in the course of a life full of mishaps."""
    described = world([{"name": "tokyo"}, {"name": "osaka", "license": {"state": "trial"}}])
    described["vault"]["vault_extra"] = CANARIES["vault"]
    company = described["my_account"]["accounts"][0]
    company["people"][0]["password"] = CANARIES["account"]
    company["keys"].append({"key": CANARIES["key"]})
    described["defaults"]["admins"][0]["password"] = CANARIES["administrator"]
    tokens = []
    with Lab(described, tmp_path) as lab:
        client = Client(lab.farms["tokyo"]["url"], str(lab.ca_path))
        assert client.logon(password=CANARIES["administrator"]).status == 200
        tokens.append(str(client.token))
        client.activate(CANARIES["key"], EMAIL, "wrong-" + CANARIES["account"])
        assert client.activate(CANARIES["key"], EMAIL, CANARIES["account"]).status == 200
        client.logon(username=CANARIES["administrator"])
        client.ask("POST", "/api/License/activate", {CANARIES["account"]: 1})
        client.ask("GET", "/api/" + urllib.parse.quote(CANARIES["account"]))
        client.ask("GET", "/api/License?password=" + urllib.parse.quote_plus(CANARIES["account"]))
        client.ask("GET", "/api/License?" + urllib.parse.quote_plus(CANARIES["key"]) + "=1")
        lab.add_fault("tokyo", kind="hang_after", on="deactivate")
        client.timeout = 0.3
        client = Client(client.base, client.ca_path, client.token, timeout=0.3)
        with pytest.raises(Exception, match="timed out"):
            client.deactivate(EMAIL, CANARIES["account"])
        shown = {
            "state": json.dumps(lab.state(), ensure_ascii=False),
            "journal": json.dumps(lab.journal(), ensure_ascii=False),
            "attempts": json.dumps(lab.attempts(), ensure_ascii=False),
            "problems": json.dumps(lab.problems(), ensure_ascii=False),
            "sessions": json.dumps(lab.open_sessions(), ensure_ascii=False),
        }
        for path in tmp_path.rglob("*"):
            if path.is_file():
                shown[path.name] = path.read_text(encoding="utf-8")
        shown["tokens"] = "\n".join(tokens)
    shown["lab.log"] = lab.log_path.read_text(encoding="utf-8")
    return shown


def test_nothing_shows_a_secret(shown: dict[str, str]) -> None:
    tokens = shown.pop("tokens").split("\n")
    assert {"inventory.yml", "vault.yml", "ca.pem", "lab.json", "lab.log", "state", "journal"} <= set(shown)
    hits = [
        (where, name)
        for where, text in shown.items()
        for name, secret in [*CANARIES.items(), *(("token", token) for token in tokens)]
        for form in _forms(secret)
        if form in text
    ]
    assert hits == []
    assert "activated" in shown["journal"]
    assert "****-KE****-****-KE****-CV55K2" in shown["state"]


def test_mistakes_in_a_world_do_not_quote_it(tmp_path: Path) -> None:
    path = tmp_path / "world.yml"
    path.write_text('vault: {ras_account_password: "never-quote-me" unexpected}\n')
    lab = Lab(path, tmp_path / "lab")
    with pytest.raises(RuntimeError, match=r"no YAML \(line 1\)") as caught:
        lab.start()
    assert "never-quote-me" not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "masked"),
    [
        ("AB12CD-ME34EF-GH56IJ-B978KL-CV55K2", "****-ME****-****-B9****-CV55K2"),
        ("AB12CD-ME34EF-GH56IJ-B978KL-MN90CV-55K2XX", "****-ME****-****-B9****-****-55K2XX"),
        ("AB12CDME34EFGH56IJB978KLCV55K2", "****CV55K2"),
        ("short-key", "****"),
        ("one-very-long-last-group", "****-ve****-****-la****-group"),
        ("x-verylonglastgroup", "****tgroup"),
        (None, None),
    ],
)
def test_masks(key: str | None, masked: str | None) -> None:
    assert mask_key(key) == masked


def test_scrubbing_takes_the_longest_secret_first() -> None:
    scrub = Scrubber(["secret", "secret-and-more", "abc"])
    assert scrub("a secret-and-more abc") == "a ******** abc"
    assert scrub("x" * 300) == "x" * 200 + "..."
