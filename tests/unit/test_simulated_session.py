"""dojo.kata_run.Session with reports of simulated katas: stored, compared, timed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

import dojo.kata_run
from dojo.kata.simulated import SimulatedKata
from dojo.kata_run import Session
from dojo.settings import Settings
from dojo.simulated_report import SimulatedReport
from dojo.site.workshop import Workshop
from tests.support.project import ROOT
from tests.support.sample_simulated import MET, NOT_MET, REFUSED


class FakeKata:
    folder = Path("katas/04-alerts")


class FakeWorkshop:
    def __init__(self, folder: Path) -> None:
        self.settings = Settings.read(ROOT, {"DOJO_STATE": str(folder)})


def judged(
    monkeypatch: pytest.MonkeyPatch, folder: Path, *reports: SimulatedReport
) -> tuple[Session, list[SimulatedReport]]:
    """The reports of a session, completed one after another."""
    waiting = list(reports)

    def attempt(workshop: object, kata: object, seed: int, number: int) -> SimulatedReport:
        return replace(waiting.pop(0), seed=seed, number=number)

    monkeypatch.setattr(dojo.kata_run, "attempt_simulated", attempt)
    session = Session(folder, lambda _: None)
    workshop = cast(Workshop, FakeWorkshop(folder))
    kata = cast(SimulatedKata, FakeKata())
    return session, [session.judge_simulated(workshop, kata, seed) for seed in range(len(reports))]


def test_each_attempt_is_stored_and_counted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As JSON and as a page, by its number; the latest beside them."""
    session, reports = judged(monkeypatch, tmp_path, NOT_MET, MET)
    assert [report.number for report in reports] == [1, 2]
    assert session.reports == reports
    folder = tmp_path / "reports" / "04-alerts"
    assert {path.name for path in folder.iterdir()} == {
        f"{name}.{kind}"
        for name in ("attempt-0001", "attempt-0002", "latest")
        for kind in ("json", "html")
    }
    latest = json.loads((folder / "latest.json").read_text())
    assert (latest["number"], latest["verdict"]) == (2, "met")
    assert "The report as a page: reports/04-alerts/latest.html" in reports[1].next_steps


def test_it_is_compared_with_the_last_one_that_was_judged(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A refused file says nothing of the measures, so it is passed over."""
    _, reports = judged(monkeypatch, tmp_path, NOT_MET, REFUSED, MET)
    assert [report.previous and report.previous.number for report in reports] == [None, 1, 1]
    before = reports[2].previous
    assert before is not None
    assert (before.verdict, before.slis["precision"]) == ("not_met", 80 / 209)


def test_postgres_is_started_for_the_first_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The parts of each attempt's time add up to no more than the whole."""
    _, (first, second) = judged(monkeypatch, tmp_path, MET, MET)
    assert "postgres" in first.timings_s
    assert "postgres" not in second.timings_s
    assert second.timings_s["total"] >= 0
