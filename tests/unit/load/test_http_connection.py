"""dojo.load.http_connection: how answers are read, however they come, and what is none."""

import asyncio
import gzip
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dojo.load.http_connection import MOST_BODY, ConnectionBroken, Exchange, HttpConnection

PAGE = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\nX: y\r\n\r\n"
)
EARLY_HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
RAW_DEFLATE = zlib.compressobj(wbits=-zlib.MAX_WBITS)
RAW = RAW_DEFLATE.compress(b"hello") + RAW_DEFLATE.flush()


class FakeTransport:
    """A transport that sends nowhere."""

    def __init__(self) -> None:
        self.written, self.aborted = b"", False

    def write(self, data: bytes) -> None:
        self.written += data

    def abort(self) -> None:
        self.aborted = True


class Received:
    """What an answer that came in these pieces was read as."""

    def __init__(self, *pieces: bytes, closes: bool = False, head_only: bool = False) -> None:
        self.exchange = Exchange()
        asyncio.run(self._receive(pieces, closes, head_only))

    async def _receive(self, pieces: tuple[bytes, ...], closes: bool, head_only: bool) -> None:
        connection, transport = HttpConnection(), FakeTransport()
        connection.connection_made(transport)  # type: ignore[arg-type]
        sending = asyncio.ensure_future(
            connection.exchange(b"GET / HTTP/1.1\r\n\r\n", self.exchange, head_only=head_only)
        )
        await asyncio.sleep(0)
        for piece in pieces:
            connection.data_received(piece)
        if closes:
            connection.connection_lost(None)
        try:
            await asyncio.wait_for(sending, 30)
        finally:
            self.reusable, self.aborted = connection.is_usable, transport.aborted
            self.written = transport.written


def with_body(body: bytes, encoding: str) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {len(body)}"
    return f"{head}\r\n\r\n".encode() + body


