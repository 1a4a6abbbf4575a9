"""The speed of one core beside the reference machine's."""

import json
import time
from pathlib import Path

import pytest

from dojo.site.machine import calibration
from dojo.site.machine.calibration import REFERENCE_S, core_speed, measure_core


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """CPU seconds that the next measurements give; the last one for ever."""
    times_s = [2 * REFERENCE_S]

    def measure() -> float:
        return times_s.pop(0) if len(times_s) > 1 else times_s[0]

    monkeypatch.setattr(calibration, "measure_core", measure)
    return times_s


def test_half_as_fast_needs_twice_the_time(measured: list[float], tmp_path: Path) -> None:
    """1 is the reference machine's core."""
    assert core_speed(tmp_path) == pytest.approx(0.5)


def test_it_is_measured_once_for_a_machine(measured: list[float], tmp_path: Path) -> None:
    """Also by a folder that was not there before."""
    measured[:] = [REFERENCE_S, 9 * REFERENCE_S]
    cache = tmp_path / "cache"
    assert core_speed(cache) == core_speed(cache) == pytest.approx(1.0)


def test_another_machine_is_measured_anew(measured: list[float], tmp_path: Path) -> None:
    """A cache may be shared, or moved with a disk."""
    other = {"machine": "another", "core_s": 0.1 * REFERENCE_S}
    (tmp_path / "machine.json").write_text(json.dumps(other))
    assert core_speed(tmp_path) == pytest.approx(0.5)
    assert core_speed(tmp_path) == pytest.approx(0.5)
    assert json.loads((tmp_path / "machine.json").read_text())["machine"] != "another"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"machine": 1}', "\udcff"])
def test_a_broken_cache_is_measured_over(measured: list[float], tmp_path: Path, text: str) -> None:
    """Whatever stands in it."""
    (tmp_path / "machine.json").write_bytes(text.encode(errors="surrogateescape"))
    assert core_speed(tmp_path) == pytest.approx(0.5)


@pytest.mark.parametrize("core_s", [0, -1, None, "x"])
def test_a_time_that_can_not_be_is_measured_over(
    measured: list[float], tmp_path: Path, core_s: object
) -> None:
    """A core takes some time, and less than for ever."""
    known = {"machine": calibration._machine(), "core_s": core_s}
    (tmp_path / "machine.json").write_text(json.dumps(known))
    assert core_speed(tmp_path) == pytest.approx(0.5)


def test_a_cache_that_can_not_be_written_costs_time_alone(
    measured: list[float], tmp_path: Path
) -> None:
    """The speed is known all the same."""
    (tmp_path / "file").write_text("")
    assert core_speed(tmp_path / "file" / "cache") == pytest.approx(0.5)


def test_it_takes_a_fraction_of_a_second_and_some_cpu() -> None:
    """The work is really done, and the best of several goes is no longer than one."""
    began = time.thread_time()
    core_s = measure_core(goes=5)
    assert 1e-5 < core_s < 0.1
    assert time.thread_time() - began >= 5 * core_s
