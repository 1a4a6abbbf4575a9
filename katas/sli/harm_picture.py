"""The picture of the SLI against what customers suffered, a mark for each day."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dojo import Drawing, Linear, Log, Picture, Shape, shape
from katas.sli.calendar_of_years import INCIDENTS
from katas.sli.drawing import NARROW, WIDE, label
from katas.sli.findings import Findings
from katas.sli.wording import ratio

__all__ = ["harm_against_sli"]

MOST_CALM = 400  # calm days that are drawn: enough to see where they lie
NEAR, LINE = 90.0, 15.0  # labels that are nearer to one another, across and up, become one
ABOVE = 9.0  # of a label, over the highest mark of its kinds
LEAST_BAD = 1e-4  # a bad ratio that is drawn at the lower end


def harm_against_sli(findings: Findings) -> Picture:
    """Each incident and some calm days: what it spoilt, and the lowest SLI of any group."""
    incident = np.isin(findings.years.calendar.kinds, INCIDENTS)
    seen = findings.seen.days
    caught, missed = int((incident & seen).sum()), int((incident & ~seen).sum())
    return Picture(
        title="The SLI against what customers suffered",
        alt=f"Of {caught + missed} incidents {caught} seen, {missed} missed.",
        wide=_scatter(findings, WIDE, 330.0),
        narrow=_scatter(findings, NARROW, 300.0),
        caption="Each mark is a day. To the right: how many requests of people it spoilt. Upwards:"
        " the bad events of the group that was worst, of 100. Green: an incident that is seen, or a"
        " calm day that is quiet. Red: one that is missed, or a day without harm that is below"
        " your target. Calm days stand at the left; only some are drawn.",
    )


def _scatter(findings: Findings, width: float, height: float) -> Drawing:
    left, right, top, bottom = 52.0, width - 12.0, 16.0, height - 44.0
    across = Log(2.0, 20_000.0, left + 70, right)
    up = Log(LEAST_BAD, 1.0, bottom, top)
    incident = np.isin(findings.years.calendar.kinds, INCIDENTS)
    worst = _worst_bad_ratio(findings)
    marks: list[Shape] = []
    for wanted, class_ in (
        (incident & findings.seen.days, "fill-good"),
        (incident & ~findings.seen.days, "fill-bad"),
    ):
        marks += _dots(across, up, findings.years.spoilt[wanted], worst[wanted], class_)
    marks += _calm_marks(findings, worst, up, (left, left + 56))
    limit = up(max(LEAST_BAD, 1 - findings.slo.target))
    return Drawing(
        width,
        height,
        [
            *_axes(across, up, (left, right, bottom)),
            *marks,
            shape("line", x1=left, x2=right, y1=limit, y2=limit, class_="limit"),
            *_names(findings, worst, across, up),
            label(
                right,
                limit - 5,
                f"your target {ratio(findings.slo.target)}",
                "end",
                "threshold halo",
            ),
            label(left + 28, bottom + 18, "calm", "middle"),
            label(right, bottom + 36, "requests of people that the day spoilt", "end"),
        ],
    )


def _dots(
    across: Log, up: Log, spoilt: NDArray[Any], worst: NDArray[Any], class_: str
) -> list[Shape]:
    places = {(round(across(x)), round(up(y))) for x, y in zip(spoilt, worst, strict=True)}
    return [shape("circle", cx=x, cy=y, r=2.5, class_=class_) for x, y in sorted(places)]


def _names(findings: Findings, worst: NDArray[Any], across: Log, up: Log) -> list[Shape]:
    """The kinds, above the highest mark near them; those that lie together have one label."""
    labels: list[tuple[float, float, list[str]]] = []
    calendar = findings.years.calendar
    days_of = {kind: (calendar.kinds == kind) & ~calendar.is_long for kind in INCIDENTS}
    for kind, days in {**days_of, "lost for most of a day": calendar.is_long}.items():
        x = across(float(np.median(findings.years.spoilt[days])))
        y = up(float(worst[days].max())) - ABOVE
        for number, (place, height, names) in enumerate(labels):
            if abs(x - place) < NEAR and abs(y - height) < 2 * LINE:
                labels[number] = (place, min(y, height), [*names, kind])
                break
        else:
            labels.append((x, y, [kind]))
    return [label(x, y, ", ".join(names), "middle", "halo") for x, y, names in labels]


def _calm_marks(
    findings: Findings, worst: NDArray[Any], up: Log, edges: tuple[float, float]
) -> list[Shape]:
    calm = np.flatnonzero(~np.isin(findings.years.calendar.kinds, INCIDENTS).reshape(-1))
    chosen = calm[:: max(1, len(calm) // MOST_CALM)]
    loud, ratios = findings.seen.days.reshape(-1), worst.reshape(-1)
    across = Linear(0, 1, *edges)
    return [
        shape(
            "circle",
            cx=across((number * 0.618) % 1),
            cy=up(float(ratios[day])),
            r=1.5,
            class_="fill-bad" if loud[day] else "fill-good",
        )
        for number, day in enumerate(chosen)
    ]


def _axes(across: Log, up: Log, area: tuple[float, float, float]) -> list[Shape]:
    left, right, bottom = area
    shapes = [shape("line", x1=left, x2=right, y1=bottom, y2=bottom, class_="axis")]
    for value in up.ticks(5):
        y = up(value)
        shapes.append(shape("line", x1=left, x2=right, y1=y, y2=y, class_="grid"))
        shapes.append(label(left - 6, y + 4, ratio(value), "end"))
    for value in across.ticks(5):
        shapes.append(label(across(value), bottom + 18, f"{value:,.0f}", "middle"))
    return shapes


def _worst_bad_ratio(findings: Findings) -> NDArray[np.float64]:
    """The highest bad ratio of a group with bad events enough; of all, if none has them."""
    counted, least = findings.counted, findings.slo.min_bad_events
    total = counted.total.astype(np.float64)
    ratios = np.divide(counted.bad, total, out=np.zeros_like(total), where=total > 0)
    enough = np.where(counted.bad >= least, ratios, 0.0).max(axis=0)
    together = counted.bad.sum(axis=0) / np.maximum(1, total.sum(axis=0))
    return np.asarray(np.maximum(np.maximum(enough, together), LEAST_BAD))
