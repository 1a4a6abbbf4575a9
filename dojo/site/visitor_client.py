"""The HTTP client for all that is not timed: probes, warm-up, checks. It looks like the load."""

import secrets

import httpx

from dojo.load.headers import in_browsers_order
from dojo.load.plan import BROWSER
from dojo.site.http_client import open_client

__all__ = ["open_visitor_client"]

HOST = "Host"


def open_visitor_client(timeout_s: float) -> httpx.Client:
    """A client that remembers cookies, with one time limit for a whole request.

    Each request goes over a connection of its own: one that was kept may just be closed by the
    server, as after an error that nobody caught, and then the next request would be lost.
    """
    return open_client(timeout_s, BROWSER, _as_the_load)


def _as_the_load(request: httpx.Request) -> None:
    """The headers as the load sends them, with an id as a load balancer gives it."""
    given = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in request.headers.raw
        if name.lower() not in (b"host", b"content-length", b"connection")
    ]
    given.append(("X-Request-ID", secrets.token_hex(16)))
    host = request.headers[HOST]
    headers = in_browsers_order(request.method, given, len(request.content))
    request.headers = httpx.Headers([(HOST, host), *headers.items()])
