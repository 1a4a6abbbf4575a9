"""docs/decision.md agrees with the code."""

import re

from benchmarks.operating_characteristics import document, objectives
from dojo.output.outcome import EXIT_STATUS, VERDICTS
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
