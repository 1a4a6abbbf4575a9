"""How far a learner is with each kata, by what is stored of attempts and help alone."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dojo.broken_run import BrokenRun
from dojo.broken_run_files import last_broken_run
from dojo.cli.one_fault import one_fault_since
from dojo.kata.folder_reader import is_draft
from dojo.kata.hints import hints_given
from dojo.output.attempt_figures import Attempt
from dojo.output.attempts import attempts_of
from dojo.settings import state_folder
from dojo.slo.catalog import is_simulated, kata_folders, measure_level, service_level

__all__ = ["KataProgress", "progress_of_katas"]

# how much better than every attempt before is progress, and no noise between two runs of one app
BETTER_SLI = 0.02
BETTER_PACE = 1.25


@dataclass(frozen=True, slots=True)
class KataProgress:
    """A kata and its attempts, the oldest first."""

    kata: str
    title: str
    attempts: Sequence[Attempt]
    hints: int
    simulated: bool  # judged on drawn data, in seconds
    one_fault_since: str | None  # ISO 8601, UTC: when `reset --to-fault` was used
    broken: BrokenRun | None = None  # the last run, if it ended without a report

    @property
    def progress_at(self) -> str | None:
        """When the last attempt began that was better than all before it; None without one.

        Better is another 2 points of an objective's SLI, or a quarter more answers a second.
        """
        since, best_sli, best_pace = None, dict[str, float](), 0.0
        for attempt in self.attempts:
            if attempt.verdict == "invalid":
                continue
            pace = attempt.answered / attempt.burst_s if attempt.burst_s > 0 else 0.0
            slis = {each.name: each.sli for each in attempt.objectives}
            if (
                since is None
                or pace > best_pace * BETTER_PACE
                or any(sli > best_sli.get(name, 0.0) + BETTER_SLI for name, sli in slis.items())
            ):
                since = attempt.started_at
                best_pace = max(best_pace, pace)
                best_sli |= {name: max(sli, best_sli.get(name, 0.0)) for name, sli in slis.items()}
        return since

    @property
    def solved_by(self) -> Attempt | None:
        """The first attempt that was green."""
        return next((each for each in self.attempts if each.verdict == "met"), None)

    @property
    def state(self) -> str:
        """solved, started, or not started."""
        if self.solved_by is not None:
            return "solved"
        return "started" if self.attempts or self.broken else "not started"


def progress_of_katas(root: Path) -> list[KataProgress]:
    """Of each kata that is no draft, or that was attempted all the same."""
    state_dir = state_folder(root, os.environ)
    katas = []
    for folder in kata_folders(root):
        attempts = attempts_of(state_dir / "reports", folder.name)
        if attempts or not is_draft(folder):
            simulated = is_simulated(folder)
            level = measure_level(folder) if simulated else service_level(folder)
            katas.append(
                KataProgress(
                    folder.name,
                    level.title,
                    attempts,
                    hints_given(state_dir, folder.name),
                    simulated,
                    one_fault_since(state_dir, folder.name),
                    last_broken_run(state_dir / "reports" / folder.name),
                )
            )
    return katas
