"""`./run dojo history`: what it shows of many attempts, and that all of it fits the screen."""

import io
import json
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from dojo.cli.history import print_history
from dojo.output.attempts import attempts_of
from dojo.output.simulated_json import to_json
from dojo.output.store import to_json as attempt_to_json
from dojo.report import Report
from dojo.simulated_report import SimulatedReport
from dojo.slo.measures import Measure, judge_measure
from tests.support.sample_reports import invalid_report, report
from tests.support.sample_simulated import MET, NOT_MET, REFUSED


def printed(folder: Path, *reports: SimulatedReport) -> list[str]:
    """The lines of the history of attempts 1, 2, …, without spaces that follow each other."""
    kata = folder / "04-alerts"
    kata.mkdir()
    for number, each in enumerate(reports, start=1):
        facts = {**to_json(each), "number": number}
        (kata / f"attempt-{number:04d}.json").write_text(json.dumps(facts), encoding="utf-8")
    stream = io.StringIO()
    print_history(Console(file=stream, width=80), "04-alerts", attempts_of(folder, "04-alerts"))
    lines = stream.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    return [" ".join(line.split()) for line in lines]


def test_measures_are_rows_and_attempts_are_columns(tmp_path: Path) -> None:
    """With the verdict as a sign, explained below; a refused file has no figures."""
    lines = printed(tmp_path, NOT_MET, REFUSED, MET)
    assert "attempt 1 2 3" in lines
    assert "precision 38.3% ✗ - 100.0% ✓" in lines
    assert "in all ✗ refused ✓" in lines
    assert "✓ met ✗ not met ≈ too close to call none: nothing counted" in lines


def test_nothing_counted_is_no_ratio(tmp_path: Path) -> None:
    """Neither 0% nor 0 / 0."""
    nothing = judge_measure("recall", 0.95, Measure(0, 0), 2)
    measures = (NOT_MET.measures[0], replace(NOT_MET.measures[1], objective=nothing))
    lines = printed(tmp_path, replace(NOT_MET, measures=measures))
    assert "recall none ≈" in lines
    assert not any("0 / 0" in line for line in lines)


def test_the_newest_attempts_are_those_that_have_room(tmp_path: Path) -> None:
    """And it is said how many they are."""
    lines = printed(tmp_path, *[NOT_MET] * 12)
    assert "The newest 6 have room here." in lines
    assert "attempt 7 8 9 10 11 12" in lines


def test_an_attempt_under_other_conditions_is_marked(tmp_path: Path) -> None:
    """A star beside its number, and below what was different; an invalid run fits its line."""
    kata = tmp_path / "01-latency"
    kata.mkdir()
    invalid = invalid_report()
    reports = (
        with_environment(report(), round_trip_ms=4.0, load_factor=1.0),
        with_environment(replace(invalid, kata="01-latency"), round_trip_ms=2.0, load_factor=2.0),
        with_environment(report(), round_trip_ms=2.0, load_factor=1.0),
    )
    for number, each in enumerate(reports, start=1):
        facts = attempt_to_json(replace(each, number=number))
        path = kata / f"attempt-{number:04d}.json"
        path.write_text(json.dumps(facts), encoding="utf-8")
    stream = io.StringIO()
    attempts = attempts_of(tmp_path, "01-latency")
    print_history(Console(file=stream, width=80), "01-latency", attempts)
    lines = stream.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    shown = [" ".join(line.split()) for line in lines]
    for start in ("1* ", "2* ", "3 "):
        assert any(line.startswith(start) for line in shown)
    assert shown[-2:] == ["1 round trip in ms 4, now 2", "2 load factor 2, now 1"]
    assert sum(line.endswith("invalid") for line in lines) == len(invalid.objectives)


def with_environment(report: Report, **facts: float) -> Report:
    """The report of a run in another environment."""
    return replace(report, environment={**report.environment, **facts})
