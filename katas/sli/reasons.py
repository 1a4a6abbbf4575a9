"""Why a kind of incident was seen or missed, and calm days were not quiet: from the data."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dojo import count_of
from katas.sli.calendar_of_years import CALM, INCIDENTS
from katas.sli.findings import Findings
from katas.sli.judging import Group
from katas.sli.logs import dates
from katas.sli.roles import BAD, BOTH, LEFT_OUT
from katas.sli.shop_traffic import CLASSES, CLIENTS, ROUTES, SEGMENTS, YEAR_DAYS, YEARS
from katas.sli.wording import INCIDENT_WORDS, OUTCOME_WORDS, group_name, measured, ratio

__all__ = ["KindResult", "bad_on_an_ordinary_day", "calm_results", "incident_results"]

ABOUT_AS_LOW = 0.7  # of the highest bad ratio
LEAST_SEEN, LEAST_QUIET = 0.8, 0.97  # of a kind's days: as the kata's objectives have it


@dataclass(frozen=True, slots=True)
class KindResult:
    """A kind of day: how many came out right, why the others did not, and one of them."""

    kind: str
    right: int
    total: int
    least: float  # the share that must come out right
    reason: str
    example: str  # its date; one that came out wrong, if there is any

    @property
    def share(self) -> float:
        """Of its days, how many came out right."""
        return self.right / self.total


def incident_results(findings: Findings) -> list[KindResult]:
    """A result for each kind of incident: right is seen."""
    return [_incident(findings, kind) for kind in INCIDENTS]


def calm_results(findings: Findings) -> list[KindResult]:
    """A result for each kind of calm day: right is quiet."""
    return [_calm(findings, kind) for kind in CALM]


def _incident(findings: Findings, kind: str) -> KindResult:
    days = _days(findings, kind)
    missed = days & ~findings.seen.days
    total, wrong = int(days.sum()), int(missed.sum())
    reason = _why_seen(findings, days) if wrong == 0 else _why_missed(findings, kind, missed)
    if 0 < wrong <= (1 - LEAST_SEEN) * total:
        reason = f"the {wrong} missed: {reason}"
    example = _example(missed if wrong else days)
    return KindResult(kind, total - wrong, total, LEAST_SEEN, reason, example)


def _calm(findings: Findings, kind: str) -> KindResult:
    days = _days(findings, kind)
    loud = days & findings.seen.days
    total, wrong = int(days.sum()), int(loud.sum())
    reason = "" if wrong == 0 else _why_loud(findings, loud)
    if 0 < wrong <= (1 - LEAST_QUIET) * total:
        reason = f"the {wrong} that {'is' if wrong == 1 else 'are'} not: {reason}"
    example = _example(loud if wrong else days)
    return KindResult(kind, total - wrong, total, LEAST_QUIET, reason, example)


def _why_seen(findings: Findings, days: NDArray[np.bool_]) -> str:
    return f"below your target; lowest: {_called(_worst_group(findings, days))}"


def _why_missed(findings: Findings, kind: str, missed: NDArray[np.bool_]) -> str:
    """Not counted as bad; or below the target with too few bad events; or spread too thin."""
    _, outcomes = INCIDENT_WORDS[kind]
    words = OUTCOME_WORDS[outcomes[0]]
    role = findings.roles.of("person", outcomes[0])
    if role == LEFT_OUT:
        return f"not counted, or not in the log that you count: {words}"
    if role == BOTH:
        return f"bad in some groups, and not in others: {words}"
    if role != BAD:
        return f"counted as {role}: {words}"
    below = findings.counted.good < findings.slo.target * findings.counted.total
    silenced = below.any(axis=0) & missed
    if silenced.sum() * 2 > missed.sum():
        events = _usual_events(*_most_bad(findings, below, silenced))
        least = findings.slo.min_bad_events
        return f"below your target, but {events}; min_bad_events is {least:,}"
    return _thin(findings, missed)


def _most_bad(
    findings: Findings, below: NDArray[np.bool_], days: NDArray[np.bool_]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Of these days, bad and total events of the group below the target that has most bad ones."""
    bad = np.where(below, findings.counted.bad, 0)[:, days]
    group = bad.argmax(axis=0)[np.newaxis]
    total = findings.counted.total[:, days]
    return np.take_along_axis(bad, group, 0)[0], np.take_along_axis(total, group, 0)[0]


