"""What Prometheus records and alerts on for each objective. Pure: from service levels to rules.

Alerts are multiwindow and multi-burn-rate (Site Reliability Workbook, chapter 5, table 5-8): the
budget must burn fast over a long window, so that it matters, and over a short one, so that it still
goes on. An alert of a window also needs so much history, and some bad events in it: a ratio made of
five requests at night, or of the first ten seconds of a new Prometheus, wakes nobody. A kata's
burst is over long before such windows fill; a second set of alerts has windows that fill within it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dojo.observability.promql import bad_share, exceeds, growth, or_zero, selector
from dojo.slo.openslo import Objective, ServiceLevel

__all__ = [
    "ALERT",
    "ALERT_IN_BURST",
    "BAD_RATIO",
    "OBJECTIVE",
    "WORKBOOK",
    "burst_alerts",
    "rule_groups",
]

OBJECTIVE = "slo:objective:ratio"
BAD_RATIO = "slo:bad_events:ratio_rate"  # a window follows: slo:bad_events:ratio_rate5m
ALERT, ALERT_IN_BURST = "ErrorBudgetBurn", "ErrorBudgetBurnInBurst"
SHORTEST_S = 5  # five scrapes
FEWEST_BAD = 20  # events in the long window; fewer are no reason to wake anybody
HISTORY = 0.95  # of the long window must have been watched
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class BurnAlert:
    """Fires when the budget burns over `factor` times as fast as it may, over both windows."""

    factor: float
    short: str  # a window, as PromQL writes it: "5m"
    long: str
    severity: str  # "page" or "ticket"
    meaning: str


WORKBOOK = (
    BurnAlert(14.4, "5m", "1h", "page", "2% of the 28 days' budget gone in an hour"),
    BurnAlert(6, "30m", "6h", "page", "5% of the 28 days' budget gone in six hours"),
    BurnAlert(3, "2h", "1d", "ticket", "11% of the 28 days' budget gone in a day"),
    BurnAlert(1, "6h", "3d", "ticket", "11% of the 28 days' budget gone in three days"),
)


def burst_window(burst_s: float) -> str:
    """The longest window that fills within a burst of so many seconds, in whole seconds."""
    return f"{max(SHORTEST_S, int(burst_s))}s"


def burst_alerts(burst_s: float) -> tuple[BurnAlert, ...]:
    """The workbook's first and last alert, scaled to a burst of so many seconds."""
    meaning = (
        f"scaled to a burst of {burst_s:g} s, which is too short for the windows of a real alert"
    )
    short, half = f"{SHORTEST_S}s", burst_window(max(2 * SHORTEST_S, burst_s / 2))
    return (
        BurnAlert(14.4, short, half, "page", meaning),
        BurnAlert(1, short, burst_window(burst_s), "ticket", meaning),
    )


def rule_groups(kata: str, level: ServiceLevel) -> dict[str, Any]:
    """The content of the kata's rule file: one group of rules as in production, one for a burst."""
    production = _rules(kata, level, ALERT, WORKBOOK, record_target=False)
    burst = _rules(kata, level, ALERT_IN_BURST, burst_alerts(level.burst_s), record_target=True)
    return {
        "groups": [
            {"name": kata, "interval": "15s", "rules": production},
            {"name": f"{kata} in a burst", "interval": "1s", "rules": burst},
        ]
    }


def _rules(
    kata: str,
    level: ServiceLevel,
    alert_name: str,
    alerts: Iterable[BurnAlert],
    *,
    record_target: bool,
) -> list[dict[str, Any]]:
    """For each objective: the bad shares that the alerts compare, then the alerts."""
    windows = _by_length({window for alert in alerts for window in (alert.short, alert.long)})
    rules: list[dict[str, Any]] = []
    for objective in level.objectives:
        labels = {"kata": kata, "slo": objective.name}
        if record_target:
            rules.append(_recording(OBJECTIVE, f"vector({objective.target})", labels))
        for window in windows:
            share = bad_share(objective.good, objective.total, window)
            rules.append(_recording(f"{BAD_RATIO}{window}", share, labels))
        rules += [_alert(alert_name, alert, objective, level.event, labels) for alert in alerts]
    return rules


def _recording(name: str, expr: str, labels: Mapping[str, str]) -> dict[str, Any]:
    return {"record": name, "expr": expr, "labels": dict(labels)}


def _alert(
    name: str, alert: BurnAlert, objective: Objective, event: str, labels: Mapping[str, str]
) -> dict[str, Any]:
    conditions = [
        exceeds(selector(f"{BAD_RATIO}{window}", **labels), alert.factor, objective.target)
        for window in (alert.short, alert.long)
    ]
    bad = f"{growth(objective.total, alert.long)} - ({or_zero(growth(objective.good, alert.long))})"
    conditions.append(f"on () ({bad} >= {FEWEST_BAD})")
    if name == ALERT:
        watched_s = int(HISTORY * _seconds(alert.long))
        conditions.append(f"on () (sum({objective.total} offset {watched_s}s) >= 0)")
    budget = 1 - objective.target
    return {
        "alert": name,
        "expr": "\nand\n".join(conditions),
        "labels": {
            **labels,
            "severity": alert.severity,
            "windows": f"{alert.short} and {alert.long}",
        },
        "annotations": {
            "summary": (
                f"{objective.display_name}: the error budget burns more than {alert.factor:g} times"
                " as fast as allowed"
            ),
            "description": (
                f"{{{{ $value | humanizePercentage }}}} of {event} were bad over {alert.short};"
                f" more than {alert.factor:g} x {budget:.3g} = {alert.factor * budget:.3g} over"
                f" {alert.short} and over {alert.long}, and {FEWEST_BAD} bad {event} or more in"
                f" {alert.long}, raise this alert: {alert.meaning}."
            ),
        },
    }


def _by_length(windows: Iterable[str]) -> list[str]:
    return sorted(windows, key=_seconds)


def _seconds(window: str) -> int:
    return int(window[:-1]) * SECONDS[window[-1]]
