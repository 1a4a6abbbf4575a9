"""Texts that tell words from parts of words, and what is typed to see whether a shop can.

A new product holds each of them in its description. Whoever types one of `finds` together with the
product's own word finds the product, and nobody finds it with one of `finds_not`: not by a part of
a word, another form of it, the word without its accents, or a word that the product doesn't hold
though many languages hardly hear it. Postgres runs in the locale C here, which knows no capitals
but A to Z; so no product holds others, while people may type them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_lowercase, punctuation

__all__ = ["TEXTS", "WordText"]

SIGNS_AT_ONCE = 4  # in one query


@dataclass(frozen=True, slots=True)
class WordText:
    """A text, and what is typed beside the own word of the product that holds it."""

    text: str
    finds: tuple[str, ...]
    finds_not: tuple[str, ...] = ()


def _pairs() -> list[tuple[str, str, str]]:
    """A word, a sign and a word, for each sign of ASCII."""
    ends = [first + second for first in ascii_lowercase for second in ascii_lowercase]
    return [(f"zl{end}", sign, f"zr{end}") for end, sign in zip(ends, punctuation, strict=False)]


def _signs() -> Iterator[WordText]:
    """No sign is part of a word."""
    pairs = _pairs()
    for start in range(0, len(pairs), SIGNS_AT_ONCE):
        some = pairs[start : start + SIGNS_AT_ONCE]
        text = " ".join(map("".join, some))
        yield WordText(text, (" ".join(f"{left} {right}" for left, _, right in some),))


TEXTS = (
    # several words without a blank between them
    WordText("blue_sky", ("blue", "sky", "blue_sky"), ("bluesky",)),
    WordText("fir/oak", ("fir", "oak", "fir/oak"), ("firoak",)),
    WordText("3.5", ("3", "5", "3.5"), ("35",)),
    WordText("a.example.com", ("a", "example", "com", "a.example.com")),
    WordText("soft+warm", ("soft", "warm", "soft+warm")),
    WordText("ann@shop.example", ("ann", "shop", "example", "ann@shop.example")),
    *_signs(),
    # one word of letters and digits
    WordText("2x4 and 5kg", ("2x4", "5kg", "2X4"), ("2", "4", "x4", "kg", "5")),
    # no form of a word is another, and no word is left out
    WordText(
        "brushes, trolleys and painted women",
        ("brushes", "TROLLEYS", "Painted", "women", "with"),
        ("brush", "trolley", "paint", "woman", "or", "not", "the", "for"),
    ),
    WordText("a brush or a trolley", ("brush", "or"), ("brushes", "trolleys", "brushing")),
    # letters and digits beyond A to Z
    WordText("Café", ("café", "Café", "CAFÉ"), ("caf", "cafe")),
    WordText("naïve été", ("naïve", "NAÏVE", "été"), ("naive", "ete", "na", "ve", "t")),
    WordText("creme", ("creme",), ("crème",)),
    WordText("中文 и лампа ٣", ("中文", "лампа", "ЛАМПА", "٣"), ("中", "文", "ламп", "3")),
)
