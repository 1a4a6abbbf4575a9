"""Who is late although no queue grows."""

from dataclasses import replace

from dojo.burst_figures import Pace, Percentiles, StepTime
from dojo.costs import StepAlone, StepCost, WhereTimeWent
from dojo.output.bad_ones import bad_ones
from dojo.output.limit import limit
from tests.support.sample_reports import error_group, small_report

KEEPS_UP = Pace(300, 12.0, 25, keeps_up=True)
SEARCH = StepCost("search", 1.0, alone=StepAlone("search", 0.012, postgres_s=0.002))
PRODUCT = StepCost("product", 1.0, alone=StepAlone("product", 0.009, postgres_s=0.001))
FEW = small_report(
    pace=KEEPS_UP,
    costs=(SEARCH, PRODUCT),
    steps=(StepTime("product", 300, 300, Percentiles(0.01, 0.21, 0.25, 0.3)),),
    error_groups=(
        error_group(step="reviews", count=19),
        error_group(step="product", count=30),
        error_group(step="product", cause="timeout", count=5),
    ),
    where=WhereTimeWent(statements_per_event=51.0, statements_alone=7.0),
)


def test_the_steps_of_the_bad_ones_are_named_and_what_they_have_more_to_do() -> None:
    """Not the step that costs, which is everybody's and quick."""
    assert bad_ones(FEW) == (
        "The bad ones lost it on “product” (35) and “reviews” (19). “product” takes 9 ms alone;"
        " under load it has a p95 of 210 ms. On average those of the burst sent 51 statements each,"
        " and the one that was sent alone 7: some have much more to do than others."
    )
    assert limit(FEW) == bad_ones(FEW)


def test_where_a_queue_grows_the_step_that_costs_is_named() -> None:
    """Then everybody is late; likewise where nothing is known of the bad ones."""
    assert bad_ones(replace(FEW, pace=replace(KEEPS_UP, keeps_up=False))) == ""
    assert bad_ones(replace(FEW, bad_events={})) == ""
    searched = replace(SEARCH, postgres_s=4.0)
    unknown = replace(FEW, error_groups=(), where=WhereTimeWent(), costs=(searched, PRODUCT))
    assert limit(unknown).startswith("The step that costs is ")


def test_as_many_statements_as_alone_are_no_sign() -> None:
    """The mix of visitors explains a little more."""
    alike = replace(FEW, where=WhereTimeWent(statements_per_event=7.5, statements_alone=7.0))
    assert bad_ones(alike).endswith("a p95 of 210 ms.")
