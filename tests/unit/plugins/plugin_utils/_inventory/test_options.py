# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The farms of an inventory file: what is refused, what is common, and what the playbooks are handed."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._inventory import FarmEntry
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._inventory.options import plain, wanted_farms
from ansible_collections.fleetops.parallels_ras.tests.unit.support.certificates import Certificate

PASSWORD: t.Final = "the administrator's secret"
COMMON: t.Final = {"api_username": "svc@example.com", "api_password": PASSWORD}
TOKYO: t.Final = {"name": "tokyo", "api_url": "https://cb1.tokyo.example.com:20443"}


def entries(farms: t.Any, folder: str = "/", **common: t.Any) -> list[FarmEntry]:
    """The entries of these farms."""
    return [entry for entry, _backend in wanted_farms(farms, {**COMMON, **common}, folder, Scrubber())]


def test_a_plain_farm() -> None:
    assert entries([TOKYO]) == [FarmEntry("tokyo", TOKYO["api_url"], None, {})]
    assert entries([TOKYO])[0].group == "ras_farm_tokyo"
    assert entries([{**TOKYO, "name": "New York 1"}])[0].group == "ras_farm_New_York_1"


def test_what_the_playbooks_need_is_handed_on_and_nothing_else() -> None:
    farm = {**TOKYO, "organization": "a", "cert_fingerprint": "ab" * 32, "timeout": 5}
    (entry,) = entries([farm], validate_certs=False, proxy="http://proxy:3128")
    assert entry.organization == "a"
    assert entry.variables == {
        "ras_validate_certs": False,
        "ras_cert_fingerprint": "ab" * 32,
        "ras_proxy": "http://proxy:3128",
    }


def test_a_farm_overrules_what_is_common() -> None:
    (entry,) = entries([{**TOKYO, "validate_certs": True}], validate_certs=False, proxy="http://proxy:3128")
    assert entry.variables == {"ras_proxy": "http://proxy:3128"}


def test_a_path_is_relative_to_the_file(certificate: Certificate) -> None:
    path = certificate.authority
    (entry,) = entries([TOKYO], folder=str(path.parent), ca_path=path.name)
    assert entry.variables == {"ras_ca_path": str(path)}


@pytest.mark.parametrize(
    ("farms", "common", "says"),
    [
        ([], {}, "farms lists no farm"),
        ({"tokyo": {}}, {}, "farms lists no farm"),
        (["tokyo"], {}, "farms[0] is not a farm"),
        ([TOKYO, {"name": "osaka"}], {}, "farms[1] (osaka): missing required arguments: api_url"),
        ([{"api_url": "https://x"}], {}, "farms[0] (no name): missing required arguments: name"),
        ([{**TOKYO, "name": " "}], {}, "the name is empty"),
        ([{**TOKYO, "api_pasword": PASSWORD}], {}, "api_pasword"),
        ([{**TOKYO, "timeout": 0}], {}, "expected 1 to 3600 seconds, observed 0"),
        ([{**TOKYO, "timeout": "soon"}], {}, "timeout"),
        ([TOKYO], {"api_password": "short"}, "api_password is too short"),
        ([TOKYO], {"api_password": None}, "farms[0] (tokyo): api_password must be text: expected a text in quotes"),
        ([TOKYO], {"api_username": 12345678}, "api_username must be text"),
        ([{**TOKYO, "proxy": None}], {}, "proxy must be text"),
        ([{**TOKYO, "name": 12}], {}, "farms[0] (no name): name must be text"),
        ([{**TOKYO, "api_password": [PASSWORD]}], {}, "observed a list"),
        ([{**TOKYO, "api_url": f"https://svc:{PASSWORD}@x"}], {}, "tokyo: api_url must not hold a user or password"),
        ([{**TOKYO, "api_url": "http://cb1"}], {}, "tokyo: api_url cannot be used"),
        ([TOKYO], {"proxy": "http://user@proxy:3128"}, "tokyo: proxy cannot be used"),
        ([TOKYO], {"ca_path": "missing.pem"}, "observed '/missing.pem'"),
        ([{**TOKYO, "name": "a-b"}, {**TOKYO, "name": "a b"}], {}, "Two farms would share the group ras_farm_a_b"),
    ],
)
def test_refusals(farms: t.Any, common: dict[str, t.Any], says: str) -> None:
    with pytest.raises(RasError) as failure:
        entries(farms, **common)
    assert failure.value.code == "invalid_option"
    assert says in failure.value.message
    assert PASSWORD not in failure.value.message


def test_every_password_is_known_to_the_scrubber() -> None:
    scrubber = Scrubber()
    wanted_farms([TOKYO, {**TOKYO, "name": "osaka", "api_password": "quite another one"}], COMMON, "/", scrubber)
    assert scrubber.text(f"{PASSWORD} quite another one") == "******** ********"


def test_also_one_that_is_refused() -> None:
    scrubber = Scrubber()
    with pytest.raises(RasError):
        wanted_farms([{**TOKYO, "api_password": "with a\nline break"}], COMMON, "/", scrubber)
    assert "line break" not in scrubber.text("with a\nline break")


def test_plain_data_has_lost_the_marks_of_ansible() -> None:
    class Marked(str):
        pass

    value = plain({Marked("a"): [Marked("b"), 1, None, True, (Marked("c"),)]})
    assert value == {"a": ["b", 1, None, True, ["c"]]}
    assert {type(value["a"][0]), type(next(iter(value)))} == {str}
