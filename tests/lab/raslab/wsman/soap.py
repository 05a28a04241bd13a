# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""SOAP 1.2 envelopes of WS-Management ([MS-WSMV]): requests read by namespace, answers and faults written."""

from __future__ import annotations

import base64
import re
import uuid
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from xml.sax.saxutils import escape

SOAP = "http://www.w3.org/2003/05/soap-envelope"
ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
WSMAN = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer"
_FAULT_DETAIL = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
_FAULT_ACTION = "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault"
CONTENT_TYPE = "application/soap+xml;charset=UTF-8"

# [MS-WSMV] and winerror.h; clients receive again on the first, and treat the others as errors
OPERATION_TIMED_OUT = (2150858793, "TimedOut", "The WS-Management service cannot complete the operation in time.")
UNKNOWN_SHELL = (2150858843, "InvalidSelectors", "The request contained invalid selectors for the resource.")
UNKNOWN_ACTION = (2150858817, "ActionNotSupported", "The action is not supported by the service.")
UNKNOWN_RESOURCE = (2150858752, "InvalidParameter", "The WS-Management service cannot process the resource URI.")

_DURATION = re.compile(r"PT(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")
_DEFAULT_TIMEOUT = 60.0


class BadEnvelope(ValueError):
    """Something that is no WS-Management request."""


@dataclass
class Request:
    """One request; ``timeout`` is its OperationTimeout in seconds."""

    action: str
    message_id: str
    resource: str
    shell_id: str
    timeout: float
    options: dict[str, str]
    root: ET.Element

    @property
    def verb(self) -> str:
        """Create, Command, Send, Receive, Signal or Delete."""
        return self.action.rsplit("/", 1)[-1]

    @property
    def command_id(self) -> str:
        """The CommandId that the body names, or an empty string."""
        return next((node.get("CommandId", "") for node in self.root.iter() if node.get("CommandId")), "")

    @property
    def command_line(self) -> str:
        """Command and arguments joined as the Windows side joins them."""
        parts = [self.root.findtext(f".//{{{SHELL}}}Command") or ""]
        parts += [node.text or "" for node in self.root.iter(f"{{{SHELL}}}Arguments")]
        return " ".join(part for part in parts if part)

    def stdin(self) -> tuple[bytes, bool]:
        """The bytes that a Send carries, and whether standard input ends with them. Raises BadEnvelope."""
        data, end = b"", False
        for node in self.root.iter(f"{{{SHELL}}}Stream"):
            try:
                data += base64.b64decode(node.text or "")
            except ValueError:
                raise BadEnvelope("a stream is not base64") from None
            end = end or node.get("End", "").lower() in ("true", "1")
        return data, end


def read(body: bytes) -> Request:
    """The request in ``body``. Raises BadEnvelope."""
    try:
        root = ET.fromstring(body)
    except ET.ParseError:
        raise BadEnvelope("the body is no XML") from None
    action = root.findtext(f".//{{{ADDRESSING}}}Action")
    message_id = root.findtext(f".//{{{ADDRESSING}}}MessageID")
    if root.tag != f"{{{SOAP}}}Envelope" or not action or not message_id:
        raise BadEnvelope("the body is no WS-Management request")
    selectors = {node.get("Name"): node.text or "" for node in root.iter(f"{{{WSMAN}}}Selector")}
    return Request(
        action=action,
        message_id=message_id,
        resource=root.findtext(f".//{{{WSMAN}}}ResourceURI") or "",
        shell_id=selectors.get("ShellId", ""),
        timeout=_seconds(root.findtext(f".//{{{WSMAN}}}OperationTimeout")),
        options={node.get("Name", ""): node.text or "" for node in root.iter(f"{{{WSMAN}}}Option")},
        root=root,
    )


def response(request: Request, body: str) -> bytes:
    """The answer to ``request``; clients check that it relates to the request's message."""
    return _envelope(request.action + "Response", request.message_id, body)


def fault(message_id: str, kind: tuple[int, str, str], machine: str) -> bytes:
    """A SOAP fault with the WSManFault detail that clients take the code from."""
    code, subcode, text = kind
    return _envelope(
        _FAULT_ACTION,
        message_id,
        f"<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>w:{subcode}</s:Value></s:Subcode></s:Code>"
        f'<s:Reason><s:Text xml:lang="en-US">{escape(text)}</s:Text></s:Reason><s:Detail>'
        f'<f:WSManFault xmlns:f="{_FAULT_DETAIL}" Code="{code}" Machine="{escape(machine)}">'
        f"<f:Message>{escape(text)}</f:Message></f:WSManFault></s:Detail></s:Fault>",
    )


def stream(name: str, command_id: str, data: bytes, end: bool = False) -> str:
    """An output stream element of a ReceiveResponse."""
    closing = ' End="true"' if end else ""
    content = base64.b64encode(data).decode()
    return f'<rsp:Stream Name="{name}" CommandId="{command_id}"{closing}>{content}</rsp:Stream>'


def _envelope(action: str, relates_to: str, body: str) -> bytes:
    return (
        f'<s:Envelope xmlns:s="{SOAP}" xmlns:a="{ADDRESSING}" xmlns:w="{WSMAN}" xmlns:rsp="{SHELL}" '
        f'xmlns:x="{TRANSFER}"><s:Header><a:Action>{escape(action)}</a:Action>'
        f"<a:MessageID>uuid:{uuid.uuid4()}</a:MessageID><a:To>{ADDRESSING}/role/anonymous</a:To>"
        f"<a:RelatesTo>{escape(relates_to)}</a:RelatesTo></s:Header><s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def _seconds(text: str | None) -> float:
    match = _DURATION.fullmatch(text or "")
    if not match or not (match[1] or match[2]):
        return _DEFAULT_TIMEOUT
    return 60.0 * float(match[1] or 0) + float(match[2] or 0)
