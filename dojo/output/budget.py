"""What a share of bad events means over the 28 days of an error budget, in sentences. Pure.

It knows the report's facts and neither width nor color nor markup.
"""

from collections.abc import Sequence

from dojo.output.figures import length, percent, seconds
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
    """What the bad ratios come to over 28 days; then what a team does."""
    known = [each for each in report.objectives if each.total]
    if report.verdict == "invalid" or not known:
        return []
    over = [each for each in known if each.burn_rate > 1]
    rest = [each for each in known if each.burn_rate <= 1]
    lines = []
    if over:
        gone = " and ".join(f"in {_gone(each)} ({each.name})" for each in over)
        lines.append(f"If it went on like this, the {DAYS} days' budget would be gone {gone}.")
    if rest:
        lines.append(f"If it went on like this, {DAYS} days would spend {_spent(rest)}.")
    return [*lines, TEAM_GONE if over else TEAM_REST]


def _gone(objective: ObjectiveResult) -> str:
    return length(DAYS * DAY_S / objective.burn_rate)


def _spent(objectives: Sequence[ObjectiveResult]) -> str:
    """How much of each budget; those of which nothing is spent are told together."""
    parts = [
        f"{percent(each.burn_rate)} of the budget ({each.name})"
        for each in objectives
        if each.burn_rate
    ]
    if untouched := [each.name for each in objectives if not each.burn_rate]:
        budgets = "budget" if len(untouched) == 1 else "budgets"
        parts.append(f"nothing of the {budgets} ({' and '.join(untouched)})")
    return " and ".join(parts)


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
