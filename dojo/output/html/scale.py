"""From values to places on paper: linear and logarithmic axes, and labels that keep apart. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Linear", "Log", "Scale", "apart", "number"]


@dataclass(frozen=True, slots=True)
class Linear:
    """Values from `low` to `high` on the way from `start` to `end`; beyond them is at the ends."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value."""
        span = self.high - self.low
        share = (value - self.low) / span if span > 0 else 0.0
        return self.start + min(1.0, max(0.0, share)) * (self.end - self.start)

    def ticks(self, most: int) -> list[float]:
        """Round values within the axis, as many as `most` at the utmost."""
        span = self.high - self.low
        if span <= 0:
            return [self.low]
        power = 10.0 ** math.floor(math.log10(span / max(1, most)))
        for step in (power, 2 * power, 5 * power, 10 * power, 20 * power):
            first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
            if last - first + 1 <= most:
                return [place * step for place in range(first, last + 1)]
        return [self.low]


@dataclass(frozen=True, slots=True)
class Log:
    """As Linear, with equal ratios at equal distances. Both ends are above 0."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value; zero and less stand at the low end."""
        low, high = math.log10(self.low), math.log10(self.high)
        exponent = math.log10(value) if value > 0 else low
        return Linear(low, high, self.start, self.end)(exponent)

    def ticks(self, most: int) -> list[float]:
        """Powers of ten, with 3 or with 2 and 5 between them where `most` leaves room."""
        low, high = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        ticks: list[float] = []
        for digits in ((1, 2, 5), (1, 3), (1,)):
            ticks = [
                value
                for power in range(low, high + 1)
                for digit in digits
                if self.low <= (value := float(f"{digit}e{power}")) <= self.high
            ]
            if len(ticks) <= most:
                return ticks
        return ticks[:: math.ceil(len(ticks) / max(1, most))]


Scale = Linear | Log


def apart(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """The places, moved as little as needed so that neighbours are `gap` apart within low..high.

    The order is kept. Where there is no room for all, they go beyond `high`.
    """
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved = list(places)
    floor = low
    for index in order:
        moved[index] = max(places[index], floor)
        floor = moved[index] + gap
    ceiling = high
    for index in reversed(order):
        moved[index] = min(moved[index], ceiling)
        ceiling = moved[index] - gap
    floor = low
    for index in order:
        moved[index] = max(moved[index], floor)
        floor = moved[index] + gap
    return moved


def number(value: float) -> str:
    """A coordinate, exact to a tenth and no longer than it must be."""
    text = f"{value:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"
