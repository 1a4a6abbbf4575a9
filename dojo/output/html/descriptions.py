"""The plots in words, for those who don't see them. Pure."""

from collections.abc import Sequence

from dojo.output.figures import count_of, percent, round_percent, round_time
from dojo.output.html.histogram import Histogram
from dojo.output.html.readings import budget_gone
from dojo.output.html.steps import Steps
from dojo.output.html.trend import Dot
from dojo.output.wording import bad_answers, no_answer, percentile
from dojo.report import ObjectiveResult, Report

__all__ = [
    *("of_attempts", "of_budget", "of_histogram", "of_scatter", "of_steps", "of_waiting"),
]


def of_scatter(report: Report, counts: tuple[int, int, int]) -> str:
    """Every event over the burst."""
    good, bad, unanswered = counts
    parts = [f"{good:,} good"]
    parts += [f"{bad:,} answered and {bad_answers(report)}"] if bad else []
    parts += [f"{unanswered:,} {no_answer(report)}"] if unanswered else []
    events = count_of(good + bad + unanswered, "event")
    sentence = f"{events} over {report.burst_s:.1f} s: {', '.join(parts)}."
    if report.latency_s is not None:
        half, slowest = (percentile(report.latency_s, name) for name in ("p50", "max"))
        sentence += f" p50: {half}. Slowest: {slowest}."
    return sentence


def of_budget(objective: ObjectiveResult, gone_s: float | None, event: str) -> str:
    """An objective's budget; `event` is the plural."""
    bad = count_of(objective.bad, "bad event")
    spent = f"{bad} against a budget of {objective.budget:,.1f}."
    if gone_s is None:
        return f"{spent} The budget was never used up."
    return f"{spent} {budget_gone(gone_s, event)}."


def of_waiting(report: Report) -> str:
    """Who still waits."""
    return " ".join(
        f"After {round_time(objective.threshold_s)}"
        f" {percent(1 - objective.sli, 1 - objective.target)} were without a right answer;"
        f" the budget is {round_percent(1 - objective.target)}."
        for objective in report.objectives
        if objective.threshold_s is not None
    )


def of_histogram(histogram: Histogram) -> str:
    """How many events took how long."""
    return ", ".join(f"{row.label}: {row.count:,}" for row in histogram.rows)


def of_steps(steps: Steps) -> str:
    """The steps of the journey."""
    return "; ".join(f"{span.name}: {span.label}" for span in steps.spans)


def of_attempts(dots: Sequence[Dot]) -> str:
    """One figure over the attempts."""
    return ", ".join(f"attempt {dot.number}: {dot.label}" for dot in dots)
