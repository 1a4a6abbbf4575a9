"""What came of a cohort's submissions, as values: a row for each, and what rows share. Pure.

Knows neither how a submission was read nor how it was judged.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

__all__ = [
    *("Attempt", "CauseCount", "Cohort", "ObjectiveFigures", "Outcome", "Row"),
    *("OUTCOMES", "cause_counts", "check_counts", "row_from_json", "solved_line"),
]

Outcome = Literal[
    "met", "not_met", "undecided", "differs", "broken", "stopped", "unreadable", "invalid"
]
OUTCOMES: dict[Outcome, str] = {
    "met": "Solved",
    "not_met": "Not met",
    "undecided": "Undecided",
    "differs": "Graded files differ",
    "broken": "Broke down",
    "stopped": "Stopped",
    "unreadable": "Could not be read",
    "invalid": "Invalid run",
}
OTHERS: dict[Outcome, str] = {  # of those that are not solved, behind their number
    "not_met": "not met",
    "undecided": "undecided",
    "differs": "with graded files that differ",
    "broken": "broke down",
    "stopped": "stopped",
    "unreadable": "could not be read",
    "invalid": "with an invalid run",
}
assert tuple(OUTCOMES) == get_args(Outcome)


@dataclass(frozen=True, slots=True)
class ObjectiveFigures:
    """An objective, or a measure of a simulated kata."""

    name: str
    target: float
    sli: float
    good: int
    total: int
    verdict: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One time that a submission was judged; what a run without a report lacks is None or empty."""

    started_at: str  # ISO 8601, UTC
    outcome: Outcome
    reason: str  # "" if it is solved
    spent_s: float
    objectives: tuple[ObjectiveFigures, ...] = ()
    p50_ms: float | None = None  # of the events that were answered
    p95_ms: float | None = None
    answered_per_s: float | None = None
    come_per_s: float | None = None
    failed_checks: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()  # whose signs the report shows


@dataclass(frozen=True, slots=True)
class Row:
    """A submission and its attempts at one kata, the last one last; there is at least one."""

    name: str
    source: str  # the argument
    kata: str
    key: str  # of its content
    attempts: tuple[Attempt, ...]
    differing: tuple[str, ...] = ()  # graded files
    same_as: str = ""  # the name of an earlier row with the same content
    page: str = ""  # the report as a page, relative to the cohort's

    @property
    def last(self) -> Attempt:
        """The attempt that counts."""
        return self.attempts[-1]

    @property
    def outcome(self) -> Outcome:
        """Of the last attempt."""
        return self.last.outcome


@dataclass(frozen=True, slots=True)
class CauseCount:
    """In how many of the submissions whose last run gave figures a cause, or a failed check, is."""

    name: str
    count: int
    total: int


@dataclass(frozen=True, slots=True)
class Cohort:
    """All rows of a call, kata by kata."""

    katas: Mapping[str, str]  # title by name
    rows: tuple[Row, ...]
    made_at: str  # ISO 8601, UTC
    release: str  # its digest, shortened
    sandbox: str  # what the submissions were kept from

    def of(self, kata: str) -> tuple[Row, ...]:
        """The rows of a kata, in the order of the command line."""
        return tuple(row for row in self.rows if row.kata == kata)

    @property
    def names(self) -> tuple[str, ...]:
        """The submissions, each once."""
        return tuple(dict.fromkeys(row.name for row in self.rows))

    def to_json(self) -> dict[str, Any]:
        """As JSON values; times in the unit of the name, ratios as ratios."""
        return {
            "format": 1,
            "made_at": self.made_at,
            "release": self.release,
            "katas": [
                {
                    "name": kata,
                    "title": title,
                    "solved": sum(row.outcome == "met" for row in self.of(kata)),
                    "submissions": len(self.of(kata)),
                    "causes": [asdict(each) for each in cause_counts(self.of(kata))],
                    "failed_checks": [asdict(each) for each in check_counts(self.of(kata))],
                }
                for kata, title in self.katas.items()
            ],
            "rows": [{"outcome": row.outcome, **asdict(row)} for row in self.rows],
        }


def cause_counts(rows: Sequence[Row]) -> tuple[CauseCount, ...]:
    """The causes that are left in most, the most frequent first."""
    return _counts(rows, [row.last.causes for row in rows])


def check_counts(rows: Sequence[Row]) -> tuple[CauseCount, ...]:
    """The checks that fail in most, the most frequent first."""
    return _counts(rows, [row.last.failed_checks for row in rows])


def _counts(rows: Sequence[Row], names: Iterable[tuple[str, ...]]) -> tuple[CauseCount, ...]:
    judged = sum(bool(row.last.objectives) for row in rows)
    counter = Counter(name for each in names for name in each)
    return tuple(CauseCount(name, count, judged) for name, count in counter.most_common())


def solved_line(rows: Sequence[Row]) -> str:
    """Such as: 5 of 12 solved; 4 not met, 3 could not be read."""
    others: Counter[Outcome] = Counter(row.outcome for row in rows if row.outcome != "met")
    solved = sum(row.outcome == "met" for row in rows)
    text = f"{solved} of {len(rows)} solved"
    parts = [f"{others[each]} {words}" for each, words in OTHERS.items() if others[each]]
    return f"{text}; {', '.join(parts)}." if parts else f"{text}."


def row_from_json(facts: Mapping[str, Any]) -> Row:
    """Read back what `asdict` made of a row; KeyError, TypeError or ValueError if it is none."""
    attempts = []
    for each in facts["attempts"]:
        values = dict(each)
        values["objectives"] = tuple(ObjectiveFigures(**one) for one in values["objectives"])
        values["failed_checks"] = tuple(values["failed_checks"])
        values["causes"] = tuple(values["causes"])
        if values["outcome"] not in OUTCOMES:
            raise ValueError(f"there is no outcome {values['outcome']!r}")
        attempts.append(Attempt(**values))
    if not attempts:
        raise ValueError("a row has no attempt")
    return Row(
        **{
            **{name: facts[name] for name in ("name", "source", "kata", "key", "same_as", "page")},
            "attempts": tuple(attempts),
            "differing": tuple(facts["differing"]),
        }
    )
