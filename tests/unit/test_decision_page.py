"""docs/decision.md agrees with the code."""

import re

from benchmarks.operating_characteristics import document, objectives
from dojo.output.outcome import EXIT_STATUS, VERDICTS
from dojo.slo.binomial import at_most
from dojo.slo.measures import Measure, judge_measure
from tests.support.project import ROOT

TEXT = (ROOT / "docs" / "decision.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def statuses(text: str) -> dict[str, int]:
    """Exit statuses by outcome, of a table whose first columns they are."""
    rows = re.findall(r"^\| (?:[A-Z]+, )?\*([^*|]+)\* \| (\d+) \|", text, re.MULTILINE)
    return {words: int(status) for words, status in rows}


def test_its_tables_are_the_computed_ones() -> None:
    """Who changes a bound, a rate or a target makes them anew."""
    assert TEXT.endswith(f"\n\n{document()}")
    assert len(objectives()) > 1


def test_outcomes_and_exit_statuses_are_the_graders() -> None:
    """On the page and in the README, by the same words."""
    expected = {VERDICTS[verdict]: status for verdict, status in EXIT_STATUS.items()}
    expected["SLO met, but the site is broken"] = EXIT_STATUS["not_met"]
    assert statuses(TEXT) == expected
    assert statuses(README) == expected


def test_the_bounds_of_measures_are_the_computed_ones() -> None:
    """Each row of the table of simulated katas, from the code that judges them."""
    row = re.compile(r"\| (\d+)% \| ([\d,]+) \| \d+ bad \|")
    stated = {line: match for line in TEXT.splitlines() if (match := row.match(line))}
    assert len(stated) >= 5
    for line, match in stated.items():
        assert line == measure_row(int(match[1]), int(match[2].replace(",", "")))


def measure_row(percent: int, total: int) -> str:
    """A row: where green ends and red begins with six measures, and how often green comes."""
    target = percent / 100
    green = judge_measure("m", target, Measure(total, total), 6).green_at_most
    red = next(
        bad
        for bad in range(green, total + 1)
        if judge_measure("m", target, Measure(total - bad, total), 6).verdict == "not_met"
    )
    chances = [at_most(green, total, share * (1 - target)) for share in (0.5, 0.2)]
    chance = ", ".join(f"{each:.1%}" for each in chances)
    return f"| {percent}% | {total:,} | {green} bad | {red} bad | {chance} |"
