"""The fixtures of a kata's test: the workshop, the kata's site, and the attempt that is judged."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from random import SystemRandom

import pytest

from dojo.errors import AppFault, BadSetting
from dojo.kata.contract import Kata
from dojo.kata.finder import open_kata, simulated_kata
from dojo.kata_run import KataRun, burst_progress
from dojo.observability.telemetry import prometheus_port
from dojo.output import store
from dojo.output.any_report import outcome_line, properties
from dojo.output.progress import live_seeding, progress_line
from dojo.plugin.judged import Judged
from dojo.plugin.screen import uncaptured
from dojo.plugin.service_time import ServiceTime
from dojo.plugin.session import SESSION, SETTINGS, grader_faults_as_errors, require_alone
from dojo.settings import Settings
from dojo.site.workshop import Workshop
from dojo.slo.catalog import is_simulated

__all__: list[str] = []


@pytest.fixture(scope="session")
def workshop(request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> Iterator[Workshop]:
    """Postgres, shared by the katas of this session; alone on the machine if one measures times."""
    measures = not all(is_simulated(item.path.parent) for item in request.session.items)

    @contextmanager
    def progress() -> Iterator[Callable[[str, int, int], None]]:
        with uncaptured(pytestconfig), live_seeding(sys.stderr) as show:
            yield show

    with grader_faults_as_errors():
        require_alone(pytestconfig)
        settings = Settings.read(pytestconfig.rootpath, os.environ, pytestconfig.option.app)
        pytestconfig.stash[SETTINGS] = settings
        say = pytestconfig.stash[SESSION].say
        opening = Workshop.open(settings, say, progress, measures=measures)
        opened = opening.__enter__()
    try:
        yield opened
    finally:
        opening.__exit__(None, None, None)


@pytest.fixture(scope="module")
def kata(workshop: Workshop, request: pytest.FixtureRequest) -> Iterator[Kata]:
    """The kata of the test's module."""
    folder, cache_dir = request.path.parent.name, workshop.settings.cache_dir
    with open_kata([request.module], folder, cache_dir, workshop.say) as opened:
        yield opened


@pytest.fixture(scope="module")
def kata_run(workshop: Workshop, kata: Kata, request: pytest.FixtureRequest) -> Iterator[KataRun]:
    """The kata's site, running; or the app's fault."""
    seed = _seed(request.config)
    with grader_faults_as_errors():
        opening = KataRun.open(workshop, kata, seed, prometheus_port(os.environ))
        opened = opening.__enter__()
    try:
        yield opened
    finally:
        opening.__exit__(None, None, None)


def _seed(config: pytest.Config) -> int:
    """The one that was given, or a new one."""
    option: int | None = config.option.plan_seed
    return SystemRandom().randrange(1, 1_000_000) if option is None else option


@pytest.fixture
def service_time(kata_run: KataRun, request: pytest.FixtureRequest) -> ServiceTime:
    return ServiceTime(kata_run, request)


@pytest.fixture
def judged(request: pytest.FixtureRequest) -> Judged:
    """The attempt, run and judged; an invalid run is an error, as is any fault of the grader."""
    if is_simulated(request.path.parent):
        return _judged_on_data(request.getfixturevalue("workshop"), request)
    return _judged_under_load(request.getfixturevalue("kata_run"), request)


def _judged_on_data(workshop: Workshop, request: pytest.FixtureRequest) -> Judged:
    """The attempt at a simulated kata; a file that is refused has a report, too."""
    config = request.config
    with grader_faults_as_errors():
        if config.option.load_factor != 1:
            raise BadSetting(
                f"{request.path.parent.name} sends no load, so --load-factor changes nothing: leave"
                " it out. Other data are drawn with another --plan-seed."
            )
        kata = simulated_kata([request.module], request.path.parent.name)
        with workshop.notices.during("running what the kata simulates"):
            report = config.stash[SESSION].judge_simulated(workshop, kata, _seed(config))
    request.node.user_properties.extend(properties(report))
    return Judged(report=report)


def _judged_under_load(kata_run: KataRun, request: pytest.FixtureRequest) -> Judged:
    """The attempt at a kata that sends a load to the app."""
    config = request.config
    folder, name = config.stash[SETTINGS].state_dir / "reports", kata_run.kata.folder.name
    session = config.stash[SESSION]
    if kata_run.fault is not None:
        session.note_broken_run(name, kata_run.fault, folder)
        return Judged(fault=kata_run.fault)
    number = store.next_number(folder, name)
    with grader_faults_as_errors():
        try:
            with uncaptured(config), progress_line(sys.stderr, os.environ) as line:
                step = nullcontext() if line.is_live else kata_run.during("sending the load")
                with step:
                    report = kata_run.attempt(
                        number,
                        config.option.load_factor,
                        burst_progress(line, kata_run.level),
                        line.say,
                    )
        except AppFault as fault:
            session.note_broken_run(name, fault, folder)
            return Judged(fault=fault)
        report = session.complete(report, folder)
        kata_run.note_report(report, store.page_path(report, folder))
        request.node.user_properties.extend(properties(report))
        if report.verdict == "invalid":
            pytest.fail(outcome_line(report), pytrace=False)
    return Judged(report=report)
