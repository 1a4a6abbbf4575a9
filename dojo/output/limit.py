"""What limits the site, in a sentence: the line that the headline and `dojo watch` show. Pure."""

from dojo.output.bad_ones import bad_ones
from dojo.output.costs import costs
from dojo.output.more_load import gave_out
from dojo.output.patterns import pattern
from dojo.report import Report

__all__ = ["limit", "says_nothing"]


def limit(report: Report) -> str:
    """The pattern in where the time went; else what is different about the bad ones, where few
    are; else the step that costs.

    "" if the SLO is met, or if the run says nothing.
    """
    if report.slo == "met" or says_nothing(report):
        return ""
    return pattern(report) or bad_ones(report) or costs(report)


def says_nothing(report: Report) -> bool:
    """Whether a run is invalid, and not for what gave out at more than the kata's load."""
    return report.verdict == "invalid" and not gave_out(report)
