"""What the report of kata 05 shows: who counts, what is seen and missed and why, and the budget."""

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from dojo import Code, Column, Paragraph, Section, Table, count_of
from katas.sli.alternatives import alternatives
from katas.sli.budget_picture import budget_by_month
from katas.sli.calendar_of_years import BAD_MONTHS
from katas.sli.findings import Findings
from katas.sli.harm_picture import harm_against_sli
from katas.sli.reasons import (
    KindResult,
    bad_on_an_ordinary_day,
    calm_results,
    incident_results,
)
from katas.sli.roles import UNKNOWN
from katas.sli.shop_traffic import CLASSES, CLIENTS, YEARS
from katas.sli.wording import (
    CALM_WORDS,
    INCIDENT_WORDS,
    OUTCOME_WORDS,
    group_name,
    measured,
    ratio,
)
from katas.sli.year_picture import one_year

__all__ = ["sections_of"]

ALMOST = 0.05


def sections_of(findings: Findings) -> Sequence[Section]:
    """In the order in which a reader asks: what is counted, what is seen, what it costs."""
    return (
        _what_counts(findings),
        _kinds(findings),
        _harm(findings),
        _budget(findings),
        *alternatives(findings),
    )


def _what_counts(findings: Findings) -> Section:
    kinds = findings.years.calendar.kinds
    ordinary, trouble = kinds == "ordinary", np.isin(kinds, list(INCIDENT_WORDS))
    rows = [
        (
            client,
            OUTCOME_WORDS[outcome],
            _per_day(findings, client, outcome, ordinary),
            _per_day(findings, client, outcome, trouble),
            findings.roles.of(client, outcome),
        )
        for client, outcome in product(CLIENTS, CLASSES)
        if findings.roles.of(client, outcome) != UNKNOWN
    ]
    groups = ", ".join(group_name(group) for group in findings.counted.groups)
    columns = (
        Column("who"),
        Column("what became of it"),
        Column("ordinary", numeric=True),
        Column("trouble", numeric=True),
        Column("in your SLI"),
    )
    table = Table(columns, rows, most_in_terminal=14)
    return Section(
        anchor="what-counts",
        title="What your SLI counts",
        lead="Found out from its numbers: a kind of request is good, bad, or not counted. The"
        " counts are means: of ordinary days, and of days of trouble of any kind.",
        parts=(
            table,
            Paragraph(f"Groups: {groups}. {bad_on_an_ordinary_day(findings)}"),
            Paragraph(
                "The load balancer's log has every request. The app's log has no line of what never"
                " reached the app, and takes a visitor who left for one who was served."
            ),
        ),
    )


def _per_day(findings: Findings, client: str, outcome: str, days: NDArray[np.bool_]) -> str:
    """The mean of these days."""
    requests = findings.years.requests[..., CLIENTS.index(client), CLASSES.index(outcome)]
    return f"{requests[days].sum() / days.sum():,.0f}"


def _kinds(findings: Findings) -> Section:
    incidents, calm = incident_results(findings), calm_results(findings)
    return Section(
        anchor="kinds",
        title="Each kind of day, and why it was seen or missed",
        lead="A day is seen if a group is below your target with at least"
        f" {count_of(findings.slo.min_bad_events, 'bad event')}.",
        parts=(
            _kind_table("Customers suffered", "seen", incidents),
            _kind_table("Nobody suffered", "quiet", calm),
            _what_people_met(),
            _example_query([*incidents, *calm]),
        ),
    )


def _example_query(results: Sequence[KindResult]) -> Code:
    """A statement for a day of the kind that is farthest from enough; for any, if all are right."""
    wrong = [each for each in results if each.right < each.total]
    result = min(wrong, key=lambda each: each.share / each.least, default=results[0])
    return Code(
        './run dojo sql --kata 05 "SELECT * FROM lb_requests'
        f" WHERE day = '{result.example}' ORDER BY requests DESC\"",
        title=f"Look at such a day yourself ({_example_name(result)})",
        in_terminal=True,
    )


def _example_name(result: KindResult) -> str:
    is_right = result.right == result.total
    if result.kind in INCIDENT_WORDS:
        return f"{result.kind}, {'seen' if is_right else 'missed'}"
    return f"{result.kind}, {'quiet' if is_right else 'below your target'}"


def _what_people_met() -> Table:
    met = {kind: words for kind, (words, _) in INCIDENT_WORDS.items()}
    rows = tuple({**met, **CALM_WORDS}.items())
    columns = (Column("kind"), Column("what people met"))
    return Table(columns, rows, title="What people met on such days")


def _kind_table(title: str, right: str, results: Sequence[KindResult]) -> Table:
    """`right`: what a day of the kind must be."""
    columns = (
        Column("kind"),
        Column(right, numeric=True),
        Column("such a day", numeric=True),
        Column("why"),
    )
    rows = tuple(
        (
            result.kind,
            f"{result.right:,} / {result.total:,}",
            result.example,
            result.reason,
        )
        for result in results
    )
    marks = tuple(_mark(result.share, result.least) for result in results)
    least = results[0].least
    key = f"✓ {least:.0%} or more {right}, ≈ {least - ALMOST:.0%} or more, ✗ fewer"
    return Table(columns, rows, title=f"{title} ({key})", marks=marks)


def _mark(share: float, least: float) -> str:
    """Doubt where it is short of what all together need, and not by much."""
    if share >= least:
        return "good"
    return "doubt" if share >= least - ALMOST else "bad"


def _harm(findings: Findings) -> Section:
    measures = findings.seen.measures
    incidents, seen = f"{measures['sees-all'].total:,}", f"{measures['sees-all'].good:,}"
    calm = f"{measures['quiet'].total:,}"
    loud = f"{measures['quiet'].total - measures['quiet'].good:,}"
    usual = measured(_usual_month(findings))
    return Section(
        anchor="harm",
        title="Does your SLI go down when customers suffer?",
        lead=f"Of {incidents} days of trouble it was below your target on {seen}, and of {calm}"
        f" calm days on {loud}. Over all groups together it is {usual} in a"
        " usual month: such a mean hides days and groups.",
        parts=(harm_against_sli(findings), one_year(findings, _telling_year(findings))),
    )


def _usual_month(findings: Findings) -> float:
    """The median month's SLI, over all groups."""
    return 1 - float(np.median(findings.seen.spent)) * (1 - findings.slo.target)


def _telling_year(findings: Findings) -> int:
    """The year whose share of seen incidents is the usual one."""
    incident = np.isin(findings.years.calendar.kinds, list(INCIDENT_WORDS))
    seen = (incident & findings.seen.days).sum(axis=1)
    return int(np.argsort(seen, kind="stable")[len(seen) // 2])


def _budget(findings: Findings) -> Section:
    of = "all events"
    if len(findings.counted.groups) > 1:
        of = "the events of all groups together; a request that is in several counts in each"
    return Section(
        anchor="budget",
        title="What a month spends of its error budget",
        lead=f"Your budget is {ratio(1 - findings.slo.target)} of {of}.",
        parts=(
            budget_by_month(findings),
            Paragraph(
                f"In each year the large incidents come in {count_of(BAD_MONTHS, 'month')},"
                f" {YEARS * BAD_MONTHS} in all."
            ),
        ),
    )
