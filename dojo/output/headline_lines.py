"""The three lines below a verdict: pace against demand, what limits, what changed. Pure.

What limits is the pattern in where the time went; where none is clear, the step that costs.
"""

from dojo.output.budget import room
from dojo.output.changes import headline_change
from dojo.output.costs import costs
from dojo.output.more_load import gave_out
from dojo.output.pace import pace
from dojo.output.patterns import pattern
from dojo.report import Report

__all__ = ["headline_lines", "limit"]


def headline_lines(report: Report) -> list[str]:
    """Of a run whose SLO is not met; after green, how much room there is. What is unknown is not
    there. An invalid run has none, but for one at more than the kata's load: what gives out there.
    """
    if _says_nothing(report):
        return []
    first = room(report) if report.slo == "met" else pace(report)
    return [line for line in (first, limit(report), headline_change(report)) if line]


def limit(report: Report) -> str:
    """What limits the site, in a sentence: the pattern, or else the step that costs.

    "" if the SLO is met, or if the run says nothing.
    """
    if report.slo == "met" or _says_nothing(report):
        return ""
    return pattern(report) or costs(report)


def _says_nothing(report: Report) -> bool:
    return report.verdict == "invalid" and not gave_out(report)
