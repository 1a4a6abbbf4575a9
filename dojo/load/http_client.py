"""The HTTP client of a load: cheap enough not to be what is measured, and without ideas of its own.

It has no headers, cookies, redirects or limit on connections. One thing it does as browsers do: a
server may close a connection that nobody uses when the next request is under way already. That
request is sent once more over a new connection, if no byte of an answer came.
"""

import asyncio
import time
from collections import deque
from urllib.parse import urlsplit

from dojo.load.http_connection import ConnectionBroken, Exchange, HttpConnection
from dojo.load.http_request import encoded

__all__ = ["HttpClient"]

KEEP_ALIVE_S = 4.0  # below uvicorn's 5 s, so that no request meets a connection about to close


class HttpClient:
    """Sends requests to one site over as many connections as it takes.

    Each is kept for KEEP_ALIVE_S after its last use, and the one that was kept longest is used
    first.
    """

    def __init__(self, base_url: str, give_up_s: float | None = None) -> None:
        """`give_up_s` is the longest wait for an answer; None: no limit."""
        address = urlsplit(base_url)
        self._host, self._port = address.hostname or "", address.port or 80
        self._named = address.netloc  # as the Host header has it
        self._give_up_s = give_up_s
        self._kept: deque[tuple[float, HttpConnection]] = deque()  # and since when

    async def send(
        self, method: str, path: str, headers: dict[str, str], body: bytes, exchange: Exchange
    ) -> None:
        """Send one request, and read what comes into `exchange`, however far that goes.

        ValueError if no request can hold the headers; ConnectionBroken or OSError if no whole
        answer came; TimeoutError after `give_up_s`.
        """
        request = encoded(method, path, self._named, headers, body)
        if self._give_up_s is None:
            await self._send(request, exchange, head_only=method == "HEAD")
        else:
            async with asyncio.timeout(self._give_up_s):
                await self._send(request, exchange, head_only=method == "HEAD")

    def close(self) -> None:
        """Close what is kept."""
        while self._kept:
            self._kept.popleft()[1].abort()

    async def _send(self, request: bytes, exchange: Exchange, *, head_only: bool) -> None:
        connection = self._take_kept()
        if connection is not None:
            try:
                await connection.exchange(request, exchange, head_only=head_only)
            except (ConnectionBroken, OSError):
                if connection.received_bytes:
                    raise
                exchange.sent_again = True
                connection = None
        if connection is None:
            connection = await self._connected(exchange)
            await connection.exchange(request, exchange, head_only=head_only)
        if connection.is_usable:
            self._kept.append((time.monotonic(), connection))
        else:  # the server may leave it open all the same
            connection.abort()

    async def _connected(self, exchange: Exchange) -> HttpConnection:
        began = time.monotonic()
        try:
            _, connection = await asyncio.get_running_loop().create_connection(
                HttpConnection, self._host, self._port
            )
        finally:
            exchange.connect_s += time.monotonic() - began
        return connection

    def _take_kept(self) -> HttpConnection | None:
        oldest = time.monotonic() - KEEP_ALIVE_S
        while self._kept:
            since, connection = self._kept.popleft()
            if since >= oldest and connection.is_usable:
                return connection
            connection.abort()
        return None
