"""dojo.postgres.migrations: where each statement of a file begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.postgres.migrations import statement_starts

INSIDE = st.text("a;'\"$-/*\\ \n", max_size=6)  # what could end a quote or a comment by mistake
BETWEEN = st.sampled_from([" ", "\n", "\t\n  "])
COMMENT = st.one_of(
    INSIDE.map(lambda text: "--" + text.replace("\n", " ") + "\n"),
    INSIDE.map(lambda text: "/* " + text.replace("/", " ").replace("*", " ") + " */"),
    INSIDE.map(lambda text: "/* /* " + text.replace("/", "").replace("*", "") + " */ ; */"),
)
GAP = st.lists(BETWEEN | COMMENT, max_size=2).map(lambda parts: " " + "".join(parts))
QUOTE = st.one_of(
    INSIDE.map(lambda text: "'" + text.replace("'", "''") + "'"),
    INSIDE.map(lambda text: "E'" + text.replace("\\", r"\\").replace("'", r"\'") + "'"),
    INSIDE.map(lambda text: '"' + text.replace('"', "") + '"'),
    INSIDE.map(lambda text: "$$ " + text.replace("$", "") + "$$"),
    INSIDE.map(lambda text: "$f1$ " + text + " $$ ; $$ $f1$"),
)
WORD = st.sampled_from(["SELECT", "e", "a$b", "1", "$1", "-", "*", "("])
STATEMENT = st.tuples(WORD | QUOTE, st.lists(st.tuples(GAP, WORD | QUOTE), max_size=4))


@given(st.lists(st.tuples(GAP, st.none() | STATEMENT, GAP), max_size=5))
def test_statements_are_found_whatever_is_in_quotes_and_comments(
    pieces: list[tuple[str, tuple[str, list[tuple[str, str]]] | None, str]],
) -> None:
    """Each begins where it was written; comments and empty statements are none."""
    text, starts = "", []
    for before, statement, after in pieces:
        text += before
        if statement is not None:
            first, rest = statement
            starts.append(len(text))
            text += first + "".join(gap + word for gap, word in rest)
        text += after + ";"
    assert statement_starts(text) == starts


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("", []),
        (" ;; -- a; b", []),
        ("SELECT 1", [0]),
        ("-- why;\nSELECT 1;\n", [8]),
        ("/* a /* b; */ c; */ SELECT 1; SELECT 2", [20, 30]),
        ("DO $do$ BEGIN; RAISE $$;$$; END $do$;", [0]),
        (r"SELECT E'it\'s;'; SELECT 2", [0, 18]),
        (r"SELECT 'a\'; SELECT 2", [0, 13]),
        ("SELECT a$b; SELECT c$d", [0, 12]),
        ("SELECT 'never ended; SELECT 2", [0, 21]),
        ("/* never ended; SELECT 2", []),
    ],
)
def test_examples(text: str, starts: list[int]) -> None:
    """As Postgres reads them."""
    assert statement_starts(text) == starts


@given(st.text())
def test_no_statement_begins_with_what_ends_one(text: str) -> None:
    """A text that is no SQL raises nothing either."""
    for start in statement_starts(text):
        assert text[start] != ";"
        assert not text[start].isspace()
