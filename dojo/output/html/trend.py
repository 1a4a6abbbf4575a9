"""The plots of one figure over the attempts: SLIs, p95, statements. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dojo.earlier_attempt import EarlierAttempt
from dojo.output.events import thresholds_s
from dojo.output.figures import percent, round_percent, round_time
from dojo.output.html.plot_area import Area, Mark, labelled, room_for, time_axis
from dojo.output.html.scale import Linear, Scale, number
from dojo.output.wording import alone_name, percentile
from dojo.report import ObjectiveResult, Report

__all__ = ["Dot", "trends"]

TOP = 26.0
BELOW = 22.0

KINDS = {"met": "good", "not_met": "bad", "undecided": "open"}  # of an objective's verdict

Figures = Sequence[tuple[int, float]]  # (attempt, value)


@dataclass(frozen=True, slots=True)
class Dot:
    """The figure of one attempt."""

    x: float
    y: float
    kind: str  # good, bad, open where it was too close to call, plain without an objective
    number: int
    label: str


@dataclass(frozen=True, slots=True)
class Trend:
    """One figure over the attempts; equal distances, whatever invalid runs were between."""

    title: str
    area: Area
    line: str
    dots: tuple[Dot, ...]
    limits: tuple[Mark, ...]
    last_label_at: float


def trends(
    report: Report, attempts: Sequence[EarlierAttempt], width: int, height: int
) -> list[Trend]:
    """SLI by objective, p95 and statements, for those that two attempts or more have."""
    panels = [
        *(_sli(objective, attempts, width, height) for objective in report.objectives),
        _p95(thresholds_s(report), attempts, width, height),
        _statements(report, attempts, width, height),
    ]
    return [panel for panel in panels if len(panel.dots) > 1]


def _sli(
    objective: ObjectiveResult, attempts: Sequence[EarlierAttempt], width: int, height: int
) -> Trend:
    name, target = objective.name, objective.target
    figures = [(a.number, a.slis[name]) for a in attempts if name in a.slis]
    low = min([target, *(sli for _, sli in figures)])
    up = Linear(low - (1 - low) * 0.05, 1, height - BELOW, TOP)

    verdicts = {a.number: a.verdicts.get(name, "") for a in attempts}

    def label(attempt: int, sli: float) -> tuple[str, str]:
        return percent(sli, target), KINDS.get(verdicts[attempt]) or _kind(sli >= target)

    return _trend(name, figures, up, width, [(target, round_percent(target))], label)


def _p95(
    limits_s: Sequence[float], attempts: Sequence[EarlierAttempt], width: int, height: int
) -> Trend:
    times = {a.number: a.latency_s for a in attempts if a.latency_s is not None}
    figures = [(number, each.p95) for number, each in times.items()]
    seen_s = [*(p95_s for _, p95_s in figures), *limits_s] or [1.0]
    up = time_axis(seen_s, 1.3, height - BELOW, TOP)

    def label(attempt: int, p95_s: float) -> tuple[str, str]:
        known = "p95" not in times[attempt].at_least
        good = known and (not limits_s or p95_s <= limits_s[0])
        return percentile(times[attempt], "p95"), _kind(good)

    limits = [(limit_s, round_time(limit_s)) for limit_s in limits_s]
    return _trend("p95 (log scale)", figures, up, width, limits, label)


def _statements(
    report: Report, attempts: Sequence[EarlierAttempt], width: int, height: int
) -> Trend:
    figures = [(a.number, a.statements_alone) for a in attempts if a.statements_alone is not None]
    most = max([value for _, value in figures], default=1) or 1
    up = Linear(0, most, height - BELOW, TOP)
    title = f"statements of a single {alone_name(report)}"
    return _trend(title, figures, up, width, [], lambda _, n: (f"{n:,.4g}", "plain"))


def _kind(good: bool) -> str:
    return "good" if good else "bad"


def _trend(
    title: str,
    figures: Figures,
    up: Scale,
    width: int,
    limits: Sequence[tuple[float, str]],
    label: Callable[[int, float], tuple[str, str]],
) -> Trend:
    """`limits` are (value, label); `label` gives text and kind of an attempt's value."""
    labels = [label(attempt, value) for attempt, value in figures]
    beside = [text for text, _ in labels[-1:]] + [text for _, text in limits]
    right = width - max(62.0, room_for(beside, 7.0))
    area = Area(width, round(up.start + BELOW), 8.0, right, up.end, up.start)
    across = Linear(0, max(1, len(figures) - 1), area.left, area.right - 8)
    dots = []
    for place, ((attempt, value), (text, kind)) in enumerate(zip(figures, labels, strict=True)):
        dots.append(Dot(across(place), up(value), kind, attempt, text))
    last = (dots[-1].y if dots else up.end, "", "last")
    lines = [(up(value), text, "limit") for value, text in limits]
    last_mark, *limit_marks = labelled([last, *lines], up.end, up.start)
    return Trend(
        title=title,
        area=area,
        line="M" + "L".join(f"{number(dot.x)} {number(dot.y)}" for dot in dots),
        dots=tuple(dots),
        limits=tuple(limit_marks),
        last_label_at=last_mark.label_at,
    )
