"""Reports read back from their JSON."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from dojo.errors import BadSetting
from dojo.output.simulated_json import to_json as simulated_to_json
from dojo.output.store import save, to_json
from dojo.output.stored_report import latest_report, report_from_json
from dojo.report import Report
from dojo.simulated_report import SimulatedReport
from tests.support.random_reports import reports
from tests.support.sample_reports import small_report
from tests.support.sample_simulated import SIMULATED_OUTCOMES


@given(reports)
def test_a_report_is_read_as_it_was_written(report: Report) -> None:
    """All of it but for what the JSON leaves out."""
    stored = replace(report, previous=None, next_steps=(), new_words=())
    assert report_from_json(json.loads(json.dumps(to_json(stored)))) == stored


@pytest.mark.parametrize("name", SIMULATED_OUTCOMES)
def test_a_simulated_report_keeps_its_figures(name: str) -> None:
    """Measures, checks and the refused file."""
    report = SIMULATED_OUTCOMES[name]
    read = report_from_json(json.loads(json.dumps(simulated_to_json(report))))
    assert isinstance(read, SimulatedReport)
    assert (read.verdict, read.slo, read.refusal) == (report.verdict, report.slo, report.refusal)
    assert read.checks == report.checks
    assert [each.detail for each in read.measures] == [each.detail for each in report.measures]
    assert [(each.name, each.good, each.total) for each in read.objectives] == [
        (each.name, each.good, each.total) for each in report.objectives
    ]


def test_the_newest_comes_with_the_attempt_before(tmp_path: Path) -> None:
    """So that what changed can be said."""
    assert latest_report(tmp_path, "01-latency") is None
    save(small_report(number=1), tmp_path)
    save(small_report(number=2, verdict="met"), tmp_path)
    report = latest_report(tmp_path, "01-latency")
    assert report is not None
    assert (report.number, report.verdict) == (2, "met")
    assert report.previous is not None
    assert (report.previous.number, report.previous.verdict) == (1, "not_met")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"number": "x"}', '{"number": 1, "kata": "x"}'])
def test_what_is_no_report_is_said(tmp_path: Path, text: str) -> None:
    """With the file and what to do."""
    folder = tmp_path / "01-latency"
    folder.mkdir()
    (folder / "latest.json").write_text(text)
    with pytest.raises(BadSetting, match=r"latest\.json.*Run the kata again"):
        latest_report(tmp_path, "01-latency")
