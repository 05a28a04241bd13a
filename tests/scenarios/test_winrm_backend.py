# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The back end winrm over real WinRM: each generation four times, wrong passwords, secrets that stay on the wire."""

from __future__ import annotations

import typing as t
from collections import Counter

import pytest

from counts import count
from harness.cases import MODULE, shown, task
from harness.reading import secrets_in
from harness.rhythm import effects, Four, four_times
from harness.runner import Run, Runner
from harness.windows import asked, case, CONNECTION, OPTIONS, SILENT, windows_world
from harness.worlds import ACTIVE, ADMIN, EMAIL, FOREIGN, host_of, NONE, OTHER_EMAIL, SPLA_KEY
from leak.canaries import ACCOUNT, API, CANARIES, KEY
from leak.detector import Detector
from raslab.secrecy import mask_key
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor

GENERATIONS: t.Final = (18, 19, 20, 21)
WRONG: t.Final = "entirely wrong password"
LICENSE_INFO: t.Final = "fleetops.parallels_ras.license_info"
FARM_INFO: t.Final = "fleetops.parallels_ras.farm_info"


class Generations(t.NamedTuple):
    """Four runs, and the scripts and requests of each farm in each."""

    four: Four
    seen: list[dict[str, str]]
    lab: Runner


@pytest.fixture(scope="module")
def generations(start_lab: StartLab) -> Generations:
    """A new farm, a right one and a stranger's one of each generation, with nothing but WinRM."""
    farms: dict[str, dict[str, t.Any]] = {}
    for number in GENERATIONS:
        # A REST API that is switched off proves that nobody needs it.
        common = {"generation": number, "quirks": {"rest_enabled": False}}
        farms[f"fresh{number}"] = {**common, "license": NONE}
        farms[f"right{number}"] = {**common, "license": ACTIVE}
        farms[f"foreign{number}"] = {**common, "license": FOREIGN, "vars": {"mismatch": "reactivate"}}
    runner = start_lab(windows_world(farms))
    options = {
        **CONNECTION,
        "account_email": "{{ ras_account_email }}",
        "account_password": "{{ ras_account_password }}",
        "license_key": "{{ ras_license_key }}",
        "on_account_mismatch": "{{ mismatch | default('fail') }}",
    }
    seen: list[dict[str, str]] = []

    def run(check: bool) -> Run:
        done = runner.play([{"name": "License", MODULE: options}], "--diff", check=check)
        seen.append({farm: asked(runner, farm) for farm in farms})
        return done

    due = {f"{name}{number}": ["activated"] for name in ("fresh", "foreign") for number in GENERATIONS}
    return Generations(four_times(runner, run, expected=due), seen, runner)


def test_each_generation_is_brought_to_the_account_once(generations: Generations) -> None:
    four, _seen, runner = generations
    for farm in runner.lab.farms:
        held = runner.lab.farm(farm)["license"]
        assert (held["state"], held["account"], held["key"]) == ("active", EMAIL, mask_key(SPLA_KEY))
        for run in (four.apply, four.again, four.drift):
            result = run.license(host_of(farm))
            assert (result["backend_used"], result["findings"]) == ("winrm", [])
            assert shown(result) == "match/reported/match"
    for number in GENERATIONS:
        assert four.check.license(host_of(f"foreign{number}"))["account_match"] == "mismatch"
        count("scenario", f"winrm: generation {number}, fresh, right and foreign, four runs")


def test_it_takes_one_script_and_three_for_a_change(generations: Generations) -> None:
    check, apply, again, drift = generations.seen
    assert set(check.values()) == set(again.values()) == set(drift.values()) == {"ras_observe"}
    for farm, scripts in apply.items():
        is_right = farm.startswith("right")
        assert scripts == ("ras_observe" if is_right else "ras_observe ras_license_write ras_observe"), farm
    count("scenario", "winrm: one script, three for a change")


def test_nothing_secret_is_shown(generations: Generations) -> None:
    for run in generations.four.each():
        assert secrets_in(run) == []
    count("scenario", "winrm: masked")


