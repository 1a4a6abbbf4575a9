"""The dashboard's row of one kata: how each objective stands, and how it came to that. Pure."""

from dojo.observability.panels import Panel, Query, Step, heatmap, line_chart, stat
from dojo.observability.rules import BAD_RATIO, OBJECTIVE, burst_window
from dojo.slo.openslo import JOURNEYS, Objective, ServiceLevel, journey_good, journey_total

__all__ = ["over_time", "standing"]

Line = list[tuple[Panel, int, int]]


def _by_visitors(objective: Objective) -> tuple[str, str]:
    """(good, total) as the load counts them."""
    return journey_good(objective.journey, objective.threshold_s), journey_total(objective.journey)


def _grown(counter: str, window: str = "$__range") -> str:
    return f"sum(increase({counter}[{window}]))"


def _sli(good: str, total: str) -> str:
    return f"({_grown(good)} or vector(0)) / ({_grown(total)} > 0)"


def standing(kata: str, level: ServiceLevel, objective: Objective) -> Line:
    """One objective, and how it stands over the whole range."""
    name, budget = objective.display_name, f"(1 - {objective.target:g})"
    sli = _sli(objective.good, objective.total)
    by_visitors = _by_visitors(objective)
    own_clock = by_visitors != (objective.good, objective.total)
    counted = "as the app's own metrics tell it" if own_clock else "as the load measured it"
    sli_steps = (Step("red"), Step("green", objective.target))
    line: Line = [
        (
            stat(
                f"Objective: {name}",
                f"What is promised: {objective.target:.4g} of all {level.event} good, that is right"
                f" and within {objective.threshold_s:g} s. From katas/{kata}/slo.yaml.",
                [
                    Query(
                        f"max(last_over_time({OBJECTIVE}{_chosen(kata, objective)}[$__range]))",
                        "objective",
                        True,
                    )
                ],
                "percentunit",
                decimals=2,
            ),
            4 if own_clock else 5,
            4,
        ),
        (
            stat(
                "SLI",
                f"Good / total {level.event} over the range, {counted}. Red: below the objective"
                f" of {objective.target:.4g}.",
                [Query(sli, "SLI", True)],
                "percentunit",
                sli_steps,
                decimals=2,
            ),
            4 if own_clock else 5,
            4,
        ),
        (
            stat(
                "Good and total",
                "The two counts behind the SLI. An SLI without its counts misleads: 100% of"
                " three events is no promise kept. Prometheus extrapolates growth to the ends"
                " of the range, so the counts need not be whole.",
                [
                    Query(f"{_grown(objective.good)} or vector(0)", "good", True),
                    Query(_grown(objective.total), "total", True),
                ],
                "short",
                decimals=0,
            ),
            5 if own_clock else 6,
            4,
        ),
        (
            stat(
                "Budget left",
                f"1 - bad share / {budget}: the share of the range's error budget that is not"
                " spent. Below zero the promise is broken; -1900% means that twenty times as much"
                " went wrong as was allowed.",
                [Query(f"1 - (1 - ({sli})) / {budget}", "budget left", True)],
                "percentunit",
                (Step("red"), Step("orange", 0), Step("green", 0.25)),
                decimals=0,
            ),
            4,
            4,
        ),
        (
            stat(
                "Burn rate",
                f"Bad share / {budget} over the range. 1 spends the budget exactly; from 14.4 on"
                " somebody should be woken up.",
                [Query(f"(1 - ({sli})) / {budget}", "burn rate", True)],
                "short",
                (Step("green"), Step("orange", 1), Step("red", 14.4)),
                decimals=1,
            ),
            3 if own_clock else 4,
            4,
        ),
    ]
    if own_clock:
        line.append(
            (
                stat(
                    "As visitors felt it",
                    "The same SLI from the load's own measurements: from the intended click to the"
                    " last byte, with the right content. This is what the kata is judged by.",
                    [Query(_sli(*by_visitors), "SLI of visitors", True)],
                    "percentunit",
                    sli_steps,
                    decimals=2,
                ),
                4,
                4,
            )
        )
    return line


