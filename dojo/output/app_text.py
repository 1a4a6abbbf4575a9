"""Text that comes from the app or the machine, made fit to be shown. Pure.

Log lines, answers and statements may hold anything: escape sequences that paint a terminal, marks
that turn text round, characters that no HTML file may hold. Markup is the template's affair.
"""

import re
from collections.abc import Sequence

__all__ = ["in_encoding", "one_line", "printable", "shorten", "told_apart"]

MOST_IN_A_LINE = 220
# for a terminal that has ASCII alone
ASCII = str.maketrans(
    {
        **dict.fromkeys("━╌─", "-"),
        **dict.fromkeys("│┤├└┬", "|"),
        **dict.fromkeys("█▉▊▋▌▍▎▏", "#"),
        **{
            "✓": "+",
            "✗": "x",
            "→": ">",
            "↑": "^",
            "≤": "<=",
            "\u00d7": "x",
            "…": "...",
            "\u2013": "-",
        },
        **dict.fromkeys("“”", '"'),
        **dict.fromkeys("\u2018\u2019", "'"),
    }
)
# escape sequences, control characters, halves of surrogate pairs, marks that turn text round
UNPRINTABLE = re.compile(
    r"\x1b\[[0-9;?]*[ -/]*[@-~]"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef]"
    r"|[\ufffe\uffff]"
)


def printable(text: str) -> str:
    """The text with a space for whatever can't be printed; tabs and line ends stay."""
    return UNPRINTABLE.sub(" ", text)


def shorten(text: str, most: int) -> str:
    """At most so many characters; an ellipsis says that there were more."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def one_line(text: str, most: int = MOST_IN_A_LINE) -> str:
    """The text as one line of at most so many characters, for a terminal."""
    return shorten(printable(text).replace("\t", " ").replace("\n", " "), most)


def told_apart(texts: Sequence[str], most: int) -> list[str]:
    """Each text at most so long; of those that begin alike also the word where they differ.

    What stands between is left out: "SELECT id, name … WHERE color = $1".
    """
    return [
        _from_where_it_differs(text, [other for other in texts if other != text], most)
        for text in texts
    ]


def _from_where_it_differs(text: str, others: Sequence[str], most: int) -> str:
    short = shorten(text, most)
    alike = [other for other in others if shorten(other, most) == short]
    if not alike:
        return short
    differs_at = max(_differs_at(text, other) for other in alike)
    word_at = text.rfind(" ", 0, differs_at) + 1
    head = text[: most // 3].rstrip()
    return shorten(f"{head} … {text[word_at:]}", most)


def _differs_at(text: str, other: str) -> int:
    """The index of the first character that is not the same."""
    pairs = enumerate(zip(text, other, strict=False))
    return next((at for at, (mine, its) in pairs if mine != its), min(len(text), len(other)))


def in_encoding(text: str, encoding: str | None) -> str:
    """The text in characters that an encoding has; others by what looks alike, else by "?".

    Whoever prints a text that it has not would escape all of it, line ends included.
    """
    try:
        text.encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return text.translate(ASCII).encode("ascii", "replace").decode()
    return text
