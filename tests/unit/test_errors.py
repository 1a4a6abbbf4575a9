"""dojo.errors: what is said of what somebody did not raise on purpose."""

import errno

import pytest

from dojo.errors import message_of


@pytest.mark.parametrize(
    ("error", "to_do"),
    [
        (MemoryError(), "End something that uses much memory"),
        (RuntimeError("can't start new thread"), "ulimit -u"),
        (OSError(errno.EFBIG, "File too large"), "ulimit -f unlimited"),
        (OSError(errno.ELOOP, "Too many levels"), "Remove the link"),
    ],
)
def test_what_the_machine_lacks_is_no_bug_of_ours(error: Exception, to_do: str) -> None:
    """It is said with what to do."""
    message = message_of(error)
    assert message.startswith("This machine is in the way: ")
    assert to_do in message


def test_another_exception_is_a_bug_of_ours() -> None:
    """With the place, for whoever reports it."""
    assert "it is a bug of ours" in message_of(RuntimeError("generator ignored GeneratorExit"))