def over_time(kata: str, level: ServiceLevel) -> list[Line]:
    window = burst_window(level.burst_s)
    journey = journey_total(level.journey)
    right = journey.replace("}", ',outcome="right"}')
    first = level.objectives[0]
    lines: list[Line] = [
        [
            (
                line_chart(
                    "SLI by the promise",
                    f"The share of good {level.event} in the {window} before each moment, and each"
                    " objective as a dashed line. The recording rules made from slo.yaml draw"
                    " both, so that the alerts see what you see.",
                    [
                        query
                        for objective in level.objectives
                        for query in (
                            Query(
                                f"1 - {BAD_RATIO}{window}{_chosen(kata, objective)}",
                                objective.display_name,
                            ),
                            Query(
                                f"{OBJECTIVE}{_chosen(kata, objective)}",
                                f"objective {objective.target:.4g}",
                            ),
                        )
                    ],
                    "percentunit",
                    most=1,
                ),
                12,
                8,
            ),
            (
                line_chart(
                    "Availability and latency, as visitors felt them",
                    "Answered right at all (availability), and answered right within each"
                    " threshold (latency). The distance between the two is what slowness costs. A"
                    " kata's answers are judged after its burst, so there they appear at its end.",
                    [
                        Query(_share(right, journey), "right, however late"),
                        *(
                            Query(
                                _share(_by_visitors(objective)[0], journey),
                                f"right within {objective.threshold_s:g} s",
                            )
                            for objective in level.objectives
                        ),
                        Query(
                            f"{OBJECTIVE}{_chosen(kata, first)}", f"objective {first.target:.4g}"
                        ),
                    ],
                    "percentunit",
                    most=1,
                ),
                12,
                8,
            ),
        ],
        [
            (
                line_chart(
                    "Burn rate over several windows",
                    "Short windows show that it burns now, long ones that it matters. An alert"
                    " wants both over its factor: 14.4 and 6 wake somebody up, 3 and 1 open a"
                    " ticket.",
                    [
                        Query(
                            f"{BAD_RATIO}{over}{_chosen(kata, first)} / (1 - {first.target:g})",
                            f"{first.threshold_s:g} s objective, over {over}",
                        )
                        for over in (window, "5m", "1h")
                    ],
                    "short",
                    lines=(Step("orange", 1), Step("red", 14.4)),
                ),
                8,
                8,
            ),
            (
                line_chart(
                    "How journeys ended",
                    f"{level.event.capitalize()} each second by outcome. Timeouts never came;"
                    " wrong_content came fast, perhaps, and was no right answer.",
                    [
                        Query(
                            f"sum by (outcome) (rate({journey}[$__rate_interval])) > 0",
                            "{{outcome}}",
                        )
                    ],
                    "cps",
                    stacked=True,
                ),
                8,
                8,
            ),
            (
                line_chart(
                    "How long visitors waited",
                    "Half of all journeys were faster than p50; one in twenty was slower than p95,"
                    " one in a hundred slower than p99. Read off the histogram's buckets, so a"
                    " figure is as exact as its bucket is narrow, and never over 10 s.",
                    _percentiles(journey),
                    "s",
                ),
                8,
                8,
            ),
        ],
        [
            (
                heatmap(
                    "How long visitors waited, all of them",
                    "Each column is a moment, each cell how many journeys took so long. Two bands"
                    " mean two kinds of visitors, which no average and no percentile shows.",
                    _buckets(journey),
                ),
                12,
                8,
            ),
            (
                heatmap(
                    "How long requests took by the app's own clock",
                    "The same for the requests that the promise is about, as the app times them."
                    " What waits to be taken up is not in it.",
                    _buckets(first.total),
                )
                if JOURNEYS not in first.total
                else line_chart(
                    "Journeys that were right, by how long they took",
                    "The journeys within each threshold, and all of them, each second.",
                    [
                        *(
                            Query(
                                f"sum(rate({objective.good}[$__rate_interval]))",
                                f"right within {objective.threshold_s:g} s",
                            )
                            for objective in level.objectives
                        ),
                        Query(f"sum(rate({journey}[$__rate_interval]))", "all"),
                    ],
                    "cps",
                ),
                12,
                8,
            ),
        ],
    ]
    return lines


def _chosen(kata: str, objective: Objective) -> str:
    return f'{{kata="{kata}",slo="{objective.name}"}}'


def _share(part: str, whole: str) -> str:
    return f"sum(rate({part}[$__rate_interval])) / (sum(rate({whole}[$__rate_interval])) > 0)"


def _buckets(total: str) -> Query:
    counter = total.replace("_count{", "_bucket{")
    return Query(f"sum by (le) (increase({counter}[$__rate_interval]))", "{{le}}")


def _percentiles(total: str) -> list[Query]:
    """Percentiles of a histogram; none, rather than NaN, for a moment without events."""
    counter = total.replace("_count{", "_bucket{")
    return [
        Query(
            f"histogram_quantile({share}, sum by (le) (rate({counter}[$__rate_interval]))) >= 0",
            name,
        )
        for share, name in ((0.5, "p50"), (0.95, "p95"), (0.99, "p99"))
    ]
