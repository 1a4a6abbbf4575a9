"""dojo.kata.exposition: the app's own metrics."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter, generate_latest

from dojo.kata.exposition import Exposition

PAGE = """\
# HELP http_server_request_duration_seconds Time.
# TYPE http_server_request_duration_seconds histogram
http_server_request_duration_seconds_bucket{http_route="/",le="0.1"} 3.0
http_server_request_duration_seconds_count{http_request_method="GET",http_route="/",http_response_status_code="200"} 5.0
http_server_request_duration_seconds_count{http_request_method="GET",http_route="/",http_response_status_code="500"} 2.0
http_server_request_duration_seconds_count{http_request_method="GET",http_route="/b",http_response_status_code="200"} 9.0
"""  # noqa: E501 - a line of the page each
LABELS = st.text(st.characters(codec="utf-8"), max_size=6)


def test_requests_are_counted_by_route_and_status() -> None:
    """A total adds up the series that carry all of the labels asked for, whatever else they do."""
    page = Exposition.parse(PAGE)
    assert page.requests("GET", "/", (200,)) == 5
    assert page.requests("GET", "/", (200, 500)) == 7
    assert page.requests("POST", "/", (200,)) == 0
    assert page.requests("GET", "/nowhere", (200,)) == 0
    assert page.total("http_server_request_duration_seconds_count", http_route="/") == 7
    assert page.total("http_server_request_duration_seconds_count") == 16


@given(st.dictionaries(st.tuples(LABELS, LABELS), st.integers(0, 2**50), max_size=6))
def test_what_a_client_writes_is_read_back(counts: dict[tuple[str, str], int]) -> None:
    """Label values with quotes, backslashes and line breaks are the same after the way back."""
    registry = CollectorRegistry()
    counter = Counter("asked", "Times.", ["a", "b"], registry=registry)
    for (a, b), count in counts.items():
        counter.labels(a, b).inc(count)
    page = Exposition.parse(generate_latest(registry).decode())
    for (a, b), count in counts.items():
        assert page.total("asked_total", a=a, b=b) == count
    assert page.total("asked_total") == sum(counts.values())


PIECES = st.sampled_from(
    [*PAGE.split(), *'# HELP TYPE { } " \\ = , a 1 nan +Inf le counter \t \0 é'.split(), " ", "\n"]
)


@given(st.text() | st.lists(PIECES, max_size=25).map("".join))
def test_no_text_raises_anything_but_value_error(text: str) -> None:
    """Whatever an app prints on /metrics: it is read, or it is ValueError."""
    with suppress(ValueError):
        Exposition.parse(text)


@given(st.integers(0, len(PAGE)), st.integers(0, 3), st.lists(PIECES, max_size=2))
def test_no_damage_raises_anything_but_value_error(at: int, cut: int, new: list[str]) -> None:
    """The same for a page that is right but for one place."""
    with suppress(ValueError):
        Exposition.parse(PAGE[:at] + "".join(new) + PAGE[at + cut :])


def test_labels_without_a_name_are_a_value_error() -> None:
    """The parser's own mistakes come as the error that is promised."""
    with pytest.raises(ValueError, match="text format"):
        Exposition.parse('a{x="y", ="z"} 1')
