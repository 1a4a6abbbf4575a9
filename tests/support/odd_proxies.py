"""Reverse proxies on loopback that do to a stream what some offices' proxies do."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

__all__ = ["buffering", "falling_silent"]

CHUNK_BYTES = 1 << 16
ENDS_HEAD = b"\r\n\r\n"


@contextmanager
def buffering(port: int) -> Iterator[int]:
    """A proxy that passes on only whole answers; its port. Of a stream without an end: nothing."""

    def relay(upstream: socket.socket, client: socket.socket) -> None:
        parts = []
        while data := upstream.recv(CHUNK_BYTES):
            parts.append(data)
        client.sendall(b"".join(parts))

    with _proxy(port, relay) as own:
        yield own


@contextmanager
def falling_silent(port: int, after_bytes: int) -> Iterator[int]:
    """A proxy whose streams stop after so many bytes, and stay open; its port."""

    def relay(upstream: socket.socket, client: socket.socket) -> None:
        sent, is_stream = 0, False
        while data := upstream.recv(CHUNK_BYTES):
            is_stream = is_stream or b"text/event-stream" in data
            if not is_stream or sent < after_bytes:
                client.sendall(data)
                sent += len(data)

    with _proxy(port, relay) as own:
        yield own


@contextmanager
def _proxy(port: int, relay: Callable[[socket.socket, socket.socket], None]) -> Iterator[int]:
    def serve(client: socket.socket) -> None:
        address = ("127.0.0.1", port)
        with client, socket.create_connection(address) as upstream, suppress(OSError):
            head = b""
            while ENDS_HEAD not in head:
                head += client.recv(CHUNK_BYTES)
            head = re.sub(rb"(?im)^host: .*$", b"Host: 127.0.0.1:%d\r" % port, head)
            upstream.sendall(re.sub(rb"(?im)^connection: .*$", b"Connection: close\r", head))
            relay(upstream, client)

    def accept() -> None:
        with suppress(OSError):  # it is closed
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
