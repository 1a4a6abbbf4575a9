"""The HTTP client for what is not timed: no answer takes for ever, and none fills the memory.

httpx limits how long each read may take, not the whole: of an answer that comes a byte a second it
waits for the end. Here a request has one limit from its beginning to its last byte.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread

import httpx

__all__ = ["MOST_BODY_BYTES", "open_client"]

MOST_BODY_BYTES = 32 << 20


def open_client(
    timeout_s: float,
    headers: dict[str, str] | None = None,
    on_request: Callable[[httpx.Request], None] | None = None,
) -> httpx.Client:
    """A client whose requests end within `timeout_s`, or a request's own timeout.

    httpx.ReadTimeout if an answer is not there as a whole by then, httpx.ReadError if it has more
    than MOST_BODY_BYTES. No variable is read: a proxy would not know our loopback.
    """
    return httpx.Client(
        timeout=timeout_s,
        headers=headers,
        event_hooks={"request": [on_request] if on_request else []},
        trust_env=False,
        transport=_Limited(),
    )


class _Limited(httpx.BaseTransport):
    """Reads each answer as a whole in a thread that is given up when the time is over."""

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport(
            trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        limit_s = request.extensions.get("timeout", {}).get("read")
        future: Future[httpx.Response] = Future()

        def fetch() -> None:
            try:
                future.set_result(self._fetch(request, limit_s))
            except BaseException as error:
                future.set_exception(error)

        Thread(target=fetch, daemon=True).start()
        try:
            return future.result(limit_s)
        except TimeoutError:
            raise httpx.ReadTimeout(f"no whole answer within {limit_s:g} s") from None

    def _fetch(self, request: httpx.Request, limit_s: float | None) -> httpx.Response:
        until = None if limit_s is None else time.monotonic() + limit_s
        answer = self._inner.handle_request(request)
        parts, size = [], 0
        assert isinstance(answer.stream, httpx.SyncByteStream)
        try:
            for part in answer.stream:
                parts.append(part)
                size += len(part)
                if size > MOST_BODY_BYTES:
                    raise httpx.ReadError(f"the answer has over {MOST_BODY_BYTES >> 20} MB")
                if until is not None and time.monotonic() > until:
                    raise httpx.ReadTimeout(f"no whole answer within {limit_s:g} s")
        finally:
            answer.close()
        return httpx.Response(
            answer.status_code,
            headers=answer.headers,
            stream=httpx.ByteStream(b"".join(parts)),
            extensions={
                key: value for key, value in answer.extensions.items() if key != "network_stream"
            },
        )

    def close(self) -> None:
        self._inner.close()
