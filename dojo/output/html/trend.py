"""Attempts beside one another, and the steps of a journey. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from dojo.output.figures import percent, seconds
from dojo.output.html.events import thresholds_s
from dojo.output.html.over_time import LABEL_GAP, Mark
from dojo.output.html.scale import Linear, Log, Scale, apart, number
from dojo.output.html.words import brief, ratio, short
from dojo.report import Attempt, Report

__all__ = ["Dot", "Span", "Steps", "Trend", "remembered", "steps", "trends"]

SMALLEST_S = 1e-4


@dataclass(frozen=True, slots=True)
class Dot:
    """The figure of one attempt."""

    x: float
    y: float
    kind: str  # good, bad, or plain where nothing is promised
    number: int
    label: str


@dataclass(frozen=True, slots=True)
class Trend:
    """One figure over the attempts; equal distances, whatever invalid runs were between."""

    title: str
    width: int
    height: int
    left: float
    right: float
    bottom: float
    line: str
    dots: tuple[Dot, ...]
    limits: tuple[Mark, ...]
    last_label_at: float


def remembered(report: Report) -> Attempt:
    """This attempt, as the next one will remember it."""
    return Attempt(
        number=report.number,
        verdict=report.verdict,
        slis={one.name: one.sli for one in report.objectives},
        latency_s=report.latency_s,
        statements_per_event=report.where.statements_per_event,
        service_time_s=report.service_time_s,
    )


def trends(report: Report, attempts: Sequence[Attempt], width: int, height: int) -> list[Trend]:
    """SLI by objective, p95 and statements, for those that two attempts or more have."""
    panels = []
    for one in report.objectives:
        found = [(a.number, a.slis[one.name]) for a in attempts if one.name in a.slis]
        low = min([one.target, *(value for _, value in found)])
        up = Linear(low - (1 - low) * 0.05, 1, height - 22.0, 26.0)
        panels.append(
            _trend(
                one.name,
                found,
                up,
                width,
                (one.target,),
                partial(_held, one.target),
                ratio,
            )
        )
    limits_s = thresholds_s(report)
    found = [
        (a.number, max(SMALLEST_S, a.latency_s.p95)) for a in attempts if a.latency_s is not None
    ]
    seen = [*(value for _, value in found), *limits_s] or [1.0]
    log = Log(min(seen) / 1.3, max(seen) * 1.3, height - 22.0, 26.0)
    tightest_s = limits_s[0] if limits_s else None
    panels.append(
        _trend(
            "p95 of those that were answered (log scale)",
            found,
            log,
            width,
            limits_s,
            lambda value: (seconds(value), _kind(tightest_s is None or value <= tightest_s)),
            brief,
        )
    )
    found = [
        (a.number, a.statements_per_event) for a in attempts if a.statements_per_event is not None
    ]
    linear = Linear(0, max([value for _, value in found], default=1) or 1, height - 22.0, 26.0)
    panels.append(
        _trend(
            "statements for each answer",
            found,
            linear,
            width,
            (),
            lambda value: (f"{value:,.1f}", "plain"),
            ratio,
        )
    )
    return [panel for panel in panels if len(panel.dots) > 1]


def _held(target: float, sli: float) -> tuple[str, str]:
    return percent(sli, target), _kind(sli >= target)


def _kind(good: bool) -> str:
    return "good" if good else "bad"


def _trend(
    title: str,
    found: Sequence[tuple[int, float]],
    up: Scale,
    width: int,
    limits: Sequence[float],
    told: Callable[[float], tuple[str, str]],
    limit_label: Callable[[float], str],
) -> Trend:
    left, right = 8.0, width - 62.0
    across = Linear(0, max(1, len(found) - 1), left, right - 8)
    dots = []
    for place, (attempt, value) in enumerate(found):
        label, kind = told(value)
        dots.append(Dot(across(place), up(value), kind, attempt, label))
    last = dots[-1].y if dots else up.end
    places = apart([last, *(up(limit) for limit in limits)], LABEL_GAP, up.end, up.start)
    return Trend(
        title=title,
        width=width,
        height=round(up.start + 22),
        left=left,
        right=right,
        bottom=up.start,
        line="M" + "L".join(f"{number(dot.x)} {number(dot.y)}" for dot in dots),
        dots=tuple(dots),
        limits=tuple(
            Mark(up(limit), limit_label(limit), place)
            for limit, place in zip(limits, places[1:], strict=True)
        ),
        last_label_at=places[0],
    )


@dataclass(frozen=True, slots=True)
class Span:
    """One step: from its median to its 99th percentile, and the slowest."""

    name: str
    y: float
    p50: float
    p95: float
    p99: float
    slowest: float
    label: str


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of a journey, one below the other, on one axis."""

    width: int
    height: int
    left: float
    right: float
    bottom: float
    x: tuple[Mark, ...]
    limits: tuple[Mark, ...]
    spans: tuple[Span, ...]


def steps(report: Report, width: int) -> Steps:
    """Where in the journey the time goes; a journey's time is the sum of its steps'."""
    limits_s = thresholds_s(report)
    answered = [(one, one.latency_s) for one in report.steps if one.latency_s is not None]
    ends = [max(SMALLEST_S, v) for _, p in answered for v in (p.p50, p.max)] + limits_s
    left, right = 8.0, width - 64.0
    across = Log(min(ends, default=0.01) / 1.4, max(ends, default=1) * 1.4, left, right)
    spans = tuple(
        Span(
            name=short(one.name, 24 if width > 500 else 12),
            y=44.0 + 40 * place,
            p50=across(p.p50),
            p95=across(p.p95),
            p99=across(p.p99),
            slowest=across(p.max),
            label=f"{seconds(p.p50)} at p50, {seconds(p.p95)} at p95",
        )
        for place, (one, p) in enumerate(answered)
    )
    bottom = 30.0 + 40 * len(spans)
    return Steps(
        width=width,
        height=round(bottom + 24),
        left=left,
        right=right,
        bottom=bottom,
        x=tuple(Mark(across(v), brief(v), across(v)) for v in across.ticks(8)),
        limits=tuple(Mark(across(v), brief(v), across(v)) for v in limits_s),
        spans=spans,
    )
