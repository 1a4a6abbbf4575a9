"""One submission at one kata: a place made for it, its app read, its run judged."""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dojo.errors import BadSetting, GraderFault
from dojo.grading.bounds import Bounds
from dojo.grading.confined_run import Ended, run_confined
from dojo.grading.folders import remove_folder
from dojo.grading.reading import HandedIn, read_submission
from dojo.grading.release import Release
from dojo.grading.sandbox import Place, Sandbox
from dojo.grading.submission import Submission
from dojo.grading.verdicts import attempt_of, with_differing
from dojo.kata.hint_book import HintBook, parse_hints
from dojo.output.cohort import Attempt

__all__ = ["Desk", "Judged"]

REPORT_BYTES = 20 << 20
PAGE_BYTES = 20 << 20
JUNIT_BYTES = 1 << 20
JUNIT = "junit.xml"


@dataclass(frozen=True, slots=True)
class Judged:
    """The attempt, and its report and page as they were written in the sandbox; "" if none."""

    attempt: Attempt
    report: str
    page: str


@dataclass
class Desk:
    """Where the submissions of a call are judged, one after the other."""

    folder: Path  # which is taken away in the end
    release: Release
    sandbox: Sandbox
    bounds: Bounds
    prepared: Place | None = None
    places: int = 0

    @contextmanager
    def place(self, submission: Submission) -> Iterator[tuple[Place, HandedIn, int | None]]:
        """A place with the submission's app, for the length of the block; Unreadable if none."""
        self.places += 1
        with self.sandbox.user(self.places) as uid:
            place = self._new_place(f"{self.places:04d}", uid)
            try:
                handed_in = read_submission(
                    submission, self.release, self.sandbox, place, self.bounds, uid
                )
                _give(place.release / "app", uid)
                yield place, handed_in, uid
            finally:
                remove_folder(place.folder)

    def judge(self, place: Place, handed_in: HandedIn, uid: int | None, kata: Path) -> Judged:
        """Run the kata at the place; GraderFault if Postgres' data can't be made."""
        if self.prepared is None:
            raise GraderFault("Nothing has been prepared.")
        _fill(place, self.prepared, uid)
        started_at = datetime.now(UTC).isoformat(timespec="seconds")
        program = [sys.executable, "-m", "pytest", f"katas/{kata.name}", "-p", "no:cacheprovider"]
        program.append(f"--junitxml={place.state / JUNIT}")
        ended = run_confined(self.sandbox, place, program, self.bounds, uid)
        return _judged(ended, place, handed_in, kata, started_at)

    def prepare(self, kind: str) -> None:
        """Make what each place gets a copy of; `kind` as dojo.grading.prepare takes it."""
        uid = self.sandbox.preparing_user()
        place = self._new_place("prepared", uid)
        shutil.copytree(self.release.app, place.release / "app", symlinks=True)
        program = [sys.executable, "-m", "dojo.grading.prepare", kind]
        ended = run_confined(self.sandbox, place, program, self.bounds, uid)
        if ended.status != 0:
            reason = ended.stopped or " ".join(ended.log.split())[-600:]
            raise GraderFault(f"The databases could not be made: {reason}")
        self.prepared = place

    def _new_place(self, name: str, uid: int | None) -> Place:
        place = Place(self.folder / name)
        place.folder.mkdir(mode=0o711)
        self.release.copy_graded(place.release)
        for folder in place.own:
            folder.mkdir(mode=0o700)
            if uid is not None:
                os.chown(folder, uid, uid)
        return place


def _judged(ended: Ended, place: Place, handed_in: HandedIn, kata: Path, started_at: str) -> Judged:
    if ended.stopped:
        attempt = Attempt(started_at, "stopped", ended.stopped, ended.spent_s)
        return Judged(attempt, "", "")
    reports = place.state / "reports" / kata.name
    report = _text(reports / "latest.json", REPORT_BYTES)
    facts = _facts(report)
    junit = _text(place.state / JUNIT, JUNIT_BYTES)
    attempt = attempt_of(facts, junit, ended.log, _book(kata), started_at, ended.spent_s)
    attempt = with_differing(attempt, handed_in.differing)
    if facts is None:
        return Judged(attempt, "", "")
    return Judged(attempt, report, _text(reports / "latest.html", PAGE_BYTES))


def _fill(place: Place, prepared: Place, uid: int | None) -> None:
    """Postgres' data, the katas' caches and what is known of the dataset."""
    shutil.copytree(prepared.cache, place.cache, dirs_exist_ok=True)
    seeded = prepared.state / "seeded"
    if seeded.is_dir():
        shutil.copytree(seeded, place.state / "seeded")
    for folder in place.own:
        _give(folder, uid)


def _give(folder: Path, uid: int | None) -> None:
    """Make a folder and all that is in it the submission's user's."""
    if uid is None:
        return
    os.chown(folder, uid, uid)
    for top, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(top) / name, uid, uid, follow_symlinks=False)


def _text(path: Path, most: int) -> str:
    """A file that the sandbox wrote; "" if it is none, too large, or a link to somewhere."""
    place = path.parent
    with suppress(OSError):
        if place.resolve() != place:
            return ""
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            content = file.read(most + 1)
        return content.decode(errors="replace") if len(content) <= most else ""
    return ""


def _facts(report: str) -> dict[str, Any] | None:
    try:
        facts = json.loads(report)
    except (ValueError, RecursionError):
        return None
    return facts if isinstance(facts, dict) else None


def _book(kata: Path) -> HintBook | None:
    """The hints of a kata, which know its causes by their signs; None of a kata without."""
    try:
        return parse_hints((kata / ".meta" / "hints.md").read_text(encoding="utf-8"))
    except (OSError, BadSetting):
        return None
