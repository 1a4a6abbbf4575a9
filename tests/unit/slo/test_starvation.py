"""When others left a run too little of the machine for any red."""

import pytest

from dojo.slo.machine_interval import CpuLoad, MachineInterval
from dojo.slo.starvation import is_starved

CORES = 2.0
NOTHING = CpuLoad(0.0, 0.0)


def interval(run: float, delay: float, outside: float, length_s: float = 1.0) -> MachineInterval:
    return MachineInterval(0.0, length_s, CpuLoad(run, delay), NOTHING, NOTHING, outside)


# cores the run used, threads that waited, cores others used; what the reference's run needs
MEASURED = {
    "02, a right app, ten programs": (0.49, 2.38, 1.50, 0.70, True),
    "02, a right app, more of them": (0.21, 2.12, 1.77, 0.70, True),
    "02, a right app, a few": (0.86, 0.58, 0.65, 0.70, False),
    "02 shipped, two loops": (0.30, 0.50, 1.69, 0.70, False),
    "02, addresses, two loops": (0.37, 0.79, 1.62, 0.70, False),
    "02, connections, two loops": (0.22, 0.36, 1.77, 0.70, False),
    "01 shipped, two loops": (1.56, 7.46, 0.44, 0.85, False),
    "01, round trips, two loops": (0.77, 0.83, 1.22, 0.85, False),
    "01, a blocked loop, two loops": (0.56, 0.63, 1.44, 0.85, False),
    "03, scans, two loops": (1.56, 10.58, 0.44, 0.85, False),
    "03, authors, two loops": (0.61, 0.70, 1.38, 0.85, False),
    "two hundred hashing threads, one loop": (1.98, 198.0, 0.02, 0.70, False),
    "… and where groups share the cores": (0.67, 199.0, 1.33, 0.70, False),
    "a quiet machine": (0.10, 0.60, 0.00, 0.70, False),
}


@pytest.mark.parametrize(
    ("run", "delay", "outside", "demand", "starved"), MEASURED.values(), ids=MEASURED
)
def test_what_was_measured(
    run: float, delay: float, outside: float, demand: float, starved: bool
) -> None:
    """A fault beside two loops is never starved, and a right app beside ten programs is."""
    assert is_starved([interval(run, delay, outside)], CORES, demand) is starved


def test_means_are_over_time() -> None:
    """A moment without others does not hide the rest, nor does a moment with them count for all."""
    calm, crowded = (0.6, 0.1, 0.0), (0.2, 2.5, 1.8)
    assert is_starved([interval(*calm, 1.0), interval(*crowded, 9.0)], CORES, 0.7)
    assert not is_starved([interval(*calm, 9.0), interval(*crowded, 1.0)], CORES, 0.7)


def test_nothing_measured_excuses_nothing() -> None:
    """Where the system tells no figures, and in an interval without a length."""
    assert not is_starved([], CORES, 0.7)
    assert not is_starved([interval(0.2, 2.5, 1.8, 0.0)], CORES, 0.7)
