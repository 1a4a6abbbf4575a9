"""The SLI of each segment in the terminal."""

import io

import pytest
from rich.console import Console

from dojo.burst_figures import SegmentSli
from dojo.output.terminal.segments import print_segments
from dojo.report import Report
from tests.support.sample_reports import small_report

SEGMENTS = (
    SegmentSli("right password, sent twice", 0, 134),
    SegmentSli("right password", 1_204, 1_320),
    SegmentSli("unknown address", 77, 77),
)


def printed(report: Report, width: int) -> str:
    target = io.StringIO()
    print_segments(Console(file=target, width=width, no_color=True), report)
    return target.getvalue()


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_each_segment_has_a_line(width: int) -> None:
    """Its name, good and total, and its SLI, the worst first."""
    lines = [line.split() for line in printed(small_report(segments=SEGMENTS), width).splitlines()]
    assert lines[-4:] == [
        ["segment", "good", "/", "total", "SLI"],
        ["right", "password,", "sent", "twice", "0", "/", "134", "0.0%"],
        ["right", "password", "1,204", "/", "1,320", "91.2%"],
        ["unknown", "address", "77", "/", "77", "100.0%"],
    ]


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_a_long_name_is_folded(width: int) -> None:
    """Never cut, and no figure with it."""
    name = " ".join(["customers who bought something on the second day of a sale"] * 3)
    segments = (SegmentSli(name, 0, 1_000_000), *SEGMENTS)
    text = printed(small_report(segments=segments), width)
    assert max(map(len, text.splitlines())) <= width
    assert "".join(name.split()) in "".join(text.split()).replace("0/1,000,0000.0%", "")
    assert "0 / 1,000,000    0.0%" in text


def test_nothing_is_shown_of_an_invalid_run_nor_without_segments() -> None:
    """The one says nothing about the app; of the other there is nothing to say."""
    assert printed(small_report(segments=()), 80) == ""
    assert printed(small_report(segments=SEGMENTS, verdict="invalid"), 80) == ""
