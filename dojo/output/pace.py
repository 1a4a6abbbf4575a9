"""How many events a second the site answers, in a sentence; and the work that comes. Pure.

It knows the report's facts and neither width nor color nor markup.
"""

from dojo.output.figures import count_of, rate, seconds
from dojo.report import Report

__all__ = ["demand", "pace"]


def pace(report: Report) -> str:
    """Answers against arrivals; "" where they are not known."""
    known = report.pace
    if known is None:
        return ""
    come = f"{rate(known.come_per_s)}"
    if known.keeps_up is False and report.steps and not known.answered:
        return (
            f"No journey comes to its end: the site answers {rate(known.requests_per_s)} requests a"
            f" second; {come} {report.event} come, so a queue grows, and whoever stands in it is"
            " late."
        )
    if known.keeps_up is False:
        return (
            f"The site answers {rate(known.answered_per_s)} {report.event} a second; {come} come,"
            " so a queue grows, and whoever stands in it is late."
        )
    if known.keeps_up is None:
        return (
            f"The site answered {rate(known.answered_per_s)} {report.event} a second; {come} came."
        )
    keeps_up = f"No queue grows: {come} {report.event} a second come, and the site keeps up."
    return f"{keeps_up} {_bad(report)}"


def _bad(report: Report) -> str:
    bad, total = sum(report.bad_events.values()), len(report.points)
    if not bad:
        return "Each is right and in time."
    cause = next(iter(report.bad_events))
    why = {"slow": "slow", "timeout": "slow", "wrong_content": "wrong"}.get(cause, "failing")
    return f"Still {bad:,} of {total:,} are bad, and not for a queue; most of them are {why}."


def demand(report: Report) -> str:
    """The work that comes each second against what there is to do it; "" where it is not known."""
    known, alone_s = report.pace, report.service_time_s
    if known is None or alone_s is None or not report.journey_alone:
        return ""
    cores, pool = report.environment.get("usable_cores"), report.where.pool_size
    parts = [count_of(round(cores), "core")] if cores else []
    parts += [count_of(pool, "pooled connection")] if pool else []
    there = f", for {' and '.join(parts)}" if parts else ""
    come = f"{rate(known.come_per_s)} {report.event} a second come"
    work = _work(alone_s * known.come_per_s)
    return f"One takes {seconds(alone_s)} alone, {come}: {work} of work each second{there}."


def _work(work_s: float) -> str:
    return (
        f"{work_s:,.0f} s"
        if work_s >= 10
        else f"{work_s:.1f} s"
        if work_s >= 1
        else seconds(work_s)
    )