def _thin(findings: Findings, missed: NDArray[np.bool_]) -> str:
    """The lowest group on a usual missed day is above the target all the same."""
    slis = _slis(findings)[:, missed]
    lowest = slis.min(axis=0)
    often = int(np.bincount(slis.argmin(axis=0)).argmax())
    name = group_name(findings.counted.groups[often])
    sli = measured(float(np.median(lowest)))
    if missed.sum() == 1:
        return f"spread too thin: the lowest group is still at {sli}; that is {_called(name)}"
    if len(findings.counted.groups) == 1:
        return f"spread too thin: still {sli} on a usual missed day ({_called(name)})"
    return (
        f"spread too thin: on a usual missed day the lowest group is still at {sli}; most often"
        f" that is {_called(name)}"
    )


def _why_loud(findings: Findings, loud: NDArray[np.bool_]) -> str:
    """The group that is below most often, by how many bad events, and what most of them are."""
    number = int(findings.seen.below[:, loud].sum(axis=1).argmax())
    group = findings.counted.groups[number]
    days = loud & findings.seen.below[number]
    counted = findings.counted
    events = _usual_events(counted.bad[number, days], counted.total[number, days])
    client, outcome = _commonest_bad(findings, group, days)
    commonest = f"; commonest: {client}, {OUTCOME_WORDS[outcome]}" if client else ""
    return f"{_called(group_name(group))}, {events}{commonest}"


def bad_on_an_ordinary_day(findings: Findings) -> str:
    """The level of bad events when nothing has happened, and of what most of them are."""
    days = _days(findings, "ordinary")
    total = float(findings.counted.total[:, days].sum())
    if not total:
        return ""
    level = float(findings.counted.bad[:, days].sum()) / total
    budget = 1 - findings.slo.target
    client, outcome = _commonest_bad(findings, (None, None), days)
    most = f" Most of them: {client}, {OUTCOME_WORDS[outcome]}." if client else ""
    return (
        f"On an ordinary day {100 * level:.2f}% of your events are bad; your budget is"
        f" {ratio(budget)}.{most}"
    )


def _commonest_bad(findings: Findings, group: Group, days: NDArray[np.bool_]) -> tuple[str, str]:
    """Client and outcome of which most of the group's bad events are; ("", "") if none is known."""
    segment, route = group
    requests = findings.years.requests[days]
    requests = requests[:, _where(ROUTES, route)][:, :, _where(SEGMENTS, segment)].sum(
        axis=(0, 1, 2)
    )
    bad = {
        (client, outcome): int(requests[CLIENTS.index(client), CLASSES.index(outcome)])
        for client, outcome in product(CLIENTS, CLASSES)
        if findings.roles.of(client, outcome) == BAD
    }
    return max(bad, key=lambda kind: bad[kind]) if any(bad.values()) else ("", "")


def _where(names: Sequence[str], name: str | None) -> slice:
    """The part of an axis that is named; all of it for None."""
    return slice(None) if name is None else slice(names.index(name), names.index(name) + 1)


def _usual_events(bad: NDArray[Any], total: NDArray[Any]) -> str:
    """How many bad events of how many, and the SLI that they are; the medians of several days."""
    usual, of = round(float(np.median(bad))), round(float(np.median(total)))
    sli = f" of {of:,} ({measured(1 - usual / of)})" if of else ""
    return f"{'usually ' if len(bad) > 1 else ''}{count_of(usual, 'bad event')}{sli}"


def _called(group: str) -> str:
    """ "group trade"; the group that has everything is no name."""
    return "all requests together" if group == "all" else f"group {group}"


def _worst_group(findings: Findings, days: NDArray[np.bool_]) -> str:
    """The group that shows it best on these days: the widest of those that are about as low."""
    bad_ratios = np.median(1 - _slis(findings)[:, days], axis=1)
    about = np.flatnonzero(bad_ratios >= ABOUT_AS_LOW * bad_ratios.max())
    groups = [findings.counted.groups[number] for number in about]
    return group_name(min(groups, key=lambda group: sum(name is not None for name in group)))


def _slis(findings: Findings) -> NDArray[np.float64]:
    counted = findings.counted
    total = counted.total.astype(np.float64)
    return np.divide(counted.good, total, out=np.ones_like(total), where=total > 0)


def _days(findings: Findings, kind: str) -> NDArray[np.bool_]:
    return np.asarray(findings.years.calendar.kinds == kind)


def _example(days: NDArray[np.bool_]) -> str:
    """A day of the last year that has one."""
    return dates(YEARS * YEAR_DAYS)[int(np.flatnonzero(days.reshape(-1))[-1])].isoformat()
