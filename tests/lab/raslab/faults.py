# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on demand: what kinds there are, their parameters, and which one meets a request.

Five classes of kinds: *wire* faults replace or damage one answer, *answer* faults add to what it says, *host* faults
change how a host listens (closed port, another certificate), *model* faults change what an activation does or what My
Account says, *event* faults change what an install, a restart or an agent push does to a host.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from raslab.account import MyAccount
from raslab.journal import OPS, WINRM_OPS
from raslab.reading import flag, mapping, number, one_of, optional_text, Reader, text, texts, whole, WorldError
from raslab.texts import TEXTS

_TEXT_KEYS = tuple(TEXTS)
_WRITES = ("activate", "deactivate")
_ALL = OPS + WINRM_OPS


@dataclass(frozen=True)
class Kind:
    """One kind of fault: its class, the operations it can be set on, and its parameters with converter and default.

    ``any_ops`` is what ``any`` means for it, by default all that it can be set on.
    """

    cls: str
    ops: tuple[str, ...] = OPS
    any_ops: tuple[str, ...] | None = None
    params: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    shorthand: Mapping[str, Any] = field(default_factory=dict)


_HTML = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"
_STATUS_PARAMS: dict[str, tuple[Any, Any]] = {
    "status": (whole, None),
    "body": (lambda value, place: value, None),
    "headers": (mapping, {}),
    "content_type": (optional_text, None),
    "retry_after": (lambda value, place: value, None),
}


def _status(code: int, html: str | None = None) -> Kind:
    given: dict[str, Any] = {"status": code}
    if html:
        given.update(body=_HTML.format(html), content_type="text/html; charset=utf-8")
    params = {name: rule for name, rule in _STATUS_PARAMS.items() if name in ("headers", "retry_after")}
    return Kind("wire", params=params, shorthand=given)


KINDS: dict[str, Kind] = {
    # wire: never takes effect
    "reset_before": Kind("wire", _ALL, OPS),
    "hang": Kind("wire", _ALL, OPS),
    "babble": Kind("wire", _ALL, OPS, params={"text": (text, None)}),
    "status": Kind("wire", (*OPS, "winrm_open"), OPS, params=_STATUS_PARAMS),
    "http_403": _status(403),
    "http_429": _status(429),
    "http_500_html": _status(500, "500 - Internal server error."),
    "http_502": _status(502, "502 Bad Gateway"),
    "http_503": _status(503, "503 Service Unavailable"),
    "html_200": _status(200, "Parallels RAS Web Console"),
    "expire_session": Kind("wire"),
    "redirect": Kind("wire", params={"location": (optional_text, None)}),
    # wire: takes effect, the answer suffers
    "reset_after": Kind("wire", _ALL, OPS),
    "lose_answer": Kind("wire", _ALL, OPS),
    "hang_after": Kind("wire", _ALL, OPS),
    "truncated_json": Kind("wire"),
    "wrong_content_type": Kind("wire"),
    "huge": Kind("wire", params={"megabytes": (number, 3.0)}),
    # wire: takes effect only with where=body, for only then there is an answer to send slowly
    "drip": Kind("wire", params={"interval": (number, 0.2), "where": (one_of("status", "headers", "body"), "status")}),
    # host
    "refuse": Kind(
        "host", _ALL, OPS, params={"seconds": (number, None), "port": (one_of("rest", "winrm", "all"), "rest")}
    ),
    "tls_expired": Kind("host", params={"seconds": (number, None)}),
    "tls_foreign": Kind("host", params={"seconds": (number, None)}),
    "tls_wrong_name": Kind("host", params={"seconds": (number, None)}),
    "tls_self_signed": Kind("host", params={"seconds": (number, None), "name": (optional_text, None)}),
    # model
    "settle_late": Kind("model", _WRITES, params={"seconds": (number, 2.0)}),
    "vendor_unreachable": Kind("model", _WRITES),
    "vendor_text": Kind(
        "model", _WRITES, params={"message": (optional_text, None), "text": (one_of(*_TEXT_KEYS), None)}
    ),
    "refused_as": Kind(
        "model",
        ("logon", *_WRITES),
        params={name: rule for name, rule in _STATUS_PARAMS.items() if name in ("status", "body", "content_type")},
    ),
    "activate_wrong_account": Kind("model", ("activate",), params={"account": (optional_text, None)}),
    "activate_downgrade": Kind(
        "model", ("activate",), params={"what": (one_of("trial", "users", "expiry", "type"), "trial")}
    ),
    "attention_after": Kind("model", ("activate",), params={"message": (optional_text, None)}),
}
KINDS |= {
    # answer: takes effect, and the answer says more
    "add_text": Kind(
        "answer",
        _ALL,
        OPS,
        params={"text": (text, None), "only": (texts, None), "but": (texts, ()), "keys": (flag, False)},
    ),
    # event: what an install does
    "msiexec": Kind(
        "event",
        ("install",),
        params={
            "code": (whole, 1603),
            "log": (optional_text, None),
            "brought": (flag, False),
            "swapped": (optional_text, None),
        },
    ),
    "leaves_restart": Kind("event", ("install",)),
    "no_exit_code": Kind("event", ("install",)),
    "clock_moved": Kind("event", ("install",), params={"seconds": (number, 0.004)}),
    "winrm_lost": Kind("event", ("install",), params={"seconds": (number, 1.0), "delay": (number, 0.0)}),
    "restart_during": Kind("event", ("install",)),
    "service_stopped": Kind("event", ("install", "restart"), params={"service": (optional_text, None)}),
    "license_lost": Kind("event", ("install",), params={"what": (one_of("attention", "trial", "none"), "attention")}),
    "settings_staged": Kind("event", ("install", "push")),
    # event: what a restart does
    "restart_never_ends": Kind("event", ("restart",)),
    "restart_without_rest": Kind("event", ("restart",)),
    "restart_slow": Kind("event", ("restart",), params={"seconds": (number, 3.0)}),
    "promotion": Kind("event", ("restart",)),
    # event: what an agent push does
    "push_fails": Kind("event", ("push",), params={"state": (optional_text, "ConnectionFailed")}),
    "push_hangs": Kind("event", ("push",)),
    "push_needs_restart": Kind("event", ("push",)),
}
ALIASES = {"lose_answer": "reset_after"}


