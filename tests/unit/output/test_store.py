"""Reports on disk."""

import json
from pathlib import Path

import pytest

from dojo.burst_figures import Pace, Percentiles, SegmentSli, StepTime
from dojo.errors import BadSetting
from dojo.output.store import FORMAT, next_number, previous, save
from dojo.output.this_attempt import as_attempt
from tests.support.sample_reports import small_report


def test_latest_json_has_its_stated_form(tmp_path: Path) -> None:
    """Verdict, objectives with counts and ratio, causes, percentiles, checks, timings."""
    path = save(small_report(), tmp_path)
    assert path == tmp_path / "01-latency" / "latest.json"
    facts = json.loads(path.read_text())
    assert (facts["kata"], facts["verdict"]) == ("01-latency", "not_met")
    assert (facts["slo"], facts["site_works"], facts["looks"]) == ("not_met", False, 1)
    assert facts["objectives"][0] == {
        "name": "95% within 100 ms",
        "target": 0.95,
        "threshold_s": 0.1,
        "sli": 0.71,
        "good": 142,
        "total": 200,
        "verdict": "not_met",
        "interval": [0.6, 0.8],
        "burn_rate": pytest.approx(5.8),
        "bad_after_excuses": 0,
        "green_at_most": -1,
        "excused": 0,
    }
    assert facts["bad_events"] == {"slow": 48, "timeout": 10}
    assert facts["latency_s"] == {
        "p50": 0.02,
        "p95": 0.22,
        "p99": 0.22,
        "max": 0.22,
        "at_least": {},
    }
    assert [sorted(check) for check in facts["checks"]] == [["detail", "name", "passed"]] * 2
    assert facts["timings_s"]["total"] == 8.0
    assert facts["segments"] == []
    save(small_report(segments=(SegmentSli("newcomers", 3, 4),)), tmp_path)
    segments = json.loads(path.read_text())["segments"]
    assert segments == [{"name": "newcomers", "good": 3, "total": 4, "sli": 0.75}]
    assert facts["environment"]["provider"] == "embedded"


def test_each_attempt_keeps_its_file(tmp_path: Path) -> None:
    """Attempts are numbered, and the last one can be compared with."""
    assert next_number(tmp_path, "01-latency") == 1
    assert previous(tmp_path, "01-latency") is None
    save(small_report(number=1), tmp_path)
    assert next_number(tmp_path, "01-latency") == 2
    save(small_report(number=2, verdict="met"), tmp_path)
    before = previous(tmp_path, "01-latency")
    assert before is not None
    assert (before.number, before.verdict) == (2, "met")
    assert before.slis["95% within 100 ms"] == 0.71
    assert before.verdicts["95% within 100 ms"] == "not_met"
    assert (before.slo, before.site_works) == ("met", True)


def test_a_percentile_of_the_unanswered_is_null_beside_a_lower_bound(tmp_path: Path) -> None:
    """Nobody takes it for a time that was measured; the next attempt reads it as it was."""
    times = Percentiles(0.02, 3.1, 3.4, 3.5, ("p95", "p99", "max"))
    steps = (StepTime("search", 9, 5, times, 20.0), StepTime("product", 0, 0, None))
    path = save(small_report(number=1, latency_s=times, steps=steps), tmp_path)
    facts = json.loads(path.read_text())
    expected = {
        "p50": 0.02,
        "p95": None,
        "p99": None,
        "max": None,
        "at_least": {"p95": 3.1, "p99": 3.4, "max": 3.5},
    }
    assert facts["latency_s"] == expected
    assert [step["latency_s"] for step in facts["steps"]] == [expected, None]
    before = previous(tmp_path, "01-latency")
    assert before is not None
    assert before.latency_s == times
    del facts["latency_s"]["at_least"]  # as when only the answered were counted
    path.with_name("attempt-0001.json").write_text(json.dumps(facts))
    before = previous(tmp_path, "01-latency")
    assert before is not None
    assert before.latency_s is None


def test_an_attempt_of_an_older_report_is_remembered_too(tmp_path: Path) -> None:
    """It told nothing of the SLO apart from the verdict."""
    path = save(small_report(number=1, verdict="met"), tmp_path)
    facts = json.loads(path.read_text())
    del facts["slo"], facts["site_works"]
    path.with_name("attempt-0001.json").write_text(json.dumps(facts))
    before = previous(tmp_path, "01-latency")
    assert before is not None
    assert (before.slo, before.site_works) == ("met", None)


def test_an_undecided_attempt_is_compared_with(tmp_path: Path) -> None:
    """It says something about the app, if not which side of the target it is on."""
    save(small_report(number=1, verdict="undecided"), tmp_path)
    before = previous(tmp_path, "01-latency")
    assert before is not None
    assert before.verdict == "undecided"


def test_an_invalid_run_is_nothing_to_compare_with(tmp_path: Path) -> None:
    """The last attempt that facts something about the app counts."""
    save(small_report(number=1), tmp_path)
    save(small_report(number=2, verdict="invalid"), tmp_path)
    before = previous(tmp_path, "01-latency")
    assert before is not None
    assert before.number == 1


def test_a_broken_file_is_passed_over(tmp_path: Path) -> None:
    """A report that was cut off or edited does not end the next run."""
    save(small_report(number=1), tmp_path)
    (tmp_path / "01-latency" / "attempt-0002.json").write_text('{"verdict": ')
    (tmp_path / "01-latency" / "attempt-last.json").write_text("{}")
    before = previous(tmp_path, "01-latency")
    assert before is not None
    assert before.number == 1
    assert next_number(tmp_path, "01-latency") == 3


def test_a_place_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    """A report that can't be kept is an error of ours, with what to do."""
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSetting, match="Set DOJO_CACHE and DOJO_STATE to folders"):
        save(small_report(), tmp_path / "file")


def test_an_attempt_is_remembered_as_the_next_one_compares_it(tmp_path: Path) -> None:
    """Pace, groups of bad events, steps and waits come back as they were."""
    steps = (StepTime("search", 9, 5, Percentiles(1, 2, 3, 4, ("max",))),)
    pace = Pace(16, 5.0, 80, keeps_up=False, requests=33)
    report = small_report(number=1, steps=steps, pace=pace)
    save(report, tmp_path)
    before = previous(tmp_path, "01-latency")
    assert before == as_attempt(report)


def test_an_attempt_of_an_older_version_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    """It has no pace and no costs, and the time alone of a journey was that of its first step."""
    steps = (StepTime("search", 9, 5, Percentiles(1, 2, 3, 4)),)
    path = save(small_report(number=1, steps=steps), tmp_path)
    facts = json.loads(path.read_text())
    assert facts["format"] == FORMAT
    for new in ("format", "pace", "costs", "journey_alone"):
        del facts[new]
    (tmp_path / "01-latency" / "attempt-0001.json").write_text(json.dumps(facts))
    before = previous(tmp_path, "01-latency")
    assert before is not None
    assert (before.pace, before.journey_alone, before.service_time_s) == (None, False, 0.015)
    assert before.groups == as_attempt(small_report()).groups
