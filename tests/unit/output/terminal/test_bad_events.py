"""The report's part about bad events."""

import io
from dataclasses import replace

from rich.console import Console

from dojo.output.terminal.bad_events import print_bad_events
from dojo.report import Report
from tests.support.sample_reports import error_group, small_report

GROUP = error_group(
    cause="http_5xx",
    route="POST /login",
    status=500,
    exception="ValueError: not enough",
    place="app/passwords.py:19 in verify_password",
    count=12,
    example="POST /login at 0.10 s",
    expected="an answer within 300 ms",
    came="status 500 after 12 ms",
    log_lines=("one", "two", "three"),
)
EMPTY = small_report(bad_events={}, error_groups=())


def printed(report: Report) -> str:
    target = io.StringIO()
    print_bad_events(Console(file=target, width=100, color_system=None), report)
    return target.getvalue()


def test_nothing_bad_shows_nothing() -> None:
    """Without bad events the part is left out."""
    assert printed(EMPTY) == ""


def test_each_group_is_told() -> None:
    """Count, route, status, exception, place, example and its first log lines."""
    text = printed(replace(EMPTY, bad_events={"http_5xx": 12}, error_groups=(GROUP,)))
    assert "12 bad events" in text
    for part in (
        *("12 POST /login → 500", GROUP.exception, GROUP.place, "app: two"),
        "POST /login at 0.10 s: expected an answer within 300 ms; got status 500 after 12 ms",
    ):
        assert part in " ".join(text.split()), part
    assert "three" not in text


def test_small_groups_are_counted() -> None:
    """No cause fills the screen: beyond the largest groups the rest is a number."""
    groups = tuple(replace(GROUP, count=9 - i, place=f"app/a.py:{i} in f") for i in range(7))
    text = printed(replace(EMPTY, bad_events={"http_5xx": 42}, error_groups=groups))
    assert "app/a.py:3 in f" in text
    assert "app/a.py:4 in f" not in text
    assert "and 12 more, in 3 smaller groups" in text


def test_groups_stand_under_their_cause() -> None:
    """The causes keep their order, the most frequent first, each with its own groups."""
    late = replace(GROUP, cause="timeout", status=None, exception="", place="", count=40)
    report = replace(EMPTY, bad_events={"timeout": 40, "http_5xx": 12}, error_groups=(late, GROUP))
    text = printed(report)
    places = [text.index(part) for part in ("  timeout", "40  POST", "  http_5xx", "12  POST")]
    assert places == sorted(places)


def test_the_apps_words_can_not_move_the_cursor() -> None:
    """What the app says is shown as text."""
    group = replace(GROUP, exception="ValueError: \x1b[2Jgone\r", log_lines=("\x1b]0;x\x07",))
    text = printed(replace(EMPTY, bad_events={"http_5xx": 12}, error_groups=(group,)))
    assert "\x1b" not in text
    assert "\r" not in text
