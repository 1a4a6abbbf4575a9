"""One visitor with nobody else on the site: what each step of a journey takes and costs.

All of it is seen from outside: the time by the visitor's clock, the statements by Postgres' own
count. It may be asked for only while nobody else uses the site.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from dojo.costs import RequestAlone, StepAlone
from dojo.kata.contract import HasLoneJourney, Kata
from dojo.load.capture import Values, capture, fill
from dojo.load.plan import Journey, Step
from dojo.postgres import statements
from dojo.site.running_site import RunningSite

__all__ = ["event_alone", "joined", "walk"]

REQUEST = "request"  # what an event is called that is one request


def event_alone(kata: Kata) -> Journey:
    """What is sent alone: the kata's journey, or the request that warms the app up."""
    if isinstance(kata, HasLoneJourney):
        return kata.lone_journey()
    request = kata.warm_up()
    return Journey.of(Step(REQUEST, "GET", request) if isinstance(request, str) else request)


def walk(site: RunningSite, journey: Journey, timeout_s: float) -> tuple[StepAlone, ...]:
    """Make the journey once, without its think times.

    httpx.HTTPError if an answer doesn't come, or if a journey of several steps can't go on.
    """
    site.http.cookies.clear()
    values: Values = {}
    several = len(journey.steps) > 1
    return tuple(_step(site, step, values, timeout_s, several) for step in journey.steps)


def _step(
    site: RunningSite, step: Step, values: Values, timeout_s: float, several: bool
) -> StepAlone:
    path, headers, body = fill(step, values)
    statements.reset_statements(site.db)
    began = time.perf_counter()
    answer = site.http.request(step.method, path, headers=headers, content=body, timeout=timeout_s)
    time_s = time.perf_counter() - began
    if several and answer.status_code >= 400 and answer.status_code not in step.accepts:
        answer.raise_for_status()
    capture(step, answer.content, values)
    counts, texts = statements.statement_counts(site.db), statements.all_statements(site.db)
    if counts is None:
        return StepAlone(step.name, time_s)
    return StepAlone(
        step.name,
        time_s,
        counts.statements,
        counts.of_transactions,
        counts.total_ms / 1000,
        texts,
    )


def joined(walks: Sequence[Sequence[StepAlone]]) -> RequestAlone:
    """Several walks of one journey as one: of each step the median time and the least cost.

    What the app does beside a request, such as a batch that it writes every second, falls into
    some walks and only adds to them.
    """
    steps = tuple(_median_of([walk[place] for walk in walks]) for place in range(len(walks[0])))
    return RequestAlone(
        median(sum(step.time_s for step in walk) for walk in walks),
        _sum([step.statements for step in steps]),
        _sum([step.transaction_statements for step in steps]),
        steps,
    )


def _median_of(same: Sequence[StepAlone]) -> StepAlone:
    fewest = min(step.statements or 0 for step in same)
    undisturbed = [step for step in same if (step.statements or 0) == fewest]
    in_postgres = [step.postgres_s for step in undisturbed if step.postgres_s is not None]
    return replace(
        undisturbed[-1],
        time_s=median(step.time_s for step in same),
        postgres_s=median(in_postgres) if in_postgres else None,
    )


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
