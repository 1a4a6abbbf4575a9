"""Words of a report, explained when they are met for the first time."""

from dataclasses import replace
from pathlib import Path

from dojo.costs import WhereTimeWent
from dojo.output import met_words
from dojo.output.first_words import MORE, WORDS, meaning, new_words
from dojo.output.store import to_json
from dojo.output.terminal.report import render
from tests.support.project import ROOT
from tests.support.sample_reports import invalid_report, small_report
from tests.support.sample_simulated import MET as SIMULATED


def test_a_word_is_new_once() -> None:
    """Each that a report uses, in the report's order, unless it was met before."""
    words = new_words(small_report(), ())
    assert words[:4] == ("SLI", "objective", "error budget", "burn rate")
    assert new_words(small_report(), words) == ()
    assert new_words(small_report(), words[1:]) == words[:1]


def test_a_word_that_is_not_used_stays_new() -> None:
    """It is explained in the report that uses it first."""
    quiet = new_words(small_report(where=WhereTimeWent()), ())
    assert "pooled connection" not in quiet
    assert "undecided" not in quiet
    busy = small_report(where=WhereTimeWent(pool_waits=3, loop_blocked_share=0.2))
    assert {"pooled connection", "event loop"} <= set(new_words(busy, quiet))
    assert "undecided" in new_words(small_report(verdict="undecided"), quiet)
    assert "invalid run" in new_words(invalid_report(), quiet)


def test_simulated_data_have_words_of_their_own() -> None:
    """By the names of the measures; one that speaks of the budget needs that word, too."""
    assert new_words(SIMULATED, ()) == ("SLI", "objective", "precision", "recall")
    (measure, *others) = SIMULATED.measures
    measure = replace(measure, display_name="90% paged before they cost 15% of the budget")
    report = replace(SIMULATED, measures=(measure, *others))
    assert new_words(report, ("SLI",)) == ("objective", "error budget", "precision", "recall")
    assert not {"precision", "recall"} & set(new_words(small_report(), ()))


def test_a_meaning_is_half_a_line() -> None:
    """With its word it fits into 100 columns; what is named for more is there."""
    for each in WORDS:
        assert len(f"  {each.word}: {meaning(each.word)}") <= 100
    for name in ("docs/primer.md", "docs/glossary.md"):
        assert name in MORE
        assert (ROOT / name).is_file()


def test_new_words_are_in_the_terminal_and_in_no_file() -> None:
    """Below the facts; the JSON has no place for them."""
    sample = small_report(new_words=("SLI", "burn rate"))
    text = render(sample, 100, color=False)
    assert "New words\n  SLI: an indicator" in text
    assert "docs/primer.md" in text
    assert "New words" not in render(small_report(), 100, color=False)
    assert "new_words" not in to_json(sample)


def test_met_words_are_stored(tmp_path: Path) -> None:
    """They add up; a file that can't be read holds none."""
    assert met_words.met(tmp_path) == frozenset()
    met_words.add(tmp_path, ("SLI",))
    met_words.add(tmp_path, ("burn rate",))
    assert met_words.met(tmp_path) == {"SLI", "burn rate"}
    (tmp_path / "words.json").write_text("{")
    assert met_words.met(tmp_path) == frozenset()
    met_words.add(tmp_path / "missing", ("SLI",))
