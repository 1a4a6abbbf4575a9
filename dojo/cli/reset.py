"""`./run dojo reset`: app/ back to the start, with what the learner changed put aside.

What is put aside is a whole copy of app/ in .dojo/stash/, whether it was committed, staged, never
added or is in no git clone at all. Commits and the index stay as they are. `--to-fault` goes to an
app with one cause left instead of all of them.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from dojo.cli.file_tree import FileTree, copy_tree
from dojo.cli.one_fault import app_with_one_fault, note_help
from dojo.errors import BadSetting
from dojo.output.figures import count_of
from dojo.settings import state_folder
from dojo.site.shipped_app import ShippedApp, shipped_app
from dojo.slo.catalog import kata_folder

__all__ = ["ResetOptions", "run"]

STASH = "stash"
MOST_NAMES = 8
# of a kata, in the state's folder: what a learner calls it, by its path
OWN_FILES = {
    "reports/{}": "attempts",
    "hints/{}": "hints",
    "hints/{}.json": "hints",
    "one-fault/{}.json": "hints",  # the note that --to-fault was used
}


@dataclass(frozen=True, slots=True)
class ResetOptions:
    """The command line's options."""

    kata: str | None = None  # also its attempts and hints begin anew
    commit: str | None = None  # the app of that commit instead of the shipped one
    undo: bool = False
    stash: str | None = None  # which one to bring back; None: the newest
    fault: int | None = None  # leave in this one of the kata's causes, from 1, and mend the others


def run(options: ResetOptions, root: Path, stream: TextIO) -> None:
    """The command; BadSetting if it can't be done, and then nothing was lost."""

    def say(line: str) -> None:
        print(line, file=stream, flush=True)

    state_dir, app = state_folder(root, os.environ), root / "app"
    folder = kata_folder(root, options.kata) if options.kata else None
    try:
        for line in _lines(options, folder, app, state_dir):
            say(line)
    except OSError as error:
        raise BadSetting(
            f"{error}. What was put aside so far is in {state_dir / STASH}; nothing was thrown"
            " away. Make room, or see to the permissions, then run again."
        ) from error


def _lines(options: ResetOptions, folder: Path | None, app: Path, state_dir: Path) -> Iterator[str]:
    """Do what the options say, and what to say of it; BadSetting if they don't fit together."""
    if options.fault is not None:
        if folder is None:
            raise BadSetting(
                f"--to-fault needs a kata, such as: ./run dojo reset 01 --to-fault {options.fault}"
            )
        if options.undo or options.stash or options.commit:
            raise BadSetting("--to-fault goes with none of --undo, --stash and --to.")
        return _leave_one_fault(folder, options.fault, app, state_dir)
    if options.undo or options.stash:
        return _undo(options.stash, app, state_dir)
    return _reset(options, folder.name if folder else None, app, state_dir)


def _reset(options: ResetOptions, kata: str | None, app: Path, state_dir: Path) -> Iterator[str]:
    start = shipped_app(app.parent, state_dir, options.commit)
    aside = _stash_folder(state_dir)
    if changed := _write(start.extracted(), app, aside):
        yield f"app/ is back at the start, {start.described}."
        yield from _named(changed)
        yield f"What you had is whole in {_shown(aside / 'app', app.parent)}."
    else:
        yield f"app/ is at the start already, {start.described}. Nothing was changed."
    if kata is not None and (moved := _move_own(kata, state_dir, aside)):
        yield f"{kata} begins anew: its {' and '.join(moved)} are put aside, too."
    if aside.exists():
        yield f"To get it back: ./run dojo reset --undo (later: --stash {aside.name})"


