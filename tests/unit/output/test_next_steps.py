"""What a learner can do next."""

from dataclasses import replace

import pytest

from dojo.output.next_steps import next_steps
from tests.support.sample_reports import small_report


@pytest.mark.parametrize("verdict", ["met", "not_met", "invalid"])
def test_the_page_comes_last_and_only_if_there_is_one(verdict: str) -> None:
    """A page that could not be written is not named."""
    report = replace(small_report(), verdict=verdict)  # type: ignore[arg-type]
    assert next_steps(report, "facts.json", "latest.html")[-1].endswith("a page: latest.html")
    assert not any("page" in line for line in next_steps(report, "facts.json", None))


def test_who_is_not_done_is_told_the_next_command() -> None:
    """The same kata again, or its hint; the solution is named only when it is solved."""
    lines = "\n".join(next_steps(small_report(), "facts.json", None))
    assert "Edit app/, then: ./run pytest katas/01-latency\n" in lines
    assert "./run pytest katas/01-latency --hint" in lines
    assert "solution" not in lines
    met = next_steps(replace(small_report(), verdict="met"), "facts.json", None)
    assert met[0].endswith("katas/01-latency/.meta/solution.md")


def test_an_invalid_run_is_repeated() -> None:
    """Nothing else is worth doing: it says nothing about the app."""
    (line,) = next_steps(replace(small_report(), verdict="invalid"), "facts.json", None)
    assert line.endswith("./run pytest katas/01-latency")