@settings(max_examples=60)
@given(st.sampled_from([PAGE, CHUNKED, EARLY_HINTS + PAGE]), st.data())
def test_in_whatever_pieces_it_comes(answer: bytes, data: Any) -> None:
    """Body and status are the same, and the connection can be used again."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(answer)), max_size=4)))
    pieces = [answer[a:b] for a, b in zip([0, *cuts], [*cuts, len(answer)], strict=True)]
    received = Received(*filter(None, pieces))
    assert (received.exchange.status, received.exchange.body) == (200, b"hello")
    assert received.exchange.done_at is not None
    assert received.reusable
    assert "link" not in received.exchange.headers


def test_a_header_that_comes_twice() -> None:
    """Each value stands on a line of its own, under the name in lower case."""
    assert Received(PAGE).exchange.headers == {"set-cookie": "a=1\nb=2", "content-length": "5"}


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"hello")),
        ("deflate", zlib.compress(b"hello")),
        ("deflate", RAW),
        ("identity", b"hello"),
    ],
)
def test_bodies_are_decoded(encoding: str, body: bytes) -> None:
    """As the header says, and as browsers take `deflate`: with and without its frame."""
    assert Received(with_body(body, encoding)).exchange.body == b"hello"


@pytest.mark.parametrize("body", [b"hello", gzip.compress(b"hello")[:-9]])
def test_a_body_that_is_not_what_it_says(body: bytes) -> None:
    """Broken compression is a broken answer."""
    with pytest.raises(ConnectionBroken, match="gzip"):
        Received(with_body(body, "gzip"))


@pytest.mark.parametrize("body", [b"x" * (MOST_BODY + 1), gzip.compress(b"x" * (MOST_BODY + 1))])
def test_a_body_that_is_too_large(body: bytes) -> None:
    """It is given up, compressed or not, and the connection with it."""
    encoding = "gzip" if len(body) < MOST_BODY else "identity"
    received = Received(with_body(body, encoding))
    assert received.exchange.too_large
    assert received.exchange.done_at is None
    assert received.aborted


def test_the_end_of_the_connection_may_end_a_body() -> None:
    """A body without a length goes on until the server closes."""
    received = Received(b"HTTP/1.1 200 OK\r\n\r\nhel", b"lo", closes=True)
    assert received.exchange.body == b"hello"
    assert not received.reusable


@pytest.mark.parametrize("answer", [PAGE[:-1], CHUNKED[:-3], PAGE[:20], EARLY_HINTS])
def test_an_answer_that_ends_too_early(answer: bytes) -> None:
    """A connection that is closed in its middle broke it."""
    with pytest.raises(ConnectionBroken, match="in the middle"):
        Received(answer, closes=True)


def test_no_answer_at_all() -> None:
    """A connection that is closed without a byte says so."""
    with pytest.raises(ConnectionBroken, match="without an answer"):
        Received(closes=True)


@pytest.mark.parametrize(
    "answer", [b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"x" * (300 << 10)]
)
def test_what_is_no_http(answer: bytes) -> None:
    """Something else, and headers without end, are no answer."""
    with pytest.raises(ConnectionBroken):
        Received(answer)


def test_head_has_no_body() -> None:
    """The length that its answer tells is that of a body that never comes."""
    received = Received(PAGE.partition(b"hello")[0], head_only=True)
    assert (received.exchange.status, received.exchange.body) == (200, b"")


@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
def test_statuses_without_a_body(status: bytes) -> None:
    """They end with their headers."""
    received = Received(b"HTTP/1.1 " + status + b"\r\nX: y\r\n\r\n")
    assert received.exchange.done_at is not None
    assert received.reusable


@pytest.mark.parametrize(
    "answer",
    [
        PAGE + PAGE,
        PAGE + b"more",
        PAGE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"),
        PAGE.replace(b"HTTP/1.1", b"HTTP/1.0"),
    ],
)
def test_a_connection_that_is_used_once(answer: bytes) -> None:
    """What the server closes, or says more on than it was asked, serves no other request."""
    received = Received(answer)
    assert received.exchange.body == b"hello"
    assert not received.reusable


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKS = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        CHUNKS + b'3;a=b;c="d"\r\nhel\r\n2\r\nlo\r\n0;x\r\nContent-Encoding: gzip\r\nT: y\r\n\r\n',
        b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + PAGE,
        HEAD + b"Content-Encoding: x-gzip\r\n\r\n" + gzip.compress(b"hello"),
        b"\r\n" + PAGE,
        PAGE.replace(b" OK", b""),
        b"HTTP/1.0 200 OK\r\n\r\nhello",
    ],
    ids=["extensions and trailers", "100", "x-gzip", "empty lines", "no reason", "1.0"],
)
def test_odd_answers_that_are_right(answer: bytes) -> None:
    """Browsers take them, so they are taken; trailers are no headers."""
    received = Received(answer, closes=True)
    assert (received.exchange.status, received.exchange.body) == (200, b"hello")
    assert "t" not in received.exchange.headers


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 000 X\r\nContent-Length: 2\r\n\r\nok", "status 0"),
        (b"HTTP/1.1 99 X\r\nContent-Length: 2\r\n\r\nok", "Invalid status"),
        (b"HTTP/1.1 101 X\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n", "changed the protocol"),
        (HEAD + b"X: a\r\n folded\r\nContent-Length: 2\r\n\r\nok", "whitespace"),
        (HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nok", "Duplicate"),
        (HEAD + b"Content-Length: -2\r\n\r\nok", "Content-Length"),
        (HEAD + b"Content-Length: 99999999999999999999\r\n\r\nok", "overflow"),
        (HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n", "with"),
        (CHUNKS + b"zz\r\n", "chunk size"),
        (CHUNKS + b"ffffffffffffffffff\r\n", "overflow"),
        (HEAD + b"X\0: a\r\nContent-Length: 2\r\n\r\nok", "header"),
        (b"\x16\x03\x01\x02\x00\x01", "Expected HTTP"),
        (HEAD + b"a: b\r\n" * 200_000, "headers of more than 256 KB"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 20_000, "headers of more than 256 KB"),
        (CHUNKS + b"1;" + b"x" * (17 << 20), "more than 16 MB"),
        (CHUNKS + b"0\r\nX: " + b"x" * (17 << 20), "more than 16 MB"),
    ],
)
def test_what_is_wrong_has_a_name(answer: bytes, reason: str) -> None:
    """It is never awaited until the end of the burst, nor taken whole into memory."""
    pieces = [answer[at : at + 65536] for at in range(0, len(answer), 65536)]
    with pytest.raises(ConnectionBroken, match=reason):
        Received(*pieces)


@pytest.mark.parametrize("status", [b"204", b"304", b"200"])
def test_an_empty_body_was_never_compressed(status: bytes) -> None:
    """Whatever its header says; so it is with HEAD."""
    head = b"HTTP/1.1 %b X\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    assert Received(head % (status, 0)).exchange.body == b""
    assert Received(head % (b"200", 77), head_only=True).exchange.body == b""


@pytest.mark.parametrize("status", [b"204", b"304"])
def test_no_body_comes_though_a_length_is_told(status: bytes) -> None:
    """That of a 304 is the length of the page that was not sent again."""
    received = Received(b"HTTP/1.1 %b X\r\nContent-Length: 5\r\n\r\n" % status)
    assert (received.exchange.status, received.exchange.body) == (int(status), b"")


ANSWERS = [PAGE, CHUNKED, EARLY_HINTS + PAGE, with_body(gzip.compress(b"hello"), "gzip")]


@settings(max_examples=200)
@given(st.sampled_from(ANSWERS), st.data())
def test_whatever_comes_it_is_an_answer_or_it_is_broken(answer: bytes, data: Any) -> None:
    """Bytes changed, left out or put in at any place: no other exception, and no endless wait."""
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(answer)))
        end = data.draw(st.integers(start, min(len(answer), start + 4)))
        answer = answer[:start] + data.draw(st.binary(max_size=4)) + answer[end:]
    try:
        received = Received(*filter(None, [answer]), closes=True)
    except ConnectionBroken:
        return
    assert received.exchange.done_at is not None
    assert received.exchange.status is not None
