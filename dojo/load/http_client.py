"""The HTTP client of a load: aiohttp, whose client is cheap enough not to be what is measured."""

import aiohttp

from dojo.load.kept_connections import KeptConnections

__all__ = ["MOST_BODY", "headers_of", "open_client", "read_body"]

MOST_BODY = 2 << 20  # bytes: more than any page may have
KEEP_ALIVE_S = 4.0  # below uvicorn's 5 s, so that no request meets a connection about to close


def open_client(give_up_s: float | None = None) -> aiohttp.ClientSession:
    """A client without any headers, limit on connections, cookie jar and retries of its own.

    `give_up_s` is the longest wait for an answer; None: no limit.
    """
    session = aiohttp.ClientSession(
        connector=KeptConnections(KEEP_ALIVE_S),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=give_up_s),
        skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        trust_env=False,
    )
    session._retry_connection = False  # who sends says what is sent again: see kept_connections
    return session


def headers_of(answer: aiohttp.ClientResponse) -> dict[str, str]:
    """By lower-case name; of headers that came more than once, each value on a line of its own."""
    headers: dict[str, str] = {}
    for key, value in answer.headers.items():
        name = key.lower()
        headers[name] = f"{headers[name]}\n{value}" if name in headers else value
    return headers


async def read_body(answer: aiohttp.ClientResponse) -> bytes:
    """The body, cut off once it has more than MOST_BODY bytes, compressed or not."""
    compressed = "Content-Encoding" in answer.headers
    if not compressed and answer.content_length is not None and answer.content_length <= MOST_BODY:
        return await answer.read()
    parts, size = [], 0
    async for part in answer.content.iter_any():
        parts.append(part)
        size += len(part)
        if size > MOST_BODY:
            break
    return b"".join(parts)
