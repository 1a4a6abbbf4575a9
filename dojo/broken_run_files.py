"""Runs without a report, on disk: .dojo/reports/<kata>/broken-0003.json.

Each takes a number of its own among the attempts, so that whoever reads them knows which was last.
"""

import json
import os
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from dojo.broken_run import BrokenRun

__all__ = ["broken_runs", "last_broken_run", "note_broken_run", "numbers"]

MOST_LETTERS = 20_000  # of a message, which holds the app's own words


def note_broken_run(folder: Path, run: BrokenRun) -> None:
    """Write it into the kata's folder of reports; where that can't be done it is forgotten."""
    short = replace(run, message=run.message[:MOST_LETTERS])
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f".broken.{os.getpid()}"
        unfinished.write_text(json.dumps(asdict(short), indent=1), encoding="utf-8")
        unfinished.replace(folder / f"broken-{run.number:04d}.json")


def broken_runs(folder: Path) -> list[BrokenRun]:
    """All that can be read, the oldest first."""
    runs = []
    for number in numbers(folder, "broken"):
        with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
            facts = json.loads((folder / f"broken-{number:04d}.json").read_text(encoding="utf-8"))
            texts = (str(facts[name]) for name in ("at", "fault", "message"))
            runs.append(BrokenRun(number, *texts))
    return runs


def last_broken_run(folder: Path) -> BrokenRun | None:
    """The last run, if it was broken off; None if it has a report, or if there is none."""
    runs = broken_runs(folder)
    if not runs or runs[-1].number <= max(numbers(folder, "attempt"), default=0):
        return None
    return runs[-1]


def numbers(folder: Path, kind: str) -> list[int]:
    """The numbers of the `attempt` or `broken` files of a kata, in their order."""
    digits = (path.stem.removeprefix(f"{kind}-") for path in folder.glob(f"{kind}-*.json"))
    return sorted(int(each) for each in digits if each.isdigit())
