"""Kept-alive connections, and which of their failures is nobody's fault.

A server may close a connection that nobody uses, and the next request may be under way already. A
browser then sends that request again over a new connection, if no byte of an answer came. So does
the load, once a request. aiohttp's own retry can't serve: it takes any method but POST, does not
say that it happened, and may take another old connection.
"""

import asyncio
from contextvars import ContextVar
from functools import partial

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

__all__ = ["Attempt", "KeptConnections"]


class _CountingHandler(ResponseHandler):
    """A connection that counts the bytes which came over it."""

    received_bytes = 0

    def data_received(self, data: bytes) -> None:
        self.received_bytes += len(data)
        super().data_received(data)


def _counting_handler(loop: asyncio.AbstractEventLoop) -> ResponseHandler:
    return _CountingHandler(loop)


class Attempt:
    """One attempt to send a request; begin it in the task that sends."""

    def __init__(self, *, over_new_connection: bool = False) -> None:
        self.over_new_connection = over_new_connection
        self._kept: _CountingHandler | None = None  # the connection, if it was kept from before
        self._earlier_bytes = 0

    def begin(self) -> None:
        """From now on the connections that this task takes are the attempt's."""
        _attempt.set(self)

    def take(self, connection: Connection) -> None:
        """Note that it goes over a connection which was kept."""
        if isinstance(connection.protocol, _CountingHandler):
            self._kept = connection.protocol
            self._earlier_bytes = self._kept.received_bytes

    @property
    def may_be_sent_again(self) -> bool:
        """Whether it failed on a kept connection before any byte of an answer."""
        return self._kept is not None and self._kept.received_bytes == self._earlier_bytes


_attempt: ContextVar[Attempt] = ContextVar("attempt")


class KeptConnections(aiohttp.TCPConnector):
    """Keeps any number of connections, each for so long after its last use."""

    def __init__(self, keep_alive_s: float) -> None:
        super().__init__(limit=0, keepalive_timeout=keep_alive_s)
        self._factory = partial(_counting_handler, loop=self._loop)

    async def _get(self, key: ConnectionKey, traces: list[Trace]) -> Connection | None:
        """A kept connection, unless the attempt needs a new one."""
        attempt = _attempt.get(None)
        if attempt is not None and attempt.over_new_connection:
            return None
        connection = await super()._get(key, traces)
        if attempt is not None and connection is not None:
            attempt.take(connection)
        return connection
