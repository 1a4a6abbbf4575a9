"""Text that comes from the app."""

from hypothesis import given
from hypothesis import strategies as st

from dojo.output.app_text import one_line, printable, shorten


def test_control_characters_are_taken_out() -> None:
    """Colors of a terminal, zeros, halves of pairs and marks that turn text round are no text."""
    assert printable("a\x1b[31mb\x00c\ud800d\u202ee\tf\n") == "a b c d e\tf\n"


@given(st.text(st.characters(exclude_categories=())), st.integers(1, 50))
def test_a_line_is_one_line_and_no_longer_than_allowed(text: str, most: int) -> None:
    """Nothing in it can move the cursor or begin another line."""
    line = one_line(text, most)
    assert len(line) <= most
    assert not {"\n", "\r", "\t", "\x1b"} & set(line)
    line.encode()


def test_an_ellipsis_says_that_there_was_more() -> None:
    """A text that fits stays as it is."""
    assert [shorten("abc", 3), shorten("abcd", 3)] == ["abc", "ab…"]
