"""The shipped app with one of a kata's causes left in it and the others mended.

For whoever is stuck. Causes are counted in the order of .meta/hints.md and never named: finding the
one that is left is the exercise. That somebody took this help is noted in the state's folder.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from dojo.errors import BadSetting
from dojo.kata.hint_book import parse_hints
from dojo.output.figures import count_of
from dojo.site.shipped_app import ShippedApp, apply_patch

__all__ = ["app_with_one_fault", "fault_patches", "note_help", "one_fault_since"]

NOTE = "one-fault/{}.json"  # of a kata, in the state's folder


def fault_patches(folder: Path) -> list[Path]:
    """For each cause of a kata the patch that leaves only this cause in; [] if it has none."""
    meta = folder / ".meta"
    try:
        book = parse_hints((meta / "hints.md").read_text(encoding="utf-8"))
    except OSError:
        return []
    return [meta / "faults" / f"{cause.faults[0]}.patch" for cause in book.causes if cause.faults]


@contextmanager
def app_with_one_fault(start: ShippedApp, folder: Path, number: int) -> Iterator[Path]:
    """A folder named app with cause `number`, from 1, for the length of the block.

    BadSetting if the kata has no such cause; it says how many there are.
    """
    patches = fault_patches(folder)
    if not 1 <= number <= len(patches):
        raise BadSetting(
            f"{folder.name} has {count_of(len(patches), 'cause')}, so --to-fault can be"
            f" 1 to {len(patches)}, and not {number}."
            if patches
            else f"{folder.name} has no causes that can be left in one by one."
        )
    with start.extracted() as app:
        apply_patch(patches[number - 1], app.parent)
        yield app


def note_help(state_dir: Path, kata: str) -> None:
    """Note that only one cause of a kata is left, from now on."""
    path = state_dir / NOTE.format(kata)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"since": datetime.now(UTC).isoformat(timespec="seconds")}))


def one_fault_since(state_dir: Path, kata: str) -> str | None:
    """When the note was made, in ISO 8601, UTC; None if there is none that can be read."""
    try:
        since = json.loads((state_dir / NOTE.format(kata)).read_text(encoding="utf-8"))["since"]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return since if isinstance(since, str) else None
