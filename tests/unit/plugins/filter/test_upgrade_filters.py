# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of an upgrade: how they read what templates hand over."""

from __future__ import annotations

import hashlib
import os
import pathlib
import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.fleetops.parallels_ras.plugins.filter.installer_check import installer_check
from ansible_collections.fleetops.parallels_ras.plugins.filter.installer_verdict import installer_verdict
from ansible_collections.fleetops.parallels_ras.plugins.filter.snapshot_compare import snapshot_compare
from ansible_collections.fleetops.parallels_ras.plugins.filter.upgrade_plan import upgrade_plan
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import active, TODAY

_MSI = pathlib.Path(__file__).resolve().parents[3] / "lab" / "msi"
RAS = _MSI / "RASInstaller-20.2.26050.msi"
SHA256 = hashlib.sha256(RAS.read_bytes()).hexdigest()
HOST: t.Final[dict[str, t.Any]] = {
    "version": "20.2.26050",
    "module": "RASAdmin",
    "reboot_pending": False,
    "file_renames": False,
    "installer_running": False,
    "disk_free_bytes": 2**36,
    "product_disk_free_bytes": 2**36,
    "sessions": 0,
    "services": [],
    "is_broker": False,
    "uptime_seconds": 5,
}


def _code(outcome: dict[str, t.Any]) -> str | None:
    """The code of a failure, which a role can read on."""
    if outcome:
        assert set(outcome["failure"]) == {"code", "message", "remedy", "observed"}
        assert outcome["failure"]["remedy"]
    return outcome["failure"]["code"] if outcome else None


class TestInstallerVerdict:
    """The file on the host."""

    SEEN: t.Final = {"signature": {"sha256": "ab", "is_private": True, "status": "Valid", "publisher": "Alludo, Inc."}}

    @pytest.mark.parametrize(
        ("publisher", "check", "code"),
        [
            (None, True, "installer_untrusted"),
            ("Alludo, Inc.", True, None),
            (["Parallels", "Alludo, Inc. "], True, None),
            ("Alludo", True, "installer_untrusted"),
            ("", True, "invalid_option"),
            ([], True, "invalid_option"),
            ([], "maybe", "invalid_option"),
            ([], False, None),
            (None, "no", None),
        ],
    )
    def test_who_may_have_signed(self, publisher: t.Any, check: t.Any, code: str | None) -> None:
        found = installer_verdict(self.SEEN, "ab", publisher, "https://example.com/a.msi", None, check)
        assert found.get("code") == code
        if code == "installer_untrusted":
            assert found["observed"]["publisher"] == "Alludo, Inc."
            assert found["observed"]["reason"] == "other_publisher"


