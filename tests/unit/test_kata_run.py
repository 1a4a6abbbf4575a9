"""The reports of a session: compared, stored, and shown with what to do next."""

import json
from dataclasses import replace
from pathlib import Path

from dojo.kata_run import Session
from tests.support.sample_reports import report


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
    first = session.complete(replace(report(50), number=1), tmp_path)
    second = session.complete(replace(report(50), number=2), tmp_path)
    assert first.previous is None
    assert second.previous is not None
    assert second.previous.number == 1
    assert 0 < second.timings_s["total"] < 60


def test_a_page_that_cannot_be_written_is_a_message_and_no_more(tmp_path: Path) -> None:
    """The facts stay as they are, and the verdict with them."""
    (tmp_path / "01-latency" / "latest.html").mkdir(parents=True)
    messages: list[str] = []
    completed = Session(tmp_path, messages.append).complete(report(50), tmp_path)
    (message,) = messages
    assert message.startswith("The report as a page could not be written: ")
    assert "page" not in completed.next_steps[-1]
    facts = json.loads((tmp_path / "01-latency" / "latest.json").read_text(encoding="utf-8"))
    assert facts["verdict"] == completed.verdict
