"""dojo.site.running_site: what a site begins anew, and what it counts. No server and no app."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import httpx
import psycopg
import pytest

from dojo.kata.contract import Kata
from dojo.load.plan import Plan
from dojo.site import run_database, running_site
from dojo.site.app_process import AppProcess
from dojo.site.notices import Notices
from dojo.site.running_site import ANSWER_S, RunningSite
from dojo.site.workshop import Workshop
from dojo.worker import Worker

SEED = 1234


@dataclass
class FakeWorkshop:
    """A workshop whose databases are names."""

    during_clone: list[Any] = field(default_factory=list)  # what happens while one is cloned
    timings_s: dict[str, float] = field(default_factory=dict)
    notices: Notices = field(default_factory=lambda: Notices(lambda _: None))
    settings: Any = field(default_factory=lambda: SimpleNamespace(round_trip_s=0.0))
    server: Any = field(
        default_factory=lambda: SimpleNamespace(
            dsn=lambda name: f"dbname={name}",
            provider="embedded",
            app_role="shop",
            app_password="secret",
        )
    )

    def ready_template(self) -> str:
        return "template"

    @contextmanager
    def database(self) -> Iterator[str]:
        for action in self.during_clone:
            action()
        yield "run"


@dataclass
class FakeKata:
    """A kata that keeps the first number that it draws to prepare."""

    drawn: list[float] = field(default_factory=list)

    def prepare(self, db: object, rng: Random) -> None:
        self.drawn.append(rng.random())


@dataclass
class FakeGenerator:
    """A generator that runs until somebody ends it."""

    ended: bool = False

    def poll(self) -> int | None:
        return -9 if self.ended else None

    def stop(self) -> None:
        self.ended = True


def site_of(monkeypatch: pytest.MonkeyPatch, workshop: FakeWorkshop, kata: FakeKata) -> RunningSite:
    """A site behind whose database nothing is."""
    monkeypatch.setattr(psycopg, "connect", lambda *_, **__: nullcontext())
    monkeypatch.setattr(run_database, "role_state", lambda *_: None)
    site = RunningSite(cast(Workshop, workshop), [cast(Kata, kata)], SEED)
    stats = SimpleNamespace(connections_opened=0, log_ins={})
    proxy = SimpleNamespace(port=1, stats=lambda: stats, stop=lambda: None)
    site.database._proxy = cast(Any, proxy)
    return site


def test_what_is_prepared_is_drawn_from_another_stream_than_the_plan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first number that a kata draws for its data is not the first one of its load."""
    kata, planned = FakeKata(), list[float]()

    def sql(rng: Random, _: float) -> tuple[()]:
        planned.append(rng.random())
        return ()

    with site_of(monkeypatch, FakeWorkshop(), kata) as site:
        site.new_database()
    Plan.of(SEED, 1.0, [], sql)
    assert len(kata.drawn) == len(planned) == 1
    assert kata.drawn != planned


def test_who_comes_back_to_a_new_database_early_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A collector that connects while the data is prepared; what was before counts no more."""
    workshop = FakeWorkshop()
    with site_of(monkeypatch, workshop, FakeKata()) as site:
        site.new_database()
        assert site.database._own_sessions == 1
        site.database.count_own_session()
        workshop.during_clone = [site.database.count_own_session]
        site.new_database()
        assert site.database._own_sessions == 2


def test_a_generator_that_has_ended_is_replaced_before_the_app_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One that runs is kept, from one renewal to the next."""
    steps, generators = list[str](), list[FakeGenerator]()

    def start_generator() -> Worker:
        steps.append("generator")
        generators.append(FakeGenerator())
        return cast(Worker, generators[-1])

    monkeypatch.setattr(running_site, "start_generator", start_generator)
    app = SimpleNamespace(check=lambda: None)
    monkeypatch.setattr(RunningSite, "app", app)
    for name in ("new_database", "start_app", "warm_up"):
        monkeypatch.setattr(RunningSite, name, lambda *_, step=name: steps.append(step))
    with site_of(monkeypatch, FakeWorkshop(), FakeKata()) as site:
        site.renew()
        assert steps == ["new_database", "generator", "start_app", "warm_up"]
        site.renew()
        assert steps[4:] == ["new_database", "start_app", "warm_up"]
        generators[0].ended = True
        site.renew()
        assert steps[7:] == ["new_database", "generator", "start_app", "warm_up"]
        assert site.generator is cast(Worker, generators[1])
    assert generators[1].ended


def test_a_new_app_has_the_whole_time_to_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a check has shortened because the app of before hung holds for that one alone."""
    app = SimpleNamespace(
        port=1, base_url="http://127.0.0.1:1", restart=lambda grace_s: None, stop=lambda: None
    )
    monkeypatch.setattr(AppProcess, "start", lambda *_, **__: app)
    monkeypatch.setattr(running_site, "cached_files", lambda *_: ())
    workshop = FakeWorkshop(settings=SimpleNamespace(app_dir=None, cache_dir=None, state_dir=None))
    site = site_of(monkeypatch, workshop, FakeKata())
    for begin in (site.start_app, site.crash):
        site.http.timeout = httpx.Timeout(2.0)
        begin()
        assert site.http.timeout == httpx.Timeout(ANSWER_S)


def test_what_an_app_wrote_into_the_cache_does_not_outlive_the_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is named, and removed; what is as before stays."""
    kept, forged = tmp_path / "search-1.pickle", tmp_path / "seeded" / "embedded_1.json"
    forged.parent.mkdir()
    for path in (kept, forged):
        path.write_text("computed")
    app = SimpleNamespace(port=1, base_url="http://127.0.0.1:1", stop=lambda: None)
    monkeypatch.setattr(AppProcess, "start", lambda *_, **__: app)
    settings = SimpleNamespace(app_dir=None, cache_dir=tmp_path, state_dir=None)
    monkeypatch.setattr(FakeWorkshop, "changed_files", lambda _: [], raising=False)
    workshop = FakeWorkshop(settings=settings)
    site = site_of(monkeypatch, workshop, FakeKata())
    site.start_app()
    assert site.changed_files() == []
    forged.write_text("of the app's")
    assert site.changed_files() == [forged]
    assert not forged.exists()
    assert kept.exists()


@pytest.mark.parametrize(
    ("provider", "pid", "system", "cores", "limited"),
    [
        ("docker", None, "darwin", 10.0, True),  # as a container it is given two
        ("embedded", 7, "linux", 64.0, True),  # by its affinity
        ("embedded", 7, "darwin", 10.0, False),
        ("embedded", 7, "darwin", 2.0, True),  # the machine has no more
        ("external", None, "linux", 2.0, False),  # on another machine
        ("external", 7, "linux", 2.0, True),
        ("external", 7, "linux", 8.0, False),
    ],
)
def test_whether_postgres_may_use_more_than_a_kata_gives_it(
    provider: str, pid: int | None, system: str, cores: float, limited: bool, monkeypatch: Any
) -> None:
    """Then a green run must not owe it to the machine."""
    monkeypatch.setattr(running_site, "usable_cores", lambda: cores)
    monkeypatch.setattr("sys.platform", system)
    server = SimpleNamespace(provider=provider, pid=pid)
    site = SimpleNamespace(_workshop=SimpleNamespace(server=server))
    assert RunningSite.postgres_is_limited.fget(site) is limited  # type: ignore[attr-defined]
