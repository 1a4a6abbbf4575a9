"""The staleness limit."""

from dojo.kata.staleness import Write, versions

WRITES = (Write(1.0, 1.2), Write(3.0, 3.1), Write(5.0, None))


def test_a_read_must_show_what_is_older_than_the_limit() -> None:
    """Acknowledged at 1.2 with a limit of 2 s: a read from 3.2 on has to know it."""
    assert versions(WRITES, 3.1, 3.15, 2.0) == (0, 2)
    assert versions(WRITES, 3.2, 3.25, 2.0) == (1, 2)


def test_a_read_may_not_show_what_was_sent_later() -> None:
    """A write that was sent after the answer can't be in it."""
    assert versions(WRITES, 0.5, 0.9, 2.0) == (0, 0)


def test_an_unacknowledged_write_may_have_happened() -> None:
    """It may be seen for ever, and never must be."""
    assert versions(WRITES, 100.0, 101.0, 2.0) == (2, 3)
