"""One objective: whether it is met, in one tile. Pure.

It knows what an objective is, and not where its panel stands.
"""

from dojo.observability.panels import Panel, Query
from dojo.observability.promql import latest
from dojo.observability.tiles import Figure, State, tile
from dojo.observability.verdicts import (
    BAD_EVENTS,
    BUDGET_EVENTS,
    CODES,
    GOOD_RATIO,
    WORDS,
    figures_of,
    verdict_of,
)
from dojo.slo.openslo import Objective, ServiceLevel

__all__ = ["objective_panel"]

COLORS = {"not_met": "red", "met": "green"}
WITHOUT_FIGURES = ("measuring", "invalid")
FIGURES = {
    BAD_EVENTS: Figure("bad", "none", 0),
    BUDGET_EVENTS: Figure("allowed", "none", 1),
    GOOD_RATIO: Figure("good", "percentunit", 1),
}


def objective_panel(level: ServiceLevel, objective: Objective) -> Panel:
    """The grader's last verdict in the range, with the events that it rests on."""
    states = {
        code: State(WORDS[verdict], COLORS.get(verdict, "grey"), verdict not in WITHOUT_FIGURES)
        for verdict, code in CODES.items()
    }
    state = latest(verdict_of(objective.journey, objective.name))
    return tile(
        objective.display_name,
        f"At least {objective.target:.4g} of all {level.event} shall be good: right, and within"
        f" {objective.threshold_s:g} s as the visitor's clock has it. Bad events are allowed, as"
        " many as the error budget has: (1 - objective) x events. Under `./run dojo up` this is"
        " said of the last minute, and under `./run pytest katas/...` of the burst. TOO FEW and"
        " TOO CLOSE: the events decide nothing yet.",
        Query(state, "verdict", instant=True),
        states,
        FIGURES,
        latest(figures_of(objective.journey, objective.name)),
    )
