"""What the machine did during a burst, reading by reading: what events are excused by. Pure."""

from dataclasses import dataclass

__all__ = ["CpuLoad", "MachineInterval"]


@dataclass(frozen=True, slots=True)
class CpuLoad:
    """What some threads had of the CPUs. Both are seconds a second."""

    cores: float  # used
    delay: float  # ready to run, and waiting for a CPU

    @property
    def ready(self) -> float:
        """How many of the threads were ready to run, on average."""
        return self.cores + self.delay


@dataclass(frozen=True, slots=True)
class MachineInterval:
    """What the machine did between two readings."""

    start_s: float  # on the clock of the events
    end_s: float
    run: CpuLoad  # all of the run: load, proxy, Postgres, app, grader
    app: CpuLoad
    postgres: CpuLoad
    outside_cores: float  # used by processes that can be named and are not the run's
    steal: float = 0.0  # of each second on a CPU, lost to the host

    @property
    def length_s(self) -> float:
        """Never negative, even if a clock was."""
        return max(0.0, self.end_s - self.start_s)
