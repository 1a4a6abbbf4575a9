"""The report of a simulated kata in the terminal."""

from dataclasses import replace

import pytest
from rich.cells import cell_len

from dojo.earlier_attempt import EarlierAttempt
from dojo.output.any_report import render
from dojo.output.terminal.summary import summary_table
from tests.support.sample_simulated import MET, NOT_MET, REFUSED, SIMULATED_OUTCOMES, UNDECIDED

WIDTHS = (60, 80, 100, 140)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("outcome", SIMULATED_OUTCOMES)
def test_no_line_is_wider_than_the_terminal(outcome: str, width: int) -> None:
    """And nothing of the learner's paints it, with colors or without."""
    for color in (False, True):
        text = render(SIMULATED_OUTCOMES[outcome], width, color)
        assert "\x1b[31malert" not in text
        if not color:
            assert "\x1b" not in text
            assert max(map(cell_len, text.splitlines())) <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_every_figure_is_there_at_every_width(width: int) -> None:
    """Name, ratio, target, counts, what green allows, and the verdict in words."""
    words = " ".join(render(NOT_MET, width, color=False).split())
    for figure in ("precision", "38.3%", "90%", "80 / 209", "129", "not met", "recall", "met"):
        assert figure in words
    assert "129 pages were for none." in words
    assert "Good: right pages. Total: all pages." in words
    assert "The same data again: --plan-seed 4711." in words


def test_what_is_close_says_between_which_bounds() -> None:
    """As an objective under a load does."""
    text = render(UNDECIDED, 100, color=False)
    assert "99.8% interval of the measure" in text
    assert "precision: 90%: too close to call" in text
    assert "19 of 209 bad; green allows 8; red begins at 3" in text


def test_the_sections_of_the_kata_are_printed() -> None:
    """Lead, sentences, the first rows, the picture in lines, code that is for the terminal."""
    text = render(NOT_MET, 100, color=False)
    assert "What became of each incident" in text
    assert "  ▁▁▂█▁▁" in text
    assert "✓  outage of 12 minutes     11%" in text
    assert "… and 4 rows more on the page" in text
    assert "sum(rate(bad[1h]))" in text
    assert "two bad minutes" not in text  # a column of the page
    assert "on the page alone" not in text


def test_a_refused_file_shows_its_line() -> None:
    """The place, the reason and the line, instead of any figure."""
    text = render(REFUSED, 100, color=False)
    assert " BROKEN: FILE REFUSED   04-alerts, attempt 3" in text
    assert "app/ops/alerts.yaml:12:9: value must be a number" in " ".join(text.split())
    assert "  12 |   value: </title>" in text
    assert "measured" not in text


def test_it_is_compared_with_the_attempt_before() -> None:
    """Measure by measure."""
    before = EarlierAttempt(2, "not_met", {"precision": 0.25, "recall": 1.0}, None, None)
    text = render(replace(MET, previous=before), 100, color=False)
    assert "Since attempt 2 (Not met)\n  precision: 25.0% → 100.0%\n  as before: recall " in text


def test_the_summary_has_a_row_for_it() -> None:
    """Beside katas of the other kind; a refused one has no measure."""
    table = summary_table([NOT_MET, REFUSED, MET], 80, color=False)
    rows = [" ".join(line.split()) for line in table.splitlines()]
    assert "04-alerts NOT MET precision 6.2\u00d7 3.5 s" in rows
    assert any(row.startswith("04-alerts BROKEN: FILE") for row in rows)
    assert "04-alerts MET precision 0.0\u00d7 3.5 s" in rows


@pytest.mark.parametrize("width", WIDTHS)
def test_the_measures_stand_in_one_layout_whatever_came_out(width: int) -> None:
    """The columns begin where they begin in every run at that width, so that runs compare."""
    heads = set()
    for outcome in ("met", "not met", "undecided"):
        text = render(SIMULATED_OUTCOMES[outcome], width, color=False)
        assert "✓ met   ✗ not met   ≈ too close to call" in text
        heads.add(next(line for line in text.splitlines() if "good / total" in line).split("%")[0])
        assert ("  measure  " in text) == (width >= 80)
    if width >= 80:
        assert len(heads) == 1


def test_a_long_title_is_not_broken_beside_the_verdict() -> None:
    """It gets a line of its own."""
    title = "The dashboard says 99.97%, and the customers leave"
    lines = render(replace(NOT_MET, title=title), 80, color=False).splitlines()
    assert f"“{title}”" in lines
