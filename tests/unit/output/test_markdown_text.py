"""Any text in Markdown."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.output.markdown_text import bullets, code, escaped, table

UNESCAPED = re.compile(r"[<>|`*_\[\]\\@$~]|&(?!#\d+;)|://|(?i:www)\.")


@given(st.text(st.characters(exclude_categories=())))
def test_no_text_begins_markup(text: str) -> None:
    """Neither tags, code, tables, emphasis, links, mentions nor lists; and it stays one line."""
    line = escaped(text)
    assert not UNESCAPED.search(line), line
    assert not re.search(r"[\n\r\x00\x1b\u202e]", line)
    assert not re.match(r"\s*([-+=]+|\d+[.)])(\s|$)", line)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("95% of page loads within 100 ms", "95% of page loads within 100 ms"),
        ("a|b", "a&#124;b"),
        ("<script>", "&#60;script&#62;"),
        ("`rm`", "&#96;rm&#96;"),
        ("see https://a.example", "see https&#58;//a.example"),
        ("- no list", "&#45; no list"),
        ("1. no list", "1&#46; no list"),
        ("two\nlines", "two lines"),
    ],
)
def test_what_becomes_of_it(text: str, expected: str) -> None:
    """Plain words stay as they are."""
    assert escaped(text) == expected


def test_code_of_nothing_is_nothing() -> None:
    """No empty box stands where the app logged nothing."""
    assert code("") == ""
    assert code("GET /a_b") == "<code>GET /a&#95;b</code>"


def test_tables_and_lists() -> None:
    """A line for each row and each entry; numbers stand right."""
    assert table(("a", "b"), [("1", "2")], numeric=(1,)) == (
        "| a | b |\n| --- | ---: |\n| 1 | 2 |\n"
    )
    assert bullets(["x", "y"]) == "- x\n- y\n"
