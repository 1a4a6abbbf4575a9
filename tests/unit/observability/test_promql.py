"""PromQL as text."""

from dojo.observability import promql


def test_a_selector_keeps_its_labels_in_order() -> None:
    """Labels stand as they are given."""
    assert promql.selector("up", job="shop", kata="x") == 'up{job="shop",kata="x"}'


def test_panels_follow_the_dashboards_range() -> None:
    """A growth is over the whole range, and a rate over half a minute, unless said."""
    assert promql.growth("a_total") == "sum(increase(a_total[$__range]))"
    assert promql.rate("a_total") == "sum(rate(a_total[30s]))"
    assert promql.rate("a_total", "5m", by=["b", "c"]) == "sum by (b, c) (rate(a_total[5m]))"


def test_buckets_have_the_labels_of_their_count() -> None:
    """Only the name of the counter changes."""
    assert promql.bucket_counter('a_count{b="c"}') == 'a_bucket{b="c"}'
