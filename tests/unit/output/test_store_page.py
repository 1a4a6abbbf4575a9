"""The pages of reports on disk, and what is read of earlier attempts for them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dojo.errors import BadSetting
from dojo.output import store
from tests.support.sample_reports import report


def saved(folder: Path, number: int, verdict: str = "not_met") -> None:
    sample = replace(report(50, 0.5), number=number, verdict=verdict)  # type: ignore[arg-type]
    store.save(sample, folder)


def test_a_page_is_written_beside_the_facts(tmp_path: Path) -> None:
    """latest.html and one for the attempt are the same whole page; nothing half-made is left."""
    sample = report(50)
    path = store.save_page(sample, tmp_path)
    assert path == tmp_path / "01-latency" / "latest.html"
    text = path.read_text(encoding="utf-8")
    assert text.endswith("</html>\n") or text.endswith("</html>")
    assert path.with_name("attempt-0003.html").read_text(encoding="utf-8") == text
    assert sorted(file.name for file in path.parent.iterdir()) == [
        "attempt-0003.html",
        "latest.html",
    ]


def test_the_page_holds_earlier_attempts_against_this_one(tmp_path: Path) -> None:
    """It reads the attempts' files; this attempt's own is not among the earlier ones."""
    for number in (1, 2, 3):
        saved(tmp_path, number)
    text = store.save_page(report(50), tmp_path).read_text(encoding="utf-8")
    assert text.count('<th scope="row">1</th>') == 1
    assert text.count('<th scope="row">3</th>') == 1


def test_earlier_attempts_are_in_order_and_worth_comparing(tmp_path: Path) -> None:
    """Invalid runs, files that can't be read and later attempts are passed over."""
    for number in (1, 2, 4, 10, 11):
        saved(tmp_path, number)
    saved(tmp_path, 3, "invalid")
    (tmp_path / "01-latency" / "attempt-0002.json").write_text("{", encoding="utf-8")
    assert [attempt.number for attempt in store.earlier(tmp_path, "01-latency", 11)] == [1, 4, 10]
    last = store.previous(tmp_path, "01-latency")
    assert last is not None
    assert last.number == 11


def test_no_more_earlier_attempts_are_read_than_are_compared(tmp_path: Path) -> None:
    """After a hundred attempts a page is still written as quickly."""
    for number in range(1, store.MOST_EARLIER + 4):
        saved(tmp_path, number)
    attempts = store.earlier(tmp_path, "01-latency", 1000)
    assert [attempt.number for attempt in attempts] == [*range(4, store.MOST_EARLIER + 4)]


def test_a_page_that_cannot_be_written_is_a_bad_setting(tmp_path: Path) -> None:
    """The facts stay as they are."""
    sample = report(50)
    facts = store.save(sample, tmp_path)
    (facts.parent / "latest.html").mkdir()
    with pytest.raises(BadSetting, match="can't be written"):
        store.save_page(sample, tmp_path)
    assert json.loads(facts.read_text(encoding="utf-8"))["verdict"] == sample.verdict
