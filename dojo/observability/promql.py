"""PromQL as named pieces: growth, shares, burn rates, percentiles. Pure: text in, text out.

A *counter* here is a series selector without a window, such as `requests_total{route="/"}`. The
module knows nothing of katas, panels or rules. Every divisor that can be 0 is filtered with `> 0`:
without events a query has no result, instead of NaN.
"""

from collections.abc import Sequence

__all__ = [
    "LAST_MINUTE",
    "RATE_WINDOW",
    "STEP",
    "bad_share",
    "bucket_counter",
    "budget",
    "burn_rate",
    "exceeds",
    "growth",
    "latest",
    "mean",
    "or_zero",
    "percentile",
    "rate",
    "rate_ratio",
    "selector",
]

FULL_RANGE = "$__range"  # Grafana: the dashboard's whole time range
STEP = "$__interval"  # Grafana: the distance of two points of the plot, so each event counts once
# At a visit every few seconds Grafana's $__rate_interval (4 s here) is a picket fence.
RATE_WINDOW = "30s"
LAST_MINUTE = "1m"


def selector(metric: str, **labels: str) -> str:
    """`metric{kata="01-latency",slo="x"}`, the labels in the given order."""
    pairs = ",".join(f'{name}="{value}"' for name, value in labels.items())
    return f"{metric}{{{pairs}}}"


def growth(counter: str, window: str = FULL_RANGE, by: Sequence[str] = ()) -> str:
    """By how much a counter grew over the window, summed over its series."""
    return f"{_sum(by)}(increase({counter}[{window}]))"


def rate(counter: str, window: str = RATE_WINDOW, by: Sequence[str] = ()) -> str:
    """A counter's growth per second over the window, summed over its series."""
    return f"{_sum(by)}(rate({counter}[{window}]))"


def or_zero(expr: str) -> str:
    """The expression, or 0 where it has no series: a counter that never began has not grown."""
    return f"{expr} or vector(0)"


def rate_ratio(part: str, whole: str, window: str = RATE_WINDOW) -> str:
    """part / whole by rate; no result without any `whole`."""
    return f"{rate(part, window)} / ({rate(whole, window)} > 0)"


def mean(histogram: str, window: str = RATE_WINDOW) -> str:
    """The mean of a histogram's observations in the window, in the histogram's unit."""
    return rate_ratio(f"{histogram}_sum", f"{histogram}_count", window)


def percentile(share: float, buckets: str, window: str = RATE_WINDOW) -> str:
    """A percentile, `share` 0.95 for the 95th, of a histogram's `_bucket` counter.

    It is interpolated within a bucket, so it is as exact as the bucket is narrow. The comparison
    drops the NaN of a moment without events.
    """
    return f"histogram_quantile({share:g}, {rate(buckets, window, by=['le'])}) >= 0"


def bucket_counter(total: str) -> str:
    """The `_bucket` counter of the histogram whose `_count` is given, with the same labels."""
    return total.replace("_count{", "_bucket{")


def budget(target: float) -> str:
    """The error budget as a share of all events, `(1 - 0.95)` for a target of 0.95."""
    return f"(1 - {target:g})"


def burn_rate(bad: str, target: float) -> str:
    """Bad share / error budget: 1 spends the budget exactly within the SLO's window."""
    return f"{bad} / {budget(target)}"


def bad_share(good: str, total: str, window: str) -> str:
    """The share of bad events over a fixed window, for a recording rule; two lines.

    No events give no result. A `good` counter that does not exist counts as zero: a site that has
    never answered is bad, not unknown.
    """
    return f"1 - ({or_zero(rate(good, window))})\n  / ({rate(total, window)} > 0)"


def latest(series: str, window: str = FULL_RANGE) -> str:
    """The last value that the series had in the window, also if it has ended since."""
    return f"last_over_time({series}[{window}])"


def exceeds(share: str, factor: float, target: float) -> str:
    """Whether a bad share is over `factor` times the error budget."""
    return f"{share} > ({factor:g} * {budget(target)})"


def _sum(by: Sequence[str]) -> str:
    return f"sum by ({', '.join(by)}) " if by else "sum"
