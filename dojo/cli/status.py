"""`./run dojo status`: the katas, how far each one is, and its best figures."""

import json
import shutil
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from dojo.cli.progress_of_katas import KataProgress, progress_of_katas
from dojo.output.attempt_figures import best_slis, outcome, when
from dojo.output.figures import count_of, percent

__all__ = ["facts", "print_status", "run"]

SIGNS = {"solved": ("✓", "bold green"), "started": ("▸", "yellow"), "not started": ("·", "dim")}


def run(as_json: bool, root: Path, stream: TextIO) -> None:
    """The command: reads the stored attempts, and runs nothing."""
    katas = progress_of_katas(root)
    if as_json:
        status = {
            "version": _version(root),
            "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "katas": [facts(kata) for kata in katas],
        }
        print(json.dumps(status, indent=1), file=stream)
        return
    width = min(shutil.get_terminal_size((80, 24)).columns, 100)
    print_status(Console(file=stream, width=width, highlight=False, markup=False), katas)


def facts(kata: KataProgress) -> dict[str, Any]:
    """A kata's progress as JSON values; ratios as ratios."""
    solved, best = kata.solved_by, best_slis(kata.attempts)
    last = kata.attempts[-1] if kata.attempts else None
    return {
        "kata": kata.kata,
        "title": kata.title,
        "state": kata.state,
        "attempts": len(kata.attempts),
        "hints": kata.hints,
        "solved_at": solved.started_at if solved else None,
        "solved_in_attempt": solved.number if solved else None,
        "last_verdict": last.verdict if last else None,
        "last_at": last.started_at if last else None,
        "last_run_broke_off_at": kata.broken.at if kata.broken else None,
        "begun_at": kata.attempts[0].started_at if last else None,
        "progress_at": kata.progress_at,
        "one_fault_since": kata.one_fault_since,
        "best": [
            {"objective": name, "target": each.target, "sli": each.sli}
            for name, each in best.items()
        ],
    }


def _version(root: Path) -> str | None:
    """The project's version; None if nobody can tell."""
    try:
        return str(tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"])
    except (OSError, ValueError, KeyError):
        return None


def print_status(console: Console, katas: Sequence[KataProgress]) -> None:
    """A block for each kata, which holds at every width."""
    for kata in katas:
        sign, style = SIGNS[kata.state]
        head = Text(f"{sign} {kata.kata}", style=style)
        head.append(f"  {kata.title}", style="dim")
        console.print(head)
        for line in _lines(kata):
            console.print(Padding(Text(line), (0, 0, 0, 2), expand=False))
    solved = sum(kata.state == "solved" for kata in katas)
    console.print(f"\n{solved} of {count_of(len(katas), 'kata')} solved.")
    console.print("→ What to do now: ./run dojo next")


def _lines(kata: KataProgress) -> list[str]:
    if not kata.attempts:
        hints = f", {count_of(kata.hints, 'hint')}" if kata.hints else ""
        return [f"{'no report yet' if kata.broken else 'not started'}{hints}", *_broken(kata)]
    counts = f"{count_of(len(kata.attempts), 'attempt')}, {count_of(kata.hints, 'hint')}"
    last = kata.attempts[-1]
    solved = kata.solved_by
    if solved is not None:
        lines = [f"solved in attempt {solved.number}, {when(solved.started_at)}; {counts}"]
        if last.verdict != "met":
            lines.append(f"the last attempt: {outcome(last)}, {when(last.started_at)}")
    else:
        lines = [f"{outcome(last)}, {when(last.started_at)}; {counts}"]
    lines += _broken(kata)
    if kata.one_fault_since is not None:
        lines.append(f"one cause left in by reset --to-fault, {when(kata.one_fault_since)}")
    for name, each in best_slis(kata.attempts).items():
        best = f"{percent(each.sli, each.target)} at best" if each.total else "nothing counted yet"
        lines.append(f"{name}: {best}")
    return lines


def _broken(kata: KataProgress) -> list[str]:
    """What became of the last run, if it ended without a report."""
    if kata.broken is None:
        return []
    return [f"the last run broke off, {when(kata.broken.at)}: {kata.broken.summary}"]
