"""The board of a page that is open over night: as much is kept, drawn and sent as at first.

The clock is simulated: what a night of `dojo up` brings is counted in at once.
"""

import gc
import pickle
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import cast

import pytest

from dojo.cli.board import look
from dojo.cli.board_server import DRAW_EVERY_S, BoardServer
from dojo.cli.live_table import LiveFigures
from dojo.cli.measured_load import LoadMoment, MeasuredLoad
from dojo.kata.finder import OpenKata
from dojo.output.html.board import draw
from dojo.output.html.board_state import Board
from dojo.slo.catalog import service_levels
from dojo.slo.history import BIN_S, KEPT_S, History
from dojo.slo.sli import Event
from dojo.slo.window import Outcome, RunningSlis
from tests.support.project import ROOT

HOUR_S = 3600.0
EVENTS = 3  # of each kata in a step of BIN_S
BROWSERS = 20
ROOM_BYTES = 300_000  # far less than 36,000 events that pile up
LEVELS = tuple(service_levels(ROOT).items())


class Night:
    """What a load is to the board, at whatever moment."""

    def __init__(self) -> None:
        objectives = [o for _, level in LEVELS for o in level.objectives]
        self._running, self._history = RunningSlis(objectives), History(objectives)
        self._rng, self._now_s = Random(7), 0.0

    def until(self, end_s: float) -> None:
        """Let time pass."""
        while self._now_s < end_s:
            self._now_s += BIN_S
            for _, level in LEVELS:
                for _ in range(EVENTS):
                    latency_s = self._rng.expovariate(5.0)
                    event = Event(0, level.journey, self._now_s - latency_s, latency_s, None)
                    outcome = Outcome(event, 0.0, self._now_s - 0.1)
                    self._running.add(outcome)
                    self._history.add(outcome, 31)
            self._history.note(self._running.statuses(self._now_s), self._now_s)

    def moment(self) -> LoadMoment:
        statuses = self._running.statuses(self._now_s)
        figures = LiveFigures(self._now_s, 24 * HOUR_S, statuses, self._running.total)
        return LoadMoment(figures, self._history.bins, self._history.edges_s, (), (), {})


def board_of(night: Night) -> Board:
    """The board as `dojo up` makes it."""

    class Folder:
        def __init__(self, name: str) -> None:
            self.name = name

    class Kata:
        def __init__(self, name: str) -> None:
            self.folder = Folder(name)

    class Open:
        def __init__(self, name: str, level: object) -> None:
            self.kata, self.level = Kata(name), level

    katas = cast(Sequence[OpenKata], [Open(name, level) for name, level in LEVELS])
    return look(cast(MeasuredLoad, night), katas, "http://localhost:3000", ())


@contextmanager
def counted_memory() -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()


def kept_bytes() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def test_a_night_is_drawn_as_an_evening() -> None:
    """After eight hours there are as many bins, and the page is about as long, as after one."""
    night = Night()
    night.until(HOUR_S / 4)
    evening, evening_bytes = board_of(night), len(pickle.dumps(night))
    night.until(8 * HOUR_S)
    morning, morning_bytes = board_of(night), len(pickle.dumps(night))
    assert len(evening.katas[0].bins) == len(morning.katas[0].bins) == KEPT_S / BIN_S
    assert morning.katas[0].objectives[0].total_since_start == 8 * HOUR_S / BIN_S * EVENTS
    assert len(draw(morning)) < 1.5 * len(draw(evening))
    assert morning_bytes < 1.5 * evening_bytes  # all that is kept of it


def test_twenty_browsers_over_hours_cost_a_drawing_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each gets an event every two seconds; it is drawn once for all, and nothing piles up."""
    now_s, drawings = 1000.0, 0
    monkeypatch.setattr(time, "monotonic", lambda: now_s)  # the server reads it when it draws

    def empty() -> Board:
        nonlocal drawings
        drawings += 1
        return Board("http://localhost:3000", now_s, BIN_S, KEPT_S, (), ())

    rounds = int(HOUR_S / DRAW_EVERY_S)
    with BoardServer.start(0, empty) as served, counted_memory():
        seen, before = [0] * BROWSERS, 0
        for number in range(rounds):
            for browser in range(BROWSERS):
                event, seen[browser] = served._server.event(seen[browser])
                assert event.startswith(b"event: board")
            now_s += DRAW_EVERY_S
            if number == 10:
                before = kept_bytes()
        after = kept_bytes()
    assert drawings == rounds
    assert after < before + ROOM_BYTES
