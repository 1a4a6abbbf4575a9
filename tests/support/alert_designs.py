"""Alert policies that a person might hand in, by name: what is right with them, or wrong.

A row such as ("page", 14.4, "1h", "5m", 0.02) is a policy: 14.4 times the budget over both windows,
and 2% of it gone within the first. Without a burn rate (0), the share of the budget alone. What is
wrong has the measures that must say so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dojo.report import ObjectiveResult
from dojo.slo.alert_policy import AlertCondition, AlertPolicy, Measurement, Severity
from dojo.slo.catalog import measure_level
from dojo.slo.measures import judge_measure
from katas.alerts.judgement import measures
from katas.alerts.measures import Count, tally
from katas.alerts.outcomes import judge_year
from katas.alerts.years import draw_years
from tests.support.project import ROOT

__all__ = ["ALL", "GROUPS", "HONEST", "Design", "Draw", "draw", "judge_designs", "policies"]

Row = tuple[str, float, str, str, float]  # whom, burn rate, long and short window ("": none), guard
Design = Sequence[Row]

MINUTES = {"m": 1, "h": 60, "d": 24 * 60}
SEVERITIES = {"page": Severity.HIGH, "ticket": Severity.MEDIUM}


def book(guard: float) -> Design:
    """The Site Reliability Workbook's table 5-8."""
    return (
        ("page", 14.4, "1h", "5m", guard),
        ("page", 6, "6h", "30m", guard),
        ("ticket", 3, "1d", "2h", guard),
        ("ticket", 1, "3d", "6h", guard),
    )


GUARD = 0.02
BOOK = book(GUARD)
SHIPPED: Design = (("page", 6, "5m", "", 0), ("page", 1, "1d", "", 0))
HONEST: Mapping[str, Design] = {
    "the book's four": BOOK,
    "the book's four, guard 1.5%": book(0.015),
    "the book's four, guard 3%": book(0.03),
    "the book's three": (*BOOK[:2], BOOK[3]),
    "pyrra's defaults": (
        ("page", 14, "1h", "5m", GUARD),
        ("page", 7, "6h", "30m", GUARD),
        ("ticket", 2, "1d", "2h", GUARD),
        ("ticket", 1, "4d", "6h", GUARD),
    ),
    "Google Cloud's defaults": (("page", 10, "1h", "", GUARD), ("ticket", 2, "1d", "", GUARD)),
    "three rows": (
        ("page", 13, "1h", "5m", GUARD),
        ("page", 5, "6h", "30m", GUARD),
        ("ticket", 2, "1d", "2h", GUARD),
    ),
    "two rows": (("page", 10, "2h", "10m", GUARD), ("ticket", 2, "1d", "1h", GUARD)),
    "a share of the budget alone, 2.5%": (
        ("page", 0, "1h", "", 0.025),
        ("ticket", 2, "1d", "1h", GUARD),
    ),
    "a share of the budget alone": (
        ("page", 0, "1h", "", GUARD),
        ("ticket", 1, "1d", "", 0),
    ),
    "two other rows": (("page", 8, "1h", "5m", GUARD), ("ticket", 1.5, "1d", "2h", GUARD)),
}
FAULTS: Mapping[str, tuple[Design, Sequence[str]]] = {
    "long windows left out": (
        (("page", 14.4, "5m", "", 0.01), ("page", 6, "30m", "", 0.01), *BOOK[2:]),
        ["precision"],
    ),
    "slow windows left out": ((BOOK[0], BOOK[3]), ["recall"]),
    "short windows left out": (
        [(who, rate, window, "", guard) for who, rate, window, _, guard in BOOK],
        ["reset"],
    ),
    "tickets left out": (BOOK[:2], ["recall", "detection-slow"]),
    "everything pages": ([("page", *row[1:]) for row in BOOK], ["precision", "nights"]),
    "no guard": (book(0), ["nights", "precision"]),
    "guard 1%": (book(0.01), ["precision"]),
    "the ratio of that share alone": (
        (("page", 13.44, "1h", "5m", 0), ("ticket", 1, "1d", "", 0)),
        ["precision", "nights"],
    ),
}
CHEATS: Mapping[str, tuple[Design, Sequence[str]]] = {
    "shipped": (SHIPPED, ["precision", "reset", "nights"]),
    "always on": ((("page", 0.01, "1d", "", 0),), ["precision", "nights", "reset"]),
    "never": ((("page", 1000, "5m", "", 0),), ["recall", "detection-fast"]),
    "14.4 over 5 minutes": ((("page", 14.4, "5m", "", 0),), ["precision", "nights"]),
    "14.4 over 1 hour": ((("page", 14.4, "1h", "", 0),), ["recall"]),
    "4 over a day": ((("page", 4, "1d", "1h", GUARD),), ["recall", "detection-fast"]),
    "a guard that no night reaches": (book(0.2), ["recall", "detection-fast"]),
    "slow page beside a sloppy fast one": (
        (("page", 6, "5m", "", 0), ("page", 2, "6h", "30m", GUARD), *BOOK[2:]),
        ["precision", "nights"],
    ),
    "tickets for everything": ((*BOOK[:2], ("ticket", 0.01, "1d", "", 0)), ["tickets"]),
    "tickets only": ([("ticket", *row[1:]) for row in BOOK], ["recall", "detection-fast"]),
}


