"""The pytest plugin: options, fixtures, outcomes. The one module that knows pytest.

Faults of the grader are raised in fixtures, so pytest calls them errors; faults of the learner's
app are kept and raised by the test, so pytest calls them failures.
"""

import argparse
import os
import sys
import time
import traceback
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import SystemRandom
from typing import Any

import pytest

from dojo.attempt import Attempt, attempt
from dojo.errors import AppFault, BadSetting, DojoError, GraderFault
from dojo.kata.contract import Kata
from dojo.kata.hints import next_hint
from dojo.observability.exporter import JourneyExporter
from dojo.observability.telemetry import observed, prometheus_port
from dojo.output import store
from dojo.output.progress import ProgressLine, live_seeding
from dojo.output.terminal.report import render
from dojo.output.terminal.summary import summary_table
from dojo.report import Report
from dojo.settings import Settings, state_folder
from dojo.site.live_site import LiveSite
from dojo.site.workshop import Workshop
from dojo.slo.catalog import is_kata, service_level
from dojo.slo.openslo import ServiceLevel

__all__ = ["Judged", "ServiceTime"]

SERVICE_TIME_ROUNDS = 5
SLOW_WARM_UP_S = 0.5  # a page so slow that loading it once more tells enough
SETTINGS = pytest.StashKey[Settings]()
REPORTS = pytest.StashKey[list[Report]]()
BEGAN = pytest.StashKey[float]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("slo-dojo", "SLO Dojo")
    group.addoption("--hint", action="store_true", help="show the kata's next hint; run nothing")
    group.addoption("--plan-seed", type=int, default=None, help="repeat the load of an earlier run")
    group.addoption(
        "--load-factor", type=_load_factor, default=1.0, help="send so many times the usual load"
    )
    group.addoption("--app", default=None, help="folder of the app under exercise (default: app)")


def _load_factor(text: str) -> float:
    try:
        factor = float(text)
    except ValueError:
        factor = 0.0
    if not 0.01 <= factor <= 10:
        raise argparse.ArgumentTypeError(f"it must be a number from 0.01 to 10, not {text!r}")
    return factor


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.stash[BEGAN] = time.perf_counter()
    config.stash[REPORTS] = []
    storage = state_folder(config.rootpath, os.environ) / "benchmarks"
    if getattr(config.option, "benchmark_storage", None) and not config.option.benchmark_autosave:
        config.option.benchmark_storage = f"file://{storage}"
        config.option.benchmark_autosave = "attempt"
        config.option.benchmark_quiet = True


def pytest_benchmark_generate_machine_info() -> dict[str, Any]:
    """Little and quick: the report says the rest."""
    return {"python": sys.version.split()[0], "system": sys.platform, "cpus": os.cpu_count()}


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """With --hint: show the next hint of each kata that was named, and run nothing."""
    if not session.config.option.hint:
        return None
    folders = sorted({item.path.parent for item in session.items if is_kata(item.path.parent)})
    if not folders:
        raise pytest.UsageError("--hint needs a kata: pytest katas/01-latency --hint")
    for folder in folders:
        try:
            hint = next_hint(folder, state_folder(session.config.rootpath, os.environ))
        except BadSetting as error:
            raise pytest.UsageError(str(error)) from error
        _write(session.config, f"\n{folder.name}\n\n{hint}\n")
    return True


@dataclass
class Room:
    """A kata's site, or the fault that kept it from standing."""

    kata: Kata
    level: ServiceLevel
    plan_seed: int
    site: LiveSite | None = None
    fault: AppFault | None = None
    service_time_s: float | None = None
    exporter: JourneyExporter | None = None


