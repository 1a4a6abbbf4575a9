"""The client against odd servers: an answer, or what is wrong with it, and no endless wait."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from dojo.load.http_client import HttpClient
from dojo.load.http_connection import ConnectionBroken, Exchange

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CLOSE = OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
END = b"\r\n\r\n"

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def served(serve: Serve, give_up_s: float | None = None) -> AsyncIterator[HttpClient]:
    """A client of a server that serves each connection so."""

    async def one_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await serve(reader, writer)
        finally:
            writer.transport.abort()

    serving: list[asyncio.Task[None]] = []

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.append(asyncio.get_running_loop().create_task(one_connection(reader, writer)))

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    client = HttpClient(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", give_up_s)
    try:
        yield client
    finally:
        client.close()
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


async def got(client: HttpClient, method: str = "GET") -> Exchange:
    exchange = Exchange()
    await client.send(method, "/", {}, b"", exchange)
    return exchange


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        ("GET", CLOSE),
        ("HEAD", OK[:-2]),
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 7\r\n\r\n"),
        ("GET", OK + b"and more that nobody asked for"),
    ],
)
def test_a_connection_that_serves_no_more_is_closed(method: str, answer: bytes) -> None:
    """Also if the server leaves it open: else a load would run out of files."""

    async def run() -> Exchange:
        closed = asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(END)
            writer.write(answer)
            with suppress(ConnectionError):
                await reader.read()  # until the client closes
            closed.set()

        async with served(serve) as client:
            exchange = await got(client, method)
            await asyncio.wait_for(closed.wait(), 30)
        return exchange

    assert asyncio.run(run()).status == 200


def test_a_kept_connection_serves_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also after an answer in chunks with trailers, one without a body, and a compressed one."""
    monkeypatch.setattr("dojo.load.http_client.KEEP_ALIVE_S", 3600)  # however slow this machine is
    answers = [
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=1\r\nok\r\n0\r\nT: y\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b"
        % (len(zipped := gzip.compress(b"ok")), zipped),
        b"HTTP/1.1 100 Continue\r\n\r\n" + OK,
        OK,
    ]
    connections = 0

    async def run() -> list[bytes]:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal connections
            connections += 1
            for answer in answers:
                await reader.readuntil(END)
                writer.write(answer)
            await reader.read()

        async with served(serve) as client:
            return [(await got(client)).body for _ in answers]

    assert asyncio.run(run()) == [b"", b"ok", b"ok", b"ok", b"ok"]
    assert connections == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_nobody_asked_for_ends_an_idle_connection(method: str) -> None:
    """As a server does that says 408 before it closes: the next request has one of its own."""
    connections = 0

    async def run() -> Exchange:
        said = asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal connections
            connections += 1
            await reader.readuntil(END)
            writer.write(OK)
            if connections == 1:
                await writer.drain()
                await go_on.wait()
                writer.write(b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n")
            with suppress(ConnectionError):
                await reader.read()
            said.set()

        go_on = asyncio.Event()
        async with served(serve) as client:
            await got(client)
            go_on.set()
            await asyncio.wait_for(said.wait(), 30)  # the client has closed the connection
            return await got(client, method)

    exchange = asyncio.run(run())
    assert (exchange.status, exchange.sent_again) == (200, False)
    assert connections == 2


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\nContent-Le", OK[:-1]])
def test_an_answer_without_an_end_is_given_up(begun: bytes) -> None:
    """A server that never ends its answer, with or without a beginning, is no endless wait."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(END)
        for place in range(len(begun)):
            writer.write(begun[place : place + 1])
            await writer.drain()
        await reader.read()

    async def run() -> None:
        async with served(serve, give_up_s=0.2) as client:
            await got(client)

    with pytest.raises(TimeoutError):
        asyncio.run(run())


def test_a_reset_in_the_middle_is_the_sites() -> None:
    """Over a new connection nothing is sent again, and the exception is one that senders know."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(END)
        writer.write(OK[:30])
        await writer.drain()
        writer.transport.abort()

    async def run() -> None:
        async with served(serve) as client:
            await got(client)

    with pytest.raises((ConnectionBroken, OSError)):
        asyncio.run(run())