GROUPS: Mapping[str, Iterable[str]] = {"honest": HONEST, "fault": FAULTS, "wrong": CHEATS}
# a design, and the measures that must miss it; none: every measure must be met
ALL: Mapping[str, tuple[Design, Sequence[str]]] = {
    **{name: (design, []) for name, design in HONEST.items()},
    **FAULTS,
    **CHEATS,
}
TARGETS = {
    objective.name: objective.target
    for objective in measure_level(ROOT / "katas" / "04-alerts").objectives
}


@dataclass(frozen=True)
class Draw:
    """What one draw of years gave: for each design, each measure's result."""

    results: Mapping[str, Mapping[str, ObjectiveResult]]

    def of(self, name: str) -> list[ObjectiveResult]:
        """The results of one design."""
        return list(self.results[name].values())

    def as_expected(self, name: str) -> bool:
        """Whether an honest design is met, and another one missed by the measures of its own."""
        results, own = self.results[name], ALL[name][1]
        if not own:
            return all(result.verdict == "met" for result in results.values())
        return all(results[measure].verdict == "not_met" for measure in own)


def draw(seed: int, names: Iterable[str]) -> Draw:
    """Judge designs of the tables on the twenty years of a seed."""
    return judge_designs(seed, {name: policies(ALL[name][0]) for name in names})


def judge_designs(seed: int, designs: Mapping[str, list[AlertPolicy]]) -> Draw:
    """Judge designs on the twenty years of a seed, one year after the other."""
    counts = {name: {measure: Count() for measure in TARGETS} for name in designs}
    for year in draw_years(seed):
        for name, design in designs.items():
            for measure, count in tally([judge_year(design, year)]).items():
                counts[name][measure].update(count)
    return Draw({name: _results(count) for name, count in counts.items()})


def _results(counts: Mapping[str, Count]) -> dict[str, ObjectiveResult]:
    return {
        name: judge_measure(name, TARGETS[name], measure, len(TARGETS))
        for name, measure in measures(counts, months=1).items()
    }


def policies(design: Design) -> list[AlertPolicy]:
    """The policies of a design."""
    return [_policy(row, number) for number, row in enumerate(design, start=1)]


def _policy(row: Row, number: int) -> AlertPolicy:
    who, rate, long, short, guard = row
    conditions = [
        AlertCondition(Measurement.BURN_RATE, rate, minutes(window))
        for window in (long, short)
        if rate and window
    ]
    if guard:
        conditions.append(AlertCondition(Measurement.BUDGET_DROP, guard, minutes(long)))
    return AlertPolicy(f"{who}-{number}", SEVERITIES[who], tuple(conditions))


def minutes(window: str) -> int:
    """ "5m" is 5."""
    return int(window[:-1]) * MINUTES[window[-1]]
