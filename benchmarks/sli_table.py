"""Every SLI that a person might hand in to kata 05, judged on several draws of twenty years.

python -m benchmarks.sli_table [DRAWS] [--write]    a table of Markdown: the share of each measure,
                                                    and the verdicts of the draws (G green, R red,
                                                    ? undecided); --write: into docs/benchmarks.md

It ends with 1 if an honest one was not green in each draw, or a wrong one was green in any.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence

from benchmarks.sli_candidates import CANDIDATES, Candidate
from benchmarks.verdict_tables import with_section
from dojo.site.graded_files import ROOT
from dojo.slo.catalog import measure_level
from dojo.slo.measures import Measure, MeasureLevel, judge_measure
from katas.sli.judging import judge
from katas.sli.years import Years, draw

__all__ = ["SIGNS", "all_in_all", "level", "verdicts"]

PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- sli: begin -->", "<!-- sli: end -->"
EXPECTED = {"honest": "G", "wrong": "R?"}  # of each draw, by family; of the others any
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


def main(arguments: Sequence[str]) -> int:
    """The command: the table, and 1 if a candidate was called otherwise than it must be."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sli_table")
    parser.add_argument("draws", nargs="?", type=int, default=5, metavar="DRAWS")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    options = parser.parse_args(arguments)
    lines, wrong = [], []
    for family, line, verdict in _rows([draw(seed) for seed in range(1, 1 + options.draws)]):
        print(line, flush=True)
        lines.append(line)
        if set(verdict) - set(EXPECTED.get(family, "GR?")):
            wrong.append(line)
    for line in wrong:
        print(f"Not as expected: {line}")
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        text = "\n".join(lines) + "\n"
        PAGE.write_text(with_section(page, text, BEGIN, END), encoding="utf-8")
    return 1 if wrong else 0


def _rows(draws: Sequence[Years]) -> Iterator[tuple[str, str, str]]:
    """Family, line of Markdown and verdicts of the draws, as soon as a candidate is judged."""
    measures = level()
    head = [name.removeprefix("sees-") for name in measures.names]
    yield "", f"| SLI | target | bad | {' | '.join(head)} | draws |", ""
    yield "", f"|---|---|---|{'---|' * (len(head) + 1)}", ""
    for family, candidates in CANDIDATES.items():
        yield family, f"| **{family}** |{' |' * (len(head) + 3)}", ""
        for candidate in candidates:
            cells = list(_cells(candidate, draws, measures))
            yield family, f"| {' | '.join(cells)} |", cells[-1]


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
    sys.exit(main(sys.argv[1:]))
