"""What each plot shows in this run, in a sentence beside it. Pure."""

from collections.abc import Mapping
from statistics import median

from dojo.burst_figures import StepTime
from dojo.output.app_text import one_line
from dojo.output.charts import bars
from dojo.output.events import right_times_s, thresholds_s
from dojo.output.figures import count_of, percent, round_percent, round_time, seconds
from dojo.output.wording import no_answer, percentile
from dojo.report import ObjectiveResult, Report

__all__ = ["budget_gone", "of_budget", "of_histogram", "of_scatter", "of_steps", "of_waiting"]

MOST_IN_A_NAME = 40
FAR = 3.0  # times what a step takes alone
CLEARLY = 1.5  # times as long: a guess at what an eye sees on a logarithmic axis


def of_budget(objective: ObjectiveResult, gone_s: float | None, event: str) -> str:
    """Which events spent the budget, or how much of it they spent; `event` is the plural."""
    if not objective.bad:
        return "No event was bad: the line stays on the ground."
    if gone_s is None:
        share = percent(objective.burn_rate)
        return f"{share} of the budget was spent: the line stays below the dashed one."
    return f"{budget_gone(gone_s, event)}; the line goes on above it."


def budget_gone(gone_s: float, event: str) -> str:
    """Which events spent it: those that were due until then, whenever they turned out bad."""
    return f"The {event} due in the first {seconds(gone_s)} spent the whole budget"


def of_scatter(report: Report) -> str:
    """Whether times grow, and how many events are above the line."""
    answered = sum(point.latency_s is not None for point in report.points)
    if not answered:
        came = "came to its end" if report.steps else "got an answer"
        total = f"{len(report.points):,} {report.event}"
        return f"There are only marks at the top: none of {total} {came}."
    if report.pace is not None and report.pace.keeps_up is False:
        return _growing_queue(report, answered)
    bad = sum(report.bad_events.values())
    if not bad:
        lines = "the dashed line" if len(report.objectives) == 1 else "the dashed lines"
        return f"All marks stay below {lines}{_slowest(report)}."
    are_bad = f"{bad:,} of {len(report.points):,} are bad"
    if report.pace is None or report.pace.keeps_up is None:
        return f"{are_bad}; whether a queue grows can't be said."
    return f"No queue grows: {are_bad} for another reason."


def _growing_queue(report: Report, answered: int) -> str:
    """What is seen of it: marks that climb, or those without an answer at the top."""
    total = len(report.points)
    unanswered = f"{total - answered:,} of {total:,} have {no_answer(report)}"
    if report.steps:
        unanswered = f"{total - answered:,} of {total:,} did not come to their end"
    if answered < total / 2:
        return f"Most marks are at the top: {unanswered}, since a queue grows."
    if _climb(report):
        return (
            "The marks climb from left to right: whoever comes later waits longer, as in a queue"
            " that grows."
        )
    return f"More came than were answered, so a queue grew: {unanswered}."


def _climb(report: Report) -> bool:
    """Whether the last third of the answered events took clearly longer than the first third."""
    points = sorted(report.points, key=lambda point: point.intended_s)
    times_s = [point.latency_s for point in points if point.latency_s is not None]
    third = len(times_s) // 3
    return third > 0 and median(times_s[-third:]) >= CLEARLY * median(times_s[:third])


def _slowest(report: Report) -> str:
    if report.latency_s is None:
        return ""
    return f"; the slowest took {percentile(report.latency_s, 'max')}"


def of_waiting(report: Report) -> str:
    """Where the curve passes the ring of the objective that spends most."""
    timed = [each for each in report.objectives if each.threshold_s is not None and each.total]
    if not timed:
        return ""
    worst = max(timed, key=lambda each: each.burn_rate)
    allowed = round_percent(1 - worst.target)
    side = "above" if worst.burn_rate > 1 else "below"
    who = "nobody was"
    if worst.bad:
        who = f"{percent(1 - worst.sli, 1 - worst.target)} were"
    return (
        f"After {round_time(worst.threshold_s or 0)} {who} still without a right answer, and"
        f" {allowed} may be: the curve passes {side} the ring."
    )


def of_histogram(report: Report) -> str:
    """Where most events are, and how many are beyond the tightest threshold."""
    limits_s, unanswered = thresholds_s(report), len(report.points)
    lines = bars(report.points, limits_s)
    unanswered -= sum(line.count for line in lines)
    most = max(lines, key=lambda line: line.count, default=None)
    if most is None or unanswered > most.count:
        return (
            f"The longest bar is of those with {no_answer(report)}: {unanswered:,} of"
            f" {len(report.points):,}."
            if not report.steps
            else f"The longest bar: {unanswered:,} of {len(report.points):,} did not come to their"
            " end."
        )
    span = f"over {round_time(most.above_s)}"
    if most.upto_s < float("inf"):
        span = f"{round_time(most.above_s)} to {round_time(most.upto_s)}"
    times_s, total = right_times_s(report.points), len(report.points)
    if not limits_s:
        return f"The longest bar: {most.count:,} of {total:,} took {span}."
    in_time = sum(time_s <= limits_s[0] for time_s in times_s)
    return (
        f"The longest bar: {most.count:,} of {total:,} took {span}. {in_time:,} were right within"
        f" {round_time(limits_s[0])}."
    )


def of_steps(report: Report) -> str:
    """The step that is furthest from what it takes alone."""
    alone = {cost.name: cost.alone.time_s for cost in report.costs if cost.alone is not None}
    ratios = [
        (step.latency_s.p50 / alone[step.name], step)
        for step in report.steps
        if step.latency_s is not None and alone.get(step.name)
    ]
    if not ratios:
        return ""
    ratio, step = max(ratios, key=lambda each: each[0])
    if ratio < FAR:
        return _alike(report, alone)
    return _furthest(step, alone[step.name])


def _alike(report: Report, alone_s: Mapping[str, float]) -> str:
    """Half of each step's requests were as quick as alone; whether the others were, too."""
    waits = [
        (step.latency_s.p95 / alone_s[step.name], step)
        for step in report.steps
        if step.latency_s is not None and alone_s.get(step.name)
    ]
    ratio, step = max(waits, key=lambda each: each[0])
    if ratio >= FAR:
        name, p95 = one_line(step.name, MOST_IN_A_NAME), percentile(step.latency_s, "p95")
        return (
            "Half of each step's requests took about as long as alone, and some much longer: p95 of"
            f" “{name}” is {p95}, and alone it takes {seconds(alone_s[step.name])}. They waited, or"
            " had more to do: see the column “waits”."
        )
    if report.pace is not None and report.pace.keeps_up is False:
        return "The requests that were answered took about as long as alone."
    return "Under load each step takes about as long as alone: nothing waits in line."


def _furthest(step: StepTime, alone_s: float) -> str:
    name = one_line(step.name, MOST_IN_A_NAME)
    of = count_of(step.sent, "request")
    return (
        f"“{name}” is furthest from what it takes alone: p50 {percentile(step.latency_s, 'p50')} of"
        f" {of}, and alone {seconds(alone_s)}. What lies between is waiting in line."
    )
