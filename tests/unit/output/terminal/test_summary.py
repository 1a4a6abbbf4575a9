"""The katas of a session in the terminal."""

from dojo.output.terminal.summary import summary_table
from tests.support.outcomes import OUTCOMES
from tests.support.sample_reports import report, small_report


def test_the_summary_names_the_worst_objective() -> None:
    """A line for each kata, with the objective that burns fastest."""
    text = summary_table(
        [small_report(), small_report(kata="02-x", verdict="met")], 100, color=False
    )
    lines = [line.split() for line in text.splitlines()]
    assert lines[1][:3] == ["01-latency", "NOT", "MET"]
    assert lines[2][:2] == ["02-x", "MET"]
    assert "5.8\N{MULTIPLICATION SIGN}" in lines[1]


def test_no_kata_and_no_objective_is_cut() -> None:
    """At 60 columns a long name is wrapped."""
    text = summary_table([report(bad_ratio=0.4), OUTCOMES["broken"]], 60, color=False)
    assert "…" not in text
    assert {"SLO", "MET,", "SITE", "IS", "BROKEN", "17.5"} <= set(text.split())
    assert {"01-latency", "NOT", "MET", "99%", "loads", "within", "300"} <= set(text.split())
