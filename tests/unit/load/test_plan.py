"""dojo.load.plan: what the load will do, drawn from a seed."""

import math
import pickle
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from dojo.load.plan import Flow, Journey, Plan, Step, poisson_arrivals

SEEDS = st.integers(0, 2**32)
RATES = st.floats(0.01, 50)
DURATIONS = st.floats(0.1, 30)


def flow(name: str, rate_per_s: float) -> Flow:
    """A flow whose journeys differ, and expect what can't be pickled."""

    def make(rng: Random) -> Journey:
        return Journey("", (Step("a", "GET", f"/{rng.random()}"),), expect=lambda: None)

    return Flow(name, rate_per_s, make)


@given(SEEDS, DURATIONS, RATES, RATES)
def test_a_plan_has_each_flows_rate_in_order(
    seed: int, duration_s: float, first_per_s: float, second_per_s: float
) -> None:
    """round(rate × duration) journeys of each flow, ascending, within the burst."""
    plan = Plan.of(seed, duration_s, [flow("first", first_per_s), flow("second", second_per_s)])
    starts = [journey.intended_s for journey in plan.journeys]
    assert plan.count("first") == round(first_per_s * duration_s)
    assert plan.count("second") == round(second_per_s * duration_s)
    assert len(starts) == plan.count("first") + plan.count("second")
    assert starts == sorted(starts)
    assert all(0 <= start < duration_s for start in starts)


@given(SEEDS, DURATIONS)
def test_one_seed_makes_one_plan(seed: int, duration_s: float) -> None:
    """Two plans of one seed schedule the same requests at the same times."""
    first, second = (
        Plan.of(seed, duration_s, [flow("a", 9)]).without_expectations() for _ in range(2)
    )
    assert first == second


@given(SEEDS)
def test_the_generator_gets_all_but_the_expectations(seed: int) -> None:
    """What is sent to the generator is the same plan, and can be pickled."""
    plan = Plan.of(seed, 2.0, [flow("a", 5)])
    received = pickle.loads(pickle.dumps(plan.without_expectations()))
    assert (received.seed, received.duration_s) == (plan.seed, plan.duration_s)
    assert [(j.name, j.steps, j.intended_s, j.expect) for j in received.journeys] == [
        (j.name, j.steps, j.intended_s, None) for j in plan.journeys
    ]


def test_arrivals_are_sorted_uniforms() -> None:
    """Mean and spread of the arrivals are those of a uniform distribution over the burst."""
    times = poisson_arrivals(Random(4), 20_000, 10.0)
    mean = sum(times) / len(times)
    deviation = math.sqrt(sum((time - mean) ** 2 for time in times) / len(times))
    assert abs(mean - 5.0) < 4 * 10 / math.sqrt(12 * 20_000)
    assert abs(deviation - 10 / math.sqrt(12)) < 0.05
