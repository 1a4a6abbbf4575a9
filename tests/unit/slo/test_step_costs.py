"""What each step of a journey costs."""

import pytest

from dojo.load.plan import Journey, Plan, Step
from dojo.load.sample import Sample
from dojo.report import StepAlone, StepCost
from dojo.slo.observation import Observation
from dojo.slo.step_costs import LEAST_ANSWERS, step_costs

SEARCH, OPEN = Step("search", "GET", "/s"), Step("open", "GET", "/o")
SHORT, LONG = Journey("find", (SEARCH,)), Journey("find", (SEARCH, OPEN, OPEN))
OTHER = Journey("other", (OPEN,))


def sample(journey: int, step: int, app: float, db: float, pool: float) -> Sample:
    header = f'app;dur={app}, db;desc="1 statements";dur={db}, pool;dur={pool}'
    return Sample(journey, step, "a", 0.0, 0.0, 9.0, 200, headers={"server-timing": header})


def test_the_step_that_waits_is_not_the_one_that_costs() -> None:
    """A search waits 1.8 s behind products that work 60 ms; others' requests don't count."""
    plan = Plan(1, 10, (LONG,) * LEAST_ANSWERS + (SHORT,) * LEAST_ANSWERS + (OTHER,))
    samples = [sample(n, 0, 1810, 5, 1800) for n in range(2 * LEAST_ANSWERS)]
    samples += [sample(n, 1, 70, 40, 10) for n in range(LEAST_ANSWERS)]
    samples.append(sample(2 * LEAST_ANSWERS, 0, 9000, 9000, 0))
    alone = (StepAlone("open", 0.05),)
    search, opened = step_costs([Observation(plan, tuple(samples), {})], "find", alone)
    assert (search.name, search.per_event, opened.per_event) == ("search", 1, 1)
    assert search.under_load is not None
    assert search.under_load.answers == 10
    assert search.under_load.connection_s == pytest.approx(1.8)
    assert search.under_load.postgres_s == pytest.approx(0.005)
    assert search.work_s == pytest.approx(0.01)
    assert opened.work_s == pytest.approx(0.06)
    assert opened.alone == alone[0]


def test_of_few_answers_there_is_no_mean() -> None:
    """Then what it takes alone stands for it, as often as an event has it; else nothing does."""
    plan = Plan(1, 10, (LONG,))
    observation = Observation(plan, (sample(0, 0, 10, 5, 5),), {})
    search, opened = step_costs([observation], "find", (StepAlone("open", 0.05),))
    assert search == StepCost("search", 1.0)
    assert search.work_s is None
    assert opened.work_s == pytest.approx(0.1)
