"""dojo.output.html.board: a page that says of each objective whether it is met."""

import base64
import hashlib
import html
import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from dojo.output.html.board import draw, draw_run, page
from dojo.output.html.board_state import (
    Board,
    BoardBin,
    BoardKata,
    BoardObjective,
    BoardRun,
    BoardVerdict,
)

EDGES_S = (0.1, 0.3, 1.0)


def objective(call: str, good: int = 180, total: int = 200) -> BoardObjective:
    return BoardObjective("95% of pages within 100 ms", 0.95, 0.1, call, good, total, 900, 1000)


def board(
    calls: Sequence[str] = ("not_met",),
    bins: Sequence[BoardBin] = (),
    title: str = "The site is slow",
    now_s: float = 60.0,
) -> Board:
    objectives = tuple(objective(call) for call in calls)
    kata = BoardKata("01-latency", title, objectives, tuple(bins), EDGES_S)
    return Board("http://localhost:3000", now_s, 5.0, 300.0, (kata,), (("in flight", "3"),))


def a_bin(start_s: float, share: float | None = 0.9) -> BoardBin:
    return BoardBin(start_s, {"right": 8, "timeout": 2}, {0: 8, 3: 2}, [share])


@pytest.mark.parametrize(
    ("calls", "tone", "headline"),
    [
        (("met", "not_met"), "not_met", "✗ Not met: 1 of 2 objectives"),
        (("met", "met"), "met", "✓ Met: all 2 objectives"),
        (("met", "too_few"), "undecided", "… 1 of 2 objectives are met so far"),
        (("no_events", "no_events"), "quiet-tone", "Not run yet"),
        (("no_events", "too_few"), "undecided", "… 0 of 2 objectives are met so far"),
        ((), "quiet-tone", "Not run yet"),
    ],
)
def test_the_headline_is_of_all_objectives(
    calls: tuple[str, ...], tone: str, headline: str
) -> None:
    """One that is missed is enough for red; green is only where each is met."""
    drawn = draw(board(calls))
    assert f'class="verdict {tone}"><strong>{headline}</strong>' in drawn


def test_a_card_has_the_counts_that_it_rests_on() -> None:
    """Good %, bad of allowed, over the last minute and since the start."""
    text = re.sub(r"<[^>]+>", "", draw(board()))
    assert "90.0% good · 20 bad of 10 allowed, of 200 in the last minute" in text
    assert "since the start, not judged: 90.0% of 1,000" in text


def test_nothing_is_said_without_events() -> None:
    """No figure, no color, no line."""
    none = BoardObjective("95% of pages", 0.95, 0.1, "no_events", 0, 0, 0, 0)
    kata = BoardKata("01-latency", "Slow", (none,), (), EDGES_S)
    drawn = draw(Board("http://localhost:3000", 1.0, 5.0, 300.0, (kata,), ()))
    assert "Not run yet" in drawn
    assert "%</b> good" not in drawn
    assert 'class="curve' not in drawn


def test_a_line_ends_where_nothing_is_known() -> None:
    """A bin without a share is no point of the line."""
    drawn = draw(board(bins=[a_bin(0.0), a_bin(5.0, None), a_bin(10.0, 0.5)]))
    (path,) = re.findall(r'class="curve line-a" d="([^"]*)"', drawn)
    assert path.count("L") == 1


def test_a_line_ends_where_it_paused() -> None:
    """Over a gap of some bins there is none; the pause is marked."""
    bins = [a_bin(0.0), a_bin(5.0), a_bin(60.0)]
    drawn = draw(replace(board(bins=bins), pauses_s=((10.0, 60.0),)))
    (path,) = re.findall(r'class="curve line-a" d="([^"]*)"', drawn)
    assert (path.count("M"), path.count("L")) == (2, 1)
    assert drawn.count('class="pause"') == 1


def test_a_pause_that_is_long_over_is_not_drawn() -> None:
    """The axis holds some minutes; what began before them is cut at its edge."""
    now = replace(board(now_s=1000.0), pauses_s=((0.0, 100.0), (600.0, 800.0)))
    (path,) = re.findall(r'class="pause" d="M(\S+) ', draw(now))
    assert float(path) == 66.0


def test_a_run_is_shown_while_it_goes_on() -> None:
    """Which kata, how far, how many are bad, and that the rest pauses; no verdict of the load's."""
    run = BoardRun("01-latency", "burst 2 of at most 3", 6.0, 12.0, 480, 20, 460, 1)
    drawn = draw(replace(board(), run=run))
    assert "Paused for the run of 01-latency" in drawn
    assert 'max="12" value="6"' in drawn
    text = re.sub(r"<[^>]+>", "", drawn)
    assert "burst 2 of at most 3: 6 of 12 s, 480 requests sent, 20 answered; 460 visits" in text
    assert "are bad so far, answered or not" in text
    assert "1 more waits" in text


