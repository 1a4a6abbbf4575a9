"""Where panels stand on the dashboard: Grafana's grid, its folded rows and its ids. Pure."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from dojo.observability.panels import Panel

__all__ = ["COLUMNS", "Column", "beside", "columns", "folded", "numbered", "stack"]

COLUMNS = 24
Column = Sequence[tuple[Panel, int]]  # panels one under another, each with its height


def columns(group: Sequence[Column], width: int) -> list[Panel]:
    """Columns beside each other, each so many of Grafana's 24 wide."""
    if len(group) * width > COLUMNS:
        raise ValueError(f"{len(group)} columns of {width} are wider than Grafana's {COLUMNS}")
    placed = []
    for number, column in enumerate(group):
        y = 0
        for panel, height in column:
            placed.append({**panel, "gridPos": _cell(number * width, y, width, height)})
            y += height
    return placed


def beside(height: int, *panels: Panel) -> list[Panel]:
    """Panels of equal widths that fill a line."""
    return columns([[(panel, height)] for panel in panels], COLUMNS // len(panels))


def folded(title: str, panels: Sequence[Panel]) -> list[Panel]:
    """A heading that can be clicked on, with panels that are folded under it."""
    row = {"type": "row", "title": title, "collapsed": True, "panels": _lower(panels, 1)}
    return [{**row, "gridPos": _cell(0, 0, COLUMNS, 1)}]


def stack(blocks: Sequence[Sequence[Panel]]) -> list[Panel]:
    """Blocks of placed panels, one under another."""
    stacked: list[Panel] = []
    y = 0
    for block in blocks:
        stacked += _lower(block, y)
        y += max((_bottom(panel) for panel in block), default=0)
    return stacked


def numbered(panels: Sequence[Panel]) -> list[Panel]:
    """The panels with their ids; those that are folded under a row follow it."""
    ids = count(1)

    def number(panel: Panel) -> Panel:
        with_id = {"id": next(ids), **panel}
        if "panels" in panel:
            with_id["panels"] = [number(inner) for inner in panel["panels"]]
        return with_id

    return [number(panel) for panel in panels]


def _lower(panels: Sequence[Panel], by: int) -> list[Panel]:
    """The panels so many rows further down, with what is folded under them."""
    lowered = []
    for panel in panels:
        place = panel["gridPos"]
        moved = {**panel, "gridPos": {**place, "y": place["y"] + by}}
        if "panels" in panel:
            moved["panels"] = _lower(panel["panels"], by)
        lowered.append(moved)
    return lowered


def _bottom(panel: Panel) -> int:
    return int(panel["gridPos"]["y"] + panel["gridPos"]["h"])


def _cell(x: int, y: int, width: int, height: int) -> dict[str, Any]:
    return {"x": x, "y": y, "w": width, "h": height}
