"""The sentences that the terminal and the page have in common, each in one place. Pure.

It knows the report's facts and neither width nor color nor markup.
"""

from collections.abc import Sequence

from dojo.burst_figures import Percentiles
from dojo.output.figures import count_of, percent, seconds
from dojo.output.more_load import factor_of
from dojo.report import CheckResult, ErrorGroup, ObjectiveResult, Report
from dojo.simulated_report import SimulatedReport

__all__ = [
    *(
        "ALONE",
        "BY_SEGMENT",
        "CAUSES",
        "CHECKS",
        "FORMULA",
        "NOT_CHECKED",
        "ONE_AFTER_ANOTHER",
        "SEGMENTS",
        "STEPS",
        "STEP_BY_STEP",
        "STRICTER",
    ),
    *(
        "alone",
        "alone_is_slower",
        "alone_name",
        "answers",
        "bad_answers",
        "bad_events",
        "expectation",
        "interval",
        "lower_bounds",
    ),
    "hints",
    *("load", "log_of", "no_answer", "percentile", "percentiles", "repeat"),
    *("smaller_groups", "step_notes", "title", "unchecked", "what_no_answer_is"),
]

MOST_IN_A_NAME = 60
NAMES = ("p50", "p95", "p99", "max")

CAUSES = {
    "slow": "the right answer, but later than the tightest threshold",
    "timeout": "no answer by the end of the burst",
    "connection": "refused, reset, or closed in the middle of an answer",
    "http_5xx": "the app reported a failure of its own (status 500 to 599)",
    "http_4xx": "the app refused a valid request (status 400 to 499)",
    "wrong_content": "answered, but not with the right content, or with what is too old",
    "not_sent": "never sent: the step before it failed, or the burst was over",
}
ORDER = ("slow", "wrong", "failed")
FAILURES = {"http_5xx", "http_4xx", "connection", "wrong_content"}  # not for want of time
FORMULA = (
    "SLI = good / total. Total: every event that was scheduled. Good: the right answer, in time,"
    " counted from the moment at which it was due. Budget and spent are bad events."
)
STRICTER = (
    "Green allows less than the budget: an app just on target must not pass by luck more than once"
    " in 1,000 runs."
)
ONE_AFTER_ANOTHER = "The bursts stand one after another; the pauses between them are left out."
ALONE = "with nobody else on the site"
STEPS = (
    "Not every journey has every step, and a step is sent only when the one before it was answered."
)
BY_SEGMENT = "By segment: a total hides its parts"
SEGMENTS = "Each line is the SLI of some of the visitors, at the tightest threshold."
STEP_BY_STEP = "Step by step: which one waits, and which one costs"
STEP_NOTES = {
    "waits": "for a pooled connection, the mean of the requests that were answered.",
    "Postgres": "its time for the step, all requests together, as far as one alone sends the same.",
    "alone": "one with nobody else on the site.",
}
KINDS = {"slow": "slow", "timeout": "slow", "wrong_content": "wrong"}  # of bad answers; else failed
CHECKS = "Does the site still do its job?"
NOT_CHECKED = "\N{EN DASH}"  # the sign of a check that was not made


def interval(objective: ObjectiveResult) -> str:
    """Between which bounds the true SLI lies, or the measure, which has no threshold."""
    low, high = objective.interval
    what = "measure" if objective.threshold_s is None else "SLI"
    return f"99.8% interval of the {what}: {percent(low)} to {percent(high)}"


def load(report: Report) -> str:
    """How many events at what rate, for how long, and whether it is a second run."""
    again = " The run before it was disturbed and says nothing." if report.repeated else ""
    return f"{_bursts(report)}{again}"


def _factor(report: Report) -> str:
    """What part of the kata's load was sent, if it was not the kata's load."""
    factor = factor_of(report)
    return "" if factor == 1 else f" ({factor:g} times the kata's load)"


def _bursts(report: Report) -> str:
    total = max((objective.total for objective in report.objectives), default=0)
    events = f"{total:,} {report.event} at {report.rate_per_s:g} a second{_factor(report)}"
    planned = f"{report.planned_s:g} s"
    last_s = max(0.0, report.burst_s - (report.looks - 1) * report.planned_s)
    if last_s < report.planned_s - 0.01:
        stopped = f"stopped after {last_s:.1f} of {planned}, since green was no longer possible."
        if report.looks == 1:
            return f"{events}, {stopped}"
        return f"{events}, in {report.looks} bursts; the last one {stopped}"
    if report.looks == 1:
        late = ": only at its end red was certain" if report.slo == "not_met" else ""
        return f"{events} for {planned}{late}."
    return f"{events}, in {report.looks} bursts of {planned}."


def title(report: Report) -> str:
    """The complaint that the kata is about; that of a solved one is over."""
    complaint = f"“{report.title}”"
    return f"Solved: {complaint}" if report.verdict == "met" else complaint


def answers(report: Report) -> str:
    """Over which events the percentiles are: a heading."""
    answered = sum(point.latency_s is not None for point in report.points)
    if not answered:
        return "Nobody came to the end of the journey." if report.steps else "Nobody got an answer."
    if answered == len(report.points):
        return f"How long the {report.event} took"
    came = "came to the end" if report.steps else "got an answer"
    return f"How long the {report.event} took: {answered:,} of {len(report.points):,} {came}"


