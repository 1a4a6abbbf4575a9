"""Numbers as people write them on a page: an honest page may write one number in several ways."""

import re

__all__ = ["amount", "whole_number"]

# 2907, or in groups of three with one kind of sign between them; a word may follow
WRITTEN = re.compile(
    r"([0-9]+|[0-9]{1,3}([ ,.'\u2019_])[0-9]{3}(?:\2[0-9]{3})*)(?: [a-z]+)?", re.IGNORECASE
)
NOTHING = ("no", "none", "nothing", "zero")


def whole_number(text: str | None) -> int | None:
    """What `2907`, `2,907`, `2 907` or `2,907 results` says; None if it says no whole number.

    `text` is a page's, so that every kind of blank in it is a plain one.
    """
    if text is None:
        return None
    if text.lower().removesuffix(" results") in NOTHING:
        return 0
    match = WRITTEN.fullmatch(text)
    return None if match is None else int(re.sub(r"\D", "", match[1]))


def amount(text: str | None) -> int | None:
    """The whole euros that `12`, `€ 12` or `12.00` says."""
    if text is None:
        return None
    return whole_number(re.sub(r"[.,]00$", "", text.removeprefix("€").strip()))
