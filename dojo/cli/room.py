"""`./run dojo room FILE…`: who of a room is where, from the status files of many machines."""

import os
import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import TextIO

from rich.console import Console
from rich.table import Table

from dojo.cli.room_status import MOST_BYTES, KataStatus, PersonStatus, read_status
from dojo.output.figures import count_of, percent, round_percent
from dojo.output.outcome import VERDICTS

__all__ = ["people_of", "people_order", "print_room", "run"]

STUCK = timedelta(minutes=10)
SIGN_OF_HELP = "*"


def run(files: Sequence[str], stream: TextIO) -> None:
    """The command: reads the files, and runs nothing."""
    width = max(60, min(shutil.get_terminal_size((80, 24)).columns, 120))
    console = Console(file=stream, width=width, highlight=False, markup=False, emoji=False)
    print_room(console, people_of([Path(file) for file in files]))


def people_of(paths: Sequence[Path]) -> list[PersonStatus]:
    """A row for each file, those without progress for longest first, broken ones last."""
    stems = [path.stem for path in paths]
    people = []
    for path in paths:
        alone = stems.count(path.stem) == 1
        name = path.stem if alone else f"{path.parent.name}/{path.name}"
        try:
            if path.exists() and not (path.is_file() or path.is_dir()):
                people.append(
                    PersonStatus(read_status(name, b"").name, "it is no file")
                )  # a pipe never ends
                continue
            with path.open("rb") as file:
                people.append(read_status(name, file.read(MOST_BYTES + 1)))
        except OSError as error:
            people.append(PersonStatus(read_status(name, b"").name, _reason(error)))
    return sorted(people, key=people_order)


def print_room(console: Console, people: Sequence[PersonStatus]) -> None:
    """The table, and below it a line for each kata that somebody has begun."""
    gap = 2 if console.width >= 80 else 1
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, gap, 0, 0))
    table.add_column("who", max_width=16, overflow="fold")
    table.add_column("solved", justify="right", no_wrap=True)
    table.add_column("now at", no_wrap=True)
    table.add_column("best SLI", no_wrap=True)
    table.add_column("runs", justify="right", no_wrap=True)
    table.add_column("hints", justify="right", no_wrap=True)
    table.add_column("no better", justify="right", no_wrap=True)
    for person in people:
        if not person.problem:
            table.add_row(*_row(person), style=_style(person))
    if table.row_count:
        console.print(table)
    for person in people:
        if person.problem:
            console.print(f"{person.name}: {person.problem}", style="yellow")
    for line in _notes(people):
        console.print(line)


def _row(person: PersonStatus) -> tuple[str, ...]:
    kata, solved = person.current, f"{person.solved} of {len(person.katas)}"
    if kata is None:
        return person.name, solved, "-", "all solved", "", "", ""
    at = kata.kata.partition("-")[0] + (SIGN_OF_HELP if kata.one_fault else "")
    if not kata.attempts:
        return person.name, solved, at, "not begun", "0", str(kata.hints), ""
    return (
        person.name,
        solved,
        at,
        _best(kata),
        str(kata.attempts),
        str(kata.hints),
        _minutes(person.stuck_for),
    )


def _best(kata: KataStatus) -> str:
    """The best SLI of the objective that is furthest away, else how the last attempt ended."""
    if kata.best is None:
        return VERDICTS.get(kata.verdict or "", kata.verdict or "")
    sli, target = kata.best
    return f"{percent(sli, target)} of {round_percent(target)}"


def _notes(people: Sequence[PersonStatus]) -> list[str]:
    """What holds for the room as a whole."""
    readable = [person for person in people if not person.problem]
    stuck = [p for p in readable if (p.stuck_for or timedelta()) >= STUCK]
    lines = ["", f"{count_of(len(people), 'file')}, {len(people) - len(readable)} unreadable."]
    if stuck:
        lines.append(f"Nothing has got better for ten minutes or more: {len(stuck)}.")
    by_kata: dict[str, list[KataStatus]] = {}
    for person in readable:
        for kata in person.katas:
            if kata.attempts:
                by_kata.setdefault(kata.kata, []).append(kata)
    for name, begun in sorted(by_kata.items()):
        lines.append(f"{name}: begun by {len(begun)}, solved by {_solved(begun)}")
    if any(kata.one_fault for each in by_kata.values() for kata in each):
        lines.append(f"{SIGN_OF_HELP} One cause was left in by reset --to-fault.")
    versions = sorted({person.version or "unknown" for person in readable})
    if len(versions) > 1:
        lines.append(f"Not everybody has the same version: {', '.join(versions)}.")
    return lines


def _solved(begun: Sequence[KataStatus]) -> str:
    solved = [kata for kata in begun if kata.state == "solved"]
    times = [kata.solved_in.total_seconds() for kata in solved if kata.solved_in is not None]
    if not times:
        return f"{len(solved)}."
    return f"{len(solved)}, in {_minutes(timedelta(seconds=median(times)))} (median)."


def _minutes(length: timedelta | None) -> str:
    if length is None:
        return ""
    minutes = int(length.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"


def _style(person: PersonStatus) -> str:
    if person.current is None:
        return "green"
    return "bold" if (person.stuck_for or timedelta()) >= STUCK else ""


def people_order(person: PersonStatus) -> tuple[bool, bool, float, str]:
    """Those who need somebody first; who has solved everything and what can't be read last."""
    stuck_s = person.stuck_for.total_seconds() if person.stuck_for is not None else -1.0
    return bool(person.problem), person.current is None, -stuck_s, person.name


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, IsADirectoryError):
        return "it is a folder; name the files in it"
    return f"it can't be read: {os.strerror(error.errno or 0)}"
