"""What of two runs of one app is chance: figures of stored attempts."""

import pytest

from dojo.output.chance import other_count, other_rate, other_time, other_work


@pytest.mark.parametrize(
    ("then_s", "now_s", "other"),
    [(0.172, 0.268, False), (0.0126, 0.0236, False), (0.363, 0.221, True), (0.7, 0.2, True)],
)
def test_times_alone(then_s: float, now_s: float, other: bool) -> None:
    """Those of one app differ by up to 1.56 times; a fix makes more, in either direction."""
    assert other_time(then_s, now_s) is other
    assert other_time(now_s, then_s) is other
    assert not other_time(0.05, 0.095, crowded=True)  # beside a busy program
    assert other_time(0.05, 0.095)


@pytest.mark.parametrize(
    ("then", "now", "other"), [(16, 22, False), (76, 85, False), (9, 27, True), (81, 151, True)]
)
def test_answers_a_second(then: int, now: int, other: bool) -> None:
    """Of bursts of three seconds; the same rate is none, and so is that of no time."""
    assert other_rate(then, 3.05, now, 3.05) is other
    assert not other_rate(now, 3.05, now, 3.05)
    assert not other_rate(then, 3.05, now, 0.0)


def test_statements_of_few_answers_say_little() -> None:
    """One visitor in five needs far more than the others."""
    assert not other_work(15.4, 22, 7.0, 19)
    assert not other_work(2.7, 434, 3.1, 960)
    assert not other_work(21.0, 0, 2.4, 960)
    assert other_work(21.5, 960, 2.4, 960)
    assert other_work(21.0, 20, 2.4, 960)


def test_counts_of_groups() -> None:
    """As shares of all events."""
    assert not other_count(6, 300, 10, 300)
    assert other_count(60, 960, 20, 960)
    assert not other_count(80, 960, 20, 240)
