"""The figures of kata 05's README are those by which it is judged."""

import re

import pytest

from benchmarks.sli_candidates import BEST
from benchmarks.sli_table import level
from dojo.slo.measures import judge_measure
from katas.sli.judging import judge
from katas.sli.years import draw
from tests.support.project import ROOT

README = (ROOT / "katas" / "05-sli" / "README.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| ([^|]*) \| (?:\d+ of \d+: )?([\d,]+) of ([\d,]+) \w+; green allows (\d+) \|$",
    re.MULTILINE,
)


def number(text: str) -> int:
    return int(text.replace(",", ""))


@pytest.fixture(scope="module")
def stated() -> dict[str, tuple[int, int, int]]:
    """(how many may be missed, of how many, green allows) by objective."""
    return {
        row[1].strip(): (number(row[2]), number(row[3]), number(row[4]))
        for row in ROW.finditer(README)
    }


def test_what_green_allows_is_stated_for_each_objective(
    stated: dict[str, tuple[int, int, int]],
) -> None:
    """How many may be missed of each objective, and how many its exact test lets pass."""
    years = draw(5)
    measures = judge(BEST.count(years), BEST.slo, years.calendar).measures
    objectives = level().objectives
    for objective in objectives:
        measure = measures[objective.name]
        decided = judge_measure(objective.name, objective.target, measure, len(objectives))
        missed = round((1 - objective.target) * measure.total)
        expected = (missed, measure.total, decided.green_at_most)
        assert stated[objective.display_name] == expected, objective.name
    assert set(stated) == {objective.display_name for objective in objectives}
