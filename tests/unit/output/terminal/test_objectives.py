"""The objectives in the terminal, at every width."""

import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from dojo.output import wording
from dojo.output.figures import burn_rate, percent
from dojo.output.terminal.objectives import print_objectives
from dojo.output.terminal.report import render
from dojo.report import ObjectiveResult, Report
from tests.support.sample_reports import invalid_report, report, small_report

WIDTHS = (60, 80, 100, 140)
TIMES = "\N{MULTIPLICATION SIGN}"
CLOSE = ObjectiveResult(
    "98% of searches answered in full within 250 ms",
    0.98,
    0.25,
    472,
    480,
    "undecided",
    (0.957, 0.996),
)
HUGE = ObjectiveResult(
    "99.999% of everything that anybody ever asked of the site, whoever they were, within 1.5 s",
    *(0.99999, 1.5, 9_999_123, 10_000_000, "not_met", (0.99990, 0.99993)),
)
OUTCOMES = {
    "met": report(),
    "not met": report(bad_ratio=0.4),
    "too close": small_report(objectives=(CLOSE, replace(CLOSE, name="the same"))),
    "invalid": invalid_report(),
    "failed checks": replace(report(), verdict="not_met", checks=report(bad_ratio=0.4).checks),
    "huge": small_report(objectives=(HUGE, CLOSE)),
}


def flat(text: str) -> str:
    """The text as if nothing had been wrapped."""
    return " ".join(text.split())


def rendered(*objectives: ObjectiveResult, width: int) -> list[str]:
    target = io.StringIO()
    console = Console(file=target, width=width, color_system=None)
    print_objectives(console, small_report(objectives=objectives))
    return target.getvalue().splitlines()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("sample", OUTCOMES.values(), ids=OUTCOMES)
def test_nothing_of_an_objective_is_cut(sample: Report, width: int) -> None:
    """Name, SLI, good and total, budget, spent and burn rate are whole at every width."""
    lines = render(sample, width, color=False).splitlines()
    assert max(map(len, lines)) <= width
    end = next(n for n, line in enumerate(lines) if line.startswith("SLI = good / total"))
    start = next(n for n, line in enumerate(lines) if "a second" in line)
    part = lines[start:end]
    assert "…" not in "".join(part)
    for objective in sample.objectives:
        assert objective.name in flat("\n".join(part))
        for figure in (
            percent(objective.sli, objective.target),
            f"{objective.good:,} / {objective.total:,}",
            f"{objective.budget:,.1f}",
            f"{objective.bad:,}",
            burn_rate(objective.burn_rate),
        ):
            whole = re.compile(rf"(?<![\w.,]){re.escape(figure)}(?![\w.,])")
            assert any(whole.search(line) for line in part), figure


def test_a_wide_terminal_has_a_table() -> None:
    """One line for each objective, under one line of headings."""
    first, second = small_report().objectives
    lines = rendered(first, second, width=100)
    assert lines[1].split() == "objective SLI good / total budget spent burn rate".split()
    assert lines[2].split()[4:] == [
        "71.0%",
        "142",
        "/",
        "200",
        "10.0",
        "58",
        f"5.8{TIMES}",
        "not",
        "met",
    ]
    assert lines[3].split()[4:] == ["95.0%", "190", "/", "200", "20.0", "10", f"0.5{TIMES}", "met"]


def test_a_narrow_terminal_has_the_name_above_the_figures() -> None:
    """Each figure stands beside its label, and a line ends between two of them."""
    assert rendered(report(bad_ratio=0.4).objectives[0], width=60)[1:4] == [
        "95% of page loads within 100 ms: not met",
        "  SLI 59.9%   good / total 575 / 960   budget 48.0",
        f"  spent 385   burn rate 8.0{TIMES}",
    ]


@pytest.mark.parametrize("width", WIDTHS)
def test_an_interval_has_a_line_of_its_own(width: int) -> None:
    """An objective that is neither met nor missed shows it, below its figures."""
    lines = rendered(CLOSE, small_report().objectives[1], width=width)
    assert wording.STRICTER in flat("\n".join(lines))
    assert lines.count("  99.8% interval of the SLI: 95.7% to 99.6%") == 1
    assert "too close to call" in flat("\n".join(lines))