def _leave_one_fault(folder: Path, number: int, app: Path, state_dir: Path) -> Iterator[str]:
    """No file is named here: a name could tell where the cause is."""
    root, kata = app.parent, folder.name
    start = shipped_app(root, state_dir)
    aside = _stash_folder(state_dir)
    changed = _write(app_with_one_fault(start, folder, number), app, aside)
    note_help(state_dir, kata)
    yield f"app/ is as it was shipped, with one cause of {kata} left in it; the others are mended."
    if changed:
        yield f"What you had is whole in {_shown(aside / 'app', root)}."
        yield f"To get it back: ./run dojo reset --undo (later: --stash {aside.name})"
    else:
        yield "It was so already; nothing was changed."
    yield "Your attempts and hints go on. Run it before you ask for a hint, since hints answer to"
    yield f"the last report: ./run pytest katas/{kata}"
    yield f"How the others were mended, for afterwards: {_comparison(start, root)}"


def _comparison(start: ShippedApp, root: Path) -> str:
    """The command that shows what differs between the shipped app and app/."""
    if start.folder is not None:
        return f"diff -rN {_shown(start.folder, root)} app"
    return f"git diff {start.commit[:10]} app/, and git status app/ for new files"


def _write(source: AbstractContextManager[Path], app: Path, aside: Path) -> tuple[str, ...]:
    """Make app/ the same as a folder; if it differs, what it was is first copied to `aside`.

    The paths at which the two differed.
    """
    with source as folder:
        target = FileTree.read(folder)
    app.mkdir(exist_ok=True)
    changed = FileTree.read(app).differences(target)
    if changed:
        copy_tree(app, aside / "app")
        target.write_over(app)
    return changed


def _undo(name: str | None, app: Path, state_dir: Path) -> Iterator[str]:
    chosen = _chosen(name, state_dir)
    root = app.parent
    source = chosen / "app"
    if source.is_dir():
        target = FileTree.read(source)
        app.mkdir(exist_ok=True)
        changed = FileTree.read(app).differences(target)
        if changed:
            aside = _stash_folder(state_dir)
            copy_tree(app, aside / "app")
            target.write_over(app)
            yield f"app/ is what it was in {_shown(source, root)}, which stays there."
            yield from _named(changed)
            yield f"What app/ was until now is in {_shown(aside / 'app', root)}."
        else:
            yield f"app/ is the same as {_shown(source, root)} already."
    for path in sorted(
        p for kind in ("reports", "hints", "one-fault") for p in (chosen / kind).glob("*")
    ):
        place = state_dir / path.relative_to(chosen)
        if place.exists():
            yield f"{_shown(path, root)} stays there, since there are newer ones."
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            path.rename(place)
            yield f"{_shown(place, root)} is back."


def _chosen(name: str | None, state_dir: Path) -> Path:
    """The stash of that name, or the newest; BadSetting, which names those that there are."""
    stashes = sorted(path for path in (state_dir / STASH).glob("*") if path.is_dir())
    if not stashes:
        raise BadSetting(f"Nothing was put aside so far: {state_dir / STASH} is empty.")
    if name is None:
        return stashes[-1]
    for path in stashes:
        if path.name == name:
            return path
    names = ", ".join(path.name for path in stashes)
    raise BadSetting(f"There is no stash {name!r}. There are: {names}.")


def _stash_folder(state_dir: Path) -> Path:
    """A name that no stash has; later ones come later in the alphabet."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S")
    number = 1
    while (folder := state_dir / STASH / f"{stamp}-{number}").exists():
        number += 1
    return folder


def _move_own(kata: str, state_dir: Path, aside: Path) -> list[str]:
    """Put a kata's attempts, hints and note aside; which of them there were."""
    moved = []
    for pattern, name in OWN_FILES.items():
        path = state_dir / pattern.format(kata)
        if path.exists():
            target = aside / pattern.format(kata)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, target)
            moved.append(name)
    return list(dict.fromkeys(moved))


def _named(changed: Sequence[str]) -> Iterator[str]:
    """The files that were written or removed."""
    yield f"{count_of(len(changed), 'file')}:"
    for name in changed[:MOST_NAMES]:
        yield f"    app/{name}"
    if len(changed) > MOST_NAMES:
        yield f"    and {len(changed) - MOST_NAMES} more"


def _shown(path: Path, root: Path) -> str:
    return str(path.relative_to(root) if path.is_relative_to(root) else path)
