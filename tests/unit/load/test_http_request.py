"""dojo.load.http_request: what is sent is what was asked for, and nothing else."""

import httpx
import pytest

from dojo.load.http_request import encoded


def test_a_whole_request() -> None:
    """Host comes first, then the headers in their order, then the body as it is."""
    request = encoded("POST", "/a?q=1", "127.0.0.1:80", {"B": "2", "A": "ä"}, b"\r\n{}")
    assert request == (
        b"POST /a?q=1 HTTP/1.1\r\nHost: 127.0.0.1:80\r\nB: 2\r\nA: \xc3\xa4\r\n\r\n\r\n{}"
    )


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/search?q=a+b%20c&x=%2F", "/search?q=a+b%20c&x=%2F"),
        ("/a b", "/a%20b"),
        ("/ä", "/%C3%A4"),
        ("/a\r\nX: 1", "/a%0D%0AX:%201"),
        ("/page#part", "/page"),
        ("?a={b}", "/?a={b}"),
        ("/a?b='[c]'", "/a?b='[c]'"),
        ("", "/"),
    ],
)
def test_addresses_as_browsers_send_them(path: str, sent: str) -> None:
    """What is encoded stays so; what no address can hold is encoded; a fragment is left out."""
    assert encoded("GET", path, "h", {}).split(b"\r\n")[0] == f"GET {sent} HTTP/1.1".encode()


@pytest.mark.parametrize("address", ["/a{}b", "/a?b={}c"])
def test_addresses_as_the_checks_send_them(address: str) -> None:
    """An app can't tell by its address which requests are timed, whatever stands in it."""
    for character in [*map(chr, range(0x20, 0x7F)), "ä"]:
        path = address.replace("{}", character)
        sent = encoded("GET", path, "h", {}).split(b" ")[1]
        assert sent == httpx.URL(f"http://h{path}").raw_path


@pytest.mark.parametrize("value", ["a\r\nX: 1", "a\nb", "a\rb", "a\0b", "a\udc80"])
def test_a_value_that_no_header_can_hold(value: str) -> None:
    """A captured value must not end its header, so the request is refused."""
    with pytest.raises(ValueError, match=r"header|surrogates"):
        encoded("GET", "/", "h", {"X-Id": value})


def test_a_cookie_goes_back_as_it_came() -> None:
    """Browsers send what they were given, and a byte that is no UTF-8 is one of it."""
    request = encoded("GET", "/", "h", {"Cookie": "session=caf\udce9"})
    assert request == b"GET / HTTP/1.1\r\nHost: h\r\nCookie: session=caf\xe9\r\n\r\n"
