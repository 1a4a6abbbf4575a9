"""Text that comes from the app."""

from hypothesis import given
from hypothesis import strategies as st

from dojo.output.app_text import in_encoding, one_line, printable, shorten, told_apart


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


def test_a_terminal_without_a_character_gets_what_looks_alike() -> None:
    """Line ends stay; a terminal that has all of them gets the text as it is."""
    text = "━ ✓ 5 ≤ 6\n│█▍ “x”, é"
    assert in_encoding(text, "utf-8") == in_encoding(text, None) == text
    assert in_encoding(text, "ascii") == '- + 5 <= 6\n|## "x", ?'


def test_texts_that_begin_alike_are_told_apart() -> None:
    """By the word where they differ; others are cut, and short ones are whole."""
    columns = "SELECT products.id, products.name, products.price"
    texts = [f"{columns} FROM products WHERE color = $1", f"{columns} FROM products WHERE id = $1"]
    shown = told_apart([*texts, "SELECT 1", f"{columns}, rating FROM products"], 40)
    assert shown == [
        "SELECT produc … color = $1",
        "SELECT produc … id = $1",
        "SELECT 1",
        "SELECT produc … products.price, rating …",
    ]


@given(st.lists(st.text("ab ", max_size=30), max_size=6), st.integers(3, 20))
def test_none_is_longer_than_allowed(texts: list[str], most: int) -> None:
    """And what is not too long stays as it is."""
    for text, shown in zip(texts, told_apart(texts, most), strict=True):
        assert len(shown) <= most
        assert len(text) > most or shown == text
