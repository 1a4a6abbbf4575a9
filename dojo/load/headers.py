"""The headers of every request to the site: names, order and values, whoever sends it. Pure.

The load and the checks use two different clients, and each of them would write its headers in a way
of its own. An app could tell by that which requests are timed.
"""

from collections.abc import Iterable, Mapping

from dojo.load.plan import BROWSER

__all__ = ["in_browsers_order"]

ORDER = (
    *("Connection", "Content-Length", "User-Agent", "Content-Type", "Accept", "Accept-Encoding"),
    *("Accept-Language", "Cookie", "X-Request-ID"),
)
NAMES = {name.lower(): name for name in ORDER}
PLACES = {name: place for place, name in enumerate(ORDER)}
WITH_BODY = {"POST", "PUT", "PATCH", "DELETE"}


def in_browsers_order(
    method: str, given: Mapping[str, str] | Iterable[tuple[str, str]], body_bytes: int
) -> dict[str, str]:
    """All headers but Host, which comes first: a browser's, with what a request gives itself.

    What is not known here comes last, in the order in which it was given.
    """
    headers = {"Connection": "keep-alive", **BROWSER}
    pairs = given.items() if isinstance(given, Mapping) else given
    for name, value in pairs:
        headers[NAMES.get(name.lower(), name)] = value
    if body_bytes or method in WITH_BODY:
        headers["Content-Length"] = str(body_bytes)
    return dict(sorted(headers.items(), key=lambda pair: PLACES.get(pair[0], len(ORDER))))
