"""Reports on disk: .dojo/reports/<kata>/latest.json, one file for each attempt, and their pages."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, fields
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from dojo.broken_run_files import numbers
from dojo.burst_figures import Pace, Percentiles, Point, StepTime
from dojo.earlier_attempt import EarlierAttempt, GroupCount
from dojo.errors import BadSetting, advice
from dojo.output import simulated_json
from dojo.output.conditions import conditions
from dojo.output.html import page, simulated_page
from dojo.output.time_went import pool_wait_s
from dojo.report import Report
from dojo.simulated_report import SimulatedReport

__all__ = [
    "FORMAT",
    "earlier",
    "earlier_attempt",
    "has_room",
    "next_number",
    "page_path",
    "percentiles",
    "previous",
    "save",
    "save_page",
    "to_json",
]

PERCENTILES = ("p50", "p95", "p99", "max")
FORMAT = 2  # of the files: 2 has pace, costs and the time of a whole journey alone
ROOM_BYTES = 64 << 10
MOST_EARLIER = 20  # attempts that are read for the comparison; each costs some milliseconds


def to_json(report: Report) -> dict[str, Any]:
    """The report as JSON values; times in seconds, ratios as ratios.

    A percentile is null where an event stands at its rank that was never answered; `at_least` then
    has what it is at least.
    """
    facts = asdict(report)
    facts["objectives"] = [
        {**asdict(objective), "sli": objective.sli, "burn_rate": objective.burn_rate}
        for objective in report.objectives
    ]
    facts["segments"] = [{**asdict(each), "sli": each.sli} for each in report.segments]
    facts["latency_s"] = _percentiles_to_json(report.latency_s)
    for step, times in zip(facts["steps"], report.steps, strict=True):
        step["latency_s"] = _percentiles_to_json(times.latency_s)
    facts["points"] = [[p.intended_s, p.latency_s, p.cause] for p in report.points]
    del facts["previous"], facts["next_steps"], facts["new_words"]
    return {"format": FORMAT, **facts}


def _percentiles_to_json(times: Percentiles | None) -> dict[str, Any] | None:
    if times is None:
        return None
    figures = {name: None if name in times.at_least else times.of(name) for name in PERCENTILES}
    return {**figures, "at_least": {name: times.of(name) for name in times.at_least}}


def percentiles(facts: dict[str, Any] | None) -> Percentiles | None:
    """Read back; None of an older file, whose percentiles left out who got no answer."""
    if facts is None or "at_least" not in facts:
        return None
    bounds: dict[str, float] = facts["at_least"]
    times = {name: float(bounds.get(name) or facts[name] or 0) for name in PERCENTILES}
    return Percentiles(**times, at_least=tuple(bounds))


def save(report: Report | SimulatedReport, folder: Path) -> Path:
    """Write the attempt's file and latest.json, each whole or not at all; the latter's path."""
    if isinstance(report, SimulatedReport):
        facts = simulated_json.to_json(report)
    else:
        facts = to_json(report)
    return _write(report, folder, "json", json.dumps(facts, indent=1))


def save_page(report: Report | SimulatedReport, folder: Path) -> Path:
    """Write the report as HTML beside its JSON, in the same way; the path of latest.html."""
    attempts = earlier(folder, report.kata, report.number)
    if isinstance(report, SimulatedReport):
        text = simulated_page.render(report, attempts)
    else:
        text = page.render(report, attempts)
    return _write(report, folder, "html", text)


def page_path(report: Report | SimulatedReport, folder: Path) -> Path:
    """Where `save_page` writes the page of this attempt, which no later one replaces."""
    return folder / report.kata / f"attempt-{report.number:04d}.html"


def _write(report: Report | SimulatedReport, folder: Path, kind: str, text: str) -> Path:
    target = folder / report.kata
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name in (f"attempt-{report.number:04d}.{kind}", f"latest.{kind}"):
            unfinished = target / f".{name}.{os.getpid()}"
            unfinished.write_text(text, encoding="utf-8")
            unfinished.replace(target / name)
    except OSError as error:
        raise BadSetting(
            f"The report can't be written to {target}: {error}. {advice(error)}."
        ) from error
    return target / f"latest.{kind}"


def next_number(folder: Path, kata: str) -> int:
    """The number of the attempt that comes next, from 1; a run that broke off has had one."""
    had = (*numbers(folder / kata, "attempt"), *numbers(folder / kata, "broken"))
    return max(had, default=0) + 1


def previous(folder: Path, kata: str) -> EarlierAttempt | None:
    """The last attempt that was judged; a file that can't be read is passed over."""
    return next(_backwards(folder, kata), None)


