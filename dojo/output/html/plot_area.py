"""What the plots have in common: area, marks with labels, axis of times, staircase. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dojo.output.figures import round_time
from dojo.output.html.scale import Linear, Log, Scale, apart, number

__all__ = [
    *("Area", "Mark", "is_wide", "labelled", "moment_ticks", "staircase"),
    *("room_for", "time_axis", "time_ticks"),
]

LABEL_GAP = 15
CHARACTER = 8.3  # units of one in a label, bold in DejaVu Sans, the widest of the usual fonts
SMALLEST_S = 1e-4  # a shorter time is drawn as this one: a logarithmic axis has no zero


@dataclass(frozen=True, slots=True)
class Area:
    """The size of a plot, and the edges of the part that holds the values."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A tick or a line at a place of an axis, with its label, which may stand a little aside."""

    at: float
    label: str
    label_at: float
    kind: str = "tick"


def room_for(labels: Iterable[str], gap: float) -> float:
    """How much room these labels need beside the values, `gap` away from them."""
    return gap + CHARACTER * max(map(len, labels), default=0)


def is_wide(width: int) -> bool:
    """Whether there is room for whole words beside the plot."""
    return width > 500


def time_axis(times_s: Iterable[float], margin: float, start: float, end: float) -> Log:
    """A logarithmic axis for all these times, from `margin` below the least to as much above."""
    visible_s = [max(SMALLEST_S, time_s) for time_s in times_s]
    low_s, high_s = min(visible_s, default=0.01), max(visible_s, default=1.0)
    return Log(low_s / margin, high_s * margin, start, end)


def time_ticks(scale: Scale, most: int) -> tuple[Mark, ...]:
    """Round times on an axis of times."""
    return tuple(Mark(scale(v), round_time(v), scale(v)) for v in scale.ticks(most))


def moment_ticks(scale: Linear, most: int) -> tuple[Mark, ...]:
    """Round moments of the burst."""
    return tuple(Mark(scale(v), f"{v:g} s", scale(v)) for v in scale.ticks(most))


def labelled(lines: Sequence[tuple[float, str, str]], low: float, high: float) -> tuple[Mark, ...]:
    """A mark for each (place, label, kind); their labels keep apart between `low` and `high`."""
    places = apart([at for at, _, _ in lines], LABEL_GAP, low, high)
    return tuple(
        Mark(at, label, label_at, kind)
        for (at, label, kind), label_at in zip(lines, places, strict=True)
    )


def staircase(left: float, right: float, start: float, steps: Mapping[float, float]) -> str:
    """A path from the left edge at height `start` to the right one; `steps` are heights by x."""
    stairs = "".join(f"H{number(x)}V{number(y)}" for x, y in steps.items())
    return f"M{number(left)} {number(start)}{stairs}H{number(right)}"
