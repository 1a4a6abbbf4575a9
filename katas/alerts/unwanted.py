"""What should not have been in a year: wrong pages, and incidents missed. One of each is explained.

Pure: from values to tables of the report.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from dojo import AlertPolicy, Column, Table
from katas.alerts.calendar import when_text
from katas.alerts.evaluator import Minutes
from katas.alerts.explain import share_text, why_it_rang, why_it_was_missed
from katas.alerts.incidents import KINDS, Incident
from katas.alerts.marks import missed
from katas.alerts.outcomes import AFTERWARDS_MIN, Flags, YearOutcome
from katas.alerts.years import Year

__all__ = ["missed_examples", "wrong_pages"]

OTHERS = "nothing, or what was long over"


def missed_examples(
    policies: Sequence[AlertPolicy], year: Year, outcome: YearOutcome
) -> Iterator[Table]:
    """Of each kind of incident the first that was missed, with the reason; no table if none was."""
    rows, seen = [], set()
    for each in outcome.incidents:
        incident = each.incident
        if missed(each) and incident.kind.name not in seen:
            seen.add(incident.kind.name)
            wants = "no page" if incident.kind.pace == "fast" else "neither page nor ticket"
            what = f"{incident.kind.name}, {when_text(incident.start)}: {wants}"
            rows.append([what, why_it_was_missed(each, policies, year)])
    if rows:
        yield Table(
            [Column("missed"), Column("what was measured while it lasted")],
            rows,
            title="Why they were missed: the first of each kind",
        )


def wrong_pages(
    policies: Sequence[AlertPolicy], year: Year, outcome: YearOutcome
) -> Iterator[Table]:
    """Of what is worth a ticket or nothing: how much it rang, and why the first page was sent."""
    wrong = np.flatnonzero(outcome.alerts.pages & ~outcome.alerts.right)
    minutes, at_night = outcome.alerts.minutes[wrong], outcome.alerts.at_night[wrong]
    rest = np.ones(len(wrong), bool)
    rows, examples = [], []

    def count(name: str, times: str, costs: str, flags: Flags) -> None:
        rows.append([name, times, costs, f"{flags.sum():,}", f"{(flags & at_night).sum():,}"])
        if flags.any():
            first = int(wrong[np.argmax(flags)])
            minute = int(outcome.alerts.minutes[first])
            policy = policies[int(outcome.alerts.policies[first])]
            why = why_it_rang(policy, year, minute)
            examples.append([f"{name}, {when_text(minute)}", f"{policy.name}: {why}"])

    for kind in KINDS:
        if kind.pace != "fast":
            incidents = [each for each in year.incidents if each.kind is kind]
            flags = _during(minutes, incidents)
            rest &= ~flags
            count(kind.name, str(len(incidents)), _costs(year, incidents), flags)
    count(OTHERS, "", "", rest)
    yield _counts(rows)
    if examples:
        yield Table(
            [Column("the first of each kind"), Column("why it rang")],
            examples,
            title="Why they rang",
        )


def _counts(rows: Sequence[Sequence[str]]) -> Table:
    columns = [
        Column("a ticket would do, or nothing"),
        *(Column(title, numeric=True) for title in ("times", "cost each", "pages", "at night")),
    ]
    marks = ["bad" if row[3] != "0" else "good" for row in rows]
    return Table(columns, rows, title="Wrong pages", marks=marks)


def _costs(year: Year, incidents: Sequence[Incident]) -> str:
    """The least and the greatest share of the budget that one of them took."""
    shares = [
        (year.bad_until[each.end] - year.bad_until[each.start]) / year.budget(each.start)
        for each in incidents
    ]
    return f"{share_text(min(shares))} to {share_text(max(shares))}" if shares else ""


def _during(minutes: Minutes, incidents: Sequence[Incident]) -> Flags:
    """Which of the minutes are in one of the incidents, or in the hour after it."""
    flags: Flags = np.zeros(len(minutes), bool)
    for each in incidents:
        flags |= (minutes >= each.start) & (minutes < each.end + AFTERWARDS_MIN)
    return flags
