"""The plot of a journey's steps, one below the other, on one axis of times. Pure."""

from dataclasses import dataclass

from dojo.output.app_text import shorten
from dojo.output.events import thresholds_s
from dojo.output.figures import round_time
from dojo.output.html.plot_area import Area, Mark, is_wide, time_axis, time_ticks
from dojo.output.wording import percentile
from dojo.report import Report

__all__ = ["Steps", "steps"]

ROW_HEIGHT = 40
NAMES_WIDTH = 190.0  # of a wide plot; in a narrow one the names stand above their lines


@dataclass(frozen=True, slots=True)
class Span:
    """One step: its median, its 95th percentile, and the slowest."""

    name: str
    y: float
    p50: float
    p95: float
    slowest: float
    alone: float | None  # what it takes alone
    label: str


@dataclass(frozen=True, slots=True)
class Steps:
    """All steps that were answered."""

    area: Area
    x: tuple[Mark, ...]
    limits: tuple[Mark, ...]
    spans: tuple[Span, ...]


def steps(report: Report, width: int) -> Steps:
    """Where in the journey the time goes; a journey's time is the sum of its steps'."""
    limits_s = thresholds_s(report)
    answered = [(step, step.latency_s) for step in report.steps if step.latency_s is not None]
    bottom = 30.0 + ROW_HEIGHT * len(answered)
    left = NAMES_WIDTH if is_wide(width) else 8.0
    area = Area(width, round(bottom + 24), left, width - 24.0, 14.0, bottom)
    alone_s = {cost.name: cost.alone.time_s for cost in report.costs if cost.alone is not None}
    ends_s = [*(v for _, p in answered for v in (p.p50, p.max)), *limits_s]
    ends_s += [alone_s[step.name] for step, _ in answered if step.name in alone_s]
    across = time_axis(ends_s, 1.4, area.left, area.right)
    spans = tuple(
        Span(
            name=shorten(step.name, 24 if is_wide(width) else 12),
            y=44.0 + ROW_HEIGHT * place,
            p50=across(p.p50),
            p95=across(p.p95),
            slowest=across(p.max),
            alone=across(alone_s[step.name]) if step.name in alone_s else None,
            label=f"p50 {percentile(p, 'p50')}, p95 {percentile(p, 'p95')}",
        )
        for place, (step, p) in enumerate(answered)
    )
    limits = tuple(Mark(across(v), round_time(v), across(v)) for v in limits_s)
    return Steps(area, time_ticks(across, 8), limits, spans)
