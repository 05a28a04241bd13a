# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RAS 17 and 18 over REST: each name that the list of brokers may have there, none of them, and versions in doubt."""

from __future__ import annotations

import typing as t

from harness.cases import Case, changes, FOREIGN_SEEN, NO_KEY, NOBODY, nothing, refused, RIGHT
from harness.worlds import ACTIVE, FOREIGN, host_of, TRIAL

UNTRIED: t.Final = ("version_untried",)
# The names in the order in which they are tried, and the requests that each takes.
PATHS: t.Final = {
    "newest": ("connection_broker", "broker"),
    "middle": ("broker", "broker broker"),
    "oldest": ("pa", "broker broker broker"),
}
NO_NAME: t.Final = "broker broker broker"


def _common(number: int, **quirks: t.Any) -> dict[str, t.Any]:
    return {
        "farm": {"generation": number},
        "quirks": quirks,
        "token_alone": True,
        "always": UNTRIED if number == 17 else (),
    }


def _of_path(number: int, label: str) -> list[Case]:
    path, asked = PATHS[label]
    more = {**_common(number, broker_path=path), "placement": f"site {asked}"}
    name = f"v{number}-{label}"
    gone: dict[str, t.Any] = {"effects": ("deactivated",), "truth": ("deactivated", None, None)}
    cases = [
        changes(f"{name}-fresh", NOBODY, RIGHT, **more),
        nothing(f"{name}-right", RIGHT, license=ACTIVE, **_common(number, broker_path=path)),
        _second_broker(f"{name}-second", asked, _common(number, broker_path=path)),
    ]
    if label == "oldest":  # how these versions are expected to be
        cases += [
            changes(f"{name}-trial", NO_KEY, RIGHT, license=TRIAL, **more),
            changes(f"{name}-absent", RIGHT, NOBODY, license=ACTIVE, options={"state": "absent"}, **gone, **more),
        ]
    return cases


def _second_broker(name: str, asked: str, more: dict[str, t.Any]) -> Case:
    """The inventory takes the second broker for the licensing server: only the list of brokers shows that it is not."""
    second = f"cb2.{name}.example.com"
    hosts = [{"name": host_of(name), "member": True}, {"name": second, "member": False}]
    farm = {**more["farm"], "hosts": hosts}
    ops = f"logon license site {asked} logoff"
    return refused(name, "wrong_server", NOBODY, ops=ops, says=host_of(name), **{**more, "farm": farm, "host": second})


def _without_a_name(number: int, form: str) -> list[Case]:
    """Whether a server is the right one is not known, and only the user can say that it is."""
    more = _common(number, broker_path="none", missing_path=form)
    name = f"v{number}-none-{form}"
    ops = f"logon license site {NO_NAME} logoff"
    says = "allow_unverified_server=true"
    return [
        refused(f"{name}-fresh", "wrong_server", NOBODY, ops=ops, says=says, findings=("brokers_unknown",), **more),
        changes(f"{name}-allowed", NOBODY, RIGHT, options={"allow_unverified_server": True}, **more),
        nothing(f"{name}-right", RIGHT, license=ACTIVE, **more),
    ]


CASES: t.Final[list[Case]] = [
    *(case for number in (17, 18) for label in PATHS for case in _of_path(number, label)),
    *(case for number in (17, 18) for form in ("problem", "bare") for case in _without_a_name(number, form)),
    changes("v17-bare-fresh", NOBODY, RIGHT, placement=f"site {NO_NAME}", **_common(17, missing_path="bare")),
    refused("v17-foreign", "account_mismatch", FOREIGN_SEEN, license=FOREIGN, **_common(17)),
    # Which version it is cannot be learned: it is read, and written to, as carefully as any.
    changes(
        "unknown-fresh",
        NOBODY,
        RIGHT,
        placement=f"site {NO_NAME}",
        **{**_common(18, version_path="absent"), "always": UNTRIED},
    ),
    nothing("unknown-right", RIGHT, license=ACTIVE, **{**_common(17, version_path="absent"), "always": UNTRIED}),
    refused(
        "v16",
        "product_too_old",
        None,
        ops="logon logoff",
        says="RAS 16.2.19160",
        farm={"generation": 17, "version": "16.2.1.19160"},
        token_alone=True,
    ),
]
