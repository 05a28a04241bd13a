# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small real TLS server that answers each request as a script says, right or wrong."""

from __future__ import annotations

import contextlib
import json
import queue
import socket
import ssl
import threading
import typing as t

from ansible_collections.fleetops.parallels_ras.tests.unit.support.certificates import Certificate

T = t.TypeVar("T")
# A call that has not returned by then hangs. Nothing is measured by it.
HANG_GUARD_SECONDS: t.Final = 30.0


class Request(t.NamedTuple):
    """What the server was asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Wire:
    """The server's end of one connection."""

    def __init__(self, sock: socket.socket, stopping: threading.Event) -> None:
        self._sock = sock
        self._stopping = stopping

    def send(self, data: bytes) -> None:
        """Send all at once."""
        self._sock.sendall(data)

    def drip(self, data: bytes = b"a") -> None:
        """Send these bytes again and again until the client has gone."""
        while not self._stopping.wait(0.02):
            self._sock.sendall(data)

    def hold(self) -> None:
        """Send nothing until the client has gone."""
        self._sock.settimeout(0.05)
        while not self._stopping.is_set():
            with contextlib.suppress(TimeoutError, ssl.SSLWantReadError):
                if not self._sock.recv(1):
                    return


# Answers one request; the connection is kept when it returns True.
Script = t.Callable[[Wire], bool | None]


def answer(
    status: int = 200, body: t.Any = None, headers: t.Mapping[str, str] | None = None, *, keep: bool = True
) -> Script:
    """A whole answer with JSON in it, as the API gives it."""
    content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = {
        "Content-Type": "application/json; api-version=1.0",
        "Content-Length": str(len(content)),
        **(headers or {}),
    }
    head = f"HTTP/1.1 {status} X\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"

    def script(wire: Wire) -> bool:
        wire.send(head.encode() + content)
        return keep

    return script


def raw(data: bytes) -> Script:
    """These bytes, then the end of the connection."""
    return lambda wire: wire.send(data)


def dripping(begin: bytes, each: bytes = b"a") -> Script:
    """A beginning, and then one byte at a time without end."""

    def script(wire: Wire) -> None:
        wire.send(begin)
        wire.drip(each)

    return script


def holding(begin: bytes = b"") -> Script:
    """A beginning, and then nothing."""

    def script(wire: Wire) -> None:
        if begin:
            wire.send(begin)
        wire.hold()

    return script


def hang_up(wire: Wire) -> None:
    """No answer: the connection ends."""


class TlsServer:
    """Serves scripts in their order, the last one again and again.

    :ivar requests: all requests that were read.
    :ivar connections: how many TLS connections there were.
    :ivar closed: filled with one item for each connection that the server has ended.
    """

    def __init__(self, certificate: Certificate, *scripts: Script, before_tls: t.Sequence[Script] = ()) -> None:
        self._scripts = list(scripts)
        self._before_tls = list(before_tls)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate.chain)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self.requests: list[Request] = []
        self.connections = 0
        self.closed: queue.Queue[None] = queue.Queue()
        self.port: int = self._listener.getsockname()[1]
        self.url = f"https://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> TlsServer:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._stopping.set()
        # shutdown wakes the accepting thread, which close alone does not.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _peer = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), sock:
            with self._lock:
                plain = self._before_tls.pop(0) if self._before_tls else None
            if plain is not None:
                plain(Wire(sock, self._stopping))
                return
            with self._context.wrap_socket(sock, server_side=True) as tls:
                with self._lock:
                    self.connections += 1
                self._talk(tls)
        self.closed.put(None)

    def _talk(self, tls: ssl.SSLSocket) -> None:
        stream = tls.makefile("rb")
        while request := _read_request(stream):
            with self._lock:
                self.requests.append(request)
                script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
            if not script(Wire(tls, self._stopping)):
                return


def _read_request(stream: t.BinaryIO) -> Request | None:
    words = stream.readline().decode("latin-1").split()
    if len(words) != 3:
        return None
    headers: dict[str, str] = {}
    while line := stream.readline().decode("latin-1").strip():
        name, _colon, value = line.partition(":")
        headers[name.strip().casefold()] = value.strip()
    return Request(words[0], words[1], headers, stream.read(int(headers.get("content-length", "0"))))


def guarded(call: t.Callable[[], T]) -> T:
    """The call's result or its exception; fails when it hangs."""
    ended: list[tuple[T | None, BaseException | None]] = []

    def work() -> None:
        try:
            ended.append((call(), None))
        except BaseException as exc:  # handed on below
            ended.append((None, exc))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(HANG_GUARD_SECONDS)
    assert ended, f"the call did not return within {HANG_GUARD_SECONDS:g} s"
    result, exc = ended[0]
    if exc is not None:
        raise exc
    return t.cast("T", result)


class Proxy:
    """A CONNECT proxy for one tunnel at a time.

    :ivar asked: the first lines of the requests to it.
    """

    def __init__(self, refuse: bool = False) -> None:
        self._refuse = refuse
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.asked: list[str] = []
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, *exc_info: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _peer = self._listener.accept()
                threading.Thread(target=self._tunnel, args=(sock,), daemon=True).start()

    def _tunnel(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += client.recv(1)
            line = head.split(b"\r\n")[0].decode()
            self.asked.append(line)
            if self._refuse:
                client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                return
            host, _colon, port = line.split()[1].rpartition(":")
            with socket.create_connection((host, int(port))) as server:
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                threading.Thread(target=_pump, args=(server, client), daemon=True).start()
                _pump(client, server)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
