"""A server that keeps the head of each request as its bytes came."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

__all__ = ["raw_server"]

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
END = b"\r\n\r\n"


@dataclass
class RawServer:
    """Where it listens, and what came."""

    base_url: str
    heads: list[bytes] = field(default_factory=list)


@contextmanager
def raw_server() -> Iterator[RawServer]:
    """Answers every request on every connection until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = RawServer(f"http://127.0.0.1:{listener.getsockname()[1]}")
        threading.Thread(target=_accept, args=(listener, server), daemon=True).start()
        yield server


def _accept(listener: socket.socket, server: RawServer) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(connection, server), daemon=True).start()


def _serve(connection: socket.socket, server: RawServer) -> None:
    with connection:
        received = b""
        while True:
            while END not in received:
                if not (data := connection.recv(65536)):
                    return
                received += data
            head, _, received = received.partition(END)
            lengths = [line for line in head.split(b"\r\n") if line.startswith(b"Content-Length:")]
            length = int(lengths[0].split(b":")[1]) if lengths else 0
            while len(received) < length:
                received += connection.recv(65536)
            received = received[length:]
            server.heads.append(head)
            connection.sendall(ANSWER)
