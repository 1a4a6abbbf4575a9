"""Which hint comes next: by what was given, and by what the reports of the attempts show. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dojo.kata.hint_book import DEPTHS, Cause, HintBook
from dojo.kata.signs import answered_share

__all__ = ["EXPLANATION", "Hint", "cause_count", "choose", "text_of"]

EXPLANATION = "Explanation"
KEEPS_UP = 0.8  # of the events, more were answered: from there on the hints trust the other figures


@dataclass(frozen=True, slots=True)
class Hint:
    """A hint by its place in the book: a section, and for a cause one of its depths."""

    section: str
    depth: str = ""


def choose(
    book: HintBook, given: Collection[Hint], reports: Sequence[Mapping[str, Any]]
) -> Hint | None:
    """The next one; None if all that the last report calls for was given.

    `reports`: of the attempts, the last one last. General hints come first, those with rules once a
    report fits them; then the causes that the last report shows, in the book's order, each to its
    explanation before the next.
    """
    last = reports[-1] if reports else None
    for section in book.general:
        fits = section.fits(last) if last is not None else not section.rules
        if fits and Hint(section.name) not in given:
            return Hint(section.name)
    if last is None:
        return None
    for cause in book.likely(last):
        for depth in (*DEPTHS, EXPLANATION):
            if (hint := Hint(cause.name, depth)) not in given:
                return hint
    for section in book.also:
        if section.fits(last) and Hint(section.name) not in given:
            return Hint(section.name)
    return None


def text_of(book: HintBook, hint: Hint, explanations: Mapping[str, str]) -> str | None:
    """The hint's text; None if the book no longer has it. `explanations`: by a cause's name."""
    if hint.depth == EXPLANATION:
        return explanations.get(hint.section)
    for section in (*book.general, *book.also):
        if section.name == hint.section and not hint.depth:
            return section.text
    for cause in book.causes:
        if cause.name == hint.section and hint.depth in DEPTHS:
            return cause.depths[DEPTHS.index(hint.depth)]
    return None


def cause_count(book: HintBook, reports: Sequence[Mapping[str, Any]]) -> str:
    """How many causes there are, once one that an earlier report showed is gone; "" before."""
    gone = sum(_is_gone(cause, reports) for cause in book.causes)
    if not gone:
        return ""
    count = len(book.causes)
    about = "1 cause. Its signs" if count == 1 else f"{count} causes. Signs of {gone} of them"
    return (
        f"The hints of this kata are about {about} were in an earlier report and are gone from the"
        " last one. Hints go by the last report: run the kata again after a change."
    )


def _is_gone(cause: Cause, reports: Sequence[Mapping[str, Any]]) -> bool:
    """Whether it was shown, and has not been since, by a report that would show it.

    A change for the worse empties a sign, too: a site that answers nobody sends no statements. So
    a report without it counts if its app keeps up, or answers more than whenever it was shown.
    """
    shown = [place for place, facts in enumerate(reports) if cause.is_likely(facts)]
    if not shown:
        return False
    most = max(_answered(reports[place]) for place in shown)
    return any(_answered(facts) > min(most, KEEPS_UP) for facts in reports[shown[-1] + 1 :])


def _answered(facts: Mapping[str, Any]) -> float:
    """The share that was answered; of simulated data, which no app answers, all of it."""
    share = answered_share(facts)
    return 1.0 if share is None else share
