"""One connection to the site, for one request after the other: HTTP/1.1.

It stamps the last byte of an answer the moment that it is read, before anybody waits for a turn of
the loop. When a connection is opened, kept or given up is not known here.
"""

import asyncio
import time
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

import httptools

__all__ = ["MOST_BODY", "ConnectionBroken", "Exchange", "HttpConnection"]

MOST_BODY = 2 << 20  # bytes: more than any page may have
MOST_HEAD = 256 << 10  # bytes of status and headers
MOST_BYTES = 16 << 20  # of an answer as it is sent: a body of MOST_BODY in tiny chunks is less


class ConnectionBroken(Exception):
    """The site closed the connection without a whole answer, or what it sent is no HTTP."""


@dataclass(slots=True)
class Exchange:
    """What has come of one request so far."""

    status: int | None = None
    # by lower-case name; of headers that came more than once, each value on a line of its own
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""  # decoded
    too_large: bool = False  # the body was given up at MOST_BODY
    done_at: float | None = None  # when the last byte was there, a reading of time.monotonic
    connect_s: float = 0.0  # spent on opening a connection; 0 if one was kept from before
    sent_again: bool = False  # the server closed the kept connection before any byte of an answer


class HttpConnection(asyncio.Protocol):
    """One connection, and the answer that is awaited over it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._exchange: Exchange | None = None  # whose answer is awaited
        self._ended: asyncio.Future[None] | None = None
        self._is_kept = True  # whether the connection may serve another request
        self.received_bytes = 0  # since the last request

    @property
    def is_usable(self) -> bool:
        """Whether a request can be sent over it."""
        return self._is_kept and self._transport is not None and self._exchange is None

    async def exchange(self, request: bytes, exchange: Exchange, *, head_only: bool) -> None:
        """Send a request and read its answer into `exchange`; `head_only` as for HEAD.

        ConnectionBroken or OSError if no whole answer came. Whoever is cancelled while waiting
        leaves the connection closed.
        """
        assert self._transport is not None
        self._exchange, self._head_only = exchange, head_only
        self._parser = httptools.HttpResponseParser(self)
        self._parts: list[bytes] = []
        self._body_bytes = self.received_bytes = 0
        self._in_head, self._until_close = True, False
        self._ended = self._loop.create_future()
        self._transport.write(request)
        try:
            await self._ended
        except BaseException:
            self.abort()
            raise

    def abort(self) -> None:
        """Close at once; who still waits for an answer learns that it is over."""
        self._is_kept = False
        if self._transport is not None:
            self._transport.abort()

    # what the event loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's are no subclass of it

    def data_received(self, data: bytes) -> None:
        if self._exchange is None:  # nobody asked
            self.abort()
            return
        self.received_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserCallbackError:  # a fault of this module, not of the site
            raise
        except httptools.HttpParserUpgrade:
            self._fail(ConnectionBroken("the server changed the protocol, which nobody asked for"))
        except httptools.HttpParserError as problem:
            self._fail(ConnectionBroken(f"what came is no HTTP answer: {problem}"))
        if self._in_head and self.received_bytes > MOST_HEAD:
            self._fail(ConnectionBroken(f"headers of more than {MOST_HEAD >> 10} KB"))
        if self.received_bytes > MOST_BYTES:
            self._fail(ConnectionBroken(f"an answer of more than {MOST_BYTES >> 20} MB"))

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport, self._is_kept = None, False
        if exc is None and self._until_close:
            self._finish()
        begun = "in the middle of an answer" if self.received_bytes else "without an answer"
        self._fail(exc or ConnectionBroken(f"the server closed the connection {begun}"))

    # what the parser calls

    def on_message_begin(self) -> None:
        if self._exchange is None:  # a second answer to one request
            self._is_kept = False

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._exchange is None or not self._in_head:  # a trailer
            return
        headers, key = self._exchange.headers, _text(name).lower()
        headers[key] = f"{headers[key]}\n{_text(value)}" if key in headers else _text(value)

    def on_headers_complete(self) -> None:
        if self._exchange is None:
            return
        self._exchange.status = status = self._parser.get_status_code()
        if status < 100:
            self._fail(ConnectionBroken(f"what came is no HTTP answer: status {status}"))
        if status < 200:
            return
        self._in_head = False
        headers = self._exchange.headers
        if self._head_only:
            self._is_kept = False  # the parser awaits a body that never comes
            self._finish()
        elif "content-length" not in headers and "transfer-encoding" not in headers:
            self._until_close = True

    def on_body(self, body: bytes) -> None:
        if self._exchange is None:
            return
        self._parts.append(body)
        self._body_bytes += len(body)
        if self._body_bytes > MOST_BODY:
            self._give_up_large()

    def on_message_complete(self) -> None:
        if self._exchange is None:
            return
        if self._in_head:  # 1xx: the answer itself is still to come
            self._exchange.status = None
            self._exchange.headers.clear()
            return
        self._is_kept = self._parser.should_keep_alive()
        self._finish()

    # how an exchange ends

    def _finish(self) -> None:
        """The last byte is there."""
        if (exchange := self._exchange) is None:
            return
        done_at = time.monotonic()
        try:
            encoding = exchange.headers.get("content-encoding", "").strip().lower()
            exchange.body = _decoded(b"".join(self._parts), encoding)
        except zlib.error as problem:
            self._fail(ConnectionBroken(f"the body is not the {encoding} that it says: {problem}"))
            return
        if len(exchange.body) > MOST_BODY:
            self._give_up_large()
            return
        exchange.done_at = done_at
        self._end()

    def _give_up_large(self) -> None:
        assert self._exchange is not None
        self._exchange.body = self._exchange.body or b"".join(self._parts)
        self._exchange.too_large = True
        self._end()
        self.abort()

    def _fail(self, problem: Exception) -> None:
        self._is_kept = False
        if self._ended is not None and not self._ended.done():
            self._ended.set_exception(problem)
        self._exchange = None
        self.abort()

    def _end(self) -> None:
        self._exchange = None
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(None)


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")


def _decoded(body: bytes, encoding: str) -> bytes:
    """The body without its compression, cut off a byte after MOST_BODY; zlib.error if broken.

    Browsers take a `deflate` with and without the frame of RFC 1950. What is empty, as the answer
    to HEAD is, was never compressed.
    """
    if not body:
        return body
    if encoding in ("gzip", "x-gzip"):
        return _inflated(body, 16 + zlib.MAX_WBITS)
    if encoding == "deflate":
        with suppress(zlib.error):
            return _inflated(body, zlib.MAX_WBITS)
        return _inflated(body, -zlib.MAX_WBITS)
    return body


def _inflated(body: bytes, window_bits: int) -> bytes:
    inflating = zlib.decompressobj(window_bits)
    inflated = inflating.decompress(body, MOST_BODY + 1)
    if not inflating.eof and len(inflated) <= MOST_BODY:
        raise zlib.error("it ends too early")
    return inflated
