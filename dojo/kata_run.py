"""A kata in a session: its site, its attempt, and the report that is stored. Knows no pytest."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from dojo.attempt.run import attempt
from dojo.attempt.simulated import attempt_simulated
from dojo.attempt.spec import AttemptSpec, OnProgress
from dojo.broken_run import BrokenRun
from dojo.broken_run_files import note_broken_run
from dojo.child import LEAST_OPEN_FILES, open_files_allowed
from dojo.costs import RequestAlone
from dojo.errors import AppFault, InvalidRun
from dojo.kata.after_green import after_green
from dojo.kata.contract import Kata
from dojo.kata.hints import hints_given
from dojo.kata.simulated import SimulatedKata
from dojo.load.progress import BurstProgress
from dojo.observability.exporter import JourneyExporter
from dojo.observability.telemetry import observed
from dojo.output import met_words, store
from dojo.output.any_report import AnyReport, next_steps
from dojo.output.first_words import new_words
from dojo.output.outcome import conclusion, headline, repeated_run
from dojo.output.progress import ProgressEvents, ProgressLine
from dojo.report import Report
from dojo.simulated_report import SimulatedReport
from dojo.site.machine.calibration import core_speed
from dojo.site.machine.cores import usable_cores
from dojo.site.machine.processes import adopt_orphans
from dojo.site.pause import NOBODY_PAUSES, PauseRequest
from dojo.site.run_state import RunState
from dojo.site.running_site import RunningSite
from dojo.site.workshop import Workshop
from dojo.slo.catalog import service_level
from dojo.slo.openslo import ServiceLevel
from dojo.slo.sequential import LOOKS
from dojo.slo.validity import Machine

__all__ = ["KataRun", "Session", "burst_progress"]

SomeReport = TypeVar("SomeReport", Report, SimulatedReport)

TELL_EVERY_S = 0.5  # of the burst


@dataclass
class KataRun:
    """A kata's site, or the fault that kept it from starting."""

    kata: Kata
    level: ServiceLevel
    plan_seed: int
    site: RunningSite | None = None
    fault: AppFault | None = None
    alone: RequestAlone | None = None  # what a request took and cost without a load
    exporter: JourneyExporter | None = None
    machine: Machine = field(default_factory=Machine)
    used: bool = False  # the site has served an attempt already
    pause: PauseRequest = NOBODY_PAUSES  # hears how far the run is

    @classmethod
    @contextmanager
    def open(
        cls, workshop: Workshop, kata: Kata, plan_seed: int, prometheus_port: int
    ) -> Iterator["KataRun"]:
        """Start the kata's site; an AppFault meanwhile is stored, not raised."""
        _require_open_files()
        machine = Machine(usable_cores(), core_speed())
        run = cls(
            kata, service_level(kata.folder), plan_seed, machine=machine, pause=workshop.pause
        )
        run.pause.tell(RunState(kata.folder.name, "starts"))
        adopt_orphans()
        with ExitStack() as stack:
            try:
                site = stack.enter_context(RunningSite.open(workshop, kata, plan_seed))
                run.exporter = stack.enter_context(
                    observed(
                        workshop.settings.state_dir,
                        f"127.0.0.1:{site.app.port}",
                        site.database.uncounted_dsn,
                        {objective.threshold_s for objective in run.level.objectives},
                        {"kata": kata.folder.name},
                        workshop.say,
                        prometheus_port,
                        site.database.count_own_session,
                    )
                )
                run.site = site
            except AppFault as fault:
                run.fault = fault
                run.note_fault(fault)
            yield run

    def attempt(
        self,
        number: int,
        load_factor: float,
        on_progress: OnProgress,
        say: Callable[[str], None],
    ) -> Report:
        """Run and judge one attempt on the running site; AppFault if the app breaks down.

        A run that the machine disturbed is repeated once, with the same load on a new database. A
        second attempt, by a plugin that repeats tests, gets a new database, too.
        """
        assert self.site is not None
        if self.used:
            self.site.renew()
        self.used = True
        spec = AttemptSpec(
            self.kata,
            self.level,
            self.plan_seed,
            number,
            load_factor,
            self.exporter,
            self.machine,
        )
        show = self._telling(on_progress)
        try:
            report = attempt(spec, self.site, show, self.alone)
            if not report.disturbed or self.machine.is_too_small(self.level):
                return report
            say(repeated_run(report))
            self.site.renew()
            second = attempt(spec, self.site, show, self.alone)
        except AppFault as fault:
            self.note_fault(fault)
            raise
        return replace(second, repeated=True)

    def during(self, step: str) -> AbstractContextManager[None]:
        """A step that is named if it takes long; nothing without a site."""
        return nullcontext() if self.site is None else self.site.during(step)

    def note_fault(self, fault: AppFault) -> None:
        """The app broke down, which ends the run."""
        summary = f"{type(fault).__name__}: {str(fault).partition(chr(10))[0]}"
        self.pause.tell(RunState(self.kata.folder.name, "ended", verdict="fault", summary=summary))

    def note_report(self, report: Report, page: Path) -> None:
        """The run has ended with that report, which can be read at `page`."""
        self.pause.tell(
            RunState(
                self.kata.folder.name,
                "ended",
                verdict=report.verdict,
                summary=f"{headline(report)}. {conclusion(report)}",
                page=str(page),
            )
        )

    def _telling(self, on_progress: OnProgress) -> OnProgress:
        """`on_progress`, and word of it twice a second to who pauses for this run."""
        last = (0, -TELL_EVERY_S)  # look and time of the last word

        def show(look: int, now: BurstProgress) -> None:
            nonlocal last
            on_progress(look, now)
            if look == last[0] and 0 <= now.t_s - last[1] < TELL_EVERY_S:
                return
            last = (look, now.t_s)
            bad = max(now.bad(self.level.journey).values(), default=0)
            self.pause.tell(
                RunState(
                    self.kata.folder.name,
                    "burst",
                    look,
                    now.t_s,
                    self.level.burst_s,
                    now.sent,
                    now.done,
                    now.pending,
                    bad,
                )
            )

        return show


