"""A proxy between a driver and a Neo4j server that sees each Bolt message and can stop the world.

It tells a listener what passes, in the order in which it passes: ``begin``, ``run`` and ``commit``
before the server gets them, ``ran`` and ``committed`` before the client gets the answer. What the
listener does in the meantime (kill the server, close the proxy's connections) happens exactly
there: after ``committed`` a client that is cut off cannot know that its transaction stands.
"""

import contextlib
import socket
import threading
from collections import deque
from collections.abc import Callable
from typing import Final, Self

HANDSHAKE: Final = 20
"""Bytes of a client's first word: four of magic, then four proposals of four bytes."""
MANIFEST: Final = b"\x00\x00\x01\xff"
"""A proposal to negotiate at length; without it the server's answer is one version of 4 bytes."""
REQUESTS: Final = {0x11: "begin", 0x10: "run", 0x12: "commit"}
ANSWERED: Final = {"run": "ran", "commit": "committed"}
SILENT: Final = 0x02
"""GOODBYE, the one request without an answer."""
SUMMARIES: Final = frozenset({0x70, 0x7E, 0x7F})
"""SUCCESS, IGNORED and FAILURE: each ends the answer to one request."""

Listener = Callable[[str, str], None]
"""Told what passes, and the query text of a ``run``; an OSError that it raises cuts the line."""


class Proxy:
    """A proxy on a free port of this machine, as a context manager.

    Args:
        port: where the server listens.
        listener: told of every step.
    """

    def __init__(self, port: int, listener: Listener) -> None:
        self._upstream, self._listener = port, listener
        self._sockets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._door.close()
        self.cut()

    @property
    def uri(self) -> str:
        """Where it listens."""
        return f"bolt://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Close all connections that pass through it now."""
        with self._lock:
            sockets, self._sockets = self._sockets, set()
        for one in sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the door is closed at the end
            while True:
                client, _ = self._door.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self._upstream), timeout=2)
                except OSError:  # the server is down: nobody answers the client either
                    client.close()
                    continue
                server.settimeout(None)
                with self._lock:
                    self._sockets |= {client, server}
                Line(client, server, self._listener).start()


class Line:
    """One connection: what the client asks and what the server answers, each in a thread."""

    def __init__(self, client: socket.socket, server: socket.socket, listener: Listener) -> None:
        self._client, self._server, self._listener = client, server, listener
        self._asked: deque[str] = deque()

    def start(self) -> None:
        """Let the messages pass until one end closes."""
        for pump in (self._requests, self._answers):
            threading.Thread(target=self._until_closed, args=(pump,), daemon=True).start()

    def _until_closed(self, pump: Callable[[], None]) -> None:
        with contextlib.suppress(OSError, EOFError):
            pump()
        for one in (self._client, self._server):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _requests(self) -> None:
        first = _exactly(self._client, HANDSHAKE)
        self._server.sendall(first.replace(MANIFEST, b"\x00\x00\x00\x00"))
        while True:
            raw, message = _message(self._client)
            if message:
                kind = REQUESTS.get(message[1], "")
                if message[1] != SILENT:
                    self._asked.append(kind)
                if kind:
                    self._listener(kind, _query(message) if kind == "run" else "")
            self._server.sendall(raw)

    def _answers(self) -> None:
        self._client.sendall(_exactly(self._server, 4))
        while True:
            raw, message = _message(self._server)
            if message and message[1] in SUMMARIES:
                answered = ANSWERED.get(self._asked.popleft(), "")
                if answered and message[1] == min(SUMMARIES):
                    self._listener(answered, "")
            self._client.sendall(raw)


def _message(stream: socket.socket) -> tuple[bytes, bytes]:
    """One message as it was sent (chunks and all), and what it holds; empty for a sign of life."""
    raw, held = b"", b""
    while True:
        head = _exactly(stream, 2)
        raw += head
        size = int.from_bytes(head)
        if not size:
            return raw, held
        chunk = _exactly(stream, size)
        raw += chunk
        held += chunk


def _exactly(stream: socket.socket, size: int) -> bytes:
    found = bytearray()
    while len(found) < size:
        more = stream.recv(size - len(found))
        if not more:
            raise EOFError
        found += more
    return bytes(found)


def _query(message: bytes) -> str:
    """The query text of a RUN: a PackStream string behind marker and signature."""
    marker = message[2]
    if marker & 0xF0 == 0x80:  # a tiny string
        start, size = 3, marker & 0x0F
    else:
        width = {0xD0: 1, 0xD1: 2, 0xD2: 4}[marker]
        start, size = 3 + width, int.from_bytes(message[3 : 3 + width])
    return message[start : start + size].decode()
