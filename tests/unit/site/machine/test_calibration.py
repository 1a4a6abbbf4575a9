"""The speed of one core beside the reference machine's."""

import time

import pytest

from dojo.site.machine import calibration
from dojo.site.machine.calibration import REFERENCE_S, core_speed, measure_core


def test_half_as_fast_needs_twice_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """1 is the reference machine's core."""
    monkeypatch.setattr(calibration, "measure_core", lambda: 2 * REFERENCE_S)
    assert core_speed() == pytest.approx(0.5)


def test_a_machine_that_has_become_slower_is_slower(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a laptop on battery is: nothing is remembered of an earlier run."""
    times_s = iter([REFERENCE_S, 3 * REFERENCE_S])
    monkeypatch.setattr(calibration, "measure_core", lambda: next(times_s))
    assert [core_speed(), core_speed()] == pytest.approx([1.0, 1 / 3])


def test_it_takes_a_fraction_of_a_second_and_some_cpu() -> None:
    """The work is really done, and the best of several goes is no longer than one."""
    began = time.thread_time()
    core_s = measure_core(goes=5)
    assert 1e-5 < core_s < 0.1
    assert time.thread_time() - began >= 5 * core_s