@dataclass
class Judged:
    """What came of the attempt: a report, or the fault that ended it."""

    report: Report | None = None
    fault: AppFault | None = None
    printed: list[str] = field(default_factory=list)

    def require_met(self) -> None:
        """Pass if the SLO is met and every check holds; else fail, and say where to look."""
        if self.fault is not None:
            pytest.fail(f"{type(self.fault).__name__}: {self.fault}", pytrace=False)
        assert self.report is not None
        if self.report.verdict != "met":
            missed = [o.name for o in self.report.objectives if o.verdict != "met"]
            failed = [check.name for check in self.report.checks if not check.passed]
            what = ", ".join(missed)
            if failed:
                what += f"{'; ' if missed else ''}checks: {', '.join(failed)}"
            pytest.fail(f"NOT MET: {what}. The report is below.", pytrace=False)


@dataclass
class ServiceTime:
    """The ungraded measurement of one unloaded request."""

    room: Room
    benchmark: Any

    def measure(self) -> None:
        """Ask for the kata's page a few times, alone; pytest-benchmark keeps the figures."""
        room = self.room
        if room.site is None:
            pytest.skip("the app did not start")
        site, each = room.site, room.kata.warm_up
        slow = site.timings_s["warm_up"] > SLOW_WARM_UP_S
        self.benchmark.group = room.kata.folder.name
        self.benchmark.pedantic(lambda: site.ask(each()), rounds=1 if slow else SERVICE_TIME_ROUNDS)
        room.service_time_s = self.benchmark.stats.stats.median


@pytest.fixture(scope="session")
def workshop(pytestconfig: pytest.Config) -> Iterator[Workshop]:
    """Postgres with the dataset, shared by the katas of this session."""
    with _graders_faults():
        settings = Settings.read(pytestconfig.rootpath, os.environ, pytestconfig.option.app)
        pytestconfig.stash[SETTINGS] = settings

        def say(line: str) -> None:
            _write(pytestconfig, f"{line}\n")

        @contextmanager
        def progress() -> Iterator[Callable[[str, int, int], None]]:
            with _uncaptured(pytestconfig), live_seeding(sys.stderr) as told:
                yield told

        opened = Workshop.open(settings, say, progress)
        shared = opened.__enter__()
    try:
        yield shared
    finally:
        opened.__exit__(None, None, None)


@pytest.fixture(scope="module")
def room(workshop: Workshop, kata: Kata, request: pytest.FixtureRequest) -> Iterator[Room]:
    """The kata's site, running; or the app's fault."""
    option = request.config.option.plan_seed
    seed = SystemRandom().randrange(1, 1_000_000) if option is None else option
    with ExitStack() as opened:
        with _graders_faults():
            made = Room(kata, service_level(kata.folder), seed)
            try:
                site = opened.enter_context(LiveSite.open(workshop, kata, seed, workshop.say))
                made.exporter = opened.enter_context(_observed(workshop, made, site))
                made.site = site
            except AppFault as fault:
                made.fault = fault
        yield made


def _observed(
    workshop: Workshop, room: Room, site: LiveSite
) -> AbstractContextManager[JourneyExporter]:
    return observed(
        workshop.settings.state_dir,
        f"127.0.0.1:{site.app.port}",
        workshop.server.dsn(site.db.info.dbname),
        {objective.threshold_s for objective in room.level.objectives},
        {"kata": room.kata.folder.name},
        workshop.say,
        prometheus_port(os.environ),
    )


@pytest.fixture
def service_time(room: Room, benchmark: Any) -> ServiceTime:
    return ServiceTime(room, benchmark)


