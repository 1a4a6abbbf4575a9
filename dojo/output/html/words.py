"""The report's figures as people say them, and what the words mean. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from dojo.output.figures import percent, pool_at_end, seconds
from dojo.report import ObjectiveResult, Report, WhereTimeWent

__all__ = [
    *("CAUSES", "VERDICTS", "brief", "clean", "conclusion", "load", "of_budget", "of_scatter"),
    *("machine", "of_waiting", "of_where", "ratio", "short", "times"),
]

VERDICTS = {"met": "Met", "not_met": "Not met", "invalid": "Invalid run"}
CAUSES = {
    "slow": "right, but later than the tightest threshold",
    "timeout": "no answer when the burst ended",
    "connection": "refused, reset, or closed in the middle of an answer",
    "http_5xx": "the site said that it failed",
    "http_4xx": "the site said that the visitor was at fault, and the visitor was not",
    "wrong_content": "an answer came, and it was not the right one",
    "not_sent": "never sent: the step before it failed, or the burst was over",
}
# what no page may hold: control characters, halves of surrogate pairs, marks that turn text round
UNPRINTABLE = re.compile(
    r"\x1b\[[0-9;?]*[ -/]*[@-~]"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef]"
    r"|[\ufffe\uffff]"
)


def clean(text: str) -> str:
    """Text of anybody's as text that an HTML file can hold."""
    return UNPRINTABLE.sub(" ", text)


def short(text: str, most: int) -> str:
    """At most so many characters; an ellipsis says that there was more."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def brief(value_s: float) -> str:
    """A round time, for the ticks of an axis: 300 ms, 5 s."""
    return f"{value_s * 1000:g} ms" if value_s < 1 else f"{value_s:g} s"


def ratio(value: float) -> str:
    """A round ratio, as a target is written: 95%, 99.9%."""
    return f"{value * 100:.10g}%"


def times(rate: float) -> str:
    """A burn rate: 20.0 and a multiplication sign; small ones with as many digits as they need."""
    figure = f"{rate:,.1f}" if rate == 0 or rate >= 0.05 else f"{rate:.2g}"
    return f"{figure}\N{MULTIPLICATION SIGN}"


def conclusion(report: Report) -> str:
    """What came of it, in a sentence or two."""
    if report.verdict == "invalid":
        return "This run says nothing about the app."
    missed = [one for one in report.objectives if one.verdict != "met"]
    failed = [check.name for check in report.checks if not check.passed]
    if report.verdict == "met":
        return "Every objective is met, and the site still does its job."
    if missed:
        told = _missed(max(missed, key=lambda one: one.total and one.burn_rate))
    elif report.objectives:
        told = "Every objective is met."
    else:
        told = "Nothing was promised, so nothing is met."
    if failed:
        told += f" The site no longer does its job: {', '.join(failed)}."
    return told


def _missed(one: ObjectiveResult) -> str:
    if not one.total:
        return f"Promised: {one.name}. Nothing was measured."
    told = f"Promised: {one.name}. Measured: {percent(one.sli, one.target)}"
    return f"{told}, within noise of the target." if one.verdict == "inconclusive" else f"{told}."


def load(report: Report) -> str:
    """How many events at what rate, and for how long."""
    total = max((one.total for one in report.objectives), default=0)
    told = f"{total:,} {report.event} at {report.rate_per_s:g} a second"
    if report.burst_s < report.planned_s - 0.01:
        ended = f"stopped after {report.burst_s:.1f} of {report.planned_s:g} s"
        return f"{told}, {ended}: the verdict was certain."
    return f"{told} for {report.planned_s:g} s."


def of_scatter(report: Report, counts: tuple[int, int, int]) -> str:
    """The plot of all events, for those who don't see it."""
    good, bad, lost = counts
    told = (
        f"{good + bad + lost:,} events over {report.burst_s:.1f} s: {good:,} good, {bad:,} too"
        f" late, {lost:,} failed or never answered."
    )
    if report.latency_s is not None:
        told += f" Half of the answers took longer than {seconds(report.latency_s.p50)},"
        told += f" the slowest {seconds(report.latency_s.max)}."
    return told


def of_budget(objective: ObjectiveResult, gone_s: float | None) -> str:
    """The plot of an objective's budget, likewise."""
    told = f"{objective.bad:,} bad events against a budget of {objective.budget:,.1f}."
    if gone_s is None:
        return f"{told} The budget was never used up."
    return f"{told} The budget was used up {seconds(gone_s)} after the start."


def of_waiting(report: Report) -> str:
    """The plot of who still waits, likewise."""
    return " ".join(
        f"After {brief(one.threshold_s)} {percent(1 - one.sli, 1 - one.target)} were without a"
        f" right answer; {ratio(1 - one.target)} may be."
        for one in report.objectives
        if one.threshold_s is not None
    )


def of_where(where: WhereTimeWent) -> list[str]:
    """What the server side saw, in sentences."""
    told = []
    if where.statements_per_event is not None and where.round_trip_ms is not None:
        on_the_way_ms = where.statements_per_event * where.round_trip_ms
        told.append(
            f"{where.statements_per_event:,.1f} statements for each answer, at a round trip of"
            f" {where.round_trip_ms:g} ms: that is {on_the_way_ms:,.0f} ms on the way."
        )
    if where.connections_opened is not None:
        told.append(f"{where.connections_opened:,} connections to Postgres were opened.")
    if where.pool_waits is not None and where.pool_wait_ms is not None:
        each_ms = where.pool_wait_ms / where.pool_waits if where.pool_waits else 0.0
        told.append(
            f"{where.pool_waits:,} requests waited for a pooled connection,"
            f" {each_ms:,.0f} ms on average."
        )
    if at_end := pool_at_end(where):
        told.append(at_end)
    return told


def machine(environment: Mapping[str, Any]) -> str:
    """Where it ran, as far as it is known and matters to others."""
    told = [
        ("postgres", "Postgres {}"),
        ("provider", "{} provider"),
        ("python", "Python {}"),
        ("cpus", "{} CPUs"),
        ("system", "{}"),
    ]
    known = [form.format(environment[key]) for key, form in told if environment.get(key)]
    return f"{', '.join(known)}." if known else ""
