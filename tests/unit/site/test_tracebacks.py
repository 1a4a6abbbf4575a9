"""Tracebacks in a program's output."""

import traceback
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.site.tracebacks import Frame, by_request, read, shortened

A, B, C = "a" * 32, "b" * 32, "c" * 32
HERE = __file__


def own(file: str) -> bool:
    return file == HERE


def fail_deeper() -> None:
    int("seven")


def fail_chained() -> None:
    try:
        fail_deeper()
    except ValueError as error:
        raise RuntimeError("could not") from error


def fail_in_a_group() -> None:
    try:
        fail_deeper()
    except ValueError as error:
        raise ExceptionGroup("two at once", [error, KeyError("k")]) from None


def fail_at_syntax() -> None:
    compile("def f(:\n", "/srv/app/broken.py", "exec")


def printed(fail: Callable[[], None]) -> list[str]:
    """What Python prints when a function fails."""
    with pytest.raises((Exception, ExceptionGroup)) as caught:
        fail()
    return "".join(traceback.format_exception(caught.value)).splitlines()


def shop_log(request: str, fail: Callable[[], None]) -> list[str]:
    """As the shop logs it: the id stands on the line before, and on the request's own."""
    return [
        f"2026-11-24 20:00:00,001 ERROR shop POST /login failed id={request}",
        *printed(fail),
        f"2026-11-24 20:00:00,002 INFO shop POST /login 500 9.1 ms id={request}",
    ]


@pytest.mark.parametrize(
    ("fail", "exception", "function"),
    [
        (fail_deeper, "ValueError: invalid literal for int() with base 10: 'seven'", "fail_deeper"),
        (fail_chained, "RuntimeError: could not", "fail_chained"),
        (fail_in_a_group, "KeyError: 'k'", "fail_deeper"),
        (fail_at_syntax, "SyntaxError: invalid syntax", "fail_at_syntax"),
    ],
)
def test_each_kind_is_read(fail: Callable[[], None], exception: str, function: str) -> None:
    """One traceback, with the exception that came out and the innermost frame of one's own."""
    lines = ["before", *printed(fail), "after it"]
    (trace,) = read(lines)
    assert trace.exception == exception
    frame = trace.innermost(own)
    assert frame is not None
    assert (frame.file, frame.function) == (HERE, function)
    assert lines[trace.end] == "after it"


def test_the_logger_may_stand_before_it_and_the_line_may_be_cut() -> None:
    """A level before the first line is no hindrance, nor is an output that ends in the middle."""
    lines = printed(fail_deeper)
    begun = [f"ERROR:    {lines[0]}", *lines[1:3]]
    (cut,) = read(begun)
    assert (cut.exception, len(cut.frames)) == ("", 1)
    assert read(["Traceback is a word", ""]) == []
    assert read([]) == []


def test_frames_of_others_are_passed_over() -> None:
    """Without a frame of one's own there is no place; in a chain the earlier ones count, too."""
    (trace,) = read(printed(fail_chained))
    assert trace.innermost(lambda file: file == "/elsewhere.py") is None
    assert [frame.function for frame in trace.earlier] == ["fail_chained", "fail_deeper"]
    only_earlier = read(
        [
            *printed(fail_deeper),
            "",
            "During handling of the above exception, another exception occurred:",
            "",
            "Traceback (most recent call last):",
            '  File "/lib/pool.py", line 3, in get',
            "    raise",
            "PoolTimeout: none",
        ]
    )
    assert len(only_earlier) == 1
    assert only_earlier[0].exception == "PoolTimeout: none"
    frame = only_earlier[0].innermost(own)
    assert isinstance(frame, Frame)
    assert frame.function == "fail_deeper"


