"""The same years and the same SLI, with other targets and other numbers of bad events."""

from collections.abc import Sequence

import numpy as np

from dojo import Column, Section, Table
from katas.sli.design import Slo
from katas.sli.findings import Findings
from katas.sli.judging import Seen, judge
from katas.sli.wording import percent, ratio

__all__ = ["alternatives"]

MOST_BUDGET = 0.5  # of a target one nine lower than 95%


def alternatives(findings: Findings) -> Sequence[Section]:
    """A table of targets, and one of `min_bad_events`."""
    return _nines(findings), _least_bad(findings)


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
    incidents, calm = (f"{share.good / share.total:.0%}" for share in shares)
    return incidents, calm
