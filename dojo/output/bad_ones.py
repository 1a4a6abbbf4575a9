"""Who is late although no queue grows: on which steps, and what is different about them. Pure.

The step that costs most of the work need not be theirs: it may be everybody's and quick.
"""

from collections import Counter

from dojo.output.app_text import one_line
from dojo.output.figures import seconds, statements_of
from dojo.output.wording import percentile
from dojo.report import Report

__all__ = ["bad_ones"]

MOST_STEPS = 2
MOST_IN_A_NAME = 40
MORE_TO_DO = 1.5  # times the statements of one alone: the mix of visitors explains less


def bad_ones(report: Report) -> str:
    """In a sentence or two; "" where a queue grows, or where nothing is known of them."""
    if report.pace is None or not report.pace.keeps_up or not report.bad_events:
        return ""
    return " ".join(part for part in (_steps(report), _statements(report)) if part)


def _steps(report: Report) -> str:
    """Which steps of the journey lost it, and how long the first of these took."""
    counts: Counter[str] = Counter()
    for group in report.error_groups:
        if group.step:
            counts[group.step] += group.count
    if not counts:
        return ""
    most = counts.most_common(MOST_STEPS)
    names = " and ".join(f"{_name(step)} ({count:,})" for step, count in most)
    return f"The bad ones lost it on {names}.{_how_long(report, most[0][0])}"


def _how_long(report: Report, step: str) -> str:
    times = next((each.latency_s for each in report.steps if each.name == step), None)
    alone = next((cost.alone for cost in report.costs if cost.name == step), None)
    if times is None or alone is None:
        return ""
    return (
        f" {_name(step)} takes {seconds(alone.time_s)} alone; under load it has a p95 of"
        f" {percentile(times, 'p95')}."
    )


def _statements(report: Report) -> str:
    """Where those of the burst need more statements than the one that was sent alone."""
    sent, alone = report.where.statements_per_event, report.where.statements_alone
    if sent is None or alone is None or sent < MORE_TO_DO * max(alone, 1.0):
        return ""
    return (
        f"On average those of the burst sent {statements_of(sent)} each, and the one that was sent"
        f" alone {alone:,.3g}: some have much more to do than others."
    )


def _name(step: str) -> str:
    return f"“{one_line(step, MOST_IN_A_NAME)}”"
