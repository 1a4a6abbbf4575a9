"""One kata over time, a function for each panel: its SLIs, and how its journeys ended. Pure.

It knows what a kata's objectives are, and not where its panels stand.
"""

from dojo.observability.panels import Panel, Query, ThresholdStep, heatmap, line_chart
from dojo.observability.promql import (
    RATE_WINDOW,
    bucket_counter,
    burn_rate,
    growth,
    percentile,
    rate,
    rate_ratio,
    selector,
)
from dojo.observability.rules import BAD_RATIO, OBJECTIVE, WORKBOOK, burst_window
from dojo.slo.openslo import Objective, ServiceLevel, journey_good, journey_total

__all__ = [
    "app_heatmap_panel",
    "burn_rates_panel",
    "outcomes_panel",
    "percentiles_panel",
    "right_panel",
    "sli_lines_panel",
    "visitor_heatmap_panel",
    "visitor_lines_panel",
]

PERCENTILES = ((0.5, "p50"), (0.95, "p95"), (0.99, "p99"))


def sli_lines_panel(kata: str, level: ServiceLevel) -> Panel:
    """Each objective's SLI as slo.yaml counts it, and its target."""
    window = burst_window(level.burst_s)
    queries = []
    for objective in level.objectives:
        bad = _recorded(f"{BAD_RATIO}{window}", kata, objective)
        queries += [Query(f"1 - {bad}", objective.display_name), _target(kata, objective)]
    return line_chart(
        "SLI as slo.yaml counts it",
        f"The share of good {level.event} in the {window} before each moment, and each objective as"
        " a dashed line. Both are recording rules, and the alerts use the same ones.",
        queries,
        "percentunit",
        maximum=1,
    )


def visitor_lines_panel(kata: str, level: ServiceLevel) -> Panel:
    """Availability, and each objective's SLI, as the load measured them."""
    journeys = journey_total(level.journey)
    right = journeys.replace("}", ',outcome="right"}')
    in_time = [
        Query(
            rate_ratio(journey_good(objective.journey, objective.threshold_s), journeys),
            f"right within {objective.threshold_s:g} s",
        )
        for objective in level.objectives
    ]
    return line_chart(
        "Availability and latency, as visitors experienced them",
        "The share of right answers, however late (availability), and within each threshold"
        " (latency). The distance between the two is what slowness costs. A kata's answers are"
        " judged after its burst, so they appear at its end.",
        [
            Query(rate_ratio(right, journeys), "right, however late"),
            *in_time,
            _target(kata, level.objectives[0]),
        ],
        "percentunit",
        maximum=1,
    )


def burn_rates_panel(kata: str, level: ServiceLevel) -> Panel:
    """The first objective's burn rate over a burst, five minutes and an hour."""
    objective = level.objectives[0]
    return line_chart(
        "Burn rate over several windows",
        "A short window shows that the budget burns now, a long one that it matters. An alert fires"
        " when both are over its factor: 14.4 and 6 wake somebody up, 3 and 1 open a ticket.",
        [
            Query(
                burn_rate(_recorded(f"{BAD_RATIO}{window}", kata, objective), objective.target),
                f"{objective.threshold_s:g} s objective, over {window}",
            )
            for window in (burst_window(level.burst_s), "5m", "1h")
        ],
        "short",
        thresholds=(ThresholdStep("orange", 1), ThresholdStep("red", WORKBOOK[0].factor)),
    )


def outcomes_panel(level: ServiceLevel) -> Panel:
    """Journeys per second by how they ended."""
    return line_chart(
        "How journeys ended",
        f"{level.event.capitalize()} per second by outcome. timeout: there was no answer in time;"
        " wrong_content: there was an answer, perhaps a fast one, and it was wrong.",
        [Query(f"{rate(journey_total(level.journey), by=['outcome'])} > 0", "{{outcome}}")],
        "cps",
        stacked=True,
    )


def percentiles_panel(level: ServiceLevel) -> Panel:
    """Percentiles of the journeys' response time, in seconds."""
    buckets = bucket_counter(journey_total(level.journey))
    return line_chart(
        "How long visitors waited",
        "Half of all journeys took longer than p50, one in twenty longer than p95, one in a hundred"
        " longer than p99. These are estimates from a histogram: as exact as its buckets are"
        " narrow, and never over 10 s.",
        [Query(percentile(share, buckets), name) for share, name in PERCENTILES],
        "s",
    )


def visitor_heatmap_panel(level: ServiceLevel) -> Panel:
    """All journeys by response time, as the load measured it."""
    return heatmap(
        "How long visitors waited, all journeys",
        "Each column is a moment. The darker a cell, the more journeys took that long. Two bands"
        " mean two groups of journeys, which no average and no percentile shows.",
        _by_bucket(journey_total(level.journey)),
    )


def app_heatmap_panel(level: ServiceLevel) -> Panel:
    """The first objective's requests by duration, as the app timed them."""
    return heatmap(
        "How long requests took, by the app's clock",
        "The same for the requests that slo.yaml counts, as the app times them. The wait before the"
        " app begins with a request is not included.",
        _by_bucket(level.objectives[0].total),
    )


def right_panel(level: ServiceLevel) -> Panel:
    """Journeys per second within each threshold, and all of them."""
    return line_chart(
        "Right answers, by response time",
        "Journeys per second that were right within each threshold, and all journeys.",
        [
            *(
                Query(rate(objective.good), f"right within {objective.threshold_s:g} s")
                for objective in level.objectives
            ),
            Query(rate(journey_total(level.journey)), "all"),
        ],
        "cps",
    )


def _recorded(name: str, kata: str, objective: Objective) -> str:
    """What a recording rule of rules.py has for an objective."""
    return selector(name, kata=kata, slo=objective.name)


def _target(kata: str, objective: Objective) -> Query:
    """The objective as a line; the legend's first word makes it dashed."""
    return Query(_recorded(OBJECTIVE, kata, objective), f"objective {objective.target:.4g}")


def _by_bucket(total: str) -> Query:
    return Query(growth(bucket_counter(total), RATE_WINDOW, by=["le"]), "{{le}}")
