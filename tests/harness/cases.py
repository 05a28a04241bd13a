# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases for the license module: one farm a case, hundreds of farms in one world, four runs for all of them."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace

from .worlds import EMAIL, host_of, SPLA_KEY

MODULE: t.Final = "fleetops.parallels_ras.license"
WRITES: t.Final = frozenset({"activate", "deactivate", "apply"})
RUNS: t.Final = ("check", "apply", "again", "drift")
_OPS_OF_EFFECT: t.Final = {
    "activated": "activate license",
    "deactivated": "deactivate license",
    "settings_applied": "apply",
}

# What account_match, account_evidence and key_match say, as "match/evidence/key".
NOBODY: t.Final = "unknown/none/unknown"
RIGHT: t.Final = "match/reported/match"
NO_KEY: t.Final = "match/reported/unknown"
OTHER_KEY_SEEN: t.Final = "match/reported/mismatch"
FOREIGN_SEEN: t.Final = "mismatch/reported/mismatch"
FOREIGN_NO_KEY: t.Final = "mismatch/reported/unknown"
BY_KEY: t.Final = "match/key/match"
ACTIVATED_NOW: t.Final = "match/activated_now/match"

READ_ONLY: t.Final = "logon license logoff"
REFUSED_WRITE: t.Final = "logon license activate logoff"
NEVER_IN: t.Final = "logon"


@dataclass(frozen=True)
class Expect:
    """What one run shows of one farm.

    :ivar seen: "match/evidence/key"; None when the run never got as far as the license.
    :ivar ops: the requests in their order, for a reader; None when their number depends on time.
    """

    seen: str | None
    code: str | None = None
    changed: bool = False
    effects: tuple[str, ...] = ()
    ops: str | None = READ_ONLY
    says: str = ""
    findings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """A farm as it is found, what is wanted of it, and what each of the four runs must show."""

    name: str
    check: Expect
    apply: Expect
    again: Expect
    drift: Expect
    license: t.Mapping[str, t.Any] = field(default_factory=lambda: {"state": "none"})
    options: t.Mapping[str, t.Any] = field(default_factory=dict)
    quirks: t.Mapping[str, t.Any] = field(default_factory=dict)
    faults: tuple[t.Mapping[str, t.Any], ...] = ()
    farm: t.Mapping[str, t.Any] = field(default_factory=dict)
    host: str = ""
    token_alone: bool = False  # the logon names no farm, as up to RAS 19: the version is asked for right after it
    always: tuple[str, ...] = ()  # findings of each run, whatever else it finds
    late: bool = False  # runs after all others, in the same run
    truth: tuple[str, str | None, str | None] | None = None

    def expected(self, run: str) -> Expect:
        """What this run must show."""
        expect = t.cast("Expect", getattr(self, run))
        expect = replace(expect, findings=expect.findings + self.always)
        if self.token_alone and expect.ops is not None:
            expect = replace(expect, ops=expect.ops.replace("logon", "logon version"))
        return expect

    @property
    def inventory_host(self) -> str:
        """The host of the inventory that belongs to the farm."""
        return self.host or host_of(self.name)


def _with_placement(ops: str | None, placement: str) -> str | None:
    return ops.replace("logon license", f"logon license {placement}".rstrip(), 1) if ops else ops


def nothing(name: str, seen: str, *, findings: tuple[str, ...] = (), **more: t.Any) -> Case:
    """A farm that is as wanted: three requests, nothing else, four times."""
    same = Expect(seen, findings=findings)
    return Case(name, same, same, same, same, **more)


def refused(
    name: str,
    code: str,
    seen: str | None,
    *,
    says: str = "",
    findings: tuple[str, ...] = (),
    ops: str = READ_ONLY,
    **more: t.Any,
) -> Case:
    """A farm that is refused before anything is sent, in check mode just as without."""
    same = Expect(seen, code, ops=ops, says=says, findings=findings)
    return Case(name, same, same, same, same, **more)


def changes(
    name: str,
    before: str,
    now: str,
    *,
    effects: tuple[str, ...] = ("activated",),
    after: str | None = None,
    findings: tuple[str, ...] = (),
    findings_after: tuple[str, ...] = (),
    placement: str = "",
    ops: str | None = "",
    truth: tuple[str, str | None, str | None] | None = ("active", EMAIL, SPLA_KEY),
    **more: t.Any,
) -> Case:
    """A farm that is brought to the wanted state by the second run and left alone ever after.

    :param now: what the run that changed it shows; ``after`` what later runs show, if that differs.
    :param placement: the requests that settle whether this is the licensing server, where the farm does not say so.
    """
    steps = " ".join(_OPS_OF_EFFECT[effect] for effect in effects)
    full = _with_placement(f"logon license {steps} logoff", placement) if ops == "" else ops
    planned = Expect(before, changed=True, ops=_with_placement(READ_ONLY, placement), findings=findings)
    applied = Expect(now, changed=True, effects=effects, ops=full, findings=findings)
    later = Expect(after or now, findings=findings_after)
    return Case(name, planned, applied, later, later, truth=truth, **more)


