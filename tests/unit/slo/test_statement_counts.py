"""Statements of the events that were answered."""

from dojo.load.plan import Journey, Plan, Step
from dojo.load.sample import Sample
from dojo.load.server_timing import statements_sent
from dojo.slo.observation import Observation
from dojo.slo.statement_counts import LEAST_EVENTS, statements_per_event

FIND = Journey("find", (Step("search", "GET", "/s"), Step("open", "GET", "/o")))
OTHER = Journey("other", (Step("buy", "POST", "/b"),))


def answer(journey: int, step: int, statements: int | None, done_s: float | None = 0.1) -> Sample:
    header = f'app;dur=1.0, db;desc="{statements} statements";dur=0.9'
    headers = {} if statements is None else {"server-timing": header}
    error = "timeout" if done_s is None else None
    return Sample(journey, step, "a", 0.0, 0.0, done_s, 200, error, headers=headers)


def observed(finished: int, unfinished: int = 0) -> Observation:
    """Journeys of 3 and 4 statements; one in which only the first answer came; others' writes."""
    plan = Plan(1, 10, (FIND,) * (finished + unfinished) + (OTHER,))
    samples = [answer(n, step, 3 + step) for n in range(finished) for step in (0, 1)]
    for n in range(finished, finished + unfinished):
        samples += [answer(n, 0, 900), answer(n, 1, None, None)]
    samples.append(answer(finished + unfinished, 0, 5000))
    return Observation(plan, tuple(samples), {})


def test_only_the_events_that_were_answered_count() -> None:
    """Neither what others sent, nor what an unfinished journey sent, is divided among them."""
    assert statements_per_event([observed(20, unfinished=5)], "find") == 7


def test_of_a_few_answers_there_is_no_mean() -> None:
    """One answer to 1,075 statements of everybody says nothing; several bursts count together."""
    half = observed(LEAST_EVENTS // 2)
    assert statements_per_event([half], "find") is None
    assert statements_per_event([half, half], "find") == 7


def test_an_app_that_does_not_count_tells_nothing() -> None:
    """The header may be missing, or say something else."""
    assert statements_sent(answer(0, 0, None)) is None
    assert statements_sent(answer(0, 0, 1)) == 1
    odd = Sample(0, 0, "a", 0.0, headers={"server-timing": 'db;desc="many";dur=3, app;dur=1'})
    assert statements_sent(odd) is None
