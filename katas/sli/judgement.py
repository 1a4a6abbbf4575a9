"""One hand-in judged: its SELECT run on the logs, its days held against the truth, its report."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dojo import Judgement, LearnerDatabase
from katas.sli.answer import ANSWER_COLUMNS, counted
from katas.sli.design import Design
from katas.sli.findings import Findings, findings_of
from katas.sli.judging import NORMAL_MONTH
from katas.sli.reasons import calm_results, incident_results
from katas.sli.sections import sections_of
from katas.sli.wording import percent
from katas.sli.years import Years

__all__ = ["judged", "judgement_of"]

LOGS = ("lb_requests", "app_requests")
TIMEOUT_S = 10.0
MOST_ROWS = 200_000


def judged(years: Years, design: Design, database: LearnerDatabase) -> Judgement:
    """Run the SELECT and judge what it counts."""
    rows = database.query(
        design.sql,
        tables=LOGS,
        columns=ANSWER_COLUMNS,
        timeout_s=TIMEOUT_S,
        most_rows=MOST_ROWS,
    )
    return judgement_of(findings_of(years, counted(design.sql, rows), design.slo))


def judgement_of(findings: Findings) -> Judgement:
    """The measures with a sentence each, the report's sections, and what the checks need."""
    details = _details(findings)
    measures = {
        name: replace(measure, detail=details.get(name, ""))
        for name, measure in findings.seen.measures.items()
    }
    facts = {
        "target": findings.slo.target,
        "min_bad_events": findings.slo.min_bad_events,
        "groups": [list(group) for group in findings.counted.groups],
    }
    return Judgement(measures, sections_of(findings), findings, facts)


def _details(findings: Findings) -> dict[str, str]:
    """By measure: what of it went wrong."""
    details = {
        f"sees-{result.kind}": f"Why missed: {result.reason}."
        for result in incident_results(findings)
        if result.right < result.total
    }
    loud = [result for result in calm_results(findings) if result.right < result.total]
    if loud:
        kinds = (f"{result.kind} {result.right:,} / {result.total:,}" for result in loud)
        details["quiet"] = f"Quiet days by kind: {', '.join(kinds)}."
    spent = findings.seen.spent
    details["normal-month"] = _months(spent)
    worst = spent.max(axis=1)
    details["worst-month"] = (
        f"The years' worst months spend {percent(worst.min())} to {percent(worst.max())}."
    )
    return details


def _months(spent: NDArray[np.float64]) -> str:
    """How many months are on which side, and from where to where they spend."""
    low, high = NORMAL_MONTH
    return (
        f"{int((spent < low).sum())} months spend less than {low:.0%},"
        f" {int((spent > high).sum())} more than {high:.0%}; they spend {percent(spent.min())} to"
        f" {percent(spent.max())}."
    )
