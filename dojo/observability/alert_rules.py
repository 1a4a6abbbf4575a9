"""The shop's alert policies as rules for Prometheus. Pure: from policies and counters to rules.

A policy becomes one alert: its conditions joined by `and`. A window also needs as much history, or
the first minutes of a new Prometheus would be judged as if they were a day. The budget of 28 days
is what the mean hour of the last 28 days allows, so that a young Prometheus knows it, too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dojo.observability.promql import growth, or_zero, selector
from dojo.slo.alert_policy import AlertCondition, AlertPolicy, Measurement, window_text

__all__ = ["EVERY", "HISTORY", "SHOP", "Counted", "alert_group"]

BAD_RATIO = "slo:bad_events:ratio"  # a window follows: slo:bad_events:ratio5m
BAD = "slo:bad_events:increase"  # likewise
TOTAL_1H, TOTAL_28D = "slo:total_events:increase1h", "slo:total_events:increase28d"
BUDGET_HOURS = 28 * 24
EVERY = "1m"  # how often the rules are evaluated
HISTORY = 0.95  # of the longest window must have been watched


@dataclass(frozen=True, slots=True)
class Counted:
    """An SLO as Prometheus counts it: the counters of good and of all events, and its target."""

    kata: str
    slo: str
    display_name: str
    event: str  # in the plural
    target: float
    good: str
    total: str

    @property
    def labels(self) -> dict[str, str]:
        return {"kata": self.kata, "slo": self.slo}


REQUESTS = "http_server_request_duration_seconds_count"
SHOP = Counted(
    "shop",
    "requests-succeed",
    "99.5% of requests succeed",
    "requests",
    0.995,
    REQUESTS + '{http_response_status_code!~"5.."}',
    REQUESTS,
)


def alert_group(policies: Sequence[AlertPolicy], slos: Iterable[Counted]) -> dict[str, Any]:
    """A rule group: for each SLO what the policies compare, then an alert for each policy."""
    slos = list(slos)
    rules: list[dict[str, Any]] = []
    for slo in slos:
        rules += _recordings(policies, slo)
        rules += [_alert(policy, slo) for policy in policies]
    return {"name": f"{slos[0].kata} alerts", "interval": EVERY, "rules": rules}


def _recordings(policies: Sequence[AlertPolicy], slo: Counted) -> list[dict[str, Any]]:
    conditions = [condition for policy in policies for condition in policy.conditions]
    rates = _windows(conditions, Measurement.BURN_RATE)
    drops = _windows(conditions, Measurement.BUDGET_DROP)
    rules = [_record(f"{BAD_RATIO}{window}", _bad_ratio(slo, window), slo) for window in rates]
    rules += [_record(f"{BAD}{window}", _bad(slo, window), slo) for window in drops]
    if drops:
        hourly = selector(TOTAL_1H, **slo.labels)
        # at full hours, the last of which is over: half a minute ago
        month = f"avg_over_time({hourly}[28d:1h] offset 30s) * {BUDGET_HOURS}"
        rules.append(_record(TOTAL_1H, growth(slo.total, "1h"), slo))
        rules.append(_record(TOTAL_28D, month, slo))
    return rules


def _windows(conditions: Iterable[AlertCondition], measurement: Measurement) -> list[str]:
    """The windows of such conditions, each once, the shortest first."""
    minutes = {each.window_min for each in conditions if each.measurement is measurement}
    return [window_text(each) for each in sorted(minutes)]


def _bad(slo: Counted, window: str) -> str:
    return f"{growth(slo.total, window)} - ({or_zero(growth(slo.good, window))})"


def _bad_ratio(slo: Counted, window: str) -> str:
    """Bad / all events: without events no result, and without a counter of good ones all are bad.

    A difference of counts over a count, so that 3 of 60 is 0.05 and not a little more.
    """
    return f"({_bad(slo, window)})\n  / ({growth(slo.total, window)} > 0)"


def _alert(policy: AlertPolicy, slo: Counted) -> dict[str, Any]:
    longest = max(condition.window_min for condition in policy.conditions)
    watched = f"on () (sum({slo.total} offset {int(HISTORY * 60 * longest)}s) >= 0)"
    comparisons = [_comparison(condition, slo) for condition in policy.conditions]
    return {
        "alert": policy.name,
        "expr": "\nand\n".join([*comparisons, watched]),
        "keep_firing_for": window_text(policy.cool_down_min),
        "labels": {
            **slo.labels,
            "severity": "page" if policy.pages else "ticket",
            "windows": " and ".join(_windows_of(policy)),
        },
        "annotations": {
            "summary": f"{slo.display_name}: {policy.name}",
            "description": f"{slo.event.capitalize()}: {_description(policy)}.",
        },
    }


def _windows_of(policy: AlertPolicy) -> list[str]:
    minutes = {condition.window_min for condition in policy.conditions}
    return [window_text(each) for each in sorted(minutes)]


def _comparison(condition: AlertCondition, slo: Counted) -> str:
    window = condition.window
    least = f"{condition.threshold(slo.target):.12g}"
    if condition.measurement is Measurement.BURN_RATE:
        return f"{selector(f'{BAD_RATIO}{window}', **slo.labels)} >= {least}"
    bad = selector(f"{BAD}{window}", **slo.labels)
    return f"{bad} >= {least} * {selector(TOTAL_28D, **slo.labels)}"


def _description(policy: AlertPolicy) -> str:
    return " and ".join(
        f"a burn rate of {each.value:g} or more over {each.window}"
        if each.measurement is Measurement.BURN_RATE
        else f"{100 * each.value:g}% of the budget of 28 days, or more, spent within {each.window}"
        for each in policy.conditions
    )


def _record(name: str, expr: str, slo: Counted) -> dict[str, Any]:
    labels: Mapping[str, str] = slo.labels
    return {"record": name, "expr": expr, "labels": dict(labels)}
