"""`./run dojo history 01`: a kata's attempts as bars and as a table."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dojo.output.attempt_figures import NONE, Attempt, ObjectiveFigures, figures, outcome
from dojo.output.attempts import attempts_of
from dojo.output.charts import bar
from dojo.output.figures import percent
from dojo.settings import state_folder
from dojo.slo.catalog import kata_folder

__all__ = ["print_history", "run"]

MOST_ATTEMPTS = 20
STYLES = {"met": "green", "not_met": "red", "undecided": "yellow"}
FIGURES = ("answers a second", "one alone", "p50", "statements", "under load")
WIDE = 80  # columns, for the statements under load as well
COMPARE = "./run pytest-benchmark --storage {} compare"


def run(name: str, root: Path, stream: TextIO) -> None:
    """The command: reads the stored attempts, and runs nothing."""
    kata = kata_folder(root, name).name
    state_dir = state_folder(root, os.environ)
    attempts = attempts_of(state_dir / "reports", kata)
    width = min(shutil.get_terminal_size((80, 24)).columns, 120)
    console = Console(file=stream, width=width, highlight=False, markup=False)
    if not attempts:
        console.print(f"There is no attempt at {kata} yet: ./run dojo watch {kata[:2]}")
        return
    print_history(console, kata, attempts)
    folder = state_dir / "benchmarks"
    if folder.is_dir():
        shown = folder.relative_to(root) if folder.is_relative_to(root) else folder
        console.print("\nOne request alone, attempt beside attempt:", style="dim")
        console.print(f"  {COMPARE.format(shown)}", style="dim", soft_wrap=True)


def print_history(console: Console, kata: str, attempts: Sequence[Attempt]) -> None:
    """The last attempts: each objective's SLI as bars, and what else moves with a fix."""
    shown = attempts[-MOST_ATTEMPTS:]
    left_out = len(attempts) - len(shown)
    earlier = f", and {left_out} earlier" if left_out else ""
    console.print(Text(f"{kata}: attempts {shown[0].number} to {shown[-1].number}{earlier}"))
    for name in {each.name: None for attempt in shown for each in attempt.objectives}:
        console.print()
        console.print(Text(name, style="bold"))
        for attempt in shown:
            for each in attempt.objectives:
                if each.name == name:
                    console.print(_bar_line(attempt, each, console.width))
    console.print()
    console.print(_table(shown, console.width))


def _bar_line(attempt: Attempt, objective: ObjectiveFigures, width: int) -> Text:
    """Number, bar to the SLI with the target marked, the SLI; invalid runs say so."""
    figure = f" {percent(objective.sli, objective.target):>7}  {objective.good:,} / "
    figure += f"{objective.total:,}"
    room = max(10, width - 6 - 24)
    style = "dim" if attempt.verdict == "invalid" else STYLES.get(objective.verdict, "")
    if attempt.verdict == "invalid":
        figure += "  invalid"
    filled = bar(objective.sli, room).ljust(room)
    at = min(room - 1, int(objective.target * room))
    line = Text(f"{attempt.number:>4}  ")
    line.append(filled[:at], style=style)
    line.append("┆" if filled[at] == " " else filled[at], style=style)
    line.append(filled[at + 1 :], style=style)
    line.append(figure)
    return line


def _table(attempts: Sequence[Attempt], width: int) -> Table:
    """A line for each attempt; a column that none of them has is left out."""
    texts = [figures(attempt) for attempt in attempts]
    columns = FIGURES if width >= WIDE else FIGURES[:-1]
    names = [name for name in columns if any(name in each for each in texts)]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name, justify in (("attempt", "right"), ("outcome", "left")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]  # rich's own literal
    for name in names:
        table.add_column(name, justify="right", overflow="fold")
    for attempt, each in zip(attempts, texts, strict=True):
        table.add_row(
            str(attempt.number), outcome(attempt), *(each.get(name, NONE) for name in names)
        )
    return table
