"""The plot of how many events took how long. Pure."""

import math
from dataclasses import dataclass

from dojo.output.charts import Bar, bars
from dojo.output.events import thresholds_s
from dojo.output.figures import round_time
from dojo.output.html.plot_area import Area
from dojo.output.html.scale import Linear
from dojo.output.wording import no_answer
from dojo.report import Report

__all__ = ["Histogram", "Row", "histogram"]

ROW_HEIGHT = 22
THRESHOLD_HEIGHT = 16


@dataclass(frozen=True, slots=True)
class Row:
    """Events with an answer in one span of time, or with none: good ones and bad ones."""

    label: str
    top: float
    good: int
    bad: int
    good_width: float
    bad_width: float
    threshold: str  # the threshold at the lower edge of this row, if there is one

    @property
    def count(self) -> int:
        """All events of the row."""
        return self.good + self.bad


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars of equal height, one below the other."""

    area: Area
    rows: tuple[Row, ...]


def histogram(report: Report, width: int) -> Histogram:
    """The distribution over the terminal's spans; good is under the tightest threshold."""
    counts = _counts(report)
    left, right, top = 84.0, width - 52.0, 4.0
    most = max([good + bad for _, good, bad, _ in counts], default=1)
    across = Linear(0, most, 0, right - left)
    rows, y = [], top
    for label, good, bad, threshold in counts:
        rows.append(Row(label, y, good, bad, across(good), across(bad), threshold))
        y += ROW_HEIGHT + (THRESHOLD_HEIGHT if threshold else 0)
    height = round(y + 4)
    return Histogram(Area(width, height, left, right, top, float(height)), tuple(rows))


def _counts(report: Report) -> list[tuple[str, int, int, str]]:
    """(label, good, bad, threshold) of each row."""
    limits_s = thresholds_s(report)
    counts = [
        (
            _label(line),
            line.good,
            line.bad,
            round_time(line.upto_s) if line.upto_s in limits_s else "",
        )
        for line in bars(report.points, limits_s)
    ]
    unanswered = sum(point.latency_s is None for point in report.points)
    return [*counts, (no_answer(report), 0, unanswered, "")] if unanswered else counts


def _label(line: Bar) -> str:
    if math.isinf(line.upto_s):
        return f"> {round_time(line.above_s)}"
    return f"≤ {round_time(line.upto_s)}"
