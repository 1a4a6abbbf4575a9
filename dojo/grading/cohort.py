"""The submissions of a cohort at some katas, one after the other: each one's row, whatever happens.

A row that is stored already is used again, but for one of a run that said nothing. One submission
that is odd never stops the others.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from dojo.errors import BadSetting, GraderFault, message_of
from dojo.grading.bounds import BOUNDS, Bounds
from dojo.grading.folders import remove_folder
from dojo.grading.judge import Desk
from dojo.grading.reading import HandedIn
from dojo.grading.release import Release
from dojo.grading.results import Results
from dojo.grading.sandbox import Sandbox
from dojo.grading.submission import Submission, Unreadable
from dojo.output.app_text import one_line
from dojo.output.cohort import OUTCOMES, Attempt, Cohort, Outcome, Row
from dojo.slo.catalog import is_simulated, measure_level, service_level

__all__ = ["Grading", "open_desk"]

PREFIX = "slo-dojo-grade-"
LARGE_FOLDER = Path("/var/tmp")  # /tmp is in memory on many systems
OWNER = "owner"  # the file that names the process whose folder it is
MOST = 160  # characters of a live line
MOST_OF_REASON = 300


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@contextmanager
def open_desk(root: Path, state_dir: Path, bounds: Bounds = BOUNDS) -> Iterator[Desk]:
    """A desk in a folder of its own, which is taken away; with it those of calls that were killed.

    BadSetting if there is no shipped app, or the folder can't be made.
    """
    place = LARGE_FOLDER if os.access(LARGE_FOLDER, os.W_OK) else Path(tempfile.gettempdir())
    _remove_abandoned(place)
    try:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
    except OSError as error:
        raise BadSetting(f"No folder can be made in {place}: {error}. Make room.") from error
    try:
        (folder / OWNER).write_text(str(os.getpid()), encoding="ascii")
        folder.chmod(0o711)
        release = Release.copied(root, state_dir, folder / "release")
        yield Desk(folder, release, Sandbox.of_this_machine(), bounds)
    finally:
        remove_folder(folder)


def _remove_abandoned(place: Path) -> None:
    """The folders of calls that were killed; a folder of somebody else's stays."""
    for folder in place.glob(f"{PREFIX}*"):
        with suppress(OSError, ValueError):
            if folder.lstat().st_uid != os.geteuid():
                continue
            pid = int((folder / OWNER).read_text(encoding="ascii"))
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                remove_folder(folder)


@dataclass
class Grading:
    """A call: its katas, its submissions, and the rows so far."""

    desk: Desk
    katas: Sequence[Path]
    results: Results
    say: Callable[[str], None]
    again: bool = False  # judge anew what was judged already
    rows: list[Row] = field(default_factory=list)

    def run(self, submissions: Sequence[Submission]) -> None:
        """Judge all, kata by kata; what can't be judged is a row with a reason."""
        total = len(self.katas) * len(submissions)
        for kata in self.katas:
            for submission in submissions:
                row = self._row(submission, kata)
                self.rows.append(row)
                self.say(_line(row, len(self.rows), total, len(self.katas) > 1))

    def cohort(self) -> Cohort:
        """What there is so far, as a value."""
        return Cohort(
            katas={kata.name: _title(kata) for kata in self.katas},
            rows=tuple(self.rows),
            made_at=_now(),
            release=self.desk.release.digest[:12],
            sandbox=self.desk.sandbox.describe(),
        )

    def _row(self, submission: Submission, kata: Path) -> Row:
        try:
            return self._read_and_judged(submission, kata)
        except Unreadable as reason:
            return _without_content(submission, kata, "unreadable", str(reason))
        except GraderFault:  # of none in particular, as a full disk
            raise
        except Exception as fault:  # of this one; the others are judged all the same
            return _without_content(submission, kata, "invalid", message_of(fault))

    def _read_and_judged(self, submission: Submission, kata: Path) -> Row:
        with self.desk.place(submission) as (place, handed_in, uid):
            key = self._key(handed_in)
            for row in self.rows:
                if row.key == key and row.kata == kata.name and row.outcome != "invalid":
                    return replace(
                        row, name=submission.name, source=submission.argument, same_as=row.name
                    )
            stored = self.results.stored(kata.name, key)
            if stored is not None and stored.outcome != "invalid" and not self.again:
                return replace(stored, name=submission.name, source=submission.argument, same_as="")
            if self.desk.prepared is None:
                self._prepare()
            judged = self.desk.judge(place, handed_in, uid, kata)
            page = stored.page if stored else ""
            if judged.report:
                page = self.results.store_report(kata.name, key, judged.report, judged.page)
            row = Row(
                name=submission.name,
                source=submission.argument,
                kata=kata.name,
                key=key,
                attempts=(*(stored.attempts if stored else ()), judged.attempt),
                differing=handed_in.differing,
                page=page,
            )
            self.results.store(row)
            return row

    def _key(self, handed_in: HandedIn) -> str:
        """Of what was handed in and of what judges it."""
        return hashlib.sha256(f"{self.desk.release.digest}{handed_in.digest}".encode()).hexdigest()

    def _prepare(self) -> None:
        simulated = all(map(is_simulated, self.katas))
        if not simulated:
            self.say("Making the databases that each submission gets a copy of …")
        self.desk.prepare("simulated" if simulated else "load")


def _without_content(submission: Submission, kata: Path, outcome: Outcome, reason: str) -> Row:
    """A row that is not stored: it is read anew by the next call."""
    attempt = Attempt(_now(), outcome, one_line(reason, MOST_OF_REASON), 0.0)
    return Row(submission.name, submission.argument, kata.name, "", (attempt,))


def _line(row: Row, number: int, total: int, with_kata: bool) -> str:
    """What came of a row, for the terminal."""
    kata = f", {row.kata}" if with_kata else ""
    reason = f": {row.last.reason}" if row.last.reason else ""
    causes = f" [{'; '.join(row.last.causes)}]" if row.last.causes else ""
    same = f" (the same as {row.same_as})" if row.same_as else f" ({row.last.spent_s:.0f} s)"
    words = f"{row.name}{kata}: {OUTCOMES[row.outcome]}{reason}{causes}"
    return f"{number:>{len(str(total))}}/{total} {one_line(words, MOST)}{same}"


def _title(kata: Path) -> str:
    return (measure_level(kata) if is_simulated(kata) else service_level(kata)).title