def test_the_modules_that_read_report_the_same(generations: Generations) -> None:
    runner = generations.lab
    runner.lab.clear_journal()
    run = runner.play([{"name": "License", LICENSE_INFO: CONNECTION}, {"name": "Farm", FARM_INFO: CONNECTION}])
    assert run.rc == 0, run.output
    for farm in runner.lab.farms:
        (observed,) = run.results(LICENSE_INFO, host_of(farm))
        assert (observed["license"]["status"], observed["license"]["account"]["email"]) == ("active", EMAIL)
        assert observed["license"]["expires"]["date"] == "2031-12-31"
        (place,) = run.results(FARM_INFO, host_of(farm))
        assert place["farm"]["is_licensing_server"] is True
        assert place["farm"]["licensing_server"] == host_of(farm)
        assert place["service_version"].startswith(runner.lab.farm(farm)["version"])
        assert [site["licensing"] for site in place["sites"]] == [True]
        assert [broker["server"] for broker in place["brokers"]] == [host_of(farm)]
        assert asked(runner, farm) == "ras_observe ras_observe"
    assert runner.lab.problems() == []
    assert runner.lab.open_sessions() == []
    count("scenario", "winrm: license_info and farm_info")


def _codes(run: Run) -> Counter[str]:
    return Counter((result.get("failure") or {}).get("code", "ok") for result in run.results(MODULE))


def test_a_wrong_administrator_is_seen_by_two_farms_at_most(start_lab: StartLab) -> None:
    farms = {f"f{number}": case("winrm", ACTIVE) for number in range(6)}
    runner = start_lab(windows_world(farms, vault={"ras_api_password": WRONG}))
    run = runner.play([task(OPTIONS)])
    assert _codes(run) == {"api_credentials_rejected": 2, "not_tried": 4}
    assert len(runner.lab.journal(op="ras_observe")) == 2
    assert ADMIN in run.output
    assert WRONG not in run.output
    count("scenario", "winrm: one wrong RAS administrator, 6 farms")


def test_a_wrong_account_password_reaches_my_account_once(start_lab: StartLab) -> None:
    farms = {f"f{number}": case("winrm", NONE) for number in range(6)}
    runner = start_lab(windows_world(farms, vault={"ras_account_password": WRONG}))
    run = runner.play([task(OPTIONS)])
    assert _codes(run) == {"account_credentials_rejected": 1, "not_tried": 5}
    assert [each["result"] for each in runner.lab.attempts()] == ["credentials_rejected"]
    assert len(runner.lab.journal(op="ras_license_write")) == 1
    assert effects(runner) == {}
    count("scenario", "winrm: one wrong account password, 6 farms")


def test_no_secret_leaves_the_wire(start_lab: StartLab) -> None:
    """The payload of WinRM holds the secrets in plain text: on the controller nobody may see them."""
    made = windows_world(
        {
            "fresh": case("winrm", NONE),
            "echo": case(
                "winrm",
                NONE,
                {
                    "faults": [
                        {"kind": "vendor_text", "message": f"refused: {ACCOUNT.text} {KEY.text}", "on": "activate"}
                    ]
                },
                account_email=OTHER_EMAIL,
            ),
            "silent": case("auto", {**ACTIVE, "key": KEY.text}, SILENT),
            "lost": case("winrm", NONE, {"faults": [{"kind": "reset_after", "on": "ras_observe"}]}),
        },
        vault={
            "ras_account_password": ACCOUNT.text,
            "ras_api_password": API.text,
            "ras_license_key": KEY.text,
        },
    )
    made["defaults"]["admins"] = [{"username": ADMIN, "password": API.text}]
    company = made["my_account"]["accounts"][0]
    company["keys"].append({"key": KEY.text, "type": "spla", "expires": "2031-12-31"})
    for person in company["people"]:
        person["password"] = ACCOUNT.text
    runner = start_lab(made)
    run = runner.play([task(OPTIONS)], "-vvvv", "--diff")
    assert effects(runner) == {"fresh": ["activated"]}, run.output[-3000:]
    assert run.license(host_of("echo"))["failure"]["code"] == "activation_refused"
    assert run.license(host_of("lost"))["failure"]["code"] == "host_unreachable"
    assert run.license(host_of("silent"))["findings"][0]["rule"] == "account_by_winrm"
    assert "ESTABLISH WINRM CONNECTION" in run.output
    detector = Detector(CANARIES, {each["session"] for each in runner.lab.journal() if each["session"]})
    hits = detector.search("stdout", run.stdout) + detector.search("stderr", run.stderr)
    for path in [*run.files, runner.lab.log_path]:
        hits += detector.search(path.name, path.read_bytes())
    assert not hits, "\n".join(sorted({str(hit) for hit in hits}))
    count("canary", "license over winrm and auto, at -vvvv")
