"""dojo.output.attempts: what tables of attempts read back from the stored reports."""

import json
from dataclasses import replace
from pathlib import Path

from dojo.burst_figures import Pace
from dojo.costs import WhereTimeWent
from dojo.output import store
from dojo.output.attempt_figures import best_slis, figures, outcome, when
from dojo.output.attempts import attempts_of, read_attempt
from tests.support.sample_reports import report, small_report
from tests.support.sample_simulated import NOT_MET, REFUSED, SIMULATED_OUTCOMES


def test_an_attempt_is_read_back(tmp_path: Path) -> None:
    """Its figures are those of the report that was stored."""
    stored = replace(report(events=200, bad_ratio=0.5), number=3)
    store.save(stored, tmp_path)
    (attempt,) = attempts_of(tmp_path, stored.kata)
    assert (attempt.number, attempt.verdict) == (3, stored.verdict)
    assert [each.sli for each in attempt.objectives] == [each.sli for each in stored.objectives]
    assert attempt.events == 200
    assert attempt.answered == sum(p.latency_s is not None for p in stored.points)
    assert dict(attempt.bad_events) == stored.bad_events


def test_the_oldest_comes_first_and_broken_files_are_passed_over(tmp_path: Path) -> None:
    """A file that is cut off, or another version's, costs its own line only."""
    for number in (2, 10, 1):
        store.save(small_report(number=number), tmp_path)
    folder = tmp_path / small_report().kata
    (folder / "attempt-0002.json").write_text('{"number": 2')
    (folder / "attempt-0004.json").write_text("{}")
    (folder / "attempt-x.json").write_text("{}")
    assert [each.number for each in attempts_of(tmp_path, folder.name)] == [1, 10]
    assert read_attempt(folder / "nowhere.json") is None


def test_the_best_of_each_objective(tmp_path: Path) -> None:
    """The best SLI of an objective may be that of an earlier attempt."""
    for number, bad_ratio in enumerate((0.6, 0.1, 0.4), 1):
        store.save(replace(report(events=300, bad_ratio=bad_ratio), number=number), tmp_path)
    attempts = attempts_of(tmp_path, report().kata)
    best = best_slis(attempts)
    for each in attempts[-1].objectives:
        slis = [o.sli for a in attempts for o in a.objectives if o.name == each.name]
        assert best[each.name].sli == max(slis)
    assert best_slis([]) == {}


def test_figures_have_a_label_each(tmp_path: Path) -> None:
    """SLI with its counts, answers, one request alone, p50, and bad events by their cause."""
    path = store.save(replace(report(events=200, bad_ratio=0.5)), tmp_path)
    attempt = read_attempt(path)
    assert attempt is not None
    texts = figures(attempt)
    first = attempt.objectives[0]
    assert texts[first.name].endswith(f"{first.good} / {first.total}")
    assert {"answered", "answers a second", "one alone", "p50"} <= set(texts)
    assert texts["answered"] == f"{attempt.answered} of 200"
    assert {f"bad: {cause}" for cause in attempt.bad_events} <= set(texts)


def test_answers_a_second_are_as_the_report_counts_them(tmp_path: Path) -> None:
    """Right answers until none was awaited, and not those of the burst's planned length."""
    pace = Pace(answered=88, length_s=13.2, come_per_s=80, keeps_up=False)
    where = WhereTimeWent(statements_alone=2, statements_per_event=21.52)
    attempt = read_attempt(store.save(replace(report(), pace=pace, where=where), tmp_path))
    assert attempt is not None
    texts = figures(attempt)
    assert texts["answers a second"] == f"6.7 of {report().rate_per_s:g}"
    assert (texts["statements"], texts["under load"]) == ("2", "21.5")
    fine = replace(report(), pace=replace(pace, keeps_up=True), number=3)
    attempt = read_attempt(store.save(fine, tmp_path))
    assert attempt is not None
    assert figures(attempt)["answers a second"] == f"all {report().rate_per_s:g}"
    unknown = read_attempt(store.save(replace(report(), pace=None, number=2), tmp_path))
    assert unknown is not None
    assert "answers a second" not in figures(unknown)


def test_a_lower_bound_says_so(tmp_path: Path) -> None:
    """A median that nobody knows is `over` what it is at least."""
    path = store.save(report(events=50), tmp_path)
    facts = json.loads(path.read_text())
    facts["latency_s"]["p50"], facts["latency_s"]["at_least"] = None, {"p50": 1.5}
    path.write_text(json.dumps(facts))
    attempt = read_attempt(path)
    assert attempt is not None
    assert figures(attempt)["p50"] == "over 1.50 s"


def test_outcomes_in_words(tmp_path: Path) -> None:
    """The words of the report, also where the site is fast and broken."""
    path = store.save(report(events=50), tmp_path)
    attempt = read_attempt(path)
    assert attempt is not None
    assert outcome(replace(attempt, verdict="undecided")) == "Undecided"
    broken = replace(attempt, verdict="not_met", slo="met", site_works=False)
    assert outcome(broken) == "SLO met, but the site is broken"
    assert when("2026-11-26T22:56:51+00:00") == "2026-11-26 22:56 UTC"


def test_a_kata_on_simulated_data_has_attempts_too(tmp_path: Path) -> None:
    """Its measures by their names for people; no burst, so no answers and no response times."""
    attempt = read_attempt(store.save(NOT_MET, tmp_path))
    assert attempt is not None
    names = [measure.display_name for measure in NOT_MET.measures]
    assert [each.name for each in attempt.objectives] == names
    assert list(figures(attempt)) == names


def test_a_file_that_was_refused_is_a_remark(tmp_path: Path) -> None:
    """Which file and line, and why."""
    attempt = read_attempt(store.save(REFUSED, tmp_path))
    assert attempt is not None
    assert any("app/ops/alerts.yaml:12:9: value must be" in each for each in attempt.remarks)


def test_a_check_that_does_not_hold_breaks_no_site(tmp_path: Path) -> None:
    """A kata on simulated data has no site."""
    broken = read_attempt(store.save(SIMULATED_OUTCOMES["check failed"], tmp_path))
    assert broken is not None
    assert outcome(broken) == "Not met"
    assert any(each.startswith("dates_unknown: ") for each in broken.remarks)
