"""The same years and the same SLI, with other targets and other numbers of bad events."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from dojo import Column, MeasureLevel, Section, Table, judge_measures, measure_level
from katas.sli.design import Slo
from katas.sli.findings import Findings
from katas.sli.judging import Seen, judge
from katas.sli.wording import part, percent, ratio

__all__ = ["alternatives"]

WHICH_TARGET = (
    "The SLI is yours in each row. What differs is when a team acts: in a month that spends all of"
    " its budget it stops changing things and mends what is there. A lower target lets customers"
    " bear more before that; a higher one stops the team more often. Months gone: those that spend"
    " more than all of their budget. Which of the green ones is right, the shop decides."
)
KATA = Path(__file__).parents[1] / "05-sli"
TARGETS = (0.95, 0.98, 0.985, 0.99, 0.993, 0.995, 0.997, 0.998, 0.999, 0.9995)  # that teams choose
MARKS = {"met": "good", "undecided": "doubt", "not_met": "bad"}
MOST_BUDGET = 0.5  # of a target one nine lower than 95%


def alternatives(findings: Findings) -> Sequence[Section]:
    """A table of targets, and one of `min_bad_events`; after green also one of what they decide."""
    return _nines(findings), *_other_targets(findings), _least_bad(findings)


def _other_targets(findings: Findings) -> Iterator[Section]:
    """Which targets would be green as well, and how often each would stop a team: after green."""
    level = measure_level(KATA)
    if _verdict(level, findings.seen)[0] != "met":
        return
    yours = findings.slo.target
    rows, marks = [], []
    for target in sorted({*TARGETS, yours}):
        seen = _judged_with(findings, Slo(target, findings.slo.min_bad_events))
        verdict, words = _verdict(level, seen)
        gone = int((seen.spent > 1).sum())
        rows.append(
            (
                f"{ratio(target)}{', yours' if target == yours else ''}",
                words,
                f"{(1 - target) * 10_000:,.0f}",
                percent(float(np.median(seen.spent))),
                f"{gone} of {seen.spent.size}",
            )
        )
        marks.append(MARKS[verdict])
    columns = (
        Column("target"),
        Column("verdict"),
        Column("bad of 10,000", numeric=True),
        Column("usual month", numeric=True),
        Column("months gone", numeric=True),
    )
    yield Section(
        anchor="targets",
        title="Which target? More than one is green",
        lead=WHICH_TARGET,
        parts=(Table(columns, rows, marks=marks),),
        aside=("Bad of 10,000: so many events may be bad. Usual month: what it spends.",),
    )


def _verdict(level: MeasureLevel, seen: Seen) -> tuple[str, str]:
    """Of all measures together, and in words: the first one that is not met is named."""
    results = judge_measures(level, seen.measures)
    for verdict, word in (("not_met", "red"), ("undecided", "too close")):
        for result in results:
            if result.verdict == verdict:
                return verdict, f"{word}: {result.name}"
    return "met", "green"


def _nines(findings: Findings) -> Section:
    budget = 1 - findings.slo.target
    targets = (1 - min(MOST_BUDGET, budget * 10), findings.slo.target, 1 - budget / 10)
    names = ("one nine lower", "yours", "one nine higher")
    rows = tuple(_nine_row(findings, *each) for each in zip(names, targets, strict=True))
    columns = (
        Column("your target"),
        Column("", page_only=True),
        Column("seen", numeric=True),
        Column("quiet", numeric=True),
        Column("usual month", numeric=True),
        Column("worst month", numeric=True),
    )
    return Section(
        anchor="nines",
        title="The same years, your target one nine lower and higher",
        parts=(Table(columns, rows),),
        aside=("The months are in parts of their budget; the worst is that of a usual year.",),
    )


def _nine_row(findings: Findings, name: str, target: float) -> tuple[str, ...]:
    seen = _judged_with(findings, Slo(target, findings.slo.min_bad_events))
    return (
        ratio(target),
        name,
        *_seen_and_quiet(seen),
        percent(float(np.median(seen.spent))),
        percent(float(np.median(seen.spent.max(axis=1)))),
    )


def _least_bad(findings: Findings) -> Section:
    """One, and half to four times as many; few milliseconds each."""
    yours = findings.slo.min_bad_events
    numbers = sorted({1, max(1, yours // 2), yours, 2 * yours, 4 * yours})
    rows = tuple(
        (
            f"{least:,}",
            "yours" if least == yours else "",
            *_seen_and_quiet(_judged_with(findings, Slo(findings.slo.target, least))),
        )
        for least in numbers
    )
    columns = (
        Column("min_bad_events"),
        Column(""),
        Column("seen", numeric=True),
        Column("quiet", numeric=True),
    )
    return Section(
        anchor="bad-events",
        title="The same years, with other min_bad_events",
        parts=(Table(columns, rows),),
        aside=("The months' budgets do not depend on it.",),
    )


def _judged_with(findings: Findings, slo: Slo) -> Seen:
    return judge(findings.counted, slo, findings.years.calendar)


def _seen_and_quiet(seen: Seen) -> tuple[str, str]:
    """Of all incidents, and of all calm days."""
    shares = (seen.measures[name] for name in ("sees-all", "quiet"))
    incidents, calm = (part(share.good / share.total) for share in shares)
    return incidents, calm
