"""What should not have been, in all years: wrong pages and tickets, and incidents missed, by kind.

One of each kind is explained. Pure: from values to tables of the report.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dojo import AlertPolicy, Column, Table
from katas.alerts.calendar import when_text
from katas.alerts.evaluator import Minutes
from katas.alerts.explain import share_text, why_it_rang, why_missed
from katas.alerts.incidents import KINDS, Incident
from katas.alerts.marks import missed
from katas.alerts.outcomes import AFTERWARDS_MIN, Flags, YearOutcome
from katas.alerts.years import Year

__all__ = ["missed_by_kind", "wrong_pages", "wrong_tickets"]

OTHERS = "nothing, or what was long over"


def missed_by_kind(
    policies: Sequence[AlertPolicy], years: Sequence[Year], outcomes: Sequence[YearOutcome]
) -> Iterator[Table]:
    """How many of each kind were missed, with what they reached; no table if none was."""
    rows = []
    for kind in KINDS:
        of_kind = [
            (year, each)
            for year, outcome in zip(years, outcomes, strict=True)
            for each in outcome.incidents
            if each.incident.kind is kind
        ]
        cases = [(year, each.incident) for year, each in of_kind if missed(each)]
        if cases:
            wants = "no page" if kind.pace == "fast" else "neither page nor ticket"
            what = f"{kind.name}: {wants} for {len(cases):,} of {len(of_kind):,}"
            rows.append([what, why_missed(cases, policies)])
    if rows:
        columns = [Column("missed"), Column("what was measured while they lasted")]
        yield Table(columns, rows, title="Why they were missed, in all the years")


def wrong_pages(
    policies: Sequence[AlertPolicy], years: Sequence[Year], outcomes: Sequence[YearOutcome]
) -> Iterator[Table]:
    """Of what is worth a ticket or nothing: how much it rang, and why the first page was sent."""
    found = _unwanted(policies, years, outcomes, pages=True)
    if not found:
        return
    columns = [
        Column("a ticket would do, or nothing"),
        *(Column(title, numeric=True) for title in ("times", "cost each", "pages", "at night")),
    ]
    rows = [[each.name, each.times, each.costs, each.sent, each.at_night] for each in found]
    yield Table(columns, rows, title="Wrong pages, in all the years")
    yield _examples(found, "why it rang", "Why they rang")


def wrong_tickets(
    policies: Sequence[AlertPolicy], years: Sequence[Year], outcomes: Sequence[YearOutcome]
) -> Iterator[Table]:
    """Of what is worth nothing: how many tickets there were, and why the first was opened."""
    found = _unwanted(policies, years, outcomes, pages=False)
    if not found:
        return
    columns = [
        Column("worth no ticket"),
        *(Column(title, numeric=True) for title in ("times", "cost each", "tickets")),
    ]
    rows = [[each.name, each.times, each.costs, each.sent] for each in found]
    yield Table(columns, rows, title="Wrong tickets, in all the years")
    yield _examples(found, "why the ticket was opened", "Why these tickets were opened")


@dataclass(frozen=True, slots=True)
class _Unwanted:
    """What was sent about one kind of incident, as the tables show it."""

    name: str
    times: str
    costs: str
    sent: str
    at_night: str
    first: str
    why: str


def _unwanted(
    policies: Sequence[AlertPolicy],
    years: Sequence[Year],
    outcomes: Sequence[YearOutcome],
    *,
    pages: bool,
) -> list[_Unwanted]:
    """Of each kind that should not have been paged, or ticketed, and of nothing at all."""
    wrong = [np.flatnonzero((each.alerts.pages == pages) & ~each.alerts.right) for each in outcomes]
    minutes = [each.alerts.minutes[own] for each, own in zip(outcomes, wrong, strict=True)]
    rest = [np.ones(len(own), bool) for own in wrong]
    found = []

    def count(name: str, times: str, costs: str, flags: Sequence[Flags]) -> None:
        sent = [own[flag] for own, flag in zip(wrong, flags, strict=True)]
        if any(map(len, sent)):
            at_night = sum(
                int(each.alerts.at_night[own].sum())
                for each, own in zip(outcomes, sent, strict=True)
            )
            total = sum(map(len, sent))
            first, why = _first(policies, years, outcomes, sent)
            found.append(_Unwanted(name, times, costs, f"{total:,}", f"{at_night:,}", first, why))

    for kind in KINDS:
        if kind.pace != "fast":
            incidents = [[each for each in year.incidents if each.kind is kind] for year in years]
            flags = [_during(*each) for each in zip(minutes, incidents, strict=True)]
            rest = [left & ~flag for left, flag in zip(rest, flags, strict=True)]
            count(kind.name, f"{sum(map(len, incidents)):,}", _costs(years, incidents), flags)
    count(OTHERS, "", "", rest)
    return found


def _first(
    policies: Sequence[AlertPolicy],
    years: Sequence[Year],
    outcomes: Sequence[YearOutcome],
    sent: Sequence[Minutes],
) -> tuple[str, str]:
    """When the first of these was sent, and why; of the year that is shown, if it has one."""
    place = next(place for place, own in enumerate(sent) if len(own))
    alerts, index = outcomes[place].alerts, int(sent[place][0])
    minute, policy = int(alerts.minutes[index]), policies[int(alerts.policies[index])]
    other = f" of year {place + 1}" if place else ""
    why = f"{policy.name}: {why_it_rang(policy, years[place], minute)}"
    return f"{when_text(minute)}{other}", why


def _examples(found: Sequence[_Unwanted], why: str, title: str) -> Table:
    rows = [[f"{each.name}, {each.first}", each.why] for each in found]
    return Table([Column("the first of each kind"), Column(why)], rows, title=title)


def _costs(years: Sequence[Year], incidents: Sequence[Sequence[Incident]]) -> str:
    """The least and the greatest share of the budget that one of them took."""
    shares = [
        (year.bad_until[each.end] - year.bad_until[each.start]) / year.budget(each.start)
        for year, own in zip(years, incidents, strict=True)
        for each in own
    ]
    return f"{share_text(min(shares))} to {share_text(max(shares))}" if shares else ""


def _during(minutes: Minutes, incidents: Sequence[Incident]) -> Flags:
    """Which of the minutes are in one of the incidents, or in the hour after it."""
    flags: Flags = np.zeros(len(minutes), bool)
    for each in incidents:
        flags |= (minutes >= each.start) & (minutes < each.end + AFTERWARDS_MIN)
    return flags
