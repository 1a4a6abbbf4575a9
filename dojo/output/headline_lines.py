"""The three lines below a verdict: pace against demand, what limits, what changed. Pure.

What limits is said by dojo.output.limit.
"""

from dojo.output.budget import room
from dojo.output.changes import headline_change
from dojo.output.limit import limit, says_nothing
from dojo.output.pace import pace
from dojo.report import Report

__all__ = ["headline_lines"]


def headline_lines(report: Report) -> list[str]:
    """Of a run whose SLO is not met; after green, how much room there is. What is unknown is not
    there. An invalid run has none, but for one at more than the kata's load: what gives out there.
    """
    if says_nothing(report):
        return []
    first = room(report) if report.slo == "met" else pace(report)
    return [line for line in (first, limit(report), headline_change(report)) if line]
