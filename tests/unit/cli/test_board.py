"""dojo.cli.board: what the board says of a kata's run."""

from pathlib import Path

import pytest

from dojo.cli.board import SiteFigures, board_run, verdict_of, without_app
from dojo.output.html.board_state import Board
from dojo.site.run_state import RunState

REPORTS = Path("/state/reports")
BURST = RunState("01-latency", "burst", 2, 3.0, 12.0, 240, 200, 40, 9)
WAITS = RunState()


def test_the_run_that_measures_is_shown() -> None:
    """With how far it is, and how many wait behind it."""
    run = board_run([BURST, WAITS], 0.3)
    assert (run.kata, run.words, run.queued) == ("01-latency", "burst 2 of at most 3", 1)
    assert (run.t_s, run.burst_s, run.sent, run.done, run.bad) == (3.0, 12.0, 240, 200, 9)


def test_a_burst_that_says_nothing_is_over() -> None:
    """Then the run is judged and checked, which says nothing of itself."""
    assert board_run([BURST], 2.5).words == "is judged and checked"


@pytest.mark.parametrize(
    "states", [[], [WAITS], [RunState("k", "starts")], [RunState("k", "ended")]]
)
def test_there_are_words_for_every_phase(states: list[RunState]) -> None:
    """Also for none: the run has ended, and the shop is not yet there again."""
    assert board_run(states, 9.0).words


def test_an_app_that_cannot_start_after_a_run_is_told() -> None:
    """The board does not promise a shop that is down until app/ changes."""
    assert "the shop starts again" in board_run([], 9.0).words
    assert "can't start" in board_run([], 9.0, is_down=True).words


def test_a_shop_without_its_app_is_called_that() -> None:
    """Before whatever else the reader must know."""
    board = Board("http://localhost:3000", 1.0, 5.0, 300.0, (), (), remark="The load is late.")
    assert without_app(board).remark.startswith("The app has ended or can't start;")
    assert without_app(board).remark.endswith("until app/ changes. The load is late.")


def test_the_shops_own_figures_are_kept_for_a_pause() -> None:
    """Those that were read last; asking again would ask a shop that ends."""
    figures = SiteFigures("http://127.0.0.1:9")
    assert figures.read() == figures.last == (("the app's own figures", "no answer"),)
    figures.close()


@pytest.mark.parametrize(
    ("page", "href"),
    [
        ("/state/reports/01-latency/attempt-0001.html", "reports/01-latency/attempt-0001.html"),
        ("/elsewhere/01-latency/attempt-0001.html", ""),
        ("/state/reports/../x/attempt-0001.html", ""),
        ("", ""),
    ],
)
def test_only_a_report_of_this_clone_is_linked(page: str, href: str) -> None:
    """The run of another clone has its report where the board can't serve it."""
    run = RunState("01-latency", "ended", verdict="met", summary="Met.", page=page)
    verdict = verdict_of(run, REPORTS)
    assert verdict.href == href
    assert verdict.is_elsewhere == (bool(page) and not href)


def test_a_run_that_broke_off_says_so() -> None:
    """It has no verdict."""
    verdict = verdict_of(RunState("01-latency", "broken_off"), REPORTS)
    assert (verdict.verdict, verdict.summary) == ("broken_off", "The run was broken off.")
