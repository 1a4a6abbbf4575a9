"""What is said of an app that failed."""

import signal
from pathlib import Path

import pytest

from dojo.report import Failure
from dojo.site.diagnosis import Diagnosis, exit_reason

DIAGNOSIS = Diagnosis(Path("/srv/app"))
FAILED = [
    "Traceback (most recent call last):",
    '  File "/lib/uvicorn.py", line 1, in serve',
    "    run()",
    '  File "/srv/app/home.py", line 3, in home',
    "    pool.get()",
    '  File "/lib/pool.py", line 9, in get',
    "    raise Empty",
    "pool.Empty: none left",
]
STACKS = [
    "Fatal Python error: Aborted",
    "Thread 0x1 (most recent call first):",
    '  File "/srv/app/other.py", line 1 in wait',
    "Current thread 0x2 (most recent call first):",
    '  File "/lib/time.py", line 5 in sleep',
    '  File "/srv/app/home.py", line 7 in spin',
    '  File "/srv/app/main.py", line 2 in main',
]


def test_the_last_error_has_the_place_and_no_frame_of_others() -> None:
    """File and line of the app's innermost frame, its source lines, and the exception."""
    text = DIAGNOSIS.last_error(["started", *FAILED, "ended"])
    assert text.startswith("See app/home.py:3.\n")
    assert "pool.get()" in text
    assert "pool.Empty: none left" in text
    assert "/lib/" not in text
    assert "/srv/" not in text


def test_without_a_traceback_the_last_lines_are_shown() -> None:
    """An app that says something else is quoted."""
    text = DIAGNOSIS.last_error([f"line {number}" for number in range(40)])
    assert text.endswith("line 38\nline 39")
    assert "line 24" not in text


def test_an_app_that_ends_without_a_word_is_said_to() -> None:
    """With what may have ended it."""
    assert DIAGNOSIS.last_error([]).startswith("It printed nothing. Look in app/")


def test_a_fatal_error_after_the_last_traceback_counts() -> None:
    """What Python wrote when it was aborted is later than what was logged before."""
    assert DIAGNOSIS.last_error([*FAILED, *STACKS]).startswith("Fatal Python error: Aborted: it is")
    assert DIAGNOSIS.last_error([*STACKS, *FAILED]).startswith("See app/home.py:3.")


def test_the_current_call_is_the_current_threads() -> None:
    """Its innermost frame in a file of the app, and the calls that led there."""
    text = DIAGNOSIS.current_call(STACKS)
    assert text.startswith("it is at app/home.py:7 in spin\n")
    assert "app/main.py:2 in main" in text
    assert DIAGNOSIS.current_call(STACKS[:3]).startswith("it is at app/other.py:1 in wait")
    assert DIAGNOSIS.current_call(STACKS[:2]).startswith("none of its threads is in a file of app/")


def test_a_failed_request_has_its_exception_and_place() -> None:
    """A request about which nothing was logged is left out."""
    lines = ["ERROR GET / failed id=aaaaaaaaaaaa", *FAILED]
    failures = DIAGNOSIS.failures(lines, ["aaaaaaaaaaaa", "bbbbbbbbbbbb"])
    assert failures == {"aaaaaaaaaaaa": Failure("pool.Empty: none left", "app/home.py:3 in home")}


@pytest.mark.parametrize(
    ("status", "reason"),
    [(1, "status 1"), (-signal.SIGKILL, "signal SIGKILL"), (-100, "status 228")],
)
def test_how_an_app_ended(status: int, reason: str) -> None:
    """A status, or the name of a signal."""
    assert exit_reason(status) == reason
