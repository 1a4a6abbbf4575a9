"""The pytest plugin: options, fixtures, outcomes. The one module that knows pytest.

Faults of the grader are raised in fixtures, so pytest calls them errors; faults of the learner's
app are raised by the test, so pytest calls them failures.
"""

import os
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from typing import Any

import httpx
import pytest

from dojo.costs import StepAlone
from dojo.environment import drop_inherited
from dojo.errors import AppFault, BadSetting, message_of
from dojo.kata.contract import Kata
from dojo.kata.finder import open_kata, simulated_kata
from dojo.kata.folder_reader import is_draft
from dojo.kata.hints import hints_of
from dojo.kata_run import KataRun, Session, burst_progress
from dojo.load.load_factor import load_factor
from dojo.observability.telemetry import prometheus_port
from dojo.output import store
from dojo.output.any_report import AnyReport, outcome_line, properties, render
from dojo.output.app_text import in_encoding
from dojo.output.outcome import exit_status
from dojo.output.progress import live_seeding, progress_line
from dojo.output.terminal.summary import summary_table
from dojo.settings import Settings, state_folder
from dojo.site.lone_journey import event_alone, joined, walk
from dojo.site.workshop import Workshop
from dojo.slo.catalog import argument_path, is_kata, is_simulated, missing_kata

__all__ = ["Judged", "ServiceTime"]

SERVICE_TIME_ROUNDS = 5
SLOW_ROUNDS = 3  # so that what an app sends now and then is not in the median
SERVICE_S = 5.0  # longest wait for a page that is sent alone
SLOW_WARM_UP_S = 0.5  # from then on a page is measured less often
ONE_MORE = ""  # the value of --hint without a number
SETTINGS = pytest.StashKey[Settings]()
SESSION = pytest.StashKey[Session]()
DRAFTS_LEFT_OUT = pytest.StashKey[list[str]]()
FAILED = pytest.StashKey[list[str]]()  # what each failure and error of the session comes to
SKIPPED = pytest.StashKey[list[str]]()  # tests of katas that were skipped, and why


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("slo-dojo", "SLO Dojo")
    hint = "show one hint more of the kata, or its hint N again; run nothing"
    group.addoption("--hint", nargs="?", const=ONE_MORE, metavar="N", help=hint)
    group.addoption(
        "--plan-seed", type=int, default=None, help="repeat the load or the data of an earlier run"
    )
    group.addoption(
        "--load-factor", type=load_factor, default=1.0, help="send so many times the usual load"
    )
    group.addoption("--app", default=None, help="folder of the app under exercise (default: app)")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    drop_inherited(os.environ)
    if (path := config.option.hint) and not path.isdigit():  # of `--hint katas/01-latency`
        named = config.args if config.args_source is config.ArgsSource.ARGS else []
        config.option.hint, config.args = ONE_MORE, [*named, path]
    if message := missing_kata(config.rootpath, config.invocation_params.dir, config.args):
        raise pytest.UsageError(message)
    config.stash[SESSION] = Session(config.rootpath, lambda line: _write(config, f"{line}\n"))
    config.stash[FAILED], config.stash[SKIPPED] = [], []
    storage = state_folder(config.rootpath, os.environ) / "benchmarks"
    if (
        getattr(config.option, "benchmark_storage", None)
        and not config.option.benchmark_autosave
        and store.has_room(storage)
    ):
        config.option.benchmark_storage = f"file://{storage}"
        config.option.benchmark_autosave = "attempt"
        config.option.benchmark_quiet = True


