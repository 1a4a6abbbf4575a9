"""Which step costs, and what its time is made of, in sentences. Pure.

It knows the report's facts and neither width nor color nor markup.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dojo.costs import StepAlone, StepCost
from dojo.output.app_text import one_line
from dojo.output.figures import seconds
from dojo.report import Report

__all__ = ["Parts", "alone_parts", "costliest", "costs", "share_of_work"]

MOST_IN_A_NAME = 40
MOST_IN_A_STATEMENT = 60
LONG_WAIT_S = 0.02  # for a connection; less is not worth a word
HEAVY_SHARE = 0.5  # of Postgres' time: so much of one statement is worth a word …
POSTGRES_SHARE = 0.3  # … if so much of the time alone, …
POSTGRES_BUSY = 1.0  # … or so many seconds of each second under load, are Postgres'


@dataclass(frozen=True, slots=True)
class Parts:
    """What a step's time alone is made of, in seconds."""

    postgres_s: float
    way_s: float  # to Postgres and back
    python_s: float  # the rest


def alone_parts(step: StepAlone, round_trip_ms: float | None) -> Parts | None:
    """None where Postgres does not count."""
    if step.postgres_s is None:
        return None
    way_s = step.calls * (round_trip_ms or 0.0) / 1000
    return Parts(step.postgres_s, way_s, max(0.0, step.time_s - step.postgres_s - way_s))


def costliest(report: Report) -> StepCost | None:
    """The step whose requests were most of the work under load; None if nobody knows."""
    known = [cost for cost in report.costs if cost.work_s > 0]
    return max(known, key=lambda cost: cost.work_s, default=None)


def share_of_work(report: Report, cost: StepCost) -> float:
    """Its part of the work of all steps: waiting in line is no work."""
    whole_s = sum(each.work_s for each in report.costs)
    return cost.work_s / whole_s if whole_s else 0.0


def costs(report: Report) -> str:
    """The step that costs, what it takes alone, and which step waits; "" where nobody knows."""
    cost = costliest(report)
    if cost is None:
        return ""
    if len(report.costs) == 1:
        parts = (_alone(report, cost, "One alone"), _heavy(report, cost))
        return " ".join(part for part in parts if part)
    sentence = (
        f"The step that costs is {_name(cost)}: {share_of_work(report, cost):.0%} of the work."
    )
    waits = _waits(report.costs, cost)
    return " ".join(p for p in (sentence, _alone(report, cost, "Alone it"), waits) if p)


def _name(cost: StepCost) -> str:
    return f"“{one_line(cost.name, MOST_IN_A_NAME)}”"


def _alone(report: Report, cost: StepCost, subject: str) -> str:
    if cost.alone is None:
        return ""
    parts = alone_parts(cost.alone, report.where.round_trip_ms)
    sentence = f"{subject} takes {seconds(cost.alone.time_s)}"
    if parts is None:
        return f"{sentence}."
    return (
        f"{sentence}: {seconds(parts.postgres_s)} in Postgres, {seconds(parts.way_s)} on the way"
        f" there, {seconds(parts.python_s)} in Python."
    )


def _heavy(report: Report, cost: StepCost) -> str:
    """The statement that is most of Postgres' time, if one is, and if that time matters."""
    if not _postgres_matters(report, cost):
        return ""
    whole_ms, statements = report.where.postgres_ms, report.where.statements
    counted_ms = sum(cost.total_ms for cost in statements)
    whole_ms = max(counted_ms, whole_ms or 0.0)
    if not whole_ms or not statements or statements[0].total_ms < HEAVY_SHARE * whole_ms:
        return ""
    share = statements[0].total_ms / whole_ms
    return f"One statement is {share:.0%} of Postgres' time: {_text(statements[0].text)}"


def _postgres_matters(report: Report, cost: StepCost) -> bool:
    """Most of next to nothing limits nobody."""
    where, alone = report.where, cost.alone
    if alone is not None and (alone.postgres_s or 0.0) >= POSTGRES_SHARE * alone.time_s:
        return True
    counted_ms = max(sum(each.total_ms for each in where.statements), where.postgres_ms or 0.0)
    return bool(where.length_s) and counted_ms / 1000 >= POSTGRES_BUSY * (where.length_s or 0.0)


def _text(text: str) -> str:
    return one_line(text, MOST_IN_A_STATEMENT)


def _waits(every: Sequence[StepCost], costly: StepCost) -> str:
    """The step that waits longest for a connection, where any waits long."""
    waits = [(each.connection_s or 0.0, each) for each in every]
    longest_s, step = max(waits, key=lambda wait: wait[0])
    if longest_s < LONG_WAIT_S:
        return ""
    who = "It also" if step is costly else _name(step)
    return f"{who} waits {seconds(longest_s)} for a connection, on average."
