"""A request as the bytes of HTTP/1.1. Pure."""

import re
from collections.abc import Mapping
from urllib.parse import quote

__all__ = ["encoded"]

# what browsers leave as it is: printable ASCII without ", #, < and >, in a path without `, { and }
IN_QUERIES = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"#<>')
IN_PATHS = "".join(each for each in IN_QUERIES if each not in "`{}")
PLAIN_ADDRESS = re.compile(r"/[!$-;=@-_a-z|~]*(\?[!$-;=?-~]*)?")
NOT_IN_HEADERS = re.compile(r"[\r\n\0]")


def encoded(
    method: str, path: str, host: str, headers: Mapping[str, str], body: bytes = b""
) -> bytes:
    """The whole request, Host first, then the headers in their order.

    What no address can hold is percent-encoded, as browsers do, and a fragment is left out.
    A cookie goes back byte by byte as it came, also one that is no UTF-8. ValueError if a header
    holds what would end it.
    """
    if not PLAIN_ADDRESS.fullmatch(path):
        path, mark, query = path.partition("#")[0].partition("?")
        path = (quote(path, safe=IN_PATHS) or "/") + mark + quote(query, safe=IN_QUERIES)
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    head = "\r\n".join(lines)
    if NOT_IN_HEADERS.search(head.replace("\r\n", "")) or head.count("\r\n") != len(headers) + 1:
        raise ValueError("a header holds a line break or a NUL")
    # such a byte of an answer is a surrogate in what was read of it
    errors = "surrogateescape" if "Cookie" in headers else "strict"
    return f"{head}\r\n\r\n".encode(errors=errors) + body
