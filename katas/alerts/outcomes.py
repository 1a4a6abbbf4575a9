"""What became of each incident and of each alert that was sent, under some policies. Pure.

Of one year; the measures add years up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from dojo import AlertPolicy
from katas.alerts.evaluator import Minutes, Spans, evaluate, sent
from katas.alerts.incidents import Incident, Pace
from katas.alerts.traffic import DAY, HOUR, LEAD_IN_DAYS
from katas.alerts.years import TARGET, Year

__all__ = ["NOTHING", "Alerts", "IncidentOutcome", "YearOutcome", "judge_year"]

Flags: TypeAlias = NDArray[np.bool_]

AFTERWARDS_MIN = HOUR  # an alert so long after the end is still about the incident
NIGHT_FROM, NIGHT_TO = 23, 7  # hours
NOTHING = -1  # the place of no incident


@dataclass(frozen=True, slots=True)
class Alerts:
    """All pages and tickets of the judged weeks, a row each, in the order of time."""

    minutes: Minutes
    policies: Minutes  # which one sent it: its place among the policies
    pages: Flags  # or else a ticket
    about: Minutes  # the real incident, by its place in YearOutcome.incidents; or NOTHING
    about_fast: Flags

    @property
    def right(self) -> Flags:
        """Worth sending: a page about a fast incident, a ticket about a real one."""
        right: Flags = np.where(self.pages, self.about_fast, self.about != NOTHING)
        return right

    @property
    def at_night(self) -> Flags:
        """Sent between 23 and 7."""
        hours = self.minutes % DAY // HOUR
        at_night: Flags = (hours >= NIGHT_FROM) | (hours < NIGHT_TO)
        return at_night


@dataclass(frozen=True, slots=True)
class IncidentOutcome:
    """A real incident: what it cost, and when somebody heard of it.

    Shares are of the budget of 28 days. `first_page` and `first_ticket` are minutes; None: none was
    sent. `quiet_min`: how long pages went on after the end; None: nobody was paged.
    """

    incident: Incident
    share: float
    first_page: int | None
    first_ticket: int | None
    share_when_paged: float | None
    share_when_told: float | None
    quiet_min: int | None


@dataclass(frozen=True, slots=True)
class YearOutcome:
    """What the policies sent in a year, and the real incidents, in the order of time."""

    alerts: Alerts
    incidents: Sequence[IncidentOutcome]

    def of_pace(self, pace: Pace) -> list[IncidentOutcome]:
        """The real incidents of a pace."""
        return [each for each in self.incidents if each.incident.kind.pace == pace]


def judge_year(policies: Sequence[AlertPolicy], year: Year, target: float = TARGET) -> YearOutcome:
    """Evaluate the policies in the year, and say what each alert was about."""
    real = [incident for incident in year.incidents if incident.kind.pace != "harmless"]
    spans = [evaluate(policy, year, target) for policy in policies]
    alerts = _alerts(policies, spans, real)
    paging = [each for policy, each in zip(policies, spans, strict=True) if policy.pages]
    starts = np.concatenate([NO_MINUTES, *(each.starts for each in paging)])
    ends = np.concatenate([NO_MINUTES, *(each.ends for each in paging)])
    pages = Spans(starts, ends)
    return YearOutcome(
        alerts,
        [
            _outcome(incident, place, alerts, pages, year, target)
            for place, incident in enumerate(real)
        ],
    )


NO_MINUTES: Minutes = np.zeros(0, np.int64)


def _alerts(
    policies: Sequence[AlertPolicy], spans: Sequence[Spans], real: Sequence[Incident]
) -> Alerts:
    by_policy = [sent(policy, each) for policy, each in zip(policies, spans, strict=True)]
    by_policy = [minutes[minutes >= LEAD_IN_DAYS * DAY] for minutes in by_policy]
    counts = [len(minutes) for minutes in by_policy]
    minutes = np.concatenate(by_policy)
    order = np.argsort(minutes, kind="stable")
    minutes = minutes[order]
    # before the first incident there was none: it has the place 0 in these
    starts = np.array([0, *(incident.start for incident in real)])
    ends = np.array([0, *(incident.end + AFTERWARDS_MIN for incident in real)])
    fast = np.array([False, *(incident.kind.pace == "fast" for incident in real)])
    latest = np.searchsorted(starts, minutes, side="right") - 1
    latest = np.where(minutes < ends[latest], latest, 0)
    return Alerts(
        minutes,
        np.repeat(np.arange(len(policies)), counts)[order],
        np.repeat([policy.pages for policy in policies], counts)[order],
        latest - 1,
        fast[latest],
    )


def _outcome(
    incident: Incident, place: int, alerts: Alerts, pages: Spans, year: Year, target: float
) -> IncidentOutcome:
    budget = year.budget(incident.start, target)

    def share(minute: int | None) -> float | None:
        """What the incident had cost when a minute was over."""
        if minute is None:
            return None
        until = year.bad_until[min(incident.end, minute + 1)]
        return float(until - year.bad_until[incident.start]) / budget

    about = alerts.about == place
    first_page = _first(alerts.minutes[about & alerts.pages])
    first_ticket = _first(alerts.minutes[about & ~alerts.pages])
    return IncidentOutcome(
        incident,
        share(incident.end) or 0.0,
        first_page,
        first_ticket,
        share(first_page),
        share(_first(alerts.minutes[about])),
        None if first_page is None else _quiet(incident, pages),
    )


def _first(minutes: Minutes) -> int | None:
    return int(minutes[0]) if len(minutes) else None


def _quiet(incident: Incident, pages: Spans) -> int:
    """How many minutes after the incident's end the last page that it raised was over."""
    raised = (pages.starts < incident.end + AFTERWARDS_MIN) & (pages.ends > incident.start)
    return max(0, int(pages.ends[raised].max(initial=incident.end)) - incident.end)
