"""What Prometheus records and alerts on for each promise. Pure: values in, values out.

Alerts are multiwindow and multi-burn-rate (Site Reliability Workbook, chapter 5, table 5-8): the
budget must burn fast over a long window, so that it matters, and over a short one, so that it still
goes on. A kata's burst is over long before such windows fill; a second set of alerts has windows
that fill within it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dojo.slo.openslo import Objective, ServiceLevel

__all__ = [
    "BAD_RATIO",
    "OBJECTIVE",
    "WORKBOOK",
    "Burn",
    "bad_ratio",
    "burst_window",
    "in_burst",
    "rule_groups",
]

OBJECTIVE = "slo:objective:ratio"
BAD_RATIO = "slo:bad_events:ratio_rate"  # a window follows: slo:bad_events:ratio_rate5m
SHORTEST_S = 5  # five scrapes


@dataclass(frozen=True, slots=True)
class Burn:
    """Budget that burns `factor` times as fast as it may, over both windows."""

    factor: float
    short: str
    long: str
    severity: str
    meaning: str


WORKBOOK = (
    Burn(14.4, "5m", "1h", "page", "2% of a 30-day budget gone in an hour"),
    Burn(6, "30m", "6h", "page", "5% of a 30-day budget gone in six hours"),
    Burn(3, "2h", "1d", "ticket", "10% of a 30-day budget gone in a day"),
    Burn(1, "6h", "3d", "ticket", "10% of a 30-day budget gone in three days"),
)


def burst_window(burst_s: float) -> str:
    """The longest window that fills within a burst, in whole seconds."""
    return f"{max(SHORTEST_S, int(burst_s))}s"


def in_burst(burst_s: float) -> tuple[Burn, ...]:
    """The workbook's first and last alert, scaled to a burst."""
    told = f"scaled to a burst of {burst_s:g} s, since no real alert's windows fill within one"
    short, half = f"{SHORTEST_S}s", burst_window(max(2 * SHORTEST_S, burst_s / 2))
    return (
        Burn(14.4, short, half, "page", told),
        Burn(1, short, burst_window(burst_s), "ticket", told),
    )


def bad_ratio(objective: Objective, window: str) -> str:
    """The share of bad events over a window.

    Without any event there is no share, rather than 0/0. A counter of good events that does not
    exist counts as zero: a site that has never answered is bad, not unknown.
    """
    return (
        f"1 - (sum(rate({objective.good}[{window}])) or vector(0))\n"
        f"  / (sum(rate({objective.total}[{window}])) > 0)"
    )


def rule_groups(kata: str, level: ServiceLevel) -> dict[str, Any]:
    """The content of the kata's rule file."""
    real = _by_length({w for burn in WORKBOOK for w in (burn.short, burn.long)})
    scaled = _by_length({w for burn in in_burst(level.burst_s) for w in (burn.short, burn.long)})
    both = (("", "15s", real, WORKBOOK), (" in a burst", "1s", scaled, in_burst(level.burst_s)))
    groups: list[dict[str, Any]] = []
    for told, interval, windows, burns in both:
        rules: list[dict[str, Any]] = []
        for objective in level.objectives:
            labels = {"kata": kata, "slo": objective.name}
            if interval == "1s":
                rules.append(_recorded(OBJECTIVE, f"vector({objective.target})", labels))
            rules += [
                _recorded(f"{BAD_RATIO}{window}", bad_ratio(objective, window), labels)
                for window in windows
            ]
            rules += [_alert(objective, labels, burn, told, level.event) for burn in burns]
        groups.append({"name": f"{kata}{told}", "interval": interval, "rules": rules})
    return {"groups": groups}


def _recorded(name: str, expr: str, labels: Mapping[str, str]) -> dict[str, Any]:
    return {"record": name, "expr": expr, "labels": dict(labels)}


def _alert(
    objective: Objective, labels: Mapping[str, str], burn: Burn, told: str, event: str
) -> dict[str, Any]:
    chosen = ",".join(f'{name}="{value}"' for name, value in labels.items())
    over = f"({burn.factor:g} * (1 - {objective.target:g}))"
    percent = f"{burn.factor * (1 - objective.target):.3g}"
    return {
        "alert": f"ErrorBudgetBurn{'InBurst' if told else ''}",
        "expr": (
            f"{BAD_RATIO}{burn.short}{{{chosen}}} > {over}\n"
            f"and\n{BAD_RATIO}{burn.long}{{{chosen}}} > {over}"
        ),
        "labels": {
            **labels,
            "severity": burn.severity,
            "windows": f"{burn.short} and {burn.long}",
        },
        "annotations": {
            "summary": (
                f"{objective.display_name}: the error budget burns over {burn.factor:g} times"
                " as fast as it may"
            ),
            "description": (
                f"{{{{ $value | humanizePercentage }}}} of {event} were bad over {burn.short};"
                f" more than {burn.factor:g} x {1 - objective.target:.3g} = {percent} over"
                f" {burn.short} and over {burn.long} raises this alert: {burn.meaning}."
            ),
        },
    }


def _by_length(windows: set[str]) -> list[str]:
    seconds = {"s": 1, "m": 60, "h": 3600, "d": 86400}
    return sorted(windows, key=lambda window: int(window[:-1]) * seconds[window[-1]])
