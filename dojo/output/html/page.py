"""The report as a page: one HTML file that needs no network and no script. Pure.

All that a report holds, log lines and answers of the app among it, is text here: the template
escapes it, `printable` takes out what no page may hold, and the policy in the head forbids scripts.
"""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from dojo.costs import StepCost
from dojo.earlier_attempt import EarlierAttempt
from dojo.output import outcome, run_wording, wording
from dojo.output.app_text import printable, shorten
from dojo.output.budget import budget_felt, budget_over
from dojo.output.changes import changes, since
from dojo.output.conditions import comparable, not_compared
from dojo.output.costs import alone_parts
from dojo.output.events import thresholds_s
from dojo.output.figures import burn_rate, percent, rate, round_percent, round_time, seconds, tenths
from dojo.output.headline_lines import headline_lines
from dojo.output.html import descriptions, readings
from dojo.output.html.budget import budget
from dojo.output.html.histogram import histogram
from dojo.output.html.scale import number
from dojo.output.html.scatter import scatter
from dojo.output.html.steps import steps
from dojo.output.html.strip import strip
from dojo.output.html.trend import trends
from dojo.output.html.waiting import waiting
from dojo.output.this_attempt import as_attempt
from dojo.output.time_went import STATEMENT_TIMES, TIME_WENT, time_went
from dojo.report import CheckResult, ObjectiveResult, Report

__all__ = ["checks_with_signs", "environment", "policy_hash", "render", "source"]

WIDE, NARROW = 680, 340  # of the plots; one of the two is shown, by the width of the screen
MOST_GROUPS = 12
MOST_ATTEMPTS = 12
MOST_LEFT_OUT = 3
PAGE_STEP = "The report as a page"  # whoever reads it on the page has it already
ICONS = {
    "met": "%3Ccircle cx='8' cy='8' r='7' fill='%2300705a'/%3E",
    "not_met": "%3Cpath d='M3 3l10 10m0-10l-10 10' stroke='%23b23c06' stroke-width='4'/%3E",
    "invalid": "%3Cpath d='M8 2l7 12h-14z' fill='%237c5600'/%3E",
    "undecided": "%3Cpath d='M2 6h12M2 10h12' stroke='%237c5600' stroke-width='3'/%3E",
}
SIGNS = {"met": "✓", "not_met": "✗", "invalid": "⚠", "undecided": "≈"}


def render(report: Report, earlier: Sequence[EarlierAttempt] = ()) -> str:
    """The whole page as text; `earlier` are the attempts to compare with, the oldest first."""
    return environment().get_template("page.html.jinja").render(_context(report, earlier))


def source(name: str) -> str:
    """A file of this folder as it stands there: a style sheet or a script."""
    templates = environment()
    assert templates.loader is not None
    return templates.loader.get_source(templates, name)[0]


def policy_hash(text: str) -> str:
    """As a Content-Security-Policy names an inline style sheet or script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def environment() -> Environment:
    """The templates of this folder; every value in them is escaped."""
    templates = Environment(
        loader=PackageLoader("dojo.output.html", ""),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
    )
    templates.filters.update(
        burn_rate=burn_rate,
        moment=lambda text: text.replace("T", " ").replace("+00:00", " UTC"),
        n=number,
        of_attempts=descriptions.of_attempts,
        percent=percent,
        rate=rate,
        round_percent=round_percent,
        tenths=tenths,
        seconds=seconds,
        shorten=shorten,
    )
    return templates


def _printable(value: Any) -> Any:
    """Every value that the template prints comes through here before it is escaped."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return printable(value)
    return value


def _context(report: Report, earlier: Sequence[EarlierAttempt]) -> dict[str, Any]:
    return {
        "r": report,
        "run_wording": run_wording,
        "wording": wording,
        "outcome": outcome,
        **_head(report),
        **_objectives(report),
        **_plots_of_events(report),
        **_plots_of_steps(report),
        **_causes(report),
        "headline_lines": headline_lines(report),
        "budget_felt": budget_felt(report),
        "budget_over": budget_over(report),
        "readings": readings,
        "next_steps": [step for step in report.next_steps if PAGE_STEP not in step],
        "time_went": time_went(report),
        "TIME_WENT": TIME_WENT,
        "STATEMENT_TIMES": STATEMENT_TIMES,
        "heaviest_ms": max([cost.total_ms for cost in report.where.statements], default=0) or 1,
        "checks": checks_with_signs(report.checks),
        **_attempts(report, earlier),
    }


def checks_with_signs(checks: Sequence[CheckResult]) -> list[tuple[CheckResult, str, str]]:
    """(check, kind, sign) of each: first those that failed, then those that were not made."""
    kinds = {
        False: ("failed", "✗"),
        None: ("unchecked", wording.NOT_CHECKED),
        True: ("passed", "✓"),
    }
    return [(each, *kinds[passed]) for passed in kinds for each in checks if each.passed is passed]


