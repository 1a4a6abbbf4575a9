"""What each step of a journey costs."""

from collections import Counter

import pytest

from dojo.costs import StatementCost, StepAlone
from dojo.load.plan import Journey, Plan, Step
from dojo.load.sample import Sample
from dojo.slo.observation import Observation
from dojo.slo.step_costs import LEAST_ANSWERS, postgres_by_step, step_costs

SEARCH, OPEN = Step("search", "GET", "/s"), Step("open", "GET", "/o")
SHORT, LONG = Journey("find", (SEARCH,)), Journey("find", (SEARCH, OPEN, OPEN))
OTHER = Journey("other", (OPEN,))
FIND, COUNT, SELLER = "SELECT find", "SELECT count(*)", "SELECT seller"


def sample(journey: int, step: int, wait_ms: float) -> Sample:
    header = f'app;dur=9999, db;desc="1 statements";dur=1, pool;dur={wait_ms}'
    return Sample(journey, step, "a", 0.0, 0.0, 9.0, 200, headers={"server-timing": header})


def statement(text: str, total_ms: float) -> StatementCost:
    return StatementCost(text, 1, total_ms, total_ms, 1)


ALONE = (
    StepAlone("search", 0.011, 1, 0, 0.005, (statement(FIND, 5), statement(SELLER, 1))),
    StepAlone("open", 0.05, 2, 0, 0.03, (statement(COUNT, 29), statement(SELLER, 1))),
)


def test_the_step_that_waits_is_not_the_one_that_costs() -> None:
    """A search waits 1.8 s behind products whose counts hold the pool; others don't count."""
    n = LEAST_ANSWERS
    plan = Plan(1, 10, (LONG,) * n + (SHORT,) * n + (OTHER,))
    samples = [sample(each, 0, 1800) for each in range(2 * n)]
    samples += [sample(each, 1, 10) for each in range(n)]
    samples.append(sample(2 * n, 0, 9000))
    burst = (statement(COUNT, 12_000), statement(FIND, 300), statement("SELECT of others", 900))
    search, opened = step_costs([Observation(plan, tuple(samples), {})], "find", ALONE, burst)
    assert (search.name, search.per_event, opened.per_event) == ("search", 1, 1)
    assert search.connection_s == pytest.approx(1.8)
    assert opened.connection_s == pytest.approx(0.01)
    assert (search.postgres_s, opened.postgres_s) == (0.3, 12.0)
    assert (search.sent, opened.sent) == (2 * n, n)
    assert search.work_s == pytest.approx(0.3 + 2 * n * 0.006)
    assert opened.work_s == pytest.approx(12 + n * 0.02)
    assert opened.alone is not None
    assert opened.alone.texts == ()


def test_a_statement_of_several_steps_is_divided_by_what_they_need_of_it() -> None:
    """Requests planned, times its time alone."""
    planned = Counter({"search": 10, "open": 30})
    shares = postgres_by_step(ALONE, planned, (statement(SELLER, 400),))
    assert shares == {"search": pytest.approx(0.1), "open": pytest.approx(0.3)}


def test_without_what_postgres_counts_no_step_has_a_part_of_it() -> None:
    """Nor is there a mean of a few waits."""
    plan = Plan(1, 10, (LONG,))
    observation = Observation(plan, (sample(0, 0, 10),), {})
    search, opened = step_costs([observation], "find", (StepAlone("open", 0.05),))
    assert (search.postgres_s, search.connection_s, search.alone) == (None, None, None)
    assert opened.alone == StepAlone("open", 0.05)
    assert (search.work_s, opened.work_s) == (0.0, 0.0)


def test_the_only_step_goes_by_its_own_name() -> None:
    """What is sent alone is called a request."""
    observation = Observation(Plan(1, 10, (SHORT,)), (sample(0, 0, 10),), {})
    (cost,) = step_costs([observation], "find", (StepAlone("request", 0.05),))
    assert (cost.name, cost.sent) == ("search", 1)
    assert cost.alone == StepAlone("search", 0.05)
