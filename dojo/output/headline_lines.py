"""The three lines below a verdict: pace against demand, what limits, what changed. Pure.

What limits is the pattern in where the time went; where none is clear, the step that costs.
"""

from dojo.output.budget import room
from dojo.output.changes import headline_change
from dojo.output.costs import costs
from dojo.output.pace import pace
from dojo.output.patterns import pattern
from dojo.report import Report

__all__ = ["headline_lines"]


def headline_lines(report: Report) -> list[str]:
    """Of a run whose SLO is not met; after green, how much room there is. What is unknown is not
    there.
    """
    if report.verdict == "invalid":
        return []
    if report.slo == "met":
        lines = [room(report), headline_change(report)]
    else:
        lines = [pace(report), pattern(report) or costs(report), headline_change(report)]
    return [line for line in lines if line]
