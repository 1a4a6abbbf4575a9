"""A request as the bytes of HTTP/1.1. Pure."""

import re
from collections.abc import Mapping
from urllib.parse import quote

__all__ = ["encoded"]

PLAIN_PATH = re.compile(r"/[!$-;=?-~]*")  # printable ASCII without space, ", #, < and >
PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
IN_PATHS = PRINTABLE.translate({ord(each): None for each in '"#<>'})
NOT_IN_HEADERS = re.compile(r"[\r\n\0]")


def encoded(
    method: str, path: str, host: str, headers: Mapping[str, str], body: bytes = b""
) -> bytes:
    """The whole request, Host first, then the headers in their order.

    What no address can hold is percent-encoded, as browsers do, and a fragment is left out.
    ValueError if a header holds what would end it.
    """
    if not PLAIN_PATH.fullmatch(path):
        path = quote(path.partition("#")[0], safe=IN_PATHS) or "/"
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    head = "\r\n".join(lines)
    if NOT_IN_HEADERS.search(head.replace("\r\n", "")) or head.count("\r\n") != len(headers) + 1:
        raise ValueError("a header holds a line break or a NUL")
    return f"{head}\r\n\r\n".encode() + body
