"""Tracebacks in a program's output."""

import traceback
from collections.abc import Callable

import pytest

from dojo.site.tracebacks import Frame, by_request, read, words

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
    found = read(lines)
    assert len(found) == 1
    assert found[0].exception == exception
    frame = found[0].innermost(own)
    assert frame is not None
    assert (frame.file, frame.function) == (HERE, function)
    assert lines[found[0].end] == "after it"


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
    (found,) = read(printed(fail_chained))
    assert found.innermost(lambda file: file == "/elsewhere.py") is None
    assert [one.function for one in found.earlier] == ["fail_chained", "fail_deeper"]
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
    found = by_request(lines, [C, B, A])
    assert {name: one.exception.split(":")[0] for name, one in found.items()} == {
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
    found = by_request(lines, [A, C])
    assert {name: one.exception.split(":")[0] for name, one in found.items()} == {
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
    found = by_request(lines, [A, B])
    assert {name: one.exception.split(":")[0] for name, one in found.items()} == {
        A: "ValueError",
        B: "RuntimeError",
    }


def test_without_ids_the_order_tells() -> None:
    """As many tracebacks as failures belong together in their order; else nobody can tell."""
    lines = [*printed(fail_chained), "INFO something", *printed(fail_deeper)]
    found = by_request(lines, [A, B])
    assert [found[A].exception, found[B].exception[:10]] == [
        "RuntimeError: could not",
        "ValueError",
    ]
    assert by_request(lines, [A, B, C]) == {}
    assert by_request([], [A]) == {}
    assert by_request(lines, []) == {}


def test_words_are_few() -> None:
    """An exception is told by its first words."""
    assert words("ValueError: short") == "ValueError: short"
    assert len(words("ValueError: " + "x" * 500)) == 120
