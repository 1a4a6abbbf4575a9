"""What is printed of a report, whichever kind of kata it is of. Pure."""

from collections.abc import Sequence

from dojo.output import next_steps as under_load
from dojo.output import outcome, simulated_outcome
from dojo.output.terminal import report as report_under_load
from dojo.output.terminal import simulated_report
from dojo.report import Report
from dojo.simulated_report import SimulatedReport

__all__ = ["AnyReport", "headline", "next_steps", "outcome_line", "properties", "render"]

AnyReport = Report | SimulatedReport


def headline(report: AnyReport) -> str:
    """The verdict in a few words."""
    if isinstance(report, SimulatedReport):
        return simulated_outcome.headline(report)
    return outcome.headline(report)


def outcome_line(report: AnyReport) -> str:
    """The outcome as pytest's message."""
    if isinstance(report, SimulatedReport):
        return simulated_outcome.outcome_line(report)
    return outcome.outcome_line(report)


def properties(report: AnyReport) -> list[tuple[str, object]]:
    """The outcome and each SLI for JUnit's XML, by name."""
    if isinstance(report, SimulatedReport):
        return simulated_outcome.properties(report)
    return outcome.properties(report)


def next_steps(
    report: AnyReport, facts: str, page: str | None, after_green: Sequence[str] = ()
) -> tuple[str, ...]:
    """What a learner can do now; `facts` and `page` are paths, None: it was not written.

    `after_green`: what there is to do once the kata is solved.
    """
    if isinstance(report, SimulatedReport):
        return simulated_outcome.next_steps(report, facts, page, after_green)
    return under_load.next_steps(report, facts, page, after_green)


def render(report: AnyReport, width: int, color: bool) -> str:
    """The whole report as text for a terminal of that width, with or without colors."""
    if isinstance(report, SimulatedReport):
        return simulated_report.render(report, width, color)
    return report_under_load.render(report, width, color)
