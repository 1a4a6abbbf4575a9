"""dojo.load.steady: on time, nothing kept of what is over, and ended whatever happens."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from dojo.errors import GraderFault
from dojo.load.plan import Journey, Plan, Step
from dojo.load.sample import Cause
from dojo.load.steady import SteadyLoad
from dojo.slo.window import Outcome
from tests.support.awaiting import await_that
from tests.support.processes import gone_within, is_alive
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


def gathered(load: SteadyLoad, count: int) -> list[Outcome]:
    """Outcomes as they come, until there are so many."""
    outcomes: list[Outcome] = []

    def enough() -> bool:
        load.hand_over()
        outcomes.extend(Outcome.of(j.plan, j.samples, j.ended_s) for j in load.finished())
        return len(outcomes) >= count

    await_that(enough)
    return outcomes


def test_every_journey_of_every_slice_has_its_outcome(site: str) -> None:
    """Slice after slice is sent by one process; nothing of a finished slice is kept."""
    with SteadyLoad.start(plans("/delay/5", 6, 10, 0.8), site) as load:
        outcomes = gathered(load, 60)
        assert not load._plans
        assert not load._unfinished
    times = sorted(each.event.intended_s for each in outcomes)
    assert times == pytest.approx([0.08 * place for place in range(60)])
    assert {each.event.failure for each in outcomes} == {None}
    assert all(each.lateness_s >= 0 for each in outcomes)
    assert all((each.event.latency_s or 0) >= 0.005 for each in outcomes)


def test_answers_of_several_slices_at_once(site: str) -> None:
    """A slow answer belongs to its own journey, though those of later slices are over first."""
    first = Plan(1, 0.2, (page("/delay/900", 0.0, "slow"),))
    later = [Plan(1, 0.2 * n, (page("/delay/0", 0.2 * n - 0.1, "quick"),)) for n in (2, 3)]
    with SteadyLoad.start(iter([first, *later]), site) as load:
        outcomes = gathered(load, 3)
    assert [each.event.name for each in outcomes] == ["quick", "quick", "slow"]
    assert outcomes[2].event.latency_s == pytest.approx(0.9, abs=0.5)


def test_failures_have_their_causes(site: str) -> None:
    """A status, a dropped connection and a refused one are told apart from a right answer."""
    paths = ["/status/500", "/status/404", "/drop", "/delay/0"]
    plan = Plan(1, 0.2, tuple(page(path, 0.0, path) for path in paths))
    with SteadyLoad.start(iter([plan]), site) as load:
        outcomes = {each.event.name: each.event.failure for each in gathered(load, 4)}
    assert [outcomes[path] for path in paths] == [
        Cause.HTTP_5XX,
        Cause.HTTP_4XX,
        Cause.CONNECTION,
        None,
    ]
    with SteadyLoad.start(iter([plan]), "http://127.0.0.1:9") as load:
        assert {each.event.failure for each in gathered(load, 4)} == {Cause.CONNECTION}


def test_what_is_cut_off_is_counted_apart(site: str) -> None:
    """What is not over when the load is ended is no event, good or bad, and is counted."""
    plan = Plan(1, 0.2, (page("/delay/0", 0.0), page("/delay/8000", 0.0)))
    with SteadyLoad.start(iter([plan]), site) as load:
        gathered(load, 1)
        assert load.end() == []
        assert load.cut_off == 1


def test_a_generator_that_dies_is_our_fault(site: str) -> None:
    """The next check names its exit status."""
    with SteadyLoad.start(plans("/delay/0", 100, 1, 1.0), site) as load:
        os.kill(load.pid, signal.SIGKILL)
        load._generator.wait(WAIT_S)
        with pytest.raises(GraderFault, match=r"broke down.*exit status -9"):
            load.check()


def test_a_broken_journey_is_quoted(site: str) -> None:
    """A fault of ours ends the load with the generator's own words."""
    broken = Journey("page", (Step("a", "GET", None),), 0.0)  # type: ignore[arg-type]
    with SteadyLoad.start(iter([Plan(1, 1.0, (broken,))]), site) as load:
        load._generator.wait(WAIT_S)
        with pytest.raises(GraderFault, match="AttributeError"):
            load.check()


def test_slices_are_made_when_they_are_due(site: str) -> None:
    """Not all at once, nor in another thread; further ahead when that is asked for."""
    threads: list[int] = []

    def noted() -> Iterator[Plan]:
        for plan in plans("/delay/0", 1000, 1, 1.0):
            threads.append(threading.get_ident())
            yield plan

    with SteadyLoad.start(noted(), site) as load:
        assert 3 <= len(threads) <= 4
        load.hand_over(60.0)
        assert len(threads) >= 60
        load.hand_over()
        assert len(threads) <= 62 + load.now_s
    assert set(threads) == {threading.get_ident()}


def test_a_flow_that_breaks_reaches_the_caller(site: str) -> None:
    """What planning raises comes out of the call that planned."""

    def broken() -> Iterator[Plan]:
        yield Plan(1, 0.1, (page("/delay/0", 0.0),))
        raise ZeroDivisionError("in a kata")

    with pytest.raises(ZeroDivisionError, match="in a kata"):
        SteadyLoad.start(broken(), site)


PARENT = """
import sys, time
from tests.integration.load.test_steady import plans
from dojo.load.steady import SteadyLoad
load = SteadyLoad.start(plans("/delay/0", 1000, 2, 1.0), sys.argv[1])
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
        assert is_alive(pid)
        parent.kill()
        assert gone_within(pid, 1)


def test_what_hangs_is_known_before_it_is_over(site: str) -> None:
    """Who has no answer yet is named with the wait so far; who will come, or is over, is not."""
    journeys = (page("/delay/9500", 0.0, "hung"), page("/delay/0", 0.0), page("/delay/0", 900.0))
    with SteadyLoad.start(iter([Plan(1, 1000.0, journeys)]), site) as load:
        await_that(lambda: len(load.finished()) == 1)
        await_that(lambda: load.now_s > 0.5)
        (waiting,) = load.waiting()
    assert waiting.name == "hung"
    assert waiting.waits_s >= 0.5


def test_think_time_is_no_wait(site: str) -> None:
    """A journey that thinks for longer than it has gone on waits for nobody."""
    thinks = Journey("a", (Step("x", "GET", "/delay/0"), Step("y", "GET", "/", think_s=600.0)))
    with SteadyLoad.start(iter([Plan(1, 1.0, (thinks,))]), site) as load:
        await_that(lambda: load.now_s > 0.3)
        assert load.waiting() == []


def test_it_goes_on_from_an_earlier_beginning(site: str) -> None:
    """After a pause times count from where they counted before it."""
    began_at_s = time.monotonic() - 100.0
    plan = Plan(1, 102.0, (page("/delay/0", 100.5),))
    with SteadyLoad.start(iter([plan]), site, began_at_s) as load:
        (outcome,) = gathered(load, 1)
    assert outcome.event.intended_s == 100.5
    assert outcome.ended_s > 100.5
