"""The background load: on time, judged, forgotten, and ended whatever happens."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from dojo.errors import GraderFault
from dojo.load.plan import Journey, Plan, Step
from dojo.load.sample import Cause
from dojo.load.steady import Background
from dojo.slo.window import Outcome
from tests.support.project import ROOT
from tests.support.stub_site import stub_site

WAIT_S = 20.0


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with stub_site() as base_url:
        yield base_url


def page(path: str, at_s: float, name: str = "page") -> Journey:
    return Journey(name, (Step("a", "GET", path),), at_s)


def plans(path: str, count: int, each: int, slice_s: float) -> Iterator[Plan]:
    """`count` slices of `each` journeys."""
    for number in range(count):
        begins_s = number * slice_s
        starts = [begins_s + slice_s * place / each for place in range(each)]
        yield Plan(1, begins_s + slice_s, tuple(page(path, at_s) for at_s in starts))


def gathered(load: Background, count: int) -> list[Outcome]:
    """Outcomes as they come, until there are so many."""
    found: list[Outcome] = []

    def enough() -> bool:
        load.hand_over()
        found.extend(Outcome.of(one.plan, one.samples, one.ended_s) for one in load.finished())
        return len(found) >= count

    await_that(enough)
    return found


def await_that(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.02)


def test_every_journey_of_every_slice_has_its_outcome(site: str) -> None:
    """Slice after slice is sent by one process; nothing of a finished slice is kept."""
    with Background.start(plans("/delay/5", 6, 10, 0.8), site) as load:
        found = gathered(load, 60)
        assert not load._plans
        assert not load._open
    times = sorted(one.event.intended_s for one in found)
    assert times == pytest.approx([0.08 * place for place in range(60)])
    assert {one.event.failure for one in found} == {None}
    assert all(one.lateness_s >= 0 for one in found)
    assert all((one.event.latency_s or 0) >= 0.005 for one in found)


def test_answers_of_several_slices_at_once(site: str) -> None:
    """A slow answer belongs to its own journey, though those of later slices are over first."""
    first = Plan(1, 0.2, (page("/delay/900", 0.0, "slow"),))
    later = [Plan(1, 0.2 * n, (page("/delay/0", 0.2 * n - 0.1, "quick"),)) for n in (2, 3)]
    with Background.start(iter([first, *later]), site) as load:
        found = gathered(load, 3)
    assert [one.event.name for one in found] == ["quick", "quick", "slow"]
    assert found[2].event.latency_s == pytest.approx(0.9, abs=0.5)


def test_failures_have_their_causes(site: str) -> None:
    """A status, a dropped connection and a refused one are told apart from a right answer."""
    paths = ["/status/500", "/status/404", "/drop", "/delay/0"]
    plan = Plan(1, 0.2, tuple(page(path, 0.0, path) for path in paths))
    with Background.start(iter([plan]), site) as load:
        found = {one.event.name: one.event.failure for one in gathered(load, 4)}
    assert [found[path] for path in paths] == [
        Cause.HTTP_5XX,
        Cause.HTTP_4XX,
        Cause.CONNECTION,
        None,
    ]
    with Background.start(iter([plan]), "http://127.0.0.1:9") as load:
        assert {one.event.failure for one in gathered(load, 4)} == {Cause.CONNECTION}


def test_what_is_cut_off_is_counted_apart(site: str) -> None:
    """What is not over when the load is ended is no event, good or bad; its number is told."""
    plan = Plan(1, 0.2, (page("/delay/0", 0.0), page("/delay/8000", 0.0)))
    with Background.start(iter([plan]), site) as load:
        gathered(load, 1)
        assert load.end() == []
        assert load.cut_off == 1


def test_a_generator_that_dies_is_told(site: str) -> None:
    """By its exit status, at the next look."""
    with Background.start(plans("/delay/0", 100, 1, 1.0), site) as load:
        os.kill(load.pid, signal.SIGKILL)
        load._child.wait(WAIT_S)
        with pytest.raises(GraderFault, match=r"broke down.*exit status -9"):
            load.check()


def test_a_broken_journey_is_quoted(site: str) -> None:
    """A fault of ours ends the load with the generator's own words."""
    broken = Journey("page", (Step("a", "GET", None),), 0.0)  # type: ignore[arg-type]
    with Background.start(iter([Plan(1, 1.0, (broken,))]), site) as load:
        load._child.wait(WAIT_S)
        with pytest.raises(GraderFault, match="TypeError"):
            load.check()


def test_slices_are_made_when_they_are_due(site: str) -> None:
    """Not all at once, nor in another thread; further ahead when that is asked for."""
    made: list[int] = []

    def noted() -> Iterator[Plan]:
        for plan in plans("/delay/0", 1000, 1, 1.0):
            made.append(threading.get_ident())
            yield plan

    with Background.start(noted(), site) as load:
        assert 3 <= len(made) <= 4
        load.hand_over(60.0)
        assert len(made) >= 60
        load.hand_over()
        assert len(made) <= 62 + load.now_s
    assert set(made) == {threading.get_ident()}


def test_a_flow_that_breaks_is_told(site: str) -> None:
    """What planning raises reaches who asked for it."""

    def broken() -> Iterator[Plan]:
        yield Plan(1, 0.1, (page("/delay/0", 0.0),))
        raise ZeroDivisionError("in a kata")

    with pytest.raises(ZeroDivisionError, match="in a kata"):
        Background.start(broken(), site)


PARENT = """
import sys, time
from tests.integration.load.test_steady import plans
from dojo.load.steady import Background
load = Background.start(plans("/delay/0", 1000, 2, 1.0), sys.argv[1])
print(load.pid, flush=True)
time.sleep(60)
"""


def test_the_generator_ends_with_its_parent(site: str) -> None:
    """Even by kill -9."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, site], stdout=subprocess.PIPE, cwd=ROOT
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert _alive(pid)
        parent.kill()
        await_that(lambda: not _alive(pid))


def _alive(pid: int) -> bool:
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True
    ).stdout.strip()
    return bool(state) and not state.startswith("Z")
