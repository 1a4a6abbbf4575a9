"""The cookies of one browser for one site, kept and sent as RFC 6265bis and Chromium say. Pure.

A cookie that no browser would keep, or send to the path that is asked for, is none. The site is
on loopback, which Chromium trusts as it trusts https: `Secure` is accepted and sent there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from math import inf

__all__ = ["Cookies"]

MOST_BYTES = 4096  # name and value together
CONTROLS = frozenset(map(chr, (*range(9), *range(10, 32), 127)))


@dataclass(frozen=True, slots=True)
class _Cookie:
    name: str
    value: str
    path: str
    expires_at_s: float  # seconds since 1970; inf: when the browser is closed


class Cookies:
    """What a browser has kept from the answers of one host."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._host = host.lower()
        self._kept: dict[tuple[str, str], _Cookie] = {}  # by name and path

    def put(self, name: str, value: str) -> None:
        """Keep a cookie for all paths, as somebody does who has stolen or invented it."""
        self._kept[name, "/"] = _Cookie(name, value, "/", inf)

    def receive(self, set_cookie: Iterable[str], path: str, now_s: float) -> None:
        """Keep or drop what the `Set-Cookie` lines of an answer to `path` say."""
        for line in set_cookie:
            cookie = _parsed(line, self._host, path, now_s)
            if cookie is None:
                continue
            if cookie.expires_at_s <= now_s:
                self._kept.pop((cookie.name, cookie.path), None)
            else:
                self._kept[cookie.name, cookie.path] = cookie

    def get(self, name: str, path: str, now_s: float) -> str | None:
        """The value that a request to `path` would bring along."""
        values = (each.value for each in self._sent(path, now_s) if each.name == name)
        return next(values, None)

    def header(self, path: str, now_s: float) -> str:
        """The `Cookie` header of a request to `path`; "" for none."""
        return "; ".join(f"{each.name}={each.value}" for each in self._sent(path, now_s))

    def _sent(self, path: str, now_s: float) -> list[_Cookie]:
        """Those of the longest path first; of one length in the order in which they came."""
        path = path.partition("?")[0]
        sent = [
            cookie
            for cookie in self._kept.values()
            if cookie.expires_at_s > now_s and _path_matches(path, cookie.path)
        ]
        return sorted(sent, key=lambda cookie: -len(cookie.path))


def _parsed(line: str, host: str, path: str, now_s: float) -> _Cookie | None:
    """The cookie of a `Set-Cookie` line; None if a browser refuses it."""
    pair, *rest = line.split(";")
    name, equals, value = (part.strip(" \t") for part in pair.partition("="))
    attributes = {
        key.strip().lower(): text.strip() for key, _, text in (each.partition("=") for each in rest)
    }
    too_large = _bytes(name) + _bytes(value) > MOST_BYTES
    if not (name and equals) or too_large or CONTROLS & set(line):
        return None
    secure = "secure" in attributes
    if secure and not _is_loopback(host):  # the site speaks plain http
        return None
    if attributes.get("samesite", "").lower() == "none" and not secure:
        return None
    domain = attributes.get("domain", "").lower().removeprefix(".")
    if domain and not _domain_matches(host, domain):
        return None
    kept_path = attributes.get("path", "")
    if not kept_path.startswith("/"):
        kept_path = _default_path(path)
    prefix = name.lower()
    if prefix.startswith("__secure-") and not secure:
        return None
    if prefix.startswith("__host-") and not (secure and not domain and kept_path == "/"):
        return None
    return _Cookie(name, value, kept_path, _expires_at_s(attributes, now_s))


def _bytes(text: str) -> int:
    """How many bytes came: one that is no UTF-8 is a surrogate in what was read of a header."""
    return len(text.encode(errors="surrogateescape"))


def _expires_at_s(attributes: dict[str, str], now_s: float) -> float:
    """`Max-Age` comes before `Expires`; what can't be read is as if it weren't there."""
    max_age = attributes.get("max-age", "")
    if max_age.removeprefix("-").isdecimal() and max_age.isascii():
        seconds = float(max_age)  # of any number of digits: inf for one that no float holds
        return now_s + seconds if seconds > 0 else -inf
    try:
        return parsedate_to_datetime(attributes["expires"]).timestamp()
    except (KeyError, ValueError, TypeError, OverflowError):
        return inf


def _domain_matches(host: str, domain: str) -> bool:
    """An address is no name with parts: it matches itself alone."""
    is_address = ":" in host or host.replace(".", "").isdecimal()
    return host == domain or (not is_address and host.endswith(f".{domain}"))


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.") or host.endswith(".localhost")


def _default_path(path: str) -> str:
    """The folder of the path that was asked for."""
    return path.partition("?")[0].rpartition("/")[0] or "/"


def _path_matches(path: str, kept: str) -> bool:
    return path == kept or (
        path.startswith(kept) and (kept.endswith("/") or path[len(kept) : len(kept) + 1] == "/")
    )
