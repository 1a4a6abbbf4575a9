"""How long an answer took, the database's part in it and the pool's: the Server-Timing header.

Browsers show it in their developer tools, and the shop's own pages in their footer. It is sent with
the head of an answer, so it covers what was done until then.
"""

import time
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Self

from psycopg import AsyncCursor
from psycopg.abc import Params, Query
from psycopg.rows import Row
from psycopg_pool import AsyncConnectionPool
from psycopg_pool.abc import ACT
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["HEADER", "ServerTiming", "TimedCursor", "TimedPool", "server_timing"]

HEADER = "Server-Timing"


@dataclass(slots=True)
class Tally:
    """What one request has used so far."""

    started_s: float
    statements: int = 0
    in_database_s: float = 0.0
    for_connection_s: float = 0.0

    def add(self, statements: int, since_s: float) -> None:
        self.statements += statements
        self.in_database_s += time.perf_counter() - since_s

    def header(self) -> str:
        took_ms = (time.perf_counter() - self.started_s) * 1000
        return (
            f"app;dur={took_ms:.1f},"
            f' db;desc="{self.statements} statements";dur={self.in_database_s * 1000:.1f},'
            f" pool;dur={self.for_connection_s * 1000:.1f}"
        )


_tally: ContextVar[Tally | None] = ContextVar("tally", default=None)


class ServerTiming:
    """ASGI middleware: begins a tally for each request, and puts it into the answer's head."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        tally = Tally(time.perf_counter())
        # never taken back: each request is a task with a context of its own, and the page for an
        # error that nobody caught is made outside of this middleware
        _tally.set(tally)

        async def timed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = tally.header()
            await send(message)

        await self.app(scope, receive, timed)


def server_timing() -> dict[str, str]:
    """The header, for an answer that is made outside of the middleware."""
    tally = _tally.get()
    return {} if tally is None else {HEADER: tally.header()}


class TimedCursor(AsyncCursor[Row]):
    """A cursor that adds its statements to the tally of the request in which it runs."""

    async def execute(self, *args: Any, **options: Any) -> Self:
        tally, since_s = _tally.get(), time.perf_counter()
        try:
            return await super().execute(*args, **options)
        finally:
            if tally is not None:
                tally.add(1, since_s)

    async def executemany(
        self, query: Query, params_seq: Iterable[Params], *, returning: bool = False
    ) -> None:
        many: list[Any] = list(params_seq)
        tally, since_s = _tally.get(), time.perf_counter()
        try:
            await super().executemany(query, many, returning=returning)
        finally:
            if tally is not None:
                tally.add(len(many), since_s)


class TimedPool(AsyncConnectionPool[ACT]):
    """A pool that adds the wait for a connection to the tally of the request that waits."""

    async def getconn(self, *args: Any, **options: Any) -> ACT:
        tally, since_s = _tally.get(), time.perf_counter()
        try:
            return await super().getconn(*args, **options)
        finally:
            if tally is not None:
                tally.for_connection_s += time.perf_counter() - since_s