@pytest.hookimpl(optionalhook=True)  # pytest-benchmark may be switched off
def pytest_benchmark_generate_machine_info() -> dict[str, Any]:
    return {"python": sys.version.split()[0], "system": sys.platform, "cpus": os.cpu_count()}


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out a kata that is a draft, unless the command line names it or what is in it."""
    if not is_kata(collection_path) or not is_draft(collection_path):
        return None
    folder = config.invocation_params.dir
    named = [argument_path(folder, argument) for argument in config.args]
    if any(collection_path in (path, *path.parents) for path in named):
        return None
    config.stash.setdefault(DRAFTS_LEFT_OUT, []).append(collection_path.name)
    return True


def pytest_report_collectionfinish(config: pytest.Config) -> list[str]:
    """Which drafts were left out, and how to run them."""
    return [
        f"{name} is a draft and left out; ./run pytest katas/{name} runs it"
        for name in config.stash.get(DRAFTS_LEFT_OUT, [])
    ]


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """With --hint: show a hint of each kata that was named, and run nothing."""
    if (number := session.config.option.hint) is None:
        return None
    folders = sorted({item.path.parent for item in session.items if is_kata(item.path.parent)})
    if not folders:
        raise pytest.UsageError("--hint needs a kata: pytest katas/01-latency --hint")
    try:
        for text in hints_of(folders, state_folder(session.config.rootpath, os.environ), number):
            _write(session.config, text)
    except BadSetting as error:
        raise pytest.UsageError(str(error)) from error
    return True


@pytest.hookimpl(wrapper=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> Generator[None, object, object]:
    result = yield
    reports = config.stash[SESSION].reports
    color = bool(getattr(terminalreporter._tw, "hasmarkup", False))
    width = min(terminalreporter._tw.fullwidth, 120)
    encoding = getattr(getattr(terminalreporter._tw, "_file", None), "encoding", None)
    for report in reports:
        terminalreporter.write(in_encoding(render(report, width, color), encoding), flush=True)
    if len(reports) > 1:
        terminalreporter.write(in_encoding(summary_table(reports, width, color), encoding))
    for line in config.stash[SKIPPED]:
        terminalreporter.write_line(in_encoding(line, encoding))
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note what a failure or an error comes to, and which test of a kata is skipped and why."""
    report = yield
    if report.skipped and is_kata(item.path.parent) and isinstance(report.longrepr, tuple):
        reason = str(report.longrepr[2]).removeprefix("Skipped: ")
        item.config.stash[SKIPPED].append(f"Skipped: {item.nodeid}, since {reason}.")
    if report.failed:
        item.config.stash[FAILED].append(_verdict_of(item, report))
    return report


