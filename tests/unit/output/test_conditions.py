"""Attempts that ran under other conditions are not compared."""

from dataclasses import replace

import pytest

from dojo.output.conditions import comparable, conditions, not_compared
from dojo.output.html.page import render as render_page
from dojo.output.terminal.report import render
from tests.support.sample_reports import earlier_attempts, small_report

EMBEDDED = {"provider": "embedded", "round_trip_ms": 2.0, "load_factor": 1.0, "app": "/shop/app"}
NOW = small_report(number=4, environment={**EMBEDDED, "cpus": 2})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"provider": "docker"}, "Postgres docker, now embedded"),
        ({"round_trip_ms": 10.0}, "round trip in ms 10, now 2"),
        ({"load_factor": 0.5}, "load factor 0.5, now 1"),
        ({"app": "/other/app"}, "app folder /other/app, now /shop/app"),
    ],
)
def test_what_differs_is_said_and_not_compared(change: dict[str, object], words: str) -> None:
    """In the terminal and on the page; the figures of that attempt stand nowhere."""
    same, other = (replace(each, conditions=EMBEDDED) for each in earlier_attempts(2))
    other = replace(other, conditions=EMBEDDED | change)
    sentence = f"Attempt 2 ran under other conditions, so it is not compared: {words}."
    assert not_compared(other, NOW) == sentence
    assert comparable([same, other], NOW) == [same]
    shown = " ".join(render(replace(NOW, previous=other), 140, color=False).split())
    assert sentence in shown
    assert "Since attempt" not in shown
    page = render_page(NOW, [same, other])
    assert sentence in page
    assert '<th scope="row">1</th>' in page
    assert '<th scope="row">2</th>' not in page


def test_what_is_not_known_is_no_difference() -> None:
    """Neither of an older report nor of what a system does not tell."""
    before = replace(earlier_attempts(1)[0], conditions={"provider": "embedded"})
    assert not_compared(before, NOW) == ""
    assert conditions({"provider": None, "cpus": 2}) == {}
