"""One objective in figures of the whole time range, a function for each panel. Pure.

It knows what an objective is, and not where its panels stand.
"""

from dojo.observability.panels import Panel, Query, ThresholdStep, stat
from dojo.observability.promql import (
    FULL_RANGE,
    budget,
    budget_left,
    burn_rate,
    growth,
    growth_ratio,
    or_zero,
    selector,
)
from dojo.observability.rules import OBJECTIVE, WORKBOOK
from dojo.slo.openslo import Objective, ServiceLevel, journey_good, journey_total

__all__ = [
    "budget_left_panel",
    "burn_rate_panel",
    "counted_by_app",
    "counts_panel",
    "sli_panel",
    "target_panel",
    "visitors_panel",
]

BUDGET_IS_LOW = 0.25  # share of the budget that is left


def counted_by_app(objective: Objective) -> bool:
    """Whether slo.yaml counts by the app's own metrics; else by what the load measured."""
    by_load = journey_good(objective.journey, objective.threshold_s)
    return (objective.good, objective.total) != (by_load, journey_total(objective.journey))


def target_panel(kata: str, level: ServiceLevel, objective: Objective) -> Panel:
    """The objective itself, as Prometheus has it."""
    recorded = selector(OBJECTIVE, kata=kata, slo=objective.name)
    return stat(
        f"Objective: {objective.display_name}",
        f"The target: {objective.target:.4g} of all {level.event} must be good, that is right and"
        f" within {objective.threshold_s:g} s. From katas/{kata}/slo.yaml.",
        [Query(f"max(last_over_time({recorded}[{FULL_RANGE}]))", "objective", instant=True)],
        "percentunit",
        decimals=2,
    )


def sli_panel(level: ServiceLevel, objective: Objective) -> Panel:
    """The SLI as slo.yaml counts it."""
    by_app = counted_by_app(objective)
    source = "by the app's own metrics" if by_app else "as the load measured them"
    return stat(
        "SLI",
        f"Good / total {level.event} over the range, {source}. Red: below the objective of"
        f" {objective.target:.4g}.",
        [Query(_sli(objective), "SLI", instant=True)],
        "percentunit",
        _sli_steps(objective),
        decimals=2,
    )


def counts_panel(objective: Objective) -> Panel:
    """The counts behind the SLI."""
    return stat(
        "Good and total",
        "The two counts behind the SLI. An SLI without its counts misleads: 100% of three events"
        " proves nothing. Prometheus extrapolates growth to the ends of the range, so a count may"
        " differ a little from the report's.",
        [
            Query(or_zero(growth(objective.good)), "good", instant=True),
            Query(growth(objective.total), "total", instant=True),
        ],
        "short",
        decimals=0,
    )


def budget_left_panel(objective: Objective) -> Panel:
    """The unspent share of the range's error budget."""
    return stat(
        "Budget left",
        f"1 - bad share / {budget(objective.target)}: the share of the range's error budget that"
        " is not spent. Below zero the objective is not met; -1900% means twenty times as many bad"
        " events as are allowed.",
        [Query(budget_left(_bad(objective), objective.target), "budget left", instant=True)],
        "percentunit",
        (ThresholdStep("red"), ThresholdStep("orange", 0), ThresholdStep("green", BUDGET_IS_LOW)),
        decimals=0,
    )


def burn_rate_panel(objective: Objective) -> Panel:
    """How fast the range's error budget was spent."""
    page = WORKBOOK[0].factor
    return stat(
        "Burn rate",
        f"Bad share / {budget(objective.target)} over the range. 1 spends the budget exactly; from"
        f" {page:g} on, an alert should wake somebody up.",
        [Query(burn_rate(_bad(objective), objective.target), "burn rate", instant=True)],
        "short",
        (ThresholdStep("green"), ThresholdStep("orange", 1), ThresholdStep("red", page)),
        decimals=1,
    )


def visitors_panel(objective: Objective) -> Panel:
    """The SLI as the load measured it, for an objective that the app's own metrics count."""
    good = journey_good(objective.journey, objective.threshold_s)
    return stat(
        "As visitors experienced it",
        "The same SLI as the load measured it: from the intended click to the last byte, with the"
        " right content. The kata's verdict is about this one.",
        [Query(growth_ratio(good, journey_total(objective.journey)), "SLI of visitors", True)],
        "percentunit",
        _sli_steps(objective),
        decimals=2,
    )


def _sli(objective: Objective) -> str:
    return growth_ratio(objective.good, objective.total)


def _bad(objective: Objective) -> str:
    return f"(1 - ({_sli(objective)}))"


def _sli_steps(objective: Objective) -> tuple[ThresholdStep, ...]:
    return ThresholdStep("red"), ThresholdStep("green", objective.target)
