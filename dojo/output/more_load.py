"""A run at more than the kata's load: what was not met there is no red, and says what gives out.

Pure.
"""

from dojo.report import Report

__all__ = ["factor_of", "gave_out"]


def factor_of(report: Report) -> float:
    """The load that was sent, as a multiple of the kata's."""
    return float(report.environment.get("load_factor") or 1)


def gave_out(report: Report) -> bool:
    """Whether the run is invalid for nothing but that more than the kata's load was too much."""
    return (
        report.verdict == "invalid"
        and factor_of(report) > 1
        and not report.disturbed
        and len(report.invalid_because) == 1
        and any(each.verdict != "met" for each in report.objectives)
    )
