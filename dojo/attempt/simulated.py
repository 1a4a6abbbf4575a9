"""One attempt at a simulated kata: read, draw, fill, judge, check, report. Knows no pytest."""

import os
import platform
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from dojo.errors import BadSetting, FileRefused
from dojo.kata.learner_files import read_learner_files
from dojo.kata.simulated import Judgement, LearnerFile, SimulatedKata
from dojo.report import CheckResult, ObjectiveResult
from dojo.simulated_report import MeasureResult, Refusal, SimulatedReport
from dojo.site.simulated_database import new_data
from dojo.site.workshop import Workshop
from dojo.slo.catalog import measure_level
from dojo.slo.measures import (
    Measure,
    MeasureLevel,
    MeasureObjective,
    checks_hold,
    green_beside,
    judge_measures,
    overall,
    red_from,
    slo_verdict,
)

__all__ = ["attempt_simulated"]


@dataclass(slots=True)
class _Attempt:
    """What is known of an attempt while it is under way."""

    kata: SimulatedKata
    level: MeasureLevel
    seed: int
    number: int
    environment: dict[str, object]
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    timings_s: dict[str, float] = field(default_factory=dict)
    files: dict[str, LearnerFile] = field(default_factory=dict)


def attempt_simulated(
    workshop: Workshop, kata: SimulatedKata, seed: int, number: int
) -> SimulatedReport:
    """Draw the kata's data and judge the learner's files; a refused file is reported, too."""
    attempt = _Attempt(
        kata,
        measure_level(kata.folder),
        seed,
        number,
        _environment(workshop),
        timings_s={"postgres": workshop.timings_s["postgres"]},
    )
    try:
        attempt.files.update(read_learner_files(workshop.settings.app_dir, kata.files))
        judgement = _judgement(attempt, workshop)
    except FileRefused as refused:
        return _refused(attempt, refused)
    return _judged(attempt, judgement)


def _judgement(attempt: _Attempt, workshop: Workshop) -> Judgement:
    """What the kata finds out, on data that are drawn and filled into the database."""
    kata, timings_s = attempt.kata, attempt.timings_s
    with _timed(timings_s, "read"):
        design = kata.read(attempt.files)
    with _timed(timings_s, "draw"):
        data = kata.draw(attempt.seed)
    began = time.perf_counter()
    note = f"attempt {attempt.number}, --plan-seed {attempt.seed}"
    with new_data(workshop, kata.folder, note, lambda db: kata.fill(db, data)) as database:
        timings_s["fill"] = time.perf_counter() - began
        with _timed(timings_s, "judge"):
            return kata.judge(data, design, database)


def _judged(attempt: _Attempt, judgement: Judgement) -> SimulatedReport:
    measures = _measures(attempt.level, judgement)
    checks = tuple(_check(attempt.kata, judgement))
    slo = slo_verdict([measure.objective for measure in measures])
    return SimulatedReport(
        **_head(attempt),
        verdict=overall(slo, checks),
        slo=slo,
        checks_hold=checks_hold(checks),
        measures=measures,
        checks=checks,
        sections=tuple(judgement.sections),
        facts=judgement.facts,
    )


def _refused(attempt: _Attempt, refused: FileRefused) -> SimulatedReport:
    file = attempt.files.get(refused.file)
    lines = file.text.split("\n") if file else []
    text = lines[refused.line - 1] if refused.line and refused.line <= len(lines) else ""
    refusal = Refusal(
        refused.file, refused.reason, refused.line, refused.column, text, refused.place
    )
    return SimulatedReport(
        **_head(attempt), verdict="not_met", slo="not_met", checks_hold=None, refusal=refusal
    )


def _head(attempt: _Attempt) -> dict[str, Any]:
    """What a report says of every attempt."""
    level = attempt.level
    return {
        "kata": attempt.kata.folder.name,
        "title": level.title,
        "event": level.event,
        "description": level.description,
        "started_at": attempt.started_at.isoformat(timespec="seconds"),
        "number": attempt.number,
        "seed": attempt.seed,
        "files": tuple(attempt.kata.files),
        "timings_s": attempt.timings_s,
        "environment": attempt.environment,
    }


def _measures(level: MeasureLevel, judgement: Judgement) -> tuple[MeasureResult, ...]:
    """Each measure held against its target; BadSetting unless they are those of slo.yaml."""
    if set(judgement.measures) != set(level.names):
        raise BadSetting(
            f"The kata judged the measures {', '.join(sorted(judgement.measures)) or 'none'};"
            f" its slo.yaml has {', '.join(sorted(level.names))}."
        )
    objectives = judge_measures(level, judgement.measures)
    return tuple(
        _measure(each, judgement.measures[each.name], objective, len(objectives))
        for each, objective in zip(level.objectives, objectives, strict=True)
    )


def _measure(
    described: MeasureObjective, measure: Measure, objective: ObjectiveResult, measures: int
) -> MeasureResult:
    """What the report says of one of the kata's measures."""
    return MeasureResult(
        objective,
        described.display_name,
        described.good_events,
        described.total_events,
        " ".join(filter(None, (measure.detail, green_beside(measure, objective)))),
        red_from(measure, described.target, measures),
    )


def _check(kata: SimulatedKata, judgement: Judgement) -> Iterator[CheckResult]:
    for check in kata.checks:
        finding = check.run(judgement.evidence)
        yield CheckResult(check.name, finding.passed, finding.detail)


def _environment(workshop: Workshop) -> dict[str, object]:
    server = workshop.server
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count() or 1,
        "argv": " ".join(sys.argv[1:]),
        "provider": server.provider,
        "postgres": server.version,
        "app": str(workshop.settings.app_dir),
    }


@contextmanager
def _timed(timings_s: dict[str, float], name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    timings_s[name] = time.perf_counter() - began
