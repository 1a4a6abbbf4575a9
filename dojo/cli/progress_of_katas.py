"""How far a learner is with each kata, by the stored attempts and hints alone."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dojo.kata.folder_reader import is_draft
from dojo.kata.hints import hints_given
from dojo.output.attempt_figures import Attempt
from dojo.output.attempts import attempts_of
from dojo.settings import state_folder
from dojo.slo.catalog import is_simulated, kata_folders, measure_level, service_level

__all__ = ["KataProgress", "progress_of_katas"]


@dataclass(frozen=True, slots=True)
class KataProgress:
    """A kata and its attempts, the oldest first."""

    kata: str
    title: str
    attempts: Sequence[Attempt]
    hints: int

    @property
    def solved_by(self) -> Attempt | None:
        """The first attempt that was green."""
        return next((each for each in self.attempts if each.verdict == "met"), None)

    @property
    def state(self) -> str:
        """solved, started, or not started."""
        if self.solved_by is not None:
            return "solved"
        return "started" if self.attempts else "not started"


def progress_of_katas(root: Path) -> list[KataProgress]:
    """Of each kata that is no draft, or that was attempted all the same."""
    state_dir = state_folder(root, os.environ)
    katas = []
    for folder in kata_folders(root):
        attempts = attempts_of(state_dir / "reports", folder.name)
        if attempts or not is_draft(folder):
            level = measure_level(folder) if is_simulated(folder) else service_level(folder)
            katas.append(
                KataProgress(
                    folder.name, level.title, attempts, hints_given(state_dir, folder.name)
                )
            )
    return katas
