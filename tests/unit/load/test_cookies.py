"""dojo.load.cookies: what a browser keeps of an answer, and what it sends along."""

import pytest

from dojo.load.cookies import Cookies

NOW_S = 1_800_000_000.0  # in January 2027
PAST, FUTURE = "Thu, 01 Jan 2026 00:00:00 GMT", "Sat, 01 Jan 2028 00:00:00 GMT"


def sent(*lines: str, to: str = "/me", host: str = "127.0.0.1") -> str:
    """The Cookie header of a request to that path, after a log-in that set these cookies."""
    cookies = Cookies(host)
    cookies.receive(lines, "/login", NOW_S)
    return cookies.header(to, NOW_S)


@pytest.mark.parametrize(
    "attributes",
    [
        "",
        "; Path=/",
        "; HttpOnly; Path=/; SameSite=lax",
        "; path=/; secure; samesite=none",  # loopback is trusted as https is
        "; Path=nonsense",
        f"; Expires={FUTURE}",
        "; Expires=Sat, 01-Jan-28 00:00:00 GMT",
        f"; Max-Age=60; Expires={PAST}",
        f"; Max-Age={'9' * 400}; Expires={PAST}",  # more than a float holds
        f"; Max-Age={'9' * 5000}",  # more digits than Python makes an int of
        "; Max-Age=soon",
        "; Expires=whenever",
        "; Domain=127.0.0.1",
        "; Domain=",
    ],
)
def test_a_browser_sends_it_along(attributes: str) -> None:
    """Cookies that are meant for the page and still valid."""
    assert sent(f"session=abc{attributes}") == "session=abc"


@pytest.mark.parametrize(
    "attributes",
    [
        "; Path=/login",
        "; Path=/m",  # no folder of /me
        "; Path=/me/",
        "; Domain=example.com",
        "; Domain=0.0.1",  # an address has no parent
        f"; Expires={PAST}",
        "; Expires=Thu, 01-Jan-70 00:00:00 GMT",
        f"; Max-Age=0; Expires={FUTURE}",
        "; Max-Age=-1",
        f"; Max-Age=-{'9' * 5000}",
        "; SameSite=None",  # without Secure
        "; Path=/\x01",
    ],
)
def test_no_browser_sends_it_along(attributes: str) -> None:
    """Another path or host, a moment that is over, and what Chromium refuses to keep."""
    assert sent(f"session=abc{attributes}; HttpOnly") == ""


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("__Host-session=a; Secure; Path=/", True),
        ("__Host-session=a; Path=/", False),
        ("__Host-session=a; Secure; Path=/me", False),
        ("__Host-session=a; Secure; Path=/; Domain=127.0.0.1", False),
        ("__Secure-session=a; Secure; Path=/", True),
        ("__secure-session=a; Path=/", False),
        ("nothing", False),
        ("=a", False),
        (f"session={'x' * 4096}", False),
        ("session=a=b==", True),
        ('session="a b"', True),
        ("session=caf\udce9", True),  # a byte that is no UTF-8
        ("session=" + "\udce9" * 4089, True),  # 4,096 bytes with its name
        ("session=" + "\udce9" * 4090, False),
    ],
)
def test_prefixes_and_odd_lines(line: str, kept: bool) -> None:
    """A prefix is a promise about attributes; a value is sent as it came, quotes included."""
    assert sent(line) == (line.partition(";")[0] if kept else "")


def test_secure_cookies_need_a_trusted_host() -> None:
    """Over plain http they are kept on loopback alone."""
    line = "session=a; Secure"
    assert sent(line, host="localhost") == sent(line, host="shop.localhost") == "session=a"
    assert sent(line, host="shop.example") == ""
    assert sent("session=a; Domain=example.com", host="shop.example.com") == "session=a"
    assert sent("session=a; Domain=shop.example.com", host="example.com") == ""


def test_several_cookies() -> None:
    """The longest path first; of one name and path the last."""
    lines = ("a=1", "b=2; Path=/me", "a=3; Path=/", "c=4")
    assert sent(*lines) == "b=2; a=3; c=4"
    assert sent(*lines, to="/me/x?y=/z") == "b=2; a=3; c=4"
    assert sent(*lines, to="/") == "a=3; c=4"


def test_an_answer_can_end_a_cookie() -> None:
    """Only that of the same path; and time ends one by itself."""
    cookies = Cookies()
    cookies.put("session", "stolen")
    assert cookies.get("session", "/any", NOW_S) == "stolen"
    cookies.receive(["session=; Max-Age=0; Path=/me"], "/logout", NOW_S)
    assert cookies.get("session", "/me", NOW_S) == "stolen"
    cookies.receive([f'session=""; Expires={PAST}; Path=/'], "/logout", NOW_S)
    assert cookies.get("session", "/me", NOW_S) is None
    cookies.receive(["session=short; Max-Age=5"], "/login", NOW_S)
    assert cookies.header("/", NOW_S + 4) == "session=short"
    assert cookies.header("/", NOW_S + 6) == ""


def test_without_a_path_the_folder_of_the_answer_counts() -> None:
    """A log-in at /shop/login sets a cookie for /shop."""
    cookies = Cookies()
    cookies.receive(["session=a"], "/shop/login?next=/", NOW_S)
    assert cookies.header("/shop", NOW_S) == cookies.header("/shop/me", NOW_S) == "session=a"
    assert cookies.header("/shopping", NOW_S) == cookies.header("/", NOW_S) == ""
