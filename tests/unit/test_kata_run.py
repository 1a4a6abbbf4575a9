"""The reports of a session: compared, stored, and shown with what to do next."""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import pytest

import dojo.kata_run
from dojo.attempt.spec import AttemptSpec
from dojo.kata.contract import Kata
from dojo.kata_run import KataRun, Session
from dojo.report import Report
from dojo.site.running_site import RunningSite
from dojo.slo.validity import Machine
from tests.support.levels import level_of
from tests.support.sample_reports import report, small_report

LEVEL = level_of((0.95, 0.1))
MET = small_report(verdict="met")
DISTURBED = small_report(
    verdict="invalid", disturbed=True, invalid_because=("process 'x' (7) used 96% of a core",)
)


@dataclass
class FakeSite:
    renewed: int = 0

    def renew(self) -> None:
        self.renewed += 1


@dataclass
class Attempts:
    """What comes of one attempt after another, and what each was made of."""

    reports: list[Report]
    specs: list[AttemptSpec] = field(default_factory=list)

    def __call__(self, spec: AttemptSpec, *_: object) -> Report:
        self.specs.append(spec)
        return replace(self.reports.pop(0), plan_seed=spec.plan_seed)


def attempted(
    monkeypatch: pytest.MonkeyPatch, *reports: Report, machine: Machine | None = None
) -> tuple[Report, Attempts, FakeSite, list[str]]:
    attempts, site, messages = Attempts([*reports]), FakeSite(), list[str]()
    monkeypatch.setattr(dojo.kata_run, "attempt", attempts)
    run = KataRun(
        cast(Kata, None),
        LEVEL,
        plan_seed=7,
        site=cast(RunningSite, site),
        machine=machine or Machine(),
    )
    return run.attempt(3, 1.0, lambda *_: None, messages.append), attempts, site, messages


def test_a_disturbed_run_is_repeated_on_a_new_site(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader is told why; the second run's report is the attempt's."""
    found, attempts, site, messages = attempted(monkeypatch, DISTURBED, MET)
    assert (found.verdict, found.repeated) == ("met", True)
    assert site.renewed == 1
    assert messages == [
        "This run says nothing: process 'x' (7) used 96% of a core. It is repeated once."
    ]
    assert [spec.number for spec in attempts.specs] == [3, 3]


def test_the_repeated_run_has_the_load_that_its_report_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever repeats it with the report's seed gets the same data and the same requests."""
    found, attempts, _, _ = attempted(monkeypatch, DISTURBED, MET)
    assert [spec.plan_seed for spec in attempts.specs] == [7, 7]
    assert found.plan_seed == 7


def test_it_is_repeated_once_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second disturbed run is what it is."""
    found, attempts, site, messages = attempted(monkeypatch, DISTURBED, DISTURBED, MET)
    assert (found.verdict, len(attempts.specs), site.renewed, len(messages)) == ("invalid", 2, 1, 1)


@pytest.mark.parametrize("verdict", ["met", "not_met", "undecided", "invalid"])
def test_a_run_that_was_not_disturbed_is_not_repeated(
    verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever came of it: the error that may be made is that of one run."""
    found, attempts, site, messages = attempted(monkeypatch, small_report(verdict=verdict), MET)
    assert (found.verdict, len(attempts.specs), site.renewed, messages) == (verdict, 1, 0, [])
    assert not found.repeated


def test_on_a_small_machine_it_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be as small the second time."""
    small = Machine(cores=0.5)
    found, attempts, _, _ = attempted(monkeypatch, DISTURBED, MET, machine=small)
    assert (found.verdict, len(attempts.specs)) == ("invalid", 1)


def test_a_report_is_stored_with_its_page_and_names_both(tmp_path: Path) -> None:
    """Paths below the project's folder are shown relative to it."""
    session = Session(tmp_path, print)
    completed = session.complete(report(50), tmp_path / "reports")
    assert session.reports == [completed]
    facts, page = completed.next_steps[-2:]
    assert facts.endswith(" reports/01-latency/latest.json")
    assert page == "The report as a page: reports/01-latency/latest.html"
    assert (tmp_path / "reports" / "01-latency" / "latest.html").is_file()


def test_a_report_is_compared_with_the_attempt_before(tmp_path: Path) -> None:
    """Each attempt has its own time, and the last valid one before it to compare with."""
    session = Session(tmp_path, print)
    first = session.complete(replace(report(50), number=1), tmp_path / "reports")
    second = session.complete(replace(report(50), number=2), tmp_path / "reports")
    assert first.previous is None
    assert second.previous is not None
    assert second.previous.number == 1
    assert 0 < second.timings_s["total"] < 60


def test_a_report_counts_hints_and_knows_which_words_are_new(tmp_path: Path) -> None:
    """Each word is new in the first report that uses it; hints are those given by then."""
    session, folder = Session(tmp_path, print), tmp_path / "reports"
    first = session.complete(replace(report(50), number=1), folder)
    (tmp_path / "hints").mkdir()
    (tmp_path / "hints" / "01-latency.json").write_text('[["where to look", ""]]')
    second = session.complete(replace(report(50), number=2), folder)
    assert (first.hints, second.hints) == (0, 1)
    assert "burn rate" in first.new_words
    assert second.new_words == ()


def test_a_page_that_cannot_be_written_is_a_message_and_no_more(tmp_path: Path) -> None:
    """The facts stay as they are, and the verdict with them."""
    folder = tmp_path / "reports"
    (folder / "01-latency" / "latest.html").mkdir(parents=True)
    messages: list[str] = []
    completed = Session(tmp_path, messages.append).complete(report(50), folder)
    (message,) = messages
    assert message.startswith("The report as a page could not be written: ")
    assert "page" not in completed.next_steps[-1]
    facts = json.loads((folder / "01-latency" / "latest.json").read_text(encoding="utf-8"))
    assert facts["verdict"] == completed.verdict
