"""A tile: the state of something in words, and the figures beside it. Pure.

It knows Grafana's format and nothing of objectives.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dojo.observability.panels import (
    COLORS,
    NO_DATA,
    Panel,
    Query,
    ThresholdStep,
    override,
    panel_of,
    thresholds_of,
)

__all__ = ["Figure", "State", "tile"]


@dataclass(frozen=True, slots=True)
class State:
    """What a tile says, and in which of the COLORS."""

    text: str
    color: str
    with_figures: bool = True


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a tile: what it is called, and how it is written."""

    name: str
    unit: str
    decimals: int


def tile(
    title: str,
    description: str,
    state: Query,
    states: Mapping[int, State],
    figures: Mapping[str, Figure],
    figures_query: str,
) -> Panel:
    """The state of something in words, and figures beside it, all in the state's color.

    `state` gives a code of `states`. `figures_query` gives the `figures`, by the names of their
    metrics. Without data all is grey.
    """
    colors = list(dict.fromkeys(each.color for each in states.values()))
    queries = [state]
    overrides = [override("byFrameRefID", "A", mappings=[_mapping(states)])]
    for color in colors:
        codes = [code for code, s in states.items() if s.color == color and s.with_figures]
        is_so = " or ".join(f"({state.expr} == {code})" for code in codes)
        named = f'label_join({figures_query}, "figure", "", "__name__")'
        queries.append(Query(f"{named} and on () ({is_so})", f"{{{{figure}}}} {color}", True))
        overrides += [
            override(
                "byName",
                f"{name} {color}",
                displayName=figure.name,
                unit=figure.unit,
                decimals=figure.decimals,
                color={"mode": "fixed", "fixedColor": COLORS[color]},
            )
            for name, figure in figures.items()
        ]
    panel = panel_of("stat", title, description, queries)
    panel["fieldConfig"] = {
        "defaults": {
            "unit": "none",
            "noValue": NO_DATA,
            "color": {"mode": "thresholds"},
            "thresholds": thresholds_of((ThresholdStep(COLORS["grey"]),)),
        },
        "overrides": overrides,
    }
    panel["options"] = {
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        "colorMode": "background_solid",
        "graphMode": "none",
        "justifyMode": "center",
        "orientation": "vertical",
        "text": {"titleSize": 12, "valueSize": 14},  # two words of a state fit, too
        "textMode": "value_and_name",
        "wideLayout": False,
    }
    return panel


def _mapping(states: Mapping[int, State]) -> dict[str, Any]:
    """What is shown instead of a state's code."""
    options = {
        str(code): {"text": state.text, "color": COLORS[state.color], "index": index}
        for index, (code, state) in enumerate(states.items())
    }
    return {"type": "value", "options": options}
