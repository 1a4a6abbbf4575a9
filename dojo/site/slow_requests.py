"""Requests whose length somebody else decides, so that it is known beforehand how long they take.

One sends its body slowly. The other needs tables that are locked. What the app says of their
duration can be compared with what they took.
"""

import socket
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg

__all__ = ["behind_a_lock", "with_slow_body"]

PIECES = 4
ANSWER_S = 10.0
LOCK_S = 3
LOCK = "LOCK TABLE products IN ACCESS EXCLUSIVE MODE"  # one table, so that nothing is a deadlock


def with_slow_body(
    base_url: str, path: str, headers: Mapping[str, str], body: bytes, length_s: float
) -> None:
    """POST a body that takes `length_s` to arrive; OSError without an answer.

    `headers` are all but Host.
    """
    address = urlsplit(base_url)
    assert address.hostname is not None
    lines = [f"POST {path} HTTP/1.1", f"Host: {address.netloc}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += ["", ""]
    size = -(-len(body) // PIECES)
    with socket.create_connection((address.hostname, address.port or 80), ANSWER_S) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall("\r\n".join(lines).encode("latin-1"))
        for start in range(0, len(body), size):
            time.sleep(length_s / PIECES)
            connection.sendall(body[start : start + size])
        if not connection.recv(1):
            raise OSError("the connection was closed without an answer")


def behind_a_lock(
    http: httpx.Client,
    db: "psycopg.Connection[tuple[Any, ...]]",
    path: str,
    meanwhile: Callable[[], object],
) -> float:
    """GET a page while the shop's products are locked; seconds until its answer, 0 without one.

    The lock is held as long as `meanwhile` takes. If it can't be had, `meanwhile` is called alone.
    """
    spent_s: list[float] = []

    def load() -> None:
        began = time.monotonic()
        try:
            http.get(path, timeout=ANSWER_S)
        except httpx.HTTPError:
            return
        spent_s.append(time.monotonic() - began)

    visitor = threading.Thread(target=load, daemon=True)
    try:
        with db.transaction():
            db.execute(f"SET LOCAL lock_timeout = '{LOCK_S}s'".encode())
            db.execute(LOCK)
            visitor.start()
            meanwhile()
    except psycopg.errors.LockNotAvailable:
        meanwhile()
        return 0.0
    finally:
        if visitor.ident is not None:
            visitor.join()
    return spent_s[0] if spent_s else 0.0
