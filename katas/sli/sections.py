"""What the report of kata 05 shows: who counts, what is seen and missed and why, and the budget."""

from collections.abc import Sequence

import numpy as np

from dojo import Code, Column, Paragraph, Section, Table
from katas.sli.budget_picture import budget_by_month
from katas.sli.design import Slo
from katas.sli.findings import Findings
from katas.sli.harm_picture import harm_against_sli
from katas.sli.judging import judge
from katas.sli.reasons import KindResult, calm_results, incident_results
from katas.sli.roles import UNKNOWN
from katas.sli.shop_traffic import CLASSES, CLIENTS
from katas.sli.wording import (
    CALM_WORDS,
    INCIDENT_WORDS,
    OUTCOME_WORDS,
    group_name,
    measured,
    percent,
    ratio,
)
from katas.sli.year_picture import one_year

__all__ = ["sections_of"]

ALMOST = 0.05
MOST_BUDGET = 0.5  # of a target one nine lower than 95%


def sections_of(findings: Findings) -> Sequence[Section]:
    """In the order in which a reader asks: what is counted, what is seen, what it costs."""
    return (
        _what_counts(findings),
        _kinds(findings),
        _harm(findings),
        _budget(findings),
        _nines(findings),
    )


def _what_counts(findings: Findings) -> Section:
    rows, marks = [], []
    for client, outcome in _pairs(findings):
        role = findings.roles.of(client, outcome)
        if role != UNKNOWN:
            per_day = _per_day(findings, client, outcome)
            rows.append((client, OUTCOME_WORDS[outcome], per_day, role))
            marks.append("")
    groups = ", ".join(group_name(group) for group in findings.counted.groups)
    columns = (
        Column("who"),
        Column("what became of it"),
        Column("a day", numeric=True),
        Column("in your SLI"),
    )
    table = Table(columns, tuple(rows), most_in_terminal=14, marks=tuple(marks))
    return Section(
        anchor="what-counts",
        title="What your SLI counts",
        lead="Found out from its numbers: a kind of request is good, bad, or not counted.",
        parts=(table, Paragraph(f"Groups: {groups}.")),
        aside=(
            "The load balancer's log has every request. The app's log has no line of what never"
            " reached the app, and takes a visitor who left for one who was served.",
        ),
    )


def _pairs(findings: Findings) -> list[tuple[str, str]]:
    return [(client, outcome) for client in CLIENTS for outcome in CLASSES]


def _per_day(findings: Findings, client: str, outcome: str) -> str:
    requests = findings.years.requests[..., CLIENTS.index(client), CLASSES.index(outcome)]
    days = requests.shape[0] * requests.shape[1]
    return f"{requests.sum() / days:,.0f}"


def _kinds(findings: Findings) -> Section:
    incidents = [
        (result, INCIDENT_WORDS[result.kind][0], INCIDENT_WORDS[result.kind][1])
        for result in incident_results(findings)
    ]
    calm = [(result, *CALM_WORDS[result.kind]) for result in calm_results(findings)]
    return Section(
        anchor="kinds",
        title="Each kind of day, and why it was seen or missed",
        lead="A day is seen if a group is below target with at least"
        f" {findings.slo.min_bad_events:,} bad"
        f" event{'' if findings.slo.min_bad_events == 1 else 's'}.",
        parts=(
            _kind_table("Customers suffered", "seen", incidents, 0.8),
            _kind_table("Nobody suffered", "quiet", calm, 0.97),
            Code(
                './run dojo sql --kata 05 "SELECT * FROM lb_requests'
                f" WHERE day = '{incidents[0][0].example}' AND client = 'person'\"",
                title="Look at such a day yourself",
                in_terminal=True,
            ),
        ),
    )


def _kind_table(
    title: str, right: str, results: Sequence[tuple[KindResult, str, str]], least: float
) -> Table:
    columns = (
        Column("kind"),
        Column("what people met", page_only=True),
        Column(right, numeric=True),
        Column("why"),
        Column("such a day", numeric=True, page_only=True),
    )
    rows = tuple(
        (name, met, f"{result.right:,} / {result.total:,}", result.reason, result.example)
        for result, name, met in results
    )
    marks = tuple(_mark(result.right / result.total, least) for result, _, _ in results)
    return Table(columns, rows, title=title, marks=marks)


def _mark(share: float, least: float) -> str:
    """Doubt where it is short of what all together need, and not by much."""
    if share >= least:
        return "good"
    return "doubt" if share >= least - ALMOST else "bad"


def _harm(findings: Findings) -> Section:
    return Section(
        anchor="harm",
        title="Does it go down when customers suffer?",
        lead=f"In a usual month it says {measured(_usual_month(findings))}.",
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
    return Section(
        anchor="budget",
        title="What a month spends of its error budget",
        lead=f"The budget is {ratio(1 - findings.slo.target)} of all events.",
        parts=(budget_by_month(findings),),
    )


def _nines(findings: Findings) -> Section:
    budget = 1 - findings.slo.target
    targets = (1 - min(MOST_BUDGET, budget * 10), findings.slo.target, 1 - budget / 10)
    names = ("one nine lower", "yours", "one nine higher")
    rows = tuple(_nine_row(findings, *each) for each in zip(names, targets, strict=True))
    columns = (
        Column("target"),
        Column("", page_only=True),
        Column("seen", numeric=True),
        Column("quiet", numeric=True),
        Column("usual month", numeric=True),
        Column("worst month", numeric=True),
    )
    return Section(
        anchor="nines",
        title="The same years, one nine lower and higher",
        parts=(Table(columns, rows),),
        aside=("The months are in parts of their budget; the worst is that of a usual year.",),
    )


def _nine_row(findings: Findings, name: str, target: float) -> tuple[str, ...]:
    slo = Slo(target, findings.slo.min_bad_events)
    seen = judge(findings.counted, slo, findings.years.calendar)
    all_seen, quiet = seen.measures["sees-all"], seen.measures["quiet"]
    return (
        ratio(target),
        name,
        f"{all_seen.good / all_seen.total:.0%}",
        f"{quiet.good / quiet.total:.0%}",
        percent(float(np.median(seen.spent))),
        percent(float(np.median(seen.spent.max(axis=1)))),
    )