def _verdict_of(item: pytest.Item, report: pytest.TestReport) -> str:
    """The verdict that a failed test stands for; an error of a kata's says nothing of the app."""
    if not is_kata(item.path.parent):
        return "not_met"
    if report.when != "call":
        return "invalid"
    return str(dict(item.user_properties).get("verdict", "not_met"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where tests failed, and nothing else went wrong, the exit status says how."""
    failed = session.config.stash.get(FAILED, [])
    if session.exitstatus == pytest.ExitCode.TESTS_FAILED and failed:
        session.exitstatus = exit_status(failed)


def require_alone(config: pytest.Config) -> None:
    """BadSetting in a worker of pytest-xdist."""
    if hasattr(config, "workerinput"):
        raise BadSetting(
            "Katas measure, so one runs at a time and nothing beside it: leave out -n, or give"
            " -p no:xdist."
        )


@pytest.fixture(scope="session")
def workshop(request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> Iterator[Workshop]:
    """Postgres, shared by the katas of this session; alone on the machine if one measures times."""
    measures = not all(is_simulated(item.path.parent) for item in request.session.items)

    @contextmanager
    def progress() -> Iterator[Callable[[str, int, int], None]]:
        with _uncaptured(pytestconfig), live_seeding(sys.stderr) as show:
            yield show

    with _grader_faults_as_errors():
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
    with _grader_faults_as_errors():
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


@dataclass
class ServiceTime:
    """The ungraded measurement of one unloaded event."""

    run: KataRun
    request: pytest.FixtureRequest

    def measure(self) -> None:
        """Send the kata's event a few times, alone; pytest-benchmark stores the figures."""
        site, kata = self.run.site, self.run.kata
        if site is None:
            pytest.skip("the app did not start")
        if not self.request.config.pluginmanager.has_plugin("benchmark"):
            pytest.skip("pytest-benchmark is switched off")
        benchmark: Any = self.request.getfixturevalue("benchmark")
        slow = site.timings_s["warm_up"] > SLOW_WARM_UP_S
        rounds = SLOW_ROUNDS if slow else SERVICE_TIME_ROUNDS
        walks: list[tuple[StepAlone, ...]] = []

        def send() -> None:
            walks.append(walk(site, event_alone(kata), SERVICE_S))

        benchmark.group = kata.folder.name
        try:
            benchmark.pedantic(send, rounds=rounds)
        except httpx.HTTPError as error:  # not graded; what it means for visitors, the burst shows
            pytest.skip(f"nothing was measured alone: {error}")
        if benchmark.stats is not None:  # None with --benchmark-disable
            self.run.alone = joined(walks)


@pytest.fixture
def service_time(kata_run: KataRun, request: pytest.FixtureRequest) -> ServiceTime:
    return ServiceTime(kata_run, request)


@dataclass
class Judged:
    """What came of the attempt: a report, or the fault that ended it."""

    report: AnyReport | None = None
    fault: AppFault | None = None

    def require_met(self) -> None:
        """Pass if the SLO is met and every check holds; else fail, and say where to look."""
        if self.fault is not None:
            pytest.fail(f"{type(self.fault).__name__}: {self.fault}", pytrace=False)
        assert self.report is not None
        if self.report.verdict != "met":
            pytest.fail(f"{outcome_line(self.report)} The report is below.", pytrace=False)


@pytest.fixture
def judged(request: pytest.FixtureRequest) -> Judged:
    """The attempt, run and judged; an invalid run is an error, as is any fault of the grader."""
    if is_simulated(request.path.parent):
        return _judged_on_data(request.getfixturevalue("workshop"), request)
    return _judged_under_load(request.getfixturevalue("kata_run"), request)


def _judged_on_data(workshop: Workshop, request: pytest.FixtureRequest) -> Judged:
    """The attempt at a simulated kata; a file that is refused has a report, too."""
    config = request.config
    with _grader_faults_as_errors():
        kata = simulated_kata([request.module], request.path.parent.name)
        report = config.stash[SESSION].judge_simulated(workshop, kata, _seed(config))
    request.node.user_properties.extend(properties(report))
    return Judged(report=report)


def _judged_under_load(kata_run: KataRun, request: pytest.FixtureRequest) -> Judged:
    """The attempt at a kata that sends a load to the app."""
    config = request.config
    if kata_run.fault is not None:
        return Judged(fault=kata_run.fault)
    folder = config.stash[SETTINGS].state_dir / "reports"
    number = store.next_number(folder, kata_run.kata.folder.name)
    with _grader_faults_as_errors():
        try:
            with _uncaptured(config), progress_line(sys.stderr, os.environ) as line:
                report = kata_run.attempt(
                    number,
                    config.option.load_factor,
                    burst_progress(line, kata_run.level),
                    line.say,
                )
        except AppFault as fault:
            return Judged(fault=fault)
        report = config.stash[SESSION].complete(report, folder)
        kata_run.note_report(report, store.page_path(report, folder))
        request.node.user_properties.extend(properties(report))
        if report.verdict == "invalid":
            pytest.fail(outcome_line(report), pytrace=False)
    return Judged(report=report)


@contextmanager
def _grader_faults_as_errors() -> Iterator[None]:
    """A grader's fault is shown by its message; the traceback is ours and tells a learner nothing.

    An AppFault passes: whoever uses the fixture says what comes of it.
    """
    try:
        yield
        return
    except AppFault:
        raise
    except Exception as error:
        message = message_of(error)
    raise pytest.fail.Exception(message, pytrace=False) from None  # else pytest shows it twice


def _write(config: pytest.Config, text: str) -> None:
    """Print past pytest's capture."""
    with _uncaptured(config):
        sys.stderr.write(text)
        sys.stderr.flush()


@contextmanager
def _uncaptured(config: pytest.Config) -> Iterator[None]:
    """Lets a block write to the real terminal."""
    capture = config.pluginmanager.getplugin("capturemanager")
    if capture is None:
        yield
        return
    capture.suspend_global_capture(in_=False)
    try:
        yield
    finally:
        capture.resume_global_capture()
