"""dojo.cli.watcher: what a save does, in every state."""

from collections.abc import Sequence

import pytest

from dojo.cli.watcher import Watcher
from dojo.output.run_events import Event, event_line, read_line


class FakeRun:
    def __init__(self, log: list[str], number: int) -> None:
        self.log, self.name = log, f"run {number}"
        self.told: list[Event] = []
        self.ended: int | None = None
        log.append(f"{self.name} made")

    def start(self) -> None:
        self.log.append(f"{self.name} started")

    def events(self) -> list[Event]:
        told, self.told = self.told, []
        return told

    def status(self) -> int | None:
        return self.ended

    def stop(self) -> None:
        self.log.append(f"{self.name} stopped")


class World:
    """Files that change when a test says so, runs that end when it says so, and what was shown."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.runs: list[FakeRun] = []
        self.saves: list[tuple[str, ...]] = []
        self.problem: str | None = None
        self.watcher = Watcher(self._changed, lambda: self.problem, self._new_run, self)

    def _changed(self) -> tuple[str, ...]:
        return self.saves.pop(0) if self.saves else ()

    def _new_run(self) -> FakeRun:
        self.runs.append(FakeRun(self.log, len(self.runs) + 1))
        return self.runs[-1]

    def began(self, names: Sequence[str]) -> None:
        self.log.append(f"began {' '.join(names)}".strip())

    def cut_short(self, names: Sequence[str]) -> None:
        self.log.append("cut short")

    def event(self, event: Event) -> None:
        self.log.append(event.kind)

    def ended(self, status: int) -> None:
        self.log.append(f"ended {status}")

    def broken(self, problem: str) -> None:
        self.log.append(f"broken {problem}")

    def steps(self) -> list[str]:
        """What happened since the last call."""
        steps, self.log[:] = list(self.log), []
        return steps


@pytest.fixture
def world() -> World:
    return World()


def test_the_app_is_run_as_it_is_first(world: World) -> None:
    """And the next run is held ready as soon as the first is over, not before."""
    world.watcher.begin()
    assert world.steps() == ["began", "run 1 made", "run 1 started"]
    world.watcher.tick()
    assert world.steps() == []
    world.runs[0].told.append(Event("alone"))
    world.runs[0].ended = 1
    world.watcher.tick()
    assert world.steps() == ["alone", "ended 1", "run 1 stopped", "run 2 made"]


def test_a_save_starts_the_run_that_is_ready(world: World) -> None:
    """Nothing is made first, so that it begins at once."""
    world.watcher.begin()
    world.runs[0].ended = 0
    world.watcher.tick()
    world.steps()
    world.saves = [("home.py",)]
    world.watcher.tick()
    assert world.steps() == ["began home.py", "run 2 started"]


def test_a_save_during_a_run_ends_it(world: World) -> None:
    """The old run is gone before the new one is made: the two never measure at once."""
    world.watcher.begin()
    world.steps()
    world.saves = [("home.py",)]
    world.watcher.tick()
    assert world.steps() == [
        *("cut short", "run 1 stopped"),
        *("began home.py", "run 2 made", "run 2 started"),
    ]


def test_an_app_that_cannot_be_compiled_is_not_run(world: World) -> None:
    """It is said at once; the run under way is of code that is gone, and ends."""
    world.watcher.begin()
    world.steps()
    world.saves, world.problem = [("home.py",)], "home.py:3"
    world.watcher.tick()
    assert world.steps() == ["cut short", "run 1 stopped", "broken home.py:3", "run 2 made"]
    world.saves, world.problem = [("home.py",)], None
    world.watcher.tick()
    assert world.steps() == ["began home.py", "run 2 started"]


def test_a_run_that_ends_before_a_save(world: World) -> None:
    """A kata that can't be imported is shown once, and tried again at the next save."""
    world.watcher.begin()
    world.runs[0].ended = 1
    world.watcher.tick()
    world.runs[1].ended = 4
    world.steps()
    world.watcher.tick()
    world.watcher.tick()
    assert world.steps() == ["ended 4", "run 2 stopped"]
    world.saves = [("home.py",)]
    world.watcher.tick()
    assert world.steps() == ["began home.py", "run 3 made", "run 3 started"]


def test_the_end_ends_the_run(world: World) -> None:
    """Whether it is under way or held ready."""
    world.watcher.begin()
    world.steps()
    world.watcher.close()
    world.watcher.close()
    assert world.steps() == ["run 1 stopped"]


@pytest.mark.parametrize(
    "line", ["Postgres 18.6, embedded.", "\x1enot json", '\x1e["a list"]', "\x1e{}", ""]
)
def test_a_line_for_people_is_a_message(line: str) -> None:
    """Whatever is no event is shown as it is."""
    assert read_line(f"{line}\n") == Event("message", {"text": line})


def test_an_event_is_read_back() -> None:
    """With its facts, line breaks among them, in one line."""
    line = event_line("problem", text="a\nb")
    assert line.count("\n") == 1
    assert read_line(line) == Event("problem", {"text": "a\nb"})
