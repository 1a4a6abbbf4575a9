"""What hooks and fixtures share: what the session keeps, and what its faults are."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from dojo.errors import AppFault, BadSetting, message_of
from dojo.kata_run import Session
from dojo.settings import Settings

__all__ = [
    "FAILED",
    "SESSION",
    "SETTINGS",
    "SKIPPED",
    "grader_faults_as_errors",
    "require_alone",
]

SETTINGS = pytest.StashKey[Settings]()
SESSION = pytest.StashKey[Session]()
FAILED = pytest.StashKey[list[str]]()  # what each failure and error of the session comes to
SKIPPED = pytest.StashKey[list[str]]()  # tests of katas that were skipped, and why


def require_alone(config: pytest.Config) -> None:
    """BadSetting in a worker of pytest-xdist."""
    if hasattr(config, "workerinput"):
        raise BadSetting(
            "Katas measure, so one runs at a time and nothing beside it: leave out -n, or give"
            " -p no:xdist."
        )


@contextmanager
def grader_faults_as_errors() -> Iterator[None]:
    """A grader's fault is shown by its message; the traceback is ours and tells a learner nothing.

    An AppFault passes: whoever uses the fixture says what comes of it.
    """
    try:
        yield
        return
    except AppFault:
        raise
    except Exception as error:
        message = message_of(error)
    raise pytest.fail.Exception(message, pytrace=False) from None  # else pytest shows it twice