def earlier(folder: Path, kata: str, before: int) -> tuple[EarlierAttempt, ...]:
    """The last attempts before number `before`, the oldest first, as `previous` takes them."""
    attempts = (attempt for attempt in _backwards(folder, kata) if attempt.number < before)
    return tuple(islice(attempts, MOST_EARLIER))[::-1]


def _backwards(folder: Path, kata: str) -> Iterator[EarlierAttempt]:
    for number in reversed(numbers(folder / kata, "attempt")):
        path = folder / kata / f"attempt-{number:04d}.json"
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
            if facts["verdict"] == "invalid" or facts.get("refused"):
                continue
            attempt = earlier_attempt(number, facts)
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
        yield attempt


def earlier_attempt(number: int, facts: dict[str, Any]) -> EarlierAttempt:
    """What is remembered of an attempt, from the facts of its file.

    KeyError, TypeError or ValueError if they are no report; what an older file lacks is unknown.
    """
    where = facts.get("where", {})
    steps = facts.get("steps", ())
    return EarlierAttempt(
        number=number,
        verdict=facts["verdict"],
        slis={
            each["name"]: float(each["sli"])
            for each in facts["objectives"]
            if each.get("total") != 0  # of nothing there is no ratio
        },
        latency_s=percentiles(facts.get("latency_s")),
        service_time_s=facts.get("service_time_s"),
        statements_alone=where.get("statements_alone"),
        verdicts={each["name"]: str(each["verdict"]) for each in facts["objectives"]},
        slo=facts.get("slo", facts["verdict"]),
        site_works=facts.get("site_works"),
        conditions=conditions(facts["environment"]),
        pace=Pace(**facts["pace"]) if facts.get("pace") else None,
        total=len(facts.get("points", ())),
        answered=sum(latency_s is not None for _, latency_s, _ in facts.get("points", ())),
        groups=tuple(_group_count(each) for each in facts.get("error_groups", ())),
        steps=tuple(_step_time(each) for each in steps),
        journey_alone=facts.get("journey_alone", not steps),
        pool_wait_s=pool_wait_s(where.get("pool_waits"), where.get("pool_wait_ms")),
        loop_blocked_share=where.get("loop_blocked_share"),
        statements_per_event=where.get("statements_per_event"),
        first_burst_s=_first_burst_s(facts),
        points=tuple(Point(*each) for each in facts.get("points", ())),
    )


def _first_burst_s(facts: dict[str, Any]) -> float | None:
    """None of a kata on simulated data, which has no burst."""
    if facts.get("planned_s") is None or facts.get("burst_s") is None:
        return None
    return min(float(facts["planned_s"]), float(facts["burst_s"]))


def _group_count(facts: dict[str, Any]) -> GroupCount:
    return GroupCount(**{each.name: facts.get(each.name, "") for each in fields(GroupCount)})


def _step_time(facts: dict[str, Any]) -> StepTime:
    latency_s = percentiles(facts["latency_s"])
    return StepTime(facts["name"], facts["sent"], facts["answered"], latency_s)


def has_room(folder: Path) -> bool:
    """Whether a file of some size can be written there; the folder is made if it is missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder) as probe:
            probe.write(bytes(ROOM_BYTES))
    except OSError:
        return False
    return True
