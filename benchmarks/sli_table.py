"""Every SLI that a person might hand in to kata 05, judged on several draws of twenty years.

python -m benchmarks.sli_table [DRAWS]    a table of Markdown: the share of each measure, and the
                                          verdicts of the draws (G green, R red, ? undecided)
"""

import sys
from collections.abc import Iterator, Mapping, Sequence

from benchmarks.sli_candidates import CANDIDATES, Candidate
from dojo.site.graded_files import ROOT
from dojo.slo.catalog import measure_level
from dojo.slo.measures import Measure, MeasureLevel, judge_measure
from katas.sli.judging import judge
from katas.sli.years import Years, draw

__all__ = ["SIGNS", "all_in_all", "level", "verdicts"]

SIGNS = {"met": "G", "not_met": "R", "undecided": "?"}


def level() -> MeasureLevel:
    """The measures of the kata, with their targets."""
    return measure_level(ROOT / "katas" / "05-sli")


def verdicts(tallies: Mapping[str, Measure], measures: MeasureLevel) -> dict[str, str]:
    """G, R or ? of each measure."""
    count = len(measures.objectives)
    return {
        each.name: SIGNS[
            judge_measure(
                each.name,
                each.target,
                tallies[each.name],
                count,
            ).verdict
        ]
        for each in measures.objectives
    }


def all_in_all(signs: dict[str, str]) -> str:
    """R if any is red, else ? if any is undecided, else G."""
    return next((sign for sign in "R?" if sign in signs.values()), "G")


def main(arguments: Sequence[str]) -> None:
    """Print the table, a row for each candidate as soon as it is judged."""
    draws = [draw(seed) for seed in range(1, 1 + int(arguments[0] if arguments else 5))]
    measures = level()
    head = [name.removeprefix("sees-") for name in measures.names]
    print(f"| SLI | target | bad | {' | '.join(head)} | draws |")
    print(f"|---|---|---|{'---|' * (len(head) + 1)}")
    for family, candidates in CANDIDATES.items():
        print(f"| **{family}** |{' |' * (len(head) + 3)}")
        for candidate in candidates:
            print(f"| {' | '.join(_cells(candidate, draws, measures))} |", flush=True)


def _cells(candidate: Candidate, draws: Sequence[Years], measures: MeasureLevel) -> Iterator[str]:
    tallies = [
        judge(candidate.count(years), candidate.slo, years.calendar).measures for years in draws
    ]
    signs = [verdicts(each, measures) for each in tallies]
    yield candidate.name
    yield f"{candidate.slo.target:.6g}"
    yield str(candidate.slo.min_bad_events)
    for name in measures.names:
        good = sum(each[name].good for each in tallies)
        share = good / sum(each[name].total for each in tallies)
        marks = "".join(sorted({each[name] for each in signs}))
        yield f"{share:.1%}{'' if marks == 'G' else f' {marks}'}"
    yield "".join(all_in_all(each) for each in signs)


if __name__ == "__main__":
    main(sys.argv[1:])
