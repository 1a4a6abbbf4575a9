"""The report as a page: one HTML file that needs no network and no script. Pure.

All that a report holds, log lines and answers of the app among it, is text here: the template
escapes it, `clean` takes out what no page may hold, and the policy in the head forbids scripts.
"""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from dojo.output.figures import percent, seconds
from dojo.output.html import distribution, over_time, trend, words
from dojo.output.html.events import thresholds_s
from dojo.output.html.scale import number
from dojo.report import Attempt, ObjectiveResult, Report

__all__ = ["render", "style"]

WIDE, NARROW = 680, 340  # of the plots; one of the two is shown, by the width of the screen
MOST_GROUPS = 12
MOST_ATTEMPTS = 12
ICONS = {
    "met": "%3Ccircle cx='8' cy='8' r='7' fill='%2300705a'/%3E",
    "not_met": "%3Cpath d='M3 3l10 10m0-10l-10 10' stroke='%23b23c06' stroke-width='4'/%3E",
    "invalid": "%3Cpath d='M8 2l7 12h-14z' fill='%237c5600'/%3E",
}


def render(report: Report, earlier: Sequence[Attempt] = ()) -> str:
    """The whole page as text; `earlier` are the attempts to compare with, the oldest first."""
    return _environment().get_template("page.html.jinja").render(_told(report, earlier))


def style() -> str:
    """The page's style sheet."""
    environment = _environment()
    assert environment.loader is not None
    return environment.loader.get_source(environment, "style.css")[0]


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("dojo.output.html", ""),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
    )
    made.filters.update(
        moment=lambda text: text.replace("T", " ").replace("+00:00", " UTC"),
        n=number,
        percent=percent,
        ratio=words.ratio,
        seconds=seconds,
        short=words.short,
        times=words.times,
        told_of=lambda dots: ", ".join(f"attempt {dot.number}: {dot.label}" for dot in dots),
    )
    return made


def _printable(value: Any) -> Any:
    """Every value that the template prints comes through here before it is escaped."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return words.clean(value)
    return value


def _told(report: Report, earlier: Sequence[Attempt]) -> dict[str, Any]:
    attempts = [*earlier[-(MOST_ATTEMPTS - 1) :]]
    if report.verdict != "invalid":
        attempts.append(trend.remembered(report))
    sheet = style()
    limits_s = thresholds_s(report)
    where = report.where
    bad_total = sum(report.bad_events.values())
    lanes = distribution.histogram(report, WIDE)
    wide = over_time.scatter(report, WIDE, 310)
    steps_wide = trend.steps(report, WIDE)
    return {
        "r": report,
        "style": sheet,
        "style_hash": _hash(sheet),
        "ICONS": ICONS,
        "VERDICTS": words.VERDICTS,
        "CAUSES": dict.fromkeys(report.bad_events, "") | words.CAUSES,
        "MOST_GROUPS": MOST_GROUPS,
        "conclusion": words.conclusion(report),
        "load": words.load(report),
        "parts": _parts(report),
        "cards": [_card(report, objective) for objective in report.objectives],
        "under": f" within {words.brief(limits_s[0])}" if limits_s else "",
        "wide": wide,
        "narrow": over_time.scatter(report, NARROW, 300),
        "scatter_told": words.of_scatter(report, wide.counts),
        "tiles": _tiles(report),
        "waiting_wide": distribution.waiting(report, WIDE, 300),
        "waiting_narrow": distribution.waiting(report, NARROW, 280),
        "waiting_told": words.of_waiting(report),
        "lanes": lanes,
        "lanes_narrow": distribution.histogram(report, NARROW),
        "histogram_told": ", ".join(f"{row.label}: {row.count:,}" for row in lanes.rows),
        "steps_wide": steps_wide,
        "steps_narrow": trend.steps(report, NARROW),
        "steps_told": "; ".join(f"{span.name}: {span.label}" for span in steps_wide.spans),
        "bad_total": bad_total,
        "where_told": words.of_where(where),
        "heaviest_ms": max([cost.total_ms for cost in where.statements], default=0) or 1,
        "attempts": attempts,
        "panels": trend.trends(report, attempts, 300, 120) if len(attempts) > 1 else [],
        "machine": words.machine(report.environment),
    }


def _hash(text: str) -> str:
    """As a Content-Security-Policy names an inline style sheet."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _parts(report: Report) -> list[tuple[str, str]]:
    where = report.where
    every = (
        ("objectives", "Objectives", True),
        ("burst", "Over the burst", report.points),
        ("waits", "Waiting times", report.points),
        ("steps", "Steps", report.steps),
        ("causes", "Causes", report.bad_events),
        ("time", "Where the time went", words.of_where(where) or where.statements),
        ("checks", "Checks", report.checks),
        ("attempts", "Attempts", True),
        ("run", "What next", report.next_steps),
    )
    return [(anchor, name) for anchor, name, there in every if there]


def _card(report: Report, objective: ObjectiveResult) -> dict[str, Any]:
    drawn = over_time.budget(report, objective, 300, 150)
    return {
        "objective": objective,
        "plot": drawn,
        "told": words.of_budget(objective, drawn.gone_s),
    }


def _tiles(report: Report) -> list[tuple[str, float | None]]:
    p = report.latency_s
    if p is None:
        return []
    tiles: list[tuple[str, float | None]] = [
        ("half of the answers, p50", p.p50),
        ("p95", p.p95),
        ("p99", p.p99),
        ("slowest", p.max),
    ]
    if report.service_time_s is not None:
        tiles.append(("alone on the site", report.service_time_s))
    return tiles
