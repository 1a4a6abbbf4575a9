"""The connection pool, and the types and functions that every route uses with it."""

import os
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool
from pydantic import Field

from app.instrumentation.server_timing import TimedCursor, TimedPool

Row = dict[str, Any]
Connection = AsyncConnection[Row]
Id = Annotated[int, Field(ge=1, le=2_147_483_647)]  # what an integer key of Postgres can be


def database_url() -> str:
    """Where the shop's database is; DATABASE_URL must be set."""
    return os.environ["DATABASE_URL"]


def make_pool() -> AsyncConnectionPool[Connection]:
    """The shop's pool; opened and closed by the application."""
    return TimedPool(
        database_url(),
        connection_class=AsyncConnection[Row],
        kwargs={"row_factory": dict_row, "autocommit": True, "cursor_factory": TimedCursor},
        min_size=12,
        max_size=12,
        timeout=30,
        open=False,
    )


async def connection(request: Request) -> AsyncIterator[Connection]:
    """A pooled connection for the length of a request; each statement commits by itself.

    Who has gone away while the request waited for it needs no answer.
    """
    pool: AsyncConnectionPool[Connection] = request.app.state.pool
    async with pool.connection() as pooled:
        if await request.is_disconnected():
            raise HTTPException(499, "The client closed the connection.")
        yield pooled


Db = Annotated[Connection, Depends(connection, scope="function")]


async def transaction(db: Db) -> AsyncIterator[Connection]:
    """The request's connection, in a transaction that ends before the answer is sent."""
    async with db.transaction():
        yield db


Transaction = Annotated[Connection, Depends(transaction, scope="function")]


async def fetch_all(db: Connection, sql: str, *params: Any) -> list[Row]:
    """All rows of a query."""
    return await (await db.execute(sql.encode(), params)).fetchall()


async def fetch_one(db: Connection, sql: str, *params: Any) -> Row | None:
    """The first row of a query, or None."""
    return await (await db.execute(sql.encode(), params)).fetchone()