@dataclass
class Fault:
    """One fault of a farm; ``seen`` and ``fired`` count the matching requests and those it met."""

    id: int
    kind: str
    on: tuple[str, ...]
    host: str | None
    times: int
    after: int
    params: dict[str, Any]
    seen: int = 0
    fired: int = 0

    @property
    def cls(self) -> str:
        return KINDS[self.kind].cls

    @property
    def is_due(self) -> bool:
        """Whether the next matching request meets it (host faults: whether it is active now)."""
        if self.cls == "host":
            return self.seen >= self.after
        return self.seen >= self.after and (self.times < 0 or self.fired < self.times)

    def matches(self, op: str, host: str) -> bool:
        return op in self.on and self.host in (None, host)

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind,
            "on": "any" if self.on == KINDS[self.kind].any_ops or self.on == OPS else list(self.on),
            "host": self.host,
            "times": self.times,
            "after": self.after,
            "fired": self.fired,
            "due": self.is_due,
        }


def read_fault(data: Any, number_: int, hosts: tuple[str, ...], account: MyAccount, place: str) -> Fault:
    """A fault as a world or the control API writes it. Raises WorldError."""
    if isinstance(data, Mapping):  # YAML reads a bare ``on`` as true
        data = {"on" if key is True else key: value for key, value in data.items()}
    reader = Reader(data, place)
    name = reader.take("kind", one_of(*KINDS))
    kind = KINDS[name]
    fault = Fault(
        id=number_,
        kind=ALIASES.get(name, name),
        on=_ops(reader.take("on", lambda value, spot: value, "any"), kind, place),
        host=reader.take("host", optional_text, None),
        times=reader.take("times", whole, 1),
        after=reader.take("after", whole, 0),
        params=dict(kind.shorthand),
    )
    for param, (convert, default) in kind.params.items():
        value = reader.take(param, convert, default)
        fault.params.setdefault(param, value)
    reader.done()
    if fault.host is not None and fault.host not in hosts:
        raise WorldError(f"{place}: {fault.host} is not a host of this farm")
    landing = fault.params.get("account")
    if landing is not None and account.person(landing) is None:
        raise WorldError(f"{place}: {landing} belongs to no account")
    if name in ("status", "refused_as") and fault.params["status"] is None:
        raise WorldError(f"{place}: status is missing")
    if name == "vendor_text" and (fault.params["message"] is None) == (fault.params["text"] is None):
        raise WorldError(f"{place}: either message or text is needed")
    return fault


def _ops(value: Any, kind: Kind, place: str) -> tuple[str, ...]:
    if value == "any":
        return kind.any_ops or kind.ops
    named = tuple(text(item, f"{place}.on") for item in (value if isinstance(value, list) else [value]))
    for op in named:
        if op not in kind.ops:
            raise WorldError(f"{place}.on: {op} is none of {', '.join(kind.ops)}")
    return named


@dataclass
class Verdict:
    """The faults that meet one request or event: at most one on the wire, any number in the model."""

    wire: Fault | None = None
    model: list[Fault] = field(default_factory=list)
    hosts_changed: bool = False

    def find(self, kind: str) -> Fault | None:
        return next((fault for fault in self.model if fault.kind == kind), None)


class FaultBook:
    """The faults of one farm, oldest first."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self.faults.append(fault)

    def clear(self) -> None:
        self.faults.clear()

    def remove(self, number_: int) -> None:
        self.faults = [fault for fault in self.faults if fault.id != number_]

    def meet(self, op: str, host: str, only: str | None = None) -> Verdict:
        """Counts the request for every matching fault (of the class ``only``) and says which of them meet it."""
        verdict = Verdict()
        for fault in self.faults:
            if not fault.matches(op, host) or only not in (None, fault.cls):
                continue
            due = fault.is_due and (fault.cls != "wire" or verdict.wire is None)
            fault.seen += 1
            if fault.cls == "host":
                verdict.hosts_changed |= fault.is_due and not due
            elif due:
                fault.fired += 1
                if fault.cls == "wire":
                    verdict.wire = fault
                else:
                    verdict.model.append(fault)
        return verdict

    def closes(self, host: str, port: str) -> bool:
        """Whether an active fault closes ``port`` (``rest`` or ``winrm``) of ``host``."""
        return any(fault.kind == "refuse" and fault.params["port"] in (port, "all") for fault in self._active(host))

    def certificate(self, host: str) -> str | None:
        """The kind of the newest active certificate fault for ``host``, and after a colon the name that it shows."""
        kinds = [(fault.kind, fault.params.get("name")) for fault in self._active(host) if fault.kind != "refuse"]
        return ":".join(filter(None, kinds[-1])) if kinds else None

    def _active(self, host: str) -> list[Fault]:
        return [fault for fault in self.faults if fault.cls == "host" and fault.is_due and fault.host in (None, host)]