def test_the_end_of_the_axis_is_now_or_the_pause() -> None:
    """Figures that stand still are not called those of now."""
    run = BoardRun("01-latency", "burst 1 of at most 3", 6.0, 12.0, 480, 20, 460, 0)
    assert ">now</text>" in draw(board())
    paused = draw(replace(board(), run=run))
    assert ">pause</text>" in paused
    assert ">now</text>" not in paused


def test_lines_and_fields_are_named_where_they_are() -> None:
    """A start of the app and a pause, in the words above the plot."""
    assert "dotted" not in draw(board())
    assert "grey" not in draw(board())
    drawn = draw(replace(board(), restarts_s=(30.0,), pauses_s=((10.0, 20.0),)))
    assert "dashed is the objective, dotted a start of the app, grey a pause for a kata<" in drawn


def test_a_run_that_ended_has_its_verdict_and_a_link() -> None:
    """In words and by a sign; what a run says of itself is text."""
    verdicts = (
        BoardVerdict("01-latency", "not_met", "Not met. <b>", "reports/01-latency/a.html"),
        BoardVerdict("03-search", "unheard of", "The run was broken off.", ""),
        BoardVerdict("02-login-errors", "met", "Met.", "", is_elsewhere=True),
    )
    drawn = draw_run(replace(board(), last_runs=verdicts))
    assert "✗ 01-latency" in drawn
    assert "Not met. &lt;b&gt;" in drawn
    assert drawn.count("<a ") == 1
    assert drawn.count("run meanwhile in another folder, of another app/: Met.") == 1
    assert 'href="reports/01-latency/a.html"' in drawn


def test_the_run_to_make_next_is_that_of_a_kata_that_is_missed() -> None:
    """The first such; else the first of all."""
    met = BoardKata("01-latency", "Slow", (objective("met"),), (), EDGES_S)
    missed = BoardKata("03-search", "Search", (objective("not_met"),), (), EDGES_S)
    both = replace(board(), katas=(met, missed))
    assert "in the last minute, in 03-search." in draw(both)
    assert "in the last minute." in draw(replace(both, katas=(met,)))
    assert "pytest katas/03-search<" in draw(both)
    assert "pytest katas/01-latency<" in draw(replace(both, katas=(met,)))


def test_what_is_older_than_the_axis_is_not_drawn() -> None:
    """Only the last minutes are."""
    drawn = draw(board(bins=[a_bin(0.0), a_bin(600.0)], now_s=605.0))
    (path,) = re.findall(r'class="bar-good" d="([^"]*)"', drawn)
    assert path.count("M") == 1


@pytest.mark.parametrize("now_s", [7.0, 299.0, 3_000.0])
def test_now_is_at_the_right(now_s: float) -> None:
    """The bin that fills now stands at the right edge, however long the load has gone on."""
    drawn = draw(board(bins=[a_bin(now_s // 5 * 5)], now_s=now_s))
    (path,) = re.findall(r'class="bar-good" d="M(\S+) \S+h(\S+?)v', drawn)
    assert sum(map(float, path)) == pytest.approx(412, abs=0.1)


def test_the_bars_add_up_to_the_highest() -> None:
    """The tallest bin is as tall as the plot, and its parts as high as their counts."""
    drawn = draw(board(bins=[a_bin(0.0)]))
    heights = {
        tone: float(height)
        for tone, height in re.findall(r'class="bar-(\w+)" d="M\S+ \S+h[\d.]+v([\d.]+)h', drawn)
    }
    assert heights == pytest.approx({"good": 78 * 0.8, "none": 78 * 0.2}, abs=0.01)


def test_a_title_is_text() -> None:
    """Nothing that a kata is called can be markup."""
    drawn = draw(board(title="<script>alert(1)</script>"))
    assert "<script" not in drawn
    assert "&lt;script&gt;" in drawn


def test_the_page_lets_only_its_own_script_run() -> None:
    """The policy names the hashes of style and script, and the board's own address for events.

    Content Security Policy Level 3: of the text between the tags, the SHA-256 in base64.
    """
    text = page(draw(board()))
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    for tag, directive in (("script", "script-src"), ("style", "style-src")):
        (inline,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, flags=re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}';" in html.unescape(policy)
    assert "unsafe" not in policy
    assert "connect-src 'self'" in policy
    assert not re.search(r"https?://(?!localhost|www\.w3\.org)", text)
    assert text.count("<script>") == 1
