"""What the report says of the learner's policies: the measures, and one of the years. Pure."""

from collections.abc import Mapping, Sequence

from dojo import AlertPolicy, Judgement, Measure
from katas.alerts.measures import QUIET_MIN, SENT, Count, tally
from katas.alerts.outcomes import YearOutcome, judge_year
from katas.alerts.sections import sections
from katas.alerts.traffic import YEAR_DAYS
from katas.alerts.years import Year

__all__ = ["MONTHS_A_YEAR", "judge", "measures"]

MONTHS_A_YEAR = 12
NONE_COUNTED = {
    "precision": "No page was sent.",
    "tickets": "No ticket was opened.",
    "reset": "No fast incident was paged.",
}


def judge(years: Sequence[Year], policies: Sequence[AlertPolicy]) -> Judgement:
    """Evaluate the policies in every year; the first one is shown."""
    outcomes = [judge_year(policies, year) for year in years]
    counts = tally(outcomes)
    months = MONTHS_A_YEAR * len(years)
    return Judgement(
        measures(counts, months),
        sections(policies, years, outcomes, _month(outcomes, months)),
        facts={"years": len(years), **_facts(outcomes, months)},
    )


def measures(counts: Mapping[str, Count], months: int) -> dict[str, Measure]:
    """Each measure with a sentence about what was bad."""
    return {
        name: Measure(count["good"], count["total"], _detail(name, count, months), name in SENT)
        for name, count in counts.items()
    }


def _detail(name: str, count: Count, months: int) -> str:
    bad = count["total"] - count["good"]
    if not count["total"]:
        return NONE_COUNTED[name]
    if not bad:
        return ""
    match name:
        case "precision":
            return (
                f"Wrong pages: {count['none']:,} for no incident that mattered, {count['slow']:,}"
                " for a slow one, for which a ticket is enough."
            )
        case "recall":
            return (
                f"Fast incidents without a page: {count['fast']:,}; slow ones with neither page nor"
                f" ticket: {count['slow']:,}."
            )
        case "tickets":
            return (
                "Tickets while nothing that mattered was under way, and not in the hour after:"
                f" {bad:,}."
            )
        case "detection-fast" | "detection-slow":
            return f"Too late: {count['late']:,}; never: {count['never']:,}."
        case "reset":
            return f"Went on for more than {QUIET_MIN} minutes after the end: {bad:,}."
    pages = count["pages"]
    spoilt = f"Needless pages between 23 and 7: {pages:,}, or {pages / months:.2g} a month."
    if pages == bad:
        return f"{spoilt} Each spoils a night."
    return f"{spoilt} Each spoils a night; a year has only {YEAR_DAYS}, so {bad:,} are bad."


def _facts(outcomes: Sequence[YearOutcome], months: int) -> dict[str, float]:
    alerts = [each.alerts for each in outcomes]
    counts = {
        "pages": sum(int(each.pages.sum()) for each in alerts),
        "tickets": sum(int((~each.pages).sum()) for each in alerts),
        "wrong_pages_by_day": sum(
            int((each.pages & ~each.right & ~each.at_night).sum()) for each in alerts
        ),
    }
    return {f"{name}_a_month": round(count / months, 2) for name, count in counts.items()}


def _month(outcomes: Sequence[YearOutcome], months: int) -> str:
    """The average month in a sentence."""
    alerts = [each.alerts for each in outcomes]
    pages = sum(int(each.pages.sum()) for each in alerts) / months
    at_night = sum(int((each.pages & each.at_night).sum()) for each in alerts) / months
    tickets = sum(int((~each.pages).sum()) for each in alerts) / months
    return (
        f"On average a month has {pages:.3g} pages, {at_night:.2g} of them between 23 and 7, and"
        f" {tickets:.2g} tickets."
    )
