"""One kata over time, a function for each panel: its SLIs, and how its journeys ended. Pure.

It knows what a kata's objectives are, and not where its panels stand. All is counted as visitors
experienced it; the alerts' rules count what slo.yaml says.
"""

from collections.abc import Mapping

from dojo.load.sample import Cause
from dojo.observability.panels import Panel, Query, ThresholdStep, bars, heatmap, line_chart, text
from dojo.observability.promql import (
    LAST_MINUTE,
    RATE_WINDOW,
    STEP,
    bucket_counter,
    burn_rate,
    growth,
    latest,
    selector,
)
from dojo.observability.rules import BAD_RATIO_1H, OBJECTIVE
from dojo.observability.verdicts import good_ratio_of
from dojo.slo.openslo import Objective, ServiceLevel, journey_good, journey_total

__all__ = [
    *("alerts_panel", "burn_rates_panel", "heatmap_panel", "heading_panel"),
    *("LAST_MINUTE_TITLE", "last_minute_panel", "outcomes_panel"),
]

LINE_COLORS = ("blue", "purple", "orange", "yellow")
ABOVE_ALL = 1.02  # room above a line at 100%
LAST_MINUTE_TITLE = "Good, last minute (dashed: the objective)"
FAST_BURN = 14.4  # the budget of 28 days is gone in two
IN_TIME, TOO_LATE = "right, in time", "right, too late"
OUTCOME_COLORS = {
    IN_TIME: "green",
    TOO_LATE: "orange",
    Cause.SLOW: "orange",
    Cause.TIMEOUT: "yellow",
    Cause.WRONG_CONTENT: "purple",
    Cause.HTTP_5XX: "red",
    Cause.HTTP_4XX: "brown",
    Cause.CONNECTION: "grey",
}


def heading_panel(kata: str, level: ServiceLevel) -> Panel:
    """The kata's number and its story, in a line that a third of a laptop's screen has room for."""
    return text(f"{kata.partition('-')[0]}: {level.title}", "")


def last_minute_panel(kata: str, level: ServiceLevel) -> Panel:
    """Each objective's SLI as the load said it, and its target in the same color.

    The tiles rest on the same figure, so a line never contradicts them.
    """
    queries = []
    for objective, color in zip(level.objectives, LINE_COLORS, strict=False):
        within = f"within {_limit(objective)}"
        queries += [
            Query(
                latest(good_ratio_of(objective.journey, objective.name), RATE_WINDOW),
                f"good {within}",
                color=color,
            ),
            Query(
                selector(OBJECTIVE, kata=kata, slo=objective.name),
                f"objective {100 * objective.target:.4g}% {within}",
                color=color,
                dashed=True,
            ),
        ]
    return line_chart(
        LAST_MINUTE_TITLE,
        f"The share of good {level.event} in the minute before each moment, and the objectives as"
        " dashed lines in the same colors. Good: right and in time, from the intended click to the"
        " last byte. A visit without an answer is bad as soon as it can't be good any more. A"
        " kata's burst is judged as a whole, so its share appears at its end.",
        queries,
        "percentunit",
        top=ABOVE_ALL,
    )


def heatmap_panel(level: ServiceLevel) -> Panel:
    """All journeys by response time."""
    limits = " and ".join(_limit(objective) for objective in level.objectives)
    return heatmap(
        f"How long they took (limit {limits})",
        "Each column is a moment. The stronger a cell, the more journeys took that long. Two bands"
        " mean two groups of journeys, which no average and no percentile shows. Those without an"
        " answer stand where the wait for them ended.",
        Query(
            growth(bucket_counter(journey_total(level.journey)), STEP, by=["le"]),
            "{{le}}",
        ),
    )


def outcomes_panel(level: ServiceLevel) -> Panel:
    """Journeys by how they ended, good ones by the tightest threshold."""
    journeys = journey_total(level.journey)
    right, others = (
        journeys.replace("}", f',outcome{operator}"right"}}') for operator in ("=", "!=")
    )
    good = growth(journey_good(level.journey, level.tightest_s), STEP)
    tightest = min(level.objectives, key=lambda objective: objective.threshold_s)
    return bars(
        "How they ended",
        f"{level.event.capitalize()} by how they ended; in time is within {_limit(tightest)}."
        " timeout: there was no answer at all; wrong_content: there was an answer, perhaps a fast"
        " one, and it was wrong.",
        [
            # with zeros around: a bar is as wide as the least gap between values of its series
            Query(good, IN_TIME),
            Query(f"{growth(right, STEP)} - {good}", TOO_LATE),
            Query(
                f"{growth(others, STEP, by=['outcome'])}"
                f" and on (outcome) {growth(others, LAST_MINUTE, by=['outcome'])} > 0",
                "{{outcome}}",
            ),
        ],
        "short",
        {str(outcome): color for outcome, color in OUTCOME_COLORS.items()},
    )


def burn_rates_panel(levels: Mapping[str, ServiceLevel]) -> Panel:
    """Every objective's burn rate over an hour, as the alerts compare it."""
    return line_chart(
        "Burn rate, last hour",
        "Bad share / (1 - objective) over an hour. At 1 the budget of 28 days lasts 28 days; at"
        " 14.4 it is gone in two days. Before an hour has passed, it is the rate of the time that"
        " there is.",
        [
            Query(
                burn_rate(selector(BAD_RATIO_1H, kata=kata, slo=objective.name), objective.target),
                f"{kata}: {objective.display_name}",
            )
            for kata, level in levels.items()
            for objective in level.objectives
        ],
        "none",
        top=FAST_BURN,
        thresholds=(ThresholdStep("orange", 1), ThresholdStep("red", FAST_BURN)),
    )


def alerts_panel() -> Panel:
    """Which alerts fire."""
    firing = selector("ALERTS", alertstate="firing")
    return line_chart(
        "Alerts that fire",
        "The policies of app/ops/alerts.yaml, as ./run dojo export wrote them. Each stays silent"
        " until there is as much history as its longest window. No line: none fires.",
        [
            Query(
                f"sum by (alertname, slo, severity, windows) ({firing})",
                "{{alertname}} {{slo}}: {{severity}}, {{windows}}",
            )
        ],
        "none",
        stacked=True,
        top=1,
        no_data="none fires",
    )


def _limit(objective: Objective) -> str:
    """The objective's threshold as it is said: 100 ms, 1.5 s."""
    threshold_s = objective.threshold_s
    return f"{1000 * threshold_s:g} ms" if threshold_s < 1 else f"{threshold_s:g} s"
