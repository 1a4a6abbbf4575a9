"""The attempts as a strip of small pictures, this one marked. Pure.

A picture has a bar for each objective's SLI, with its target as a line.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dojo.earlier_attempt import EarlierAttempt
from dojo.output import outcome
from dojo.output.figures import percent, rate, seconds
from dojo.report import ObjectiveResult, Report

__all__ = ["Picture", "strip"]

WIDTH, BAR_HEIGHT, GAP, TOP = 120.0, 10.0, 8.0, 3.0


@dataclass(frozen=True, slots=True)
class SliBar:
    """One objective of an attempt: how far its SLI reaches, and where the target is."""

    y: float
    width: float  # of 0 to WIDTH
    target_x: float
    kind: str  # good, bad, doubt


@dataclass(frozen=True, slots=True)
class Picture:
    """One attempt."""

    number: int
    now: bool
    verdict: str
    page: str  # its file, beside this one; "" for this attempt
    height: float
    bars: tuple[SliBar, ...]
    lines: tuple[str, ...]  # the figures below
    text: str  # the same in words


KINDS = {"met": "good", "not_met": "bad", "undecided": "doubt"}


def strip(report: Report, attempts: Sequence[EarlierAttempt]) -> tuple[Picture, ...]:
    """A picture for each attempt, the oldest first."""
    return tuple(_picture(report, each) for each in attempts)


def _picture(report: Report, attempt: EarlierAttempt) -> Picture:
    known = [each for each in report.objectives if each.name in attempt.slis]
    bars = tuple(_bar(place, each, attempt) for place, each in enumerate(known))
    slis = [f"{each.name}: {percent(attempt.slis[each.name], each.target)}" for each in known]
    return Picture(
        number=attempt.number,
        now=attempt.number == report.number,
        verdict=outcome.headline(attempt),
        page="" if attempt.number == report.number else f"attempt-{attempt.number:04d}.html",
        height=TOP + max(1, len(bars)) * (BAR_HEIGHT + GAP),
        bars=bars,
        lines=_lines(attempt),
        text="; ".join([outcome.headline(attempt), *slis]),
    )


def _bar(place: int, objective: ObjectiveResult, attempt: EarlierAttempt) -> SliBar:
    sli = min(1.0, max(0.0, attempt.slis[objective.name]))
    verdict = attempt.verdicts.get(objective.name)
    kind = KINDS.get(verdict or "") or ("good" if sli >= objective.target else "bad")
    y = TOP + place * (BAR_HEIGHT + GAP)
    return SliBar(y, sli * WIDTH, objective.target * WIDTH, kind)


def _lines(attempt: EarlierAttempt) -> tuple[str, ...]:
    """The pace while it was a capacity, and the time alone: what moves with every fix."""
    lines = []
    if attempt.pace is not None:
        if attempt.pace.keeps_up is False:
            come = rate(attempt.pace.come_per_s)
            lines.append(f"{rate(attempt.pace.answered_per_s)} of {come} a second")
        elif attempt.pace.keeps_up:
            lines.append("keeps up")
    if attempt.service_time_s is not None:
        lines.append(f"alone {seconds(attempt.service_time_s)}")
    return tuple(lines)
