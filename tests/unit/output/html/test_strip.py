"""The attempts as a strip of small pictures."""

from dataclasses import replace

from dojo.burst_figures import Pace
from dojo.output.html.strip import strip
from dojo.output.this_attempt import as_attempt
from tests.support.sample_reports import earlier_attempts, report


def test_this_attempt_is_marked_and_the_others_lead_to_their_pages() -> None:
    """The oldest comes first."""
    sample = replace(report(), number=4)
    pictures = strip(sample, (*earlier_attempts(), as_attempt(sample)))
    assert [picture.number for picture in pictures] == [1, 2, 3, 4]
    assert [picture.now for picture in pictures] == [False, False, False, True]
    assert pictures[0].page == "attempt-0001.html"
    assert pictures[3].page == ""


def test_a_bar_is_as_long_as_the_sli_and_its_color_is_the_verdict() -> None:
    """Where no verdict was kept, it is the target that tells."""
    sample = replace(report(), number=4)
    first, *_, last = strip(sample, (*earlier_attempts(), as_attempt(sample)))
    assert [bar.width for bar in first.bars] == [30.0, 30.0]
    assert [bar.kind for bar in first.bars] == ["bad", "bad"]
    assert [bar.width for bar in last.bars] == [120.0, 120.0]
    assert [bar.kind for bar in last.bars] == ["good", "good"]
    assert [bar.target_x for bar in last.bars] == [114.0, 118.8]
    assert "95% of page loads within 100 ms: 25.0%" in first.text


def test_what_moves_with_every_fix_stands_below() -> None:
    """The pace while it was a capacity, and the time alone."""
    saturated = replace(earlier_attempts()[0], pace=Pace(16, 5.0, 80, keeps_up=False))
    fine = replace(saturated, pace=Pace(960, 12.0, 80, keeps_up=True))
    first, second = strip(report(), (saturated, fine))
    assert first.lines == ("3.2 of 80 a second", "alone 700 ms")
    assert second.lines == ("keeps up", "alone 700 ms")