def _require_open_files() -> None:
    """InvalidRun where load and app could not have enough connections open."""
    if (allowed := open_files_allowed()) < LEAST_OPEN_FILES:
        raise InvalidRun(
            f"This shell lets a program have {allowed} files open, and the load needs"
            f" {LEAST_OPEN_FILES}, so a run would say nothing about the app. Allow more, then run"
            " again: ulimit -n 4096"
        )


def burst_progress(line: ProgressLine | ProgressEvents, level: ServiceLevel) -> OnProgress:
    """Shows on the line how a burst goes on, and says that another look is taken."""
    begun = 1

    def show(look: int, now: BurstProgress) -> None:
        nonlocal begun
        if look != begun:  # a repeated run begins with the first look again
            begun = look
            if look > 1:
                line.say(f"Too close to call, look {look} of {LOOKS}.")
        bad = max(now.bad(level.journey).values(), default=0)
        line.update(now.t_s, level.burst_s, now.sent, now.done, now.pending, bad)

    return show


@dataclass
class Session:
    """The attempts of one session, a kata after another, and where their reports are stored.

    `root` is the project's folder: paths below it are shown relative to it.
    """

    root: Path
    say: Callable[[str], None]
    reports: list[AnyReport] = field(default_factory=list)
    began: float = field(default_factory=time.perf_counter)  # of the attempt that is under way

    def note_broken_run(self, kata: str, fault: AppFault, folder: Path) -> None:
        """Store in `folder`, as `complete` does, that a run ended without a report, and why."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        number = store.next_number(folder, kata)
        run = BrokenRun(number, at, type(fault).__name__, str(fault))
        note_broken_run(folder / kata, run)

    def judge_simulated(
        self, workshop: Workshop, kata: SimulatedKata, seed: int
    ) -> SimulatedReport:
        """Run one attempt at a simulated kata, and complete its report."""
        folder = workshop.settings.state_dir / "reports"
        number = store.next_number(folder, kata.folder.name)
        report = attempt_simulated(workshop, kata, seed, number)
        if self.reports:  # Postgres was started for an earlier one
            steps = {name: s for name, s in report.timings_s.items() if name != "postgres"}
            report = replace(report, timings_s=steps)
        return self.complete(report, folder)

    def complete(self, report: SomeReport, folder: Path) -> SomeReport:
        """Compare the report with the attempt before, store it in `folder`, add the next steps.

        `folder` is `reports` in the state's folder, beside the hints that were given and the words
        that were explained.
        """
        began, self.began = self.began, time.perf_counter()
        report = replace(
            report,
            previous=store.previous(folder, report.kata),
            hints=hints_given(folder.parent, report.kata),
            new_words=new_words(report, met_words.met(folder.parent)),
            timings_s={**report.timings_s, "total": self.began - began},
        )
        facts, after = self._shown(store.save(report, folder)), after_green(self.root, report.kata)
        report = replace(report, next_steps=next_steps(report, facts, None, after))
        page = self._save_page(report, folder)
        report = replace(report, next_steps=next_steps(report, facts, page, after))
        met_words.add(folder.parent, report.new_words)
        self.reports.append(report)
        return report

    def _save_page(self, report: AnyReport, folder: Path) -> str | None:
        try:
            return self._shown(store.save_page(report, folder))
        except Exception as error:  # whatever it is, the verdict stands without a page
            self.say(f"The report as a page could not be written: {error}")
            return None

    def _shown(self, path: Path) -> str:
        return str(path.relative_to(self.root) if path.is_relative_to(self.root) else path)