def lower_bounds(report: Report) -> str:
    """How those are counted that never got an answer; "" if no figure depends on them."""
    if report.latency_s is None or not report.latency_s.at_least:
        return ""
    who = "An event that was not finished" if report.steps else "Who got no answer"
    return f"{who} counts as longer than it had taken by then: “over” is a lower bound."


def percentile(times: Percentiles | None, name: str, over: str = "over ") -> str:
    """A percentile by its name: "20 ms", or "over 3.10 s" where it is a lower bound."""
    if times is None:
        return "-"
    text = seconds(times.of(name))
    return f"{over}{text}" if name in times.at_least else text


def percentiles(times: Percentiles) -> str:
    """All four in a line."""
    return "   ".join(f"{name} {percentile(times, name)}" for name in NAMES)


def alone_name(report: Report) -> str:
    """What the service time is the time of: a journey, or one request."""
    return "journey" if report.steps and report.journey_alone else "request"


def alone(report: Report) -> str:
    """The service time in a sentence; "" where it is unknown."""
    if report.service_time_s is None:
        return ""
    sentence = f"A single {alone_name(report)} takes {seconds(report.service_time_s)} {ALONE}."
    if not alone_is_slower(report):
        return sentence
    return (
        f"{sentence} Half of those under load took less, so it is no floor: few were sent alone,"
        " and the mix of visitors differs."
    )


def alone_is_slower(report: Report) -> bool:
    """Whether the time alone is above p50 under load, so that it is no floor of the others."""
    times, alone_s = report.latency_s, report.service_time_s
    return times is not None and alone_s is not None and alone_s > times.p50


def step_notes(report: Report) -> list[str]:
    """What the columns of the steps' table mean, and why the steps' counts differ if they do."""
    notes = [" ".join(f"{head}: {note}" for head, note in STEP_NOTES.items())]
    counts = [STEPS] if len({step.sent for step in report.steps}) > 1 else []
    return [*(notes if report.costs else ()), *counts]


def no_answer(report: Report) -> str:
    """What became of an event that has no response time; two words."""
    return "no end" if report.steps else "no answer"


def what_no_answer_is(report: Report) -> str:
    """The same with its reasons: a journey may have failed, or be under way; "" if all ended."""
    lost = {point.cause for point in report.points if point.latency_s is None}
    if not lost:
        return ""
    if not report.steps:
        return no_answer(report)
    failed, late = lost & FAILURES, lost - FAILURES
    reasons = (["a step failed"] if failed else []) + (["the burst was over"] if late else [])
    return f"{no_answer(report)}: {' or '.join(reasons)}"


def bad_answers(report: Report) -> str:
    """What the bad ones of the events that were answered are: "slow or wrong"; "" if none is."""
    limits_s = [each.threshold_s for each in report.objectives if each.threshold_s is not None]
    tightest_s = min(limits_s, default=float("inf"))
    answered = [(point.latency_s, point.cause) for point in report.points]
    causes = {
        cause or "slow"
        for time_s, cause in answered
        if time_s is not None and (cause or time_s > tightest_s)
    }
    kinds = sorted({KINDS.get(cause, "failed") for cause in causes}, key=ORDER.index)
    return " or ".join(", ".join(kinds).rsplit(", ", 1))


def bad_events(report: Report) -> str:
    """How many bad events there were: a heading."""
    count = count_of(sum(report.bad_events.values()), "bad event")
    timed = [each for each in report.objectives if each.threshold_s is not None]
    if len(timed) < 2:
        return f"{count}, by cause"
    tightest = min(timed, key=lambda objective: objective.threshold_s or 0.0)
    return f"{count} of “{tightest.name}”, by cause"


def log_of(group: ErrorGroup) -> str:
    """Whose log lines stand below a group; an answer that the app logs may have come to nobody."""
    if group.cause != "timeout":
        return "app"
    saw_it = any(" 499 " in line for line in group.log_lines)
    return f"app, when nobody waited any longer{' (it notes that as 499)' if saw_it else ''}"


def expectation(group: ErrorGroup) -> str:
    """What was expected of the group's example, and what became of it."""
    came = group.came if group.came.startswith(("no ", "never ")) else f"got {group.came}"
    return f"expected {group.expected}; {came}"


def smaller_groups(events: int, groups: int) -> str:
    """What is left out of a list of error groups."""
    return f"and {events:,} more, in {count_of(groups, 'smaller group')}"


def unchecked(checks: Sequence[CheckResult]) -> dict[str, list[str]]:
    """The names of the checks that were not made, by the reason."""
    names: dict[str, list[str]] = {}
    for check in checks:
        if check.unchecked:
            names.setdefault(check.detail, []).append(check.name)
    return names


def hints(report: Report | SimulatedReport) -> str:
    """How many hints were given for the kata, and how to see them again; "" if none."""
    if not report.hints:
        return ""
    command = f"./run pytest katas/{report.kata} --hint"
    numbers = "1" if report.hints == 1 else f"1 to {report.hints}"
    return f"Hints so far: {report.hints}; again: {command} {numbers}."


def repeat(report: Report) -> str:
    """The option that sends the same load again."""
    return f"--plan-seed {report.plan_seed}"
