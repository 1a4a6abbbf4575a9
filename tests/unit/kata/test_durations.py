"""Durations in an exposition."""

import pytest

from dojo.kata.exposition import Exposition

LABELS = 'http_request_method="POST",http_route="/login",http_response_status_code="401"'
OTHER = LABELS.replace("401", "303")
TEXT = f"""
http_server_request_duration_seconds_bucket{{{LABELS},le="0.1"}} 3
http_server_request_duration_seconds_bucket{{{LABELS},le="0.3"}} 4
http_server_request_duration_seconds_bucket{{{LABELS},le="0.5"}} 6
http_server_request_duration_seconds_bucket{{{LABELS},le="+Inf"}} 7
http_server_request_duration_seconds_count{{{LABELS}}} 7
http_server_request_duration_seconds_sum{{{LABELS}}} 2.5
http_server_request_duration_seconds_bucket{{{OTHER},le="0.3"}} 1
http_server_request_duration_seconds_count{{{OTHER}}} 2
http_server_request_duration_seconds_sum{{{OTHER}}} 0.5
"""


@pytest.mark.parametrize(("bound_s", "slower"), [(0.3, 4), (0.4, 4), (0.2, 6), (0.05, 9)])
def test_slow_requests_are_those_above_a_bucket(bound_s: float, slower: float) -> None:
    """Of all statuses; the bucket that ends there or next below it. Without one all are."""
    assert Exposition.parse(TEXT).slower_than(bound_s, "POST", "/login") == slower


def test_durations_are_summed_over_statuses() -> None:
    """Of one route and method."""
    assert Exposition.parse(TEXT).duration_s("POST", "/login") == 3.0
    assert Exposition.parse(TEXT).duration_s("GET", "/login") == 0.0
