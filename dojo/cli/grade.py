"""`./run dojo grade KATA PATH…`: the submissions of a cohort, judged one after the other."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from dojo.cli.interrupt import signals_as_interrupt
from dojo.errors import BadSetting
from dojo.grading.cohort import Grading, open_desk
from dojo.grading.results import Results
from dojo.grading.submission import Submission, kind_of, named
from dojo.output.cohort import solved_line
from dojo.output.figures import count_of
from dojo.settings import state_folder
from dojo.slo.catalog import kata_folder

__all__ = ["Choice", "run", "submissions_of"]

FOLDER = "grading"
INTERRUPTED = 130
SAID_NOTHING = 11

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the command line names."""

    katas: str
    paths: tuple[str, ...]
    each_of: Path | None = None
    index: int | None = None
    to: Path | None = None
    again: bool = False


def run(choice: Choice, root: Path, stream: TextIO) -> int:
    """The command; see `dojo.cli.facilitator_commands` for its status."""
    names = [name for name in choice.katas.split(",") if name.strip()]
    katas = list(dict.fromkeys(kata_folder(root, name) for name in names))
    submissions = submissions_of(choice)
    state_dir = state_folder(root, os.environ)
    results = Results((choice.to or state_dir / FOLDER).resolve())

    def say(line: str) -> None:
        print(line, file=stream, flush=True)

    with signals_as_interrupt():
        interrupted = False
        grading = None
        try:
            with open_desk(root, state_dir) as desk:
                say(f"{count_of(len(submissions), 'submission')}. {desk.sandbox.describe()}")
                grading = Grading(desk, katas, results, say, choice.again)
                grading.run(submissions)
        except KeyboardInterrupt:
            interrupted = True
        if grading is None:
            return INTERRUPTED
        return _finish(grading, results, choice, interrupted, say)


def _finish(grading: Grading, results: Results, choice: Choice, interrupted: bool, say: Say) -> int:
    rows = grading.rows
    if choice.index is None:
        page = results.write_tables(grading.cohort())
        say(f"{solved_line(rows)} The page: {page}")
        say(f"The tables: {results.folder / 'cohort.csv'} and cohort.json beside it.")
    if interrupted:
        say("Ended; nothing is left running. The same command goes on where this one was.")
        return INTERRUPTED
    return SAID_NOTHING if any(row.outcome == "invalid" for row in rows) else 0


def submissions_of(choice: Choice) -> list[Submission]:
    """The submissions that a command line means; BadSetting if it means none."""
    arguments = [*choice.paths, *_content(choice.each_of)]
    if not arguments:
        raise BadSetting(
            "No submission is named. Name folders, patches or archives, or give --each-of FOLDER."
        )
    kinds = [
        kind_of(each, is_folder=Path(each).is_dir(), exists=os.path.lexists(each))
        for each in arguments
    ]
    submissions = named(list(zip(arguments, kinds, strict=True)))
    if choice.index is None:
        return submissions
    if choice.index >= len(submissions):
        raise BadSetting(
            f"There is no submission {choice.index}: there are {len(submissions)}, from 0."
        )
    return [submissions[choice.index]]


def _content(folder: Path | None) -> Sequence[str]:
    """What is in a folder, by name; hidden files are no submissions."""
    if folder is None:
        return ()
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        raise BadSetting(f"{folder} can't be read: {error.strerror}.") from error
    return [str(folder / name) for name in names if not name.startswith(".")]