def _head(report: Report) -> dict[str, Any]:
    sheet = source("style.css")
    return {
        "style": sheet,
        "style_hash": policy_hash(sheet),
        "ICONS": ICONS,
        "SIGNS": SIGNS,
        "parts": _parts(report),
    }


def _objectives(report: Report) -> dict[str, Any]:
    limits_s = thresholds_s(report)
    return {
        "cards": [_card(report, objective) for objective in report.objectives],
        "under": f" within {round_time(limits_s[0])}" if limits_s else "",
    }


def _plots_of_events(report: Report) -> dict[str, Any]:
    scatter_wide = scatter(report, WIDE, 310)
    histogram_wide = histogram(report, WIDE)
    return {
        "scatter_wide": scatter_wide,
        "scatter_narrow": scatter(report, NARROW, 300),
        "any_answer": any(point.latency_s is not None for point in report.points),
        "scatter_text": descriptions.of_scatter(report, scatter_wide.counts),
        "tiles": _tiles(report),
        "waiting_wide": waiting(report, WIDE, 300),
        "waiting_narrow": waiting(report, NARROW, 280),
        "waiting_text": descriptions.of_waiting(report),
        "histogram_wide": histogram_wide,
        "histogram_narrow": histogram(report, NARROW),
        "histogram_text": descriptions.of_histogram(histogram_wide),
    }


def _plots_of_steps(report: Report) -> dict[str, Any]:
    steps_wide = steps(report, WIDE)
    return {
        "steps_wide": steps_wide,
        "steps_narrow": steps(report, NARROW),
        "steps_text": descriptions.of_steps(steps_wide),
        "costs": _by_name(report),
        "parts_alone": dict.fromkeys((step.name for step in report.steps), "")
        | {cost.name: _parts_alone(report, cost) for cost in report.costs},
    }


def _by_name(report: Report) -> dict[str, StepCost | None]:
    """What each step costs, by its name; {} if nothing is known of any."""
    known: dict[str, StepCost | None] = {cost.name: cost for cost in report.costs}
    return {step.name: known.get(step.name) for step in report.steps} if known else {}


def _parts_alone(report: Report, cost: StepCost) -> str:
    """What a step's time alone is made of."""
    parts = cost.alone and alone_parts(cost.alone, report.where.round_trip_ms)
    if not parts:
        return ""
    return (
        f"{seconds(parts.postgres_s)} Postgres, {seconds(parts.way_s)} way,"
        f" {seconds(parts.python_s)} Python"
    )


def _causes(report: Report) -> dict[str, Any]:
    return {
        "CAUSES": dict.fromkeys(report.bad_events, "") | wording.CAUSES,
        "MOST_GROUPS": MOST_GROUPS,
        "bad_total": sum(report.bad_events.values()),
        "bad_heading": wording.bad_events(report),
        "smaller_groups": wording.smaller_groups(
            sum(group.count for group in report.error_groups[MOST_GROUPS:]),
            len(report.error_groups) - MOST_GROUPS,
        ),
    }


def _attempts(report: Report, earlier: Sequence[EarlierAttempt]) -> dict[str, Any]:
    attempts = comparable(earlier, report)[-(MOST_ATTEMPTS - 1) :]
    left_out = [sentence for each in earlier if (sentence := not_compared(each, report))]
    if report.verdict != "invalid":
        attempts.append(as_attempt(report))
    panels = trends(report, attempts, 300, 120) if len(attempts) > 1 else []
    return {
        "attempts": attempts,
        "pictures": strip(report, attempts),
        "panels": panels,
        "since": since(report.previous) if report.previous else "",
        "changes": changes(report),
        "left_out": left_out[-MOST_LEFT_OUT:],
    }


def _parts(report: Report) -> list[tuple[str, str]]:
    every = (
        ("objectives", "Objectives", True),
        ("burst", "Over the burst", report.points),
        ("waits", "Waiting times", report.points),
        ("steps", "Steps", report.steps),
        ("causes", "Causes", report.bad_events),
        ("time", TIME_WENT, time_went(report) or report.where.statements),
        ("checks", "Checks", report.checks),
        ("attempts", "Attempts", True),
        ("run", "What next", report.next_steps),
    )
    return [(anchor, name) for anchor, name, there in every if there]


def _card(report: Report, objective: ObjectiveResult) -> dict[str, Any]:
    plot = budget(report, objective, 300, 150)
    return {
        "objective": objective,
        "state": "invalid" if report.verdict == "invalid" else objective.verdict,
        "plot": plot,
        "text": descriptions.of_budget(objective, plot.gone_s, report.event),
        "reading": readings.of_budget(objective, plot.gone_s, report.event),
    }


def _tiles(report: Report) -> list[tuple[str, str]]:
    if report.latency_s is None:
        return []
    names = {"p50": "half of them, p50", "p95": "p95", "p99": "p99", "max": "slowest"}
    tiles = [(label, wording.percentile(report.latency_s, name)) for name, label in names.items()]
    if report.service_time_s is not None:
        name = f"one {wording.alone_name(report)} alone"
        tiles.append((name, seconds(report.service_time_s)))
    return tiles