class TestInstallerCheck:
    """The file on the controller."""

    @pytest.mark.parametrize("sha256", [None, "", SHA256, f" {SHA256.upper()}\n"])
    def test_the_wanted_file(self, sha256: str | None) -> None:
        assert installer_check(str(RAS), "20.2.0.26050", sha256) == {}
        assert installer_check(RAS, "20.2.26050", sha256=sha256) == {}

    @pytest.mark.parametrize("publisher", ["", [], [""], 5])
    def test_a_publisher_that_cannot_be_expected_is_reported_at_once(self, publisher: t.Any) -> None:
        outcome = installer_check(str(RAS), "20.2.26050", SHA256, "", publisher)
        assert _code(outcome) == "invalid_option"
        assert "ras_installer_publisher" in outcome["failure"]["message"]
        assert _code(installer_check(str(RAS), "20.2.26050", SHA256, "", None, "ture")) == "invalid_option"
        if publisher != 5:
            assert installer_check(str(RAS), "20.2.26050", SHA256, "", publisher, False) == {}

    def test_another_checksum_is_reported_before_anything_else(self) -> None:
        outcome = installer_check(RAS, "21.2.28000", "0" * 64)
        assert _code(outcome) == "installer_mismatch"
        assert outcome["failure"]["observed"] == {"sha256": SHA256}

    @pytest.mark.parametrize(
        ("name", "code"),
        [("OtherProduct-1.0.7.msi", "installer_mismatch"), ("missing.msi", "invalid_option")],
    )
    def test_another_file(self, name: str, code: str) -> None:
        assert _code(installer_check(_MSI / name, "20.2.26050")) == code

    def test_a_file_that_is_not_signed_or_by_somebody_else(self) -> None:
        for name, publisher, check, code in (
            ("unsigned-21.2.28000.msi", None, True, "installer_untrusted"),
            ("unsigned-21.2.28000.msi", None, False, "installer_untrusted"),
            ("foreign-21.2.28000.msi", None, True, "installer_untrusted"),
            ("foreign-21.2.28000.msi", ["Somebody Else Ltd (simulated)"], True, None),
            ("foreign-21.2.28000.msi", None, False, None),
        ):
            outcome = installer_check(_MSI / name, "21.2.28000", None, None, publisher, check)
            assert _code(outcome) == code

    def test_a_relative_path_counts_from_where_ansible_was_started(
        self, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.chdir(_MSI.parent)
        assert installer_check(f"msi/{RAS.name}", "20.2.26050", SHA256) == {}
        (tmp_path / "ras.msi").symlink_to(RAS)
        assert installer_check("~/ras.msi", "20.2.26050", SHA256) == {}
        failure = installer_check("gone.msi", "20.2.26050", SHA256)["failure"]
        assert (failure["code"], str(_MSI.parent / "gone.msi") in failure["message"]) == ("invalid_option", True)

    @pytest.mark.parametrize("kind", ["folder", "fifo", "device"])
    def test_what_is_no_file_is_not_waited_for(self, tmp_path: pathlib.Path, kind: str) -> None:
        os.mkfifo(tmp_path / "fifo")
        path = {"folder": tmp_path, "fifo": tmp_path / "fifo", "device": "/dev/zero"}[kind]
        assert _code(installer_check(path, "20.2.26050", SHA256)) == "invalid_option"

    def test_another_version(self) -> None:
        assert _code(installer_check(RAS, "21.2.28000", SHA256)) == "installer_mismatch"


class TestUpgradePlan:
    """What ``host_info`` returns, and options as templates write them."""

    def test_options_may_be_texts_and_nothing(self) -> None:
        plan = upgrade_plan(
            {**HOST, "disk_free_bytes": str(2**30)},
            "21.2.28000",
            reboot="auto",
            min_free_gb="0.5",
            agents=[Agent("cb1", "broker", state="OK", version="20.2.0.26050").as_dict()],
            support_expires="2020-01-31",
            brokers="2",
            auto_promotion_minutes="15",
            expected_outage_minutes=None,
            today="2026-11-24",
        )
        states = {name: check["state"] for name, check in plan["checks"].items()}
        assert (plan["needed"], plan["failure"]) == (True, None)
        assert {name: states[name] for name in ("disk", "agents", "license_support", "auto_promotion")} == {
            "disk": "ok",
            "agents": "ok",
            "license_support": "warning",
            "auto_promotion": "warning",
        }

    def test_the_day_is_the_controllers_when_not_given(self) -> None:
        plan = upgrade_plan(HOST, "20.2.26050", support_expires="2020-01-31")
        assert plan["checks"]["license_support"]["state"] == "warning"
        assert not plan["needed"]

    def test_the_folder_for_the_settings_must_be_writable(self, tmp_path: pathlib.Path) -> None:
        (tmp_path / "file").touch()
        for folder, state in ((tmp_path / "new" / "deep", "ok"), (tmp_path / "file" / "below", "failed")):
            plan = upgrade_plan(HOST, "21.2.28000", backup_dest=str(folder))
            assert plan["checks"]["backup_target"]["state"] == state
        assert not (tmp_path / "new").exists()

    def test_a_host_without_the_product(self) -> None:
        assert upgrade_plan({**HOST, "version": None}, "20.2.26050")["failure"]["code"] == "product_missing"

    def test_a_refusal_is_data(self) -> None:
        failure = upgrade_plan({**HOST, "installer_running": True}, "21.2.28000")["failure"]
        assert _code({"failure": failure}) == "upgrade_blocked"

    @pytest.mark.parametrize("name", ["disk_free_bytes", "product_disk_free_bytes", "sessions"])
    def test_what_is_missing_is_not_taken_as_good(self, name: str) -> None:
        host = {each: value for each, value in HOST.items() if each != name}
        failure = upgrade_plan(host, "21.2.28000")["failure"]
        assert failure["code"] == "upgrade_blocked"
        assert "is not known" in failure["message"]

    def test_a_host_on_which_ras_may_be(self) -> None:
        host = {**HOST, "version": None, "installed": None, "unread": [{"source": "products", "why": "no right"}]}
        failure = upgrade_plan(host, "21.2.28000")["failure"]
        assert (failure["code"], "no right" in failure["message"]) == ("bad_answer", True)

    @pytest.mark.parametrize("name", ["reboot_pending", "installer_running"])
    @pytest.mark.parametrize("value", [None, 1, 0, "", "maybe"])
    def test_what_is_not_known_is_not_taken_as_good(self, name: str, value: t.Any) -> None:
        failure = upgrade_plan({**HOST, name: value}, "21.2.28000", reboot="auto")["failure"]
        assert failure["code"] == "upgrade_blocked"
        assert "is not known" in failure["message"]

    @pytest.mark.parametrize(
        ("host", "options", "word"),
        [
            ({**HOST, "disk_free_bytes": "much"}, {}, "much"),
            ({name: value for name, value in HOST.items() if name != "reboot_pending"}, {}, "reboot_pending"),
            ("text", {}, "upgrade_plan"),
            (None, {}, "upgrade_plan"),
            (HOST, {"reboot": "always"}, "always"),
            (HOST, {"brokers": "two"}, "two"),
            (HOST, {"support_expires": "31/01/2027"}, "31/01/2027"),
            (HOST, {"agents": ["cb1"]}, "agents_info"),
            (HOST, {"color": "red"}, "color"),
            (HOST, {"allow_unknown": ["disc"]}, "disc"),
            ({**HOST, "sessions": "many"}, {}, "many"),
        ],
    )
    def test_a_mistake_is_one_sentence(self, host: t.Any, options: dict[str, t.Any], word: str) -> None:
        with pytest.raises(AnsibleFilterError, match=word):
            upgrade_plan(host, "21.2.28000", **options)


class TestSnapshotCompare:
    """Readings as the modules return them."""

    BEFORE: t.ClassVar = {"license": active().as_dict(TODAY), "services": [{"name": "RAS X", "status": "Running"}]}
    AFTER: t.ClassVar = {"license": active(users_licensed=1).as_dict(TODAY), "services": []}

    def test_what_is_worse_and_what_was_not_compared(self) -> None:
        outcome = snapshot_compare(self.AFTER, self.BEFORE)
        assert [(each["area"], each["item"]) for each in outcome["worse"]] == [
            ("license", "users"),
            ("services", "RAS X"),
        ]
        assert outcome["not_compared"] == ["farm", "sites", "brokers", "agents"]

    @pytest.mark.parametrize("exclude", ["license", ["license"], ("license",)])
    def test_excludes(self, exclude: t.Any) -> None:
        outcome = snapshot_compare(self.AFTER, self.BEFORE, exclude)
        assert [each["area"] for each in outcome["worse"]] == ["services"]
        assert "farm" in outcome["not_compared"]
        assert snapshot_compare({}, {}, ["farm"])["not_compared"][0] == "license"

    def test_a_farm_as_before(self) -> None:
        assert snapshot_compare(self.BEFORE, self.BEFORE, None)["worse"] == []

    def test_the_wanted_account_and_version(self) -> None:
        agents = [Agent("cb1", "broker", state="OK", version="20.2.0.26050").as_dict()]
        before = {"license": active(account_email="old@example.com").as_dict(TODAY), "agents": agents}
        after = {"license": active(account_email="new@example.com").as_dict(TODAY), "agents": agents}
        options = {"expected_account": "new@example.com", "expected_version": "21.2.28000"}
        assert [each["area"] for each in snapshot_compare(after, before, **options)["worse"]] == ["agents"]
        assert [each["area"] for each in snapshot_compare(after, before)["worse"]] == ["account"]

    @pytest.mark.parametrize(
        ("after", "before", "exclude"),
        [
            ({}, {}, ["lisence"]),
            ({}, {"unheard": 1}, []),
            ({"sites": [{}]}, {}, []),
            ({"license": "x"}, {}, []),
            (None, {}, []),
            ({"agents": [None]}, {}, []),
        ],
    )
    def test_a_mistake_is_one_sentence(self, after: t.Any, before: t.Any, exclude: t.Any) -> None:
        with pytest.raises(AnsibleFilterError, match=r"exclude|snapshot_compare"):
            snapshot_compare(after, before, exclude)
