"""Text that comes from anywhere, made fit to stand in Markdown. Pure.

Written for GitHub's Markdown (https://github.github.com/gfm/), which GitLab's is close to. What
could begin markup, a link or a mention becomes a numeric character reference: such a character is
never taken for structure (section 2.5 of that text).
"""

import re
from collections.abc import Iterable, Sequence

from dojo.output.app_text import one_line

__all__ = ["bullets", "code", "escaped", "table"]

MOST_IN_A_TEXT = 300
STRUCTURE = re.compile(r"[&<>|`*_\[\]\\#@$~]")
ADDRESS = re.compile(r":(?=//)|(?<=www)\.", re.IGNORECASE)  # what becomes a link by itself
FIRST = re.compile(r"^\s*(?:[-+=]+|\d+[.)])(?=\s|$)")  # what begins a list or underlines a heading


def escaped(text: str, most: int = MOST_IN_A_TEXT) -> str:
    """The text as itself, in one line of at most so many characters."""
    line = one_line(text, most)
    for pattern in (STRUCTURE, ADDRESS):
        line = pattern.sub(lambda match: f"&#{ord(match[0])};", line)
    return FIRST.sub(lambda match: f"{match[0][:-1]}&#{ord(match[0][-1])};", line)


def code(text: str, most: int = MOST_IN_A_TEXT) -> str:
    """The text in letters of equal width; "" for no text."""
    return f"<code>{escaped(text, most)}</code>" if text else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numeric: Iterable[int] = ()) -> str:
    """A table of cells that are Markdown already; the columns of these numbers stand right."""
    right = set(numeric)
    rule = ["---:" if column in right else "---" for column in range(len(head))]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, rule, *rows))


def bullets(lines: Iterable[str]) -> str:
    """A list of lines that are Markdown already."""
    return "".join(f"- {line}\n" for line in lines)