def vendor_refuses(
    name: str, code: str, before: str, *, says: str = "", ops: str | None = REFUSED_WRITE, **more: t.Any
) -> Case:
    """A farm whose change is planned and then refused by the vendor each time: one request, no effect."""
    planned = Expect(before, changed=True)
    applied = Expect(before, code, ops=ops, says=says)
    return Case(name, planned, applied, applied, planned, **more)


def spoiled(
    name: str,
    code: str,
    before: str,
    now: str,
    *,
    again: Expect,
    drift: Expect | None = None,
    says: str = "",
    ops: str | None = "logon license activate license logoff",
    effects: tuple[str, ...] = ("activated",),
    findings: tuple[str, ...] = (),
    **more: t.Any,
) -> Case:
    """A farm whose change takes effect and leaves it other than wanted; what the next run finds is the case's own.

    :param findings: of the license that the change left.
    """
    planned = Expect(before, changed=True)
    applied = Expect(now, code, changed=True, effects=effects, ops=ops, says=says, findings=findings)
    return Case(
        name, planned, applied, again, drift or replace(again, changed=False, effects=(), ops=READ_ONLY), **more
    )


def farms_of(cases: t.Iterable[Case]) -> dict[str, dict[str, t.Any]]:
    """The farms of a world, each with the case's options as a variable of its host."""
    farms = {}
    for case in cases:
        farm: dict[str, t.Any] = {"license": dict(case.license), "quirks": dict(case.quirks), **case.farm}
        farm["faults"] = [dict(fault) for fault in case.faults]
        variables = {"case": dict(case.options)}
        if case.host:
            # farm variables go to the licensing server, and this case's host is another one
            farm["hosts"] = [
                {**host, "vars": variables} if host["name"] == case.host else host for host in farm["hosts"]
            ]
        else:
            farm["vars"] = {**farm.get("vars", {}), **variables}
        farms[case.name] = farm
    return farms


def task(names: t.Iterable[str], **more: t.Any) -> dict[str, t.Any]:
    """A task of the license module that takes every option of these names from the host's variable ``case``.

    The account, the key and the connection have defaults; a case takes one of them away with an empty text.
    """
    defaults = {
        "account_email": "ras_account_email",
        "account_password": "ras_account_password",
        "license_key": "ras_license_key",
        "api_url": "'https://' ~ ansible_host ~ ':20443'",
        "api_username": "ras_api_username",
        "api_password": "ras_api_password",
        "ca_path": "ras_ca_path",
        # The inventory declares WinRM for hosts that have none: when it is asked is the matter of other scenarios.
        "backend": "'rest'",
        "timeout": "20",
        "settle_timeout": "20",
    }
    options = {
        name: f"{{{{ omit if case.{name} | default(none) == '' else case.{name} | default({default}) }}}}"
        for name, default in ((name, defaults.get(name, "omit")) for name in names)
    }
    return {"name": "Case", MODULE: options, "ignore_errors": True, **more}


def shown(result: t.Mapping[str, t.Any]) -> str | None:
    """ "match/evidence/key" of a result; None when it holds no license."""
    if "license" not in result:
        return None
    return f"{result['account_match']}/{result['account_evidence']}/{result['key_match']}"


def differences(
    case: Case, run: str, record: t.Mapping[str, t.Any], journal: t.Sequence[t.Mapping[str, t.Any]]
) -> list[str]:
    """What of a farm's run is not as expected.

    :param record: the line of the record callback for the farm's task.
    :param journal: the lab's, of this farm and this run.
    """
    expect, result = case.expected(run), record["result"]
    effects = tuple(
        each["effect"] for each in journal if each["effect"] in ("activated", "deactivated", "settings_applied")
    )
    failure = result.get("failure") or {}
    pairs: list[tuple[str, t.Any, t.Any]] = [
        ("seen", expect.seen, shown(result)),
        ("code", expect.code, failure.get("code")),
        ("changed", expect.changed, result.get("changed")),
        ("failed", expect.code is not None, record["kind"] != "ok"),
        ("effects", expect.effects, effects),
        ("findings", sorted(expect.findings), sorted(each["rule"] for each in result.get("findings", []))),
        ("traceback", False, "Traceback" in str(result.get("exception"))),
    ]
    if expect.ops is not None:
        pairs.append(("requests", expect.ops, " ".join(each["op"] for each in journal)))
    if run in ("check", "drift"):
        pairs.append(("writes in check mode", [], [each["op"] for each in journal if each["op"] in WRITES]))
    wrong = [f"{run}: {what}: expected {want!r}, observed {have!r}" for what, want, have in pairs if want != have]
    if expect.says and expect.says not in result.get("msg", ""):
        wrong.append(f"{run}: message: expected {expect.says!r} in {result.get('msg')!r}")
    if expect.code and not (failure.get("message") and failure.get("remedy")):
        wrong.append(f"{run}: a failure without message or remedy: {failure}")
    return wrong
