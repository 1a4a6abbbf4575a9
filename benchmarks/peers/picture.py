"""The comparison as one picture (SVG). Values in, text out.

Above: what each tool says about the server that stalls, beside the truth. Below: what a request
costs it.
"""

import math
from collections.abc import Mapping, Sequence
from html import escape

from benchmarks.peers.run import OURS
from benchmarks.peers.truth import QUANTILES, Situation

__all__ = ["drawn"]

WIDTH, LEFT, RIGHT, ROW = 860, 90, 60, 40
LEAST_S, MOST_S = 0.015, 3.0
TICKS_S = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
SHADES = {0.5: "#9ecae1", 0.9: "#6baed6", 0.95: "#3182bd", 0.99: "#08519c"}
OURS_COLOR, OTHER_COLOR, TRUTH_COLOR = "#d95f0e", "#888888", "#b30000"
STYLE = "font-family: sans-serif; font-size: 13px; background: white"

Figures = Mapping[str, Mapping[str, float]]  # by tool


def drawn(stalling: tuple[Situation, Figures], healthy: Sequence[tuple[Situation, Figures]]) -> str:
    """The picture of one stalling situation and any number of healthy ones."""
    situation, figures = stalling
    waits, below = _waits(situation, figures, 60)
    costs, height = _costs(healthy, below + 50)
    title = f"What each tool says of {situation.name}; dashed: the truth"
    parts = [_text(LEFT, 22, title, "bold"), *waits]
    parts += [_text(LEFT, below + 34, "CPU for a request, the whole process", "bold"), *costs]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"'
        f' viewBox="0 0 {WIDTH} {height}" style="{STYLE}">\n'
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _waits(situation: Situation, figures: Figures, top: float) -> tuple[list[str], float]:
    """A row of dots for each tool on a logarithmic axis, and the truth as lines through all."""
    bottom = top + ROW * len(figures)
    parts = []
    for tick_s in TICKS_S:
        parts.append(_line(_x(tick_s), top - 8, _x(tick_s), bottom, "#e4e4e4"))
        label = f"{tick_s * 1000:g} ms" if tick_s < 1 else f"{tick_s:g} s"
        parts.append(_text(_x(tick_s), bottom + 18, label, anchor="middle"))
    for q, wait_s in situation.truth_s().items():
        parts.append(_line(_x(wait_s), top - 8, _x(wait_s), bottom, TRUTH_COLOR, "4 3"))
        parts.append(_text(_x(wait_s), top - 14, f"p{q * 100:g}", "red", "middle"))
    for number, (tool, here) in enumerate(figures.items()):
        y = top + ROW * (number + 0.5)
        parts.append(_text(LEFT - 12, y + 4, tool, "bold" if tool == OURS else "", "end"))
        for place, q in enumerate(QUANTILES):  # one below the other, so that none hides another
            x = _x(here[f"p{q * 100:g}_s"])
            parts.append(
                f'<circle cx="{x:.1f}" cy="{y + 7 * place - 10:.1f}" r="5"'
                f' fill="{SHADES[q]}" stroke="white"/>'
            )
    legend_y = bottom + 40
    for place, q in enumerate(QUANTILES):
        x = LEFT + 8 + 110 * place
        parts.append(f'<circle cx="{x}" cy="{legend_y - 4}" r="5" fill="{SHADES[q]}"/>')
        parts.append(_text(x + 13, legend_y, f"its p{q * 100:g}"))
    return parts, legend_y


def _costs(healthy: Sequence[tuple[Situation, Figures]], top: float) -> tuple[list[str], float]:
    """Bars, a group for each situation."""
    most_ms = max((each["cpu_ms"] for _, here in healthy for each in here.values()), default=1.0)
    parts, y = [], top
    for situation, figures in healthy:
        y += 14
        parts.append(_text(LEFT, y, situation.name))
        for tool, here in figures.items():
            y += 22
            length = (WIDTH - LEFT - RIGHT - 60) * here["cpu_ms"] / most_ms
            color = OURS_COLOR if tool == OURS else OTHER_COLOR
            parts.append(_text(LEFT - 12, y, tool, "bold" if tool == OURS else "", "end"))
            parts.append(
                f'<rect x="{LEFT}" y="{y - 12}" width="{length:.1f}" height="15" fill="{color}"/>'
            )
            parts.append(_text(LEFT + length + 6, y, f"{here['cpu_ms']:.2f} ms"))
        y += 16
    return parts, y + 10


def _x(wait_s: float) -> float:
    share = math.log(max(LEAST_S, wait_s) / LEAST_S) / math.log(MOST_S / LEAST_S)
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _line(x1: float, y1: float, x2: float, y2: float, color: str, dashes: str = "") -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{color}"'
        f' stroke-dasharray="{dashes}"/>'
    )


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    weight = ' font-weight="bold"' if kind == "bold" else ""
    color = TRUTH_COLOR if kind == "red" else "#222222"
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{color}"{weight}>'
        f"{escape(text)}</text>"
    )
