"""How many events a second the site answers, in a sentence; and the work that comes. Pure.

It knows the report's facts and neither width nor color nor markup.
"""

from dojo.output.costs import alone_parts
from dojo.output.figures import core_count, count_of, rate, seconds
from dojo.report import Report

__all__ = ["demand", "pace"]

TIGHT = 0.7  # of what there is: from there on waiting grows steeply with every bit of load
CONNECTIONS = ("connection", "connections")


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
        requests = f" ({rate(known.requests_per_s)} requests)" if report.steps else ""
        return (
            f"The site answers {rate(known.answered_per_s)} {report.event} a second{requests};"
            f" {come} come, so a queue grows, and whoever stands in it is late."
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
    come = f"{rate(known.come_per_s)} {report.event} a second come"
    work_s, cpu_s = alone_s * known.come_per_s, _cpu_s(report)
    work = f"{_work(work_s)} of work each second"
    if cpu_s is not None:
        work += f", at most {_work(cpu_s * known.come_per_s)} of it on a CPU"
    sum_of_it = f"One takes {seconds(alone_s)} alone, {come}: {work}."
    cpu_work_s = None if cpu_s is None else cpu_s * known.come_per_s
    return f"{sum_of_it} {_fits(report, work_s, cpu_work_s)}".rstrip()


def _cpu_s(report: Report) -> float | None:
    """Of one event alone, without its way to Postgres; None if Postgres does not count."""
    parts = [
        alone_parts(cost.alone, report.where.round_trip_ms) for cost in report.costs if cost.alone
    ]
    known = [each.postgres_s + each.python_s for each in parts if each is not None]
    return sum(known) if known and len(known) == len(report.costs) else None


def _fits(report: Report, work_s: float, cpu_s: float | None) -> str:
    """Whether cores and connections can do it; a request holds a connection at most all along."""
    cores, pool = report.environment.get("usable_cores"), report.where.pool_size
    supply: list[tuple[float, float, str]] = []
    if cores and cpu_s is not None:
        supply.append((cpu_s, cores, core_count(cores)))
    if pool:
        supply.append((work_s, pool, count_of(pool, "pooled connection")))
    if not supply:
        return ""
    if short := [name for demand_s, has, name in supply if demand_s > has]:
        held = ", if a request holds one all along" if short[-1].endswith(CONNECTIONS) else ""
        return f"That is more than {' or '.join(short)} can do{held}."
    if tight := [name for demand_s, has, name in supply if demand_s > TIGHT * has]:
        return (
            f"That is nearly all that {' or '.join(tight)} can do, and visitors come in clusters."
        )
    names = " and ".join(name for _, _, name in supply)
    return f"That fits {names}: who is late all the same is not late for the amount of work."


def _work(work_s: float) -> str:
    return (
        f"{work_s:,.0f} s"
        if work_s >= 10
        else f"{work_s:.1f} s"
        if work_s >= 0.1
        else seconds(work_s)
    )
