"""What a share of bad events means over the 28 days of an error budget, in sentences. Pure.

It knows the report's facts and neither width nor color nor markup.
"""

from dojo.output.figures import burn_rate, length, percent, seconds
from dojo.report import ObjectiveResult, Report

__all__ = ["DAYS", "TEAM_GONE", "TEAM_REST", "budget_felt", "budget_over", "room"]

DAYS = 28
DAY_S = 86_400.0
TEAM_GONE = (
    "When the budget is gone a team stops shipping changes, and mends what spends it, until the"
    " SLI has recovered."
)
TEAM_REST = (
    "What is left of the budget is there to be spent: on releases, on experiments, on maintenance"
    " that visitors notice a little."
)


def budget_felt(report: Report) -> bool:
    """Whether the budget is read out: at the first meeting, and after green."""
    return report.verdict == "met" or (report.verdict == "not_met" and report.number == 1)


def budget_over(report: Report) -> list[str]:
    """For each objective what its bad ratio comes to over 28 days; then what a team does."""
    if report.verdict == "invalid" or not report.objectives:
        return []
    lines = [_objective(each) for each in report.objectives if each.total]
    if not lines:
        return []
    spent = any(each.burn_rate > 1 for each in report.objectives)
    return [*lines, TEAM_GONE if spent else TEAM_REST]


def _objective(objective: ObjectiveResult) -> str:
    burn, name = objective.burn_rate, objective.name
    if not burn:
        return f"{name}: nothing of the {DAYS} days' budget is spent at this rate."
    if burn > 1:
        gone = length(DAYS * DAY_S / burn)
        return (
            f"{name}: if it went on like this, the {DAYS} days' budget would be gone in {gone}"
            f" (burn rate {burn_rate(burn)})."
        )
    return (
        f"{name}: if it went on like this, {DAYS} days would spend {percent(burn)} of the budget"
        f" (burn rate {burn_rate(burn)})."
    )


def room(report: Report) -> str:
    """After green: how far it is from its limits, where the run knows it."""
    if report.verdict != "met":
        return ""
    parts = [_threshold_room(report), _app_room(report), _pool_room(report)]
    known = [part for part in parts if part]
    return f"Room: {'; '.join(known)}." if known else ""


def _threshold_room(report: Report) -> str:
    limits_s = [each.threshold_s for each in report.objectives if each.threshold_s is not None]
    times = report.latency_s
    if not limits_s or times is None or "p95" in times.at_least or not times.p95:
        return ""
    tightest_s = min(limits_s)
    if times.p95 > tightest_s:
        return ""
    return f"p95 is {seconds(times.p95)} of {seconds(tightest_s)}"


def _app_room(report: Report) -> str:
    """One worker is one process of Python, which uses one core at most."""
    used = report.environment.get("app_cores")
    return f"the app used {used:.2f} of the one core that it can use" if used else ""


def _pool_room(report: Report) -> str:
    where = report.where
    if not where.pool_size or not where.length_s or where.pool_use_ms is None:
        return ""
    share = where.pool_use_ms / 1000 / (where.pool_size * where.length_s)
    return f"its connections were lent out {min(1.0, share):.0%} of the time"
