"""Runs that the app broke off: what is stored of them, and who speaks of them."""

import io
from dataclasses import replace
from pathlib import Path

import pytest

from dojo.broken_run import BrokenRun
from dojo.broken_run_files import broken_runs, last_broken_run, note_broken_run
from dojo.cli import history, next_kata, report, status
from dojo.kata.hints import next_hint
from dojo.output import store
from dojo.output.markdown import summaries
from tests.support.project import ROOT
from tests.support.sample_reports import report as sample_report

HUNG = BrokenRun(2, "2026-11-27T08:00:00+00:00", "AppHung", "no answer for 10 s\nat app/home.py:7")
EVIL = replace(HUNG, message="\x1b[2Jgone <script>|x|\nmore")
KATA = "01-latency"


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DOJO_STATE", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


def attempted(state: Path, number: int) -> None:
    """A green attempt."""
    green = replace(sample_report(bad_ratio=0.0), kata=KATA, number=number)
    store.save(green, state / "reports")


def said(command: object, *arguments: object, **options: object) -> str:
    stream = io.StringIO()
    command.run(*arguments, ROOT, stream, **options)  # type: ignore[attr-defined]
    return stream.getvalue()


def test_it_is_the_last_run_until_there_is_a_report(state: Path) -> None:
    """It has a number of its own, so the next attempt has the one after it."""
    folder = state / "reports" / KATA
    assert last_broken_run(folder) is None
    attempted(state, 1)
    note_broken_run(folder, HUNG)
    assert last_broken_run(folder) == HUNG
    assert store.next_number(state / "reports", KATA) == 3
    attempted(state, 3)
    assert last_broken_run(folder) is None
    assert broken_runs(folder) == [HUNG]
    (folder / "broken-0004.json").write_text("{")
    assert broken_runs(folder) == [HUNG]


def test_commands_say_that_the_last_run_broke_off(state: Path) -> None:
    """After a green attempt they neither call the last run green nor leave it out."""
    attempted(state, 1)
    note_broken_run(state / "reports" / KATA, HUNG)
    line = "AppHung: no answer for 10 s"
    assert f"the last run broke off, 2026-11-27 08:00 UTC: {line}" in said(status, False)
    assert f"Broken off, so without a report:\n   2  {line}\n" in said(history, "01")
    hint = next_hint(ROOT / "katas" / KATA, state)
    assert hint.startswith(f"The last run broke off without a report: {line}\n")
    assert "solution" not in hint
    shown = said(report, "01", markdown=False)
    assert shown.index("at app/home.py:7") < shown.index("The report before it is of attempt 1:")


def test_a_kata_whose_only_run_broke_off_is_begun(state: Path) -> None:
    """There is no report to show, and a hint sends nobody to run it "first"."""
    note_broken_run(state / "reports" / KATA, HUNG)
    assert "▸ 01-latency" in said(status, False)
    assert "no report yet" in said(status, False)
    text = " ".join(said(next_kata, 30).split())
    assert "Go on: 0 attempts, the last run broke off without a report (AppHung)." in text
    assert "AppHung" in said(history, "01")
    folder = ROOT / "katas" / KATA
    hints = [next_hint(folder, state) for _ in range(3)]
    assert all("broke off without a report: AppHung" in hint for hint in hints)
    assert not any("Run the kata first" in hint for hint in hints)


def test_of_the_apps_words_nothing_becomes_markup(state: Path) -> None:
    """On a terminal, in Markdown, in a hint."""
    note_broken_run(state / "reports" / KATA, EVIL)
    for text in (
        said(report, "01", markdown=False),
        said(status, False),
        next_hint(ROOT / "katas" / KATA, state),
    ):
        assert "gone" in text
        assert "\x1b" not in text
    markdown = summaries([(KATA, EVIL), ("02-login-errors", None)])
    assert "## ❌ 01-latency: broke off" in markdown
    assert "| 01-latency | ❌ broke off (AppHung) |  |" in markdown
    assert "<script>" not in markdown
