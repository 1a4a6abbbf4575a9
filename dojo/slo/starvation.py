"""Whether others left a run so little of the machine that no app could have been fast. Pure.

What an event is given back (`dojo.slo.excuse`) is exact enough where two or four programs compute
beside a run. Where ten do, the queue that theft makes also stands in front of Postgres, which is
given nothing, and in as many threads as the app has: then a right app can be late for most visitors
even after excuses. Such a burst is told by three figures together:

- others used at least `OUTSIDE` of the cores,
- the run used less than the reference solution's run uses, and
- its threads waited for a CPU at least `WAITED` times as long as they had one,

and by no more than `MOST_WAITING` threads at a time: more of them are the app's own doing. Measured
was how many times longer a run waited for the CPUs than it had them. Beside two loops that is 1.1
to 2.2 for single faults, which are red by their own events; beside ten programs a right app of kata
02 was called not met at 4.9 and 10.2. A slow app beside others is none of these: its own Postgres
or threads use more of the machine than the reference solution's, or two hundred threads wait, and
not four (docs/decision.md has the table).
"""

from collections.abc import Callable, Sequence
from math import fsum

from dojo.slo.machine_interval import MachineInterval

__all__ = ["is_starved"]

OUTSIDE = 0.5  # of the cores that the run may use
WAITED = 3.5  # times the CPU time that it had
MOST_WAITING = 30.0  # threads at a time


def is_starved(intervals: Sequence[MachineInterval], cores: float, run_demand_cores: float) -> bool:
    """Whether a burst says nothing against its app, since others had the machine.

    `cores` may be used by the run and by others; the run of the reference solution needs
    `run_demand_cores` of them, on this machine. False if nothing was measured.
    """
    length_s = fsum(each.length_s for each in intervals)
    if not length_s:
        return False

    def mean(figure: Callable[[MachineInterval], float]) -> float:
        return fsum(figure(each) * each.length_s for each in intervals) / length_s

    had, waited = mean(lambda each: each.run.cores), mean(lambda each: each.run.delay)
    return (
        mean(lambda each: each.outside_cores) >= OUTSIDE * cores
        and had < run_demand_cores
        and WAITED * had <= waited <= MOST_WAITING
    )