def test_ids_tell_whose_it_is() -> None:
    """With ids in the log each request has its own traceback, in whatever order they are given."""
    lines = [*shop_log(A, fail_deeper), *shop_log(B, fail_chained), *shop_log(C, fail_deeper)]
    matched = by_request(lines, [C, B, A])
    assert {name: trace.exception.split(":")[0] for name, trace in matched.items()} == {
        A: "ValueError",
        B: "RuntimeError",
        C: "ValueError",
    }


def test_a_request_near_by_is_taken() -> None:
    """A traceback without an id that follows on the request's own line belongs to it."""
    lines = [
        f"INFO shop GET /x 500 id={A}",
        "ERROR:    Exception in ASGI application",
        *printed(fail_chained),
        f"INFO shop GET /y 200 id={B}",
        f"INFO shop GET /x 500 id={C}",
        "ERROR:    Exception in ASGI application",
        *printed(fail_deeper),
    ]
    matched = by_request(lines, [A, C])
    assert {name: trace.exception.split(":")[0] for name, trace in matched.items()} == {
        A: "RuntimeError",
        C: "ValueError",
    }


def test_what_is_logged_twice_counts_once() -> None:
    """The server logs again what the application has logged already; nobody else gets it."""
    again = "ERROR:    Exception in ASGI application"
    lines = [
        *shop_log(A, fail_deeper),
        *(again, *printed(fail_deeper)),
        *shop_log(B, fail_chained),
        *(again, *printed(fail_chained)),
        f"INFO shop GET /z 500 id={C}",
    ]
    matched = by_request(lines, [A, B])
    assert {name: trace.exception.split(":")[0] for name, trace in matched.items()} == {
        A: "ValueError",
        B: "RuntimeError",
    }


def test_without_ids_the_order_tells() -> None:
    """As many tracebacks as failures belong together in their order; else nobody can tell."""
    lines = [*printed(fail_chained), "INFO something", *printed(fail_deeper)]
    matched = by_request(lines, [A, B])
    assert [matched[A].exception, matched[B].exception[:10]] == [
        "RuntimeError: could not",
        "ValueError",
    ]
    assert by_request(lines, [A, B, C]) == {}
    assert by_request([], [A]) == {}
    assert by_request(lines, []) == {}


def test_a_long_exception_is_shortened() -> None:
    """Its type and first words are enough to know it by."""
    assert shortened("ValueError: short") == "ValueError: short"
    assert len(shortened("ValueError: " + "x" * 500)) == 120


PARTS = st.sampled_from(
    [
        "Traceback (most recent call last):",
        "  + Exception Group Traceback (most recent call last):",
        '  File "/srv/app/home.py", line 3, in home',
        '  |   File "/srv/app/home.py", line 99999999999999999999, in home',
        "    raise ValueError",
        "ValueError: no",
        "  +---------------- 1 ----------------",
        "During handling of the above exception, another exception occurred:",
        "The above exception was the direct cause of the following exception:",
        f"INFO GET / 500 id={A}",
        f"ERROR GET / failed id={B}",
        "",
    ]
)
LOGS = st.lists(PARTS | st.text(max_size=60) | st.tuples(PARTS, st.text(max_size=9)).map("".join))


@given(LOGS)
def test_any_log_is_read(lines: list[str]) -> None:
    """Whatever an app prints, nothing is raised, and the tracebacks are parts of it in order."""
    end = 0
    for trace in read(lines):
        assert end <= trace.start < trace.end <= len(lines)
        assert trace.lines == tuple(lines[trace.start : trace.end])
        end = trace.end


@given(LOGS, st.lists(st.sampled_from([A, B, C, ""]) | st.text(max_size=40), unique=True))
def test_no_traceback_belongs_to_two_requests(lines: list[str], failed: list[str]) -> None:
    """Each request has at most one traceback, each traceback at most one request."""
    matched = by_request(lines, failed)
    assert set(matched) <= set(failed)
    starts = [trace.start for trace in matched.values()]
    assert len(starts) == len(set(starts))
    assert set(starts) <= {trace.start for trace in read(lines)}
