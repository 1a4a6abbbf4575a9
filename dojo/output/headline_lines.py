"""The three lines below a verdict: pace against demand, the step that costs, what changed. Pure."""

from dojo.output.budget import room
from dojo.output.changes import headline_change
from dojo.output.costs import costs
from dojo.output.pace import pace
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
        lines = [pace(report), costs(report), headline_change(report)]
    return [line for line in lines if line]
