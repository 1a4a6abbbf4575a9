"""Pictures lines of characters."""

from hypothesis import given
from hypothesis import strategies as st

from dojo.burst_figures import Point
from dojo.output.charts import bar, bars, timeline

times = st.one_of(st.none(), st.floats(0, 100))


def points_of(latencies_s: list[float | None]) -> list[Point]:
    return [Point(place / 10, time, None) for place, time in enumerate(latencies_s)]


@given(st.lists(times), st.lists(st.floats(0.001, 50), min_size=1))
def test_every_answer_is_in_one_line(latencies_s: list[float | None], edges: list[float]) -> None:
    """The lines of a histogram count each answered event once."""
    lines = bars(points_of(latencies_s), edges)
    assert sum(line.count for line in lines) == sum(time is not None for time in latencies_s)


def test_a_threshold_is_an_edge() -> None:
    """What is within the threshold and what is beyond it never share a line."""
    lines = bars(points_of([0.12, 0.13, 0.14]), [0.13])
    assert [(line.upto_s, line.count) for line in lines if line.count] == [(0.13, 2), (0.2, 1)]


def test_a_quick_failure_is_bad() -> None:
    """A 500 after 5 ms and a wrong page after 20 ms are no good answers, however quick."""
    points = [
        Point(0.0, 0.005, "http_5xx"),
        Point(0.1, 0.02, "wrong_content"),
        Point(0.2, 0.02, None),
        Point(0.35, 0.2, "slow"),
    ]
    lines = [line for line in bars(points, [0.1]) if line.count]
    assert [(line.upto_s, line.good, line.bad) for line in lines] == [
        (0.005, 0, 1),
        (0.02, 1, 1),
        (0.2, 0, 1),
    ]
    rows = timeline(points, 0.4, 0.1, width=4, height=5)
    assert rows[-1][9:] == "▒▒██"


def test_bars_are_exact_to_an_eighth() -> None:
    """Nothing is empty unless it is zero."""
    assert bar(0, 10) == ""
    assert bar(1, 10) == "█" * 10
    assert bar(0.5, 1) == "▌"
    assert bar(1e-9, 10) == "▏"


def test_the_timeline_shows_when_it_was_slow() -> None:
    """The slow moment reaches above the threshold, the unanswered one is marked."""
    rows = timeline(points_of([0.01, 1.0, None, 0.01]), 0.4, 0.1, width=4, height=5)
    plots = [row[9:] for row in rows]
    assert plots[0] == " ▒↑ "
    line = next(row for row in rows if "┤" in row)
    assert line.startswith(" 100 ms ┤")
    assert line[9:] == "╌▒╌╌"
    assert all(len(row) == 13 for row in rows)
