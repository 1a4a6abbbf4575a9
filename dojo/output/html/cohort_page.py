"""A cohort as a page: one HTML file that needs no network and no script. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from dojo.output.cohort import (
    OUTCOMES,
    Attempt,
    CauseCount,
    Cohort,
    Outcome,
    Row,
    cause_counts,
    check_counts,
    solved_line,
)
from dojo.output.figures import count_of, percent, rate, seconds
from dojo.output.html.page import environment, policy_hash, source

__all__ = ["render"]

SIGNS: dict[Outcome, str] = {
    "met": "✓",
    "not_met": "✗",
    "undecided": "≈",
    "differs": "✗",
    "broken": "✗",
    "stopped": "✗",
    "unreadable": "⚠",
    "invalid": "⚠",
}
TONES: dict[Outcome, str] = {
    "met": "good",
    "not_met": "bad",
    "undecided": "doubt",
    "differs": "bad",
    "broken": "bad",
    "stopped": "bad",
    "unreadable": "doubt",
    "invalid": "doubt",
}
MOST_COUNTS = 12
NO_EVENTS = "none"  # in place of a share of nothing


@dataclass(frozen=True, slots=True)
class Part:
    """A kata's part of the page."""

    kata: str
    title: str
    rows: tuple[Row, ...]

    @property
    def summary(self) -> str:
        """How many solved it, and what became of the others."""
        return solved_line(self.rows)

    @property
    def causes(self) -> tuple[CauseCount, ...]:
        """Those that are left in most."""
        return cause_counts(self.rows)[:MOST_COUNTS]

    @property
    def checks(self) -> tuple[CauseCount, ...]:
        """Those that fail in most."""
        return check_counts(self.rows)[:MOST_COUNTS]

    @property
    def objectives(self) -> tuple[str, ...]:
        """The names of the kata's objectives."""
        names = [each.name for row in self.rows for a in row.attempts for each in a.objectives]
        return tuple(dict.fromkeys(names))

    @property
    def has_times(self) -> bool:
        """Whether its events take time: simulated ones don't."""
        return any(a.come_per_s is not None for row in self.rows for a in row.attempts)


def render(cohort: Cohort) -> str:
    """The whole page as text."""
    sheet = source("style.css") + source("cohort.css")
    parts = [Part(kata, title, cohort.of(kata)) for kata, title in cohort.katas.items()]
    return (
        environment()
        .get_template("cohort.html.jinja")
        .render(
            cohort=cohort,
            parts=parts,
            heading=_heading(cohort),
            by_name=_by_name(cohort),
            OUTCOMES=OUTCOMES,
            SIGNS=SIGNS,
            TONES=TONES,
            cells=_cells,
            pace=_pace,
            still=_still,
            ms=_ms,
            count_of=count_of,
            style=sheet,
            style_hash=policy_hash(sheet),
        )
    )


def _heading(cohort: Cohort) -> str:
    solved = sum(row.outcome == "met" for row in cohort.rows)
    if len(cohort.katas) == 1:
        return f"{solved} of {count_of(len(cohort.rows), 'submission')} solved it"
    people = count_of(len(cohort.names), "submission")
    return f"{people}, {len(cohort.katas)} katas: {solved} of {len(cohort.rows)} solved"


def _by_name(cohort: Cohort) -> list[tuple[str, list[Row | None]]]:
    """Each submission's row of each kata."""
    rows = {(row.name, row.kata): row for row in cohort.rows}
    return [(name, [rows.get((name, kata)) for kata in cohort.katas]) for name in cohort.names]


def _cells(attempt: Attempt, objectives: Sequence[str]) -> list[tuple[str, str, str]]:
    """(SLI, good / total, tone) of each objective; empty where it was not measured."""
    figures = {each.name: each for each in attempt.objectives}
    cells = []
    for name in objectives:
        each = figures.get(name)
        if each is None:
            cells.append(("", "", ""))
            continue
        tone = {"met": "good", "not_met": "bad"}.get(each.verdict, "doubt")
        share = percent(each.sli, each.target) if each.total else NO_EVENTS
        cells.append((share, f"{each.good:,} / {each.total:,}", tone))
    return cells


def _pace(attempt: Attempt) -> str:
    if attempt.answered_per_s is None or attempt.come_per_s is None:
        return ""
    return f"{rate(attempt.answered_per_s)} of {rate(attempt.come_per_s)}"


def _ms(value: float | None) -> str:
    return "" if value is None else seconds(value / 1000)


def _still(each: CauseCount) -> str:
    """Such as: 14 of 20."""
    return f"{each.count} of {each.total}"
