"""Hints of a kata's folder, by the reports that are stored."""

import json
from pathlib import Path

import pytest

from dojo.errors import BadSetting
from dojo.kata.hints import hint_again, hints_given, next_hint

HINTS = """# Hints

## General: all
Look at the report.

## Cause: a wait
fault: wait
when: pool_waits > 3

### Nudge
What do they wait for?
### Pointer
A connection.
### Almost there
In app/home.py.
"""


@pytest.fixture
def kata(tmp_path: Path) -> Path:
    """A kata with one cause."""
    meta = tmp_path / "07-made-up" / ".meta"
    meta.mkdir(parents=True)
    (meta / "hints.md").write_text(HINTS)
    (meta / "solution.md").write_text("# A fix\n\n## a wait\n\nGive it back.\n\n## More\n\nText.\n")
    return meta.parent


def store_report(state: Path, number: int, pool_waits: int, verdict: str = "not_met") -> None:
    """A report of an attempt, as far as hints look at it."""
    folder = state / "reports" / "07-made-up"
    folder.mkdir(parents=True, exist_ok=True)
    facts = {"verdict": verdict, "where": {"pool_waits": pool_waits}}
    (folder / f"attempt-{number:04d}.json").write_text(json.dumps(facts))


def test_hints_follow_the_last_report(kata: Path, tmp_path: Path) -> None:
    """First the general one, then the cause's from vague to plain, at last its explanation."""
    state = tmp_path / "state"
    assert "Look at the report." in next_hint(kata, state)
    assert next_hint(kata, state).startswith("Run the kata first")
    store_report(state, 1, pool_waits=9)
    store_report(state, 2, pool_waits=0, verdict="invalid")  # which says nothing
    for words in ("a nudge\n\nWhat do", "a pointer\n\nA conn", "almost there\n\nIn app/home.py"):
        text = next_hint(kata, state)
        assert words in text
        assert "Give it back" not in text
    explanation = next_hint(kata, state)
    assert "Give it back." in explanation
    assert "Text." not in explanation
    assert next_hint(kata, state).startswith("You have had every hint")
    assert hints_given(state, "07-made-up") == 5


def test_who_is_done_needs_no_hint(kata: Path, tmp_path: Path) -> None:
    """After a green run the explanation is named, and no hint is counted."""
    store_report(tmp_path, 1, pool_waits=0, verdict="met")
    text = next_hint(kata, tmp_path)
    assert "green" in text
    assert text.endswith(".meta/solution.md")
    assert hints_given(tmp_path, "07-made-up") == 0


def test_a_last_run_that_was_invalid_is_not_called_green(kata: Path, tmp_path: Path) -> None:
    """The green report is the one before it."""
    store_report(tmp_path, 1, pool_waits=0, verdict="met")
    assert next_hint(kata, tmp_path).startswith("The last report is green")
    store_report(tmp_path, 2, pool_waits=0, verdict="invalid")
    text = next_hint(kata, tmp_path)
    assert text.startswith("The last run was invalid and says nothing; the last report that counts")


def test_the_number_of_causes_is_said_once_one_is_gone(kata: Path, tmp_path: Path) -> None:
    """It compares the last report with all before it."""
    store_report(tmp_path, 1, pool_waits=9)
    assert "1 cause" not in next_hint(kata, tmp_path)
    store_report(tmp_path, 2, pool_waits=0)
    assert "are about 1 cause. Its signs were in an earlier report" in next_hint(kata, tmp_path)


def test_a_hint_comes_again_by_its_number(kata: Path, tmp_path: Path) -> None:
    """That does not count; a number that was not given yet is refused with what there is."""
    store_report(tmp_path, 1, pool_waits=9)
    next_hint(kata, tmp_path)
    next_hint(kata, tmp_path)
    assert "What do they wait for?" in hint_again(kata, tmp_path, 2)
    assert hints_given(tmp_path, "07-made-up") == 2
    for number in (0, 3):
        with pytest.raises(BadSetting, match=r"2 hints were given; again: .* --hint 1 to 2"):
            hint_again(kata, tmp_path, number)


def test_a_hint_fits_a_narrow_terminal(kata: Path, tmp_path: Path) -> None:
    """Paragraphs are wrapped anew; a list stays as it is; a picture is left out."""
    text = f"{'some words ' * 20}\n\n![A picture](x.png)\n\n- {'point ' * 20}"
    hints = HINTS.replace("Look at the report.", text)
    (kata / ".meta" / "hints.md").write_text(hints)
    lines = next_hint(kata, tmp_path).splitlines()
    assert max(len(line) for line in lines if "words" in line) <= 78
    assert f"- {'point ' * 20}".strip() in lines
    assert "png" not in " ".join(lines)


def test_what_can_not_be_read_is_passed_over(kata: Path, tmp_path: Path) -> None:
    """A broken report or log costs no hint; a kata without hints says so."""
    store_report(tmp_path, 1, pool_waits=9)
    (tmp_path / "reports" / "07-made-up" / "attempt-0002.json").write_text("{")
    (tmp_path / "hints").mkdir()
    (tmp_path / "hints" / "07-made-up.json").write_text("7")
    assert "Look at the report." in next_hint(kata, tmp_path)
    assert "What do they wait for?" in next_hint(kata, tmp_path)
    (kata / ".meta" / "hints.md").unlink()
    with pytest.raises(BadSetting, match=r"hints\.md can't be read"):
        next_hint(kata, tmp_path)
