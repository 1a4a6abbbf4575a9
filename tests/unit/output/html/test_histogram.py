"""The plot of how many took how long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.output.html.histogram import histogram
from tests.support.sample_reports import report


@given(st.integers(1, 300), st.floats(0, 1), st.integers(0, 99))
def test_the_histogram_counts_every_event_once(events: int, bad_ratio: float, seed: int) -> None:
    """The rows add up to all events, and their good ones to the SLI's."""
    sample = report(events, bad_ratio, seed)
    plot = histogram(sample, 680)
    assert sum(row.count for row in plot.rows) == events
    assert sum(row.good for row in plot.rows) == sample.objectives[0].good
    widest = max(row.good_width + row.bad_width for row in plot.rows)
    assert widest == pytest.approx(plot.area.right - plot.area.left)