@pytest.fixture
def judged(room: Room, request: pytest.FixtureRequest) -> Judged:
    """The attempt, run and judged; an invalid run is an error, as is any fault of ours."""
    config = request.config
    if room.site is None:
        return Judged(fault=room.fault)
    reports = config.stash[SETTINGS].state_dir / "reports"
    name = room.kata.folder.name
    what = Attempt(
        room.kata,
        room.level,
        room.plan_seed,
        store.next_number(reports, name),
        config.option.load_factor,
        room.exporter,
    )
    with _graders_faults():
        try:
            with _uncaptured(config), ProgressLine(sys.stderr) as live:
                report = attempt(
                    what,
                    room.site,
                    lambda now: live.update(
                        now.t_s,
                        room.level.burst_s,
                        now.sent,
                        now.done,
                        now.pending,
                        max(now.bad(room.level.journey).values(), default=0),
                    ),
                    room.service_time_s,
                )
        except AppFault as fault:
            return Judged(fault=fault)
        began, config.stash[BEGAN] = config.stash[BEGAN], time.perf_counter()
        report = replace(
            report,
            previous=store.previous(reports, name),
            timings_s={**report.timings_s, "total": config.stash[BEGAN] - began},
        )
        path = store.save(report, reports)
        report = replace(report, next_steps=_next_steps(report, path, config.rootpath))
        report = _with_page(report, reports, config)
        config.stash[REPORTS].append(report)
        if report.verdict == "invalid":
            pytest.fail(f"INVALID RUN: {'; '.join(report.invalid_because)}.", pytrace=False)
    return Judged(report=report)


def _with_page(report: Report, reports: Path, config: pytest.Config) -> Report:
    """Write the report as a page, and name it among the next steps."""
    try:
        path = store.save_page(report, reports)
    except Exception as error:  # whatever it is, the verdict stands without a picture of it
        _write(config, f"The report as a page could not be written: {error}\n")
        return report
    look = f"The report as a page: {_shown(path, config.rootpath)}"
    return replace(report, next_steps=(*report.next_steps, look))


def _shown(path: Path, root: Path) -> Path:
    return path.relative_to(root) if path.is_relative_to(root) else path


def _next_steps(report: Report, path: Path, root: Path) -> tuple[str, ...]:
    shown = _shown(path, root)
    again = f"./run pytest katas/{report.kata}"
    if report.verdict == "met":
        return (
            f"Solved. Another way to solve it, explained: katas/{report.kata}/.meta/solution.md",
            "Back to the start: git checkout app/ && git clean -f app/ (to keep your fix, commit it"
            " before)",
            f"The facts as JSON: {shown}",
        )
    if report.verdict == "invalid":
        return (f"Run it again when the machine is quiet: {again}",)
    return (
        f"Edit app/, then: {again}",
        f"Stuck? {again} --hint",
        f"The facts as JSON: {shown}",
    )


class _graders_faults:  # noqa: N801 - reads as a clause: with _graders_faults()
    """Turns a grader's fault into a pytest error without a traceback of ours."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, GraderFault) or (
            isinstance(error, DojoError) and not isinstance(error, AppFault)
        ):
            pytest.fail(f"{type(error).__name__}: {error}", pytrace=False)
        if isinstance(error, Exception) and not isinstance(error, DojoError):
            frames = traceback.extract_tb(error.__traceback__)[-4:]
            calls = "\n".join(f"  {one.filename}:{one.lineno} in {one.name}" for one in frames)
            pytest.fail(
                "The grader itself broke down, which says nothing about your app: it is a bug of"
                f" ours. Please report it.\n{type(error).__name__}: {error}\n{calls}",
                pytrace=False,
            )


def _write(config: pytest.Config, text: str) -> None:
    """Print past pytest's capture."""
    with _uncaptured(config):
        sys.stderr.write(text)
        sys.stderr.flush()


class _uncaptured:  # noqa: N801 - likewise
    """Lets a block write to the real terminal."""

    def __init__(self, config: pytest.Config) -> None:
        self._capture = config.pluginmanager.getplugin("capturemanager")

    def __enter__(self) -> None:
        if self._capture is not None:
            self._capture.suspend_global_capture(in_=False)

    def __exit__(self, *_: object) -> None:
        if self._capture is not None:
            self._capture.resume_global_capture()


@pytest.hookimpl(wrapper=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> Generator[None, object, object]:
    result = yield
    reports = config.stash.get(REPORTS, [])
    color = bool(getattr(terminalreporter._tw, "hasmarkup", False))
    width = min(terminalreporter._tw.fullwidth, 120)
    for report in reports:
        terminalreporter.write(render(report, width, color), flush=True)
    if len(reports) > 1:
        terminalreporter.write(summary_table(reports, width, color))
    return result
