"""The plot of the steps of a journey."""

from dataclasses import replace

from dojo.burst_figures import Percentiles, StepTime
from dojo.output.html.steps import steps
from tests.support.sample_reports import report


def test_steps_share_one_axis() -> None:
    """The same time stands at the same place in every step; a step without answers has no line."""
    sample = replace(
        report(),
        steps=(
            StepTime("search", 9, 9, Percentiles(0.1, 0.2, 0.3, 0.3)),
            StepTime("product", 9, 9, Percentiles(0.2, 0.3, 0.4, 0.5)),
            StepTime("review", 9, 0, None),
        ),
    )
    search, product = steps(sample, 680).spans
    assert (search.p95, search.slowest) == (product.p50, product.p95)
    assert search.p50 < search.p95 < search.slowest
