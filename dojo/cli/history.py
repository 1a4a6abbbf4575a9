"""`./run dojo history 01`: a kata's attempts as bars and as a table.

Those of a simulated kata, which has many measures and no times, are in one table.
"""

import os
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dojo.broken_run import BrokenRun
from dojo.broken_run_files import broken_runs
from dojo.output.attempt_figures import NONE, Attempt, ObjectiveFigures, figures, outcome
from dojo.output.attempts import attempts_of
from dojo.output.charts import bar
from dojo.output.conditions import differences
from dojo.output.figures import percent, tenths
from dojo.output.simulated_outcome import SIGNS
from dojo.settings import state_folder
from dojo.slo.catalog import kata_folder

__all__ = ["print_history", "run"]

MOST_ATTEMPTS = 20
MOST_BROKEN = 5
STYLES = {"met": "green", "not_met": "red", "undecided": "yellow"}
FIGURES = ("answers a second", "one alone", "p50", "statements", "under load")
WIDE = 80  # columns, for the statements under load as well
BESIDE_BAR = 6 + 8 + 16 + 9  # columns: the number, the SLI, its counts, "  invalid"
OTHERWISE = "* Under other conditions than the last attempt, so not to be compared with it:"
CELL_WIDTH = 10  # "100.0% ✓" and a gap
KEY = (
    "✓ met   ✗ not met   ≈ too close to call   none: nothing counted",
    "refused: a file could not be used",
)
COMPARE = "./run pytest-benchmark --storage {} compare"


def run(name: str, root: Path, stream: TextIO) -> None:
    """The command: reads the stored attempts, and runs nothing."""
    kata = kata_folder(root, name).name
    state_dir = state_folder(root, os.environ)
    attempts = attempts_of(state_dir / "reports", kata)
    width = min(shutil.get_terminal_size((80, 24)).columns, 120)
    console = Console(file=stream, width=width, highlight=False, markup=False)
    broken = broken_runs(state_dir / "reports" / kata)
    if not attempts and not broken:
        console.print(f"There is no attempt at {kata} yet: ./run dojo watch {kata[:2]}")
        return
    if attempts:
        print_history(console, kata, attempts)
    _print_broken(console, broken)
    if not attempts:
        return
    folder = state_dir / "benchmarks"
    if folder.is_dir() and not attempts[-1].is_simulated:
        shown = folder.relative_to(root) if folder.is_relative_to(root) else folder
        console.print("\nOne request alone, attempt beside attempt:", style="dim")
        console.print(f"  {COMPARE.format(shown)}", style="dim", soft_wrap=True)


def print_history(console: Console, kata: str, attempts: Sequence[Attempt]) -> None:
    """The last attempts: each objective's SLI as bars, and what else moves with a fix."""
    shown = attempts[-MOST_ATTEMPTS:]
    left_out = len(attempts) - len(shown)
    earlier = f", and {left_out} earlier" if left_out else ""
    console.print(Text(f"{kata}: attempts {shown[0].number} to {shown[-1].number}{earlier}"))
    if shown[-1].is_simulated:
        _print_measures(console, shown)
        return
    for name in {each.name: None for attempt in shown for each in attempt.objectives}:
        console.print()
        console.print(Text(name, style="bold"))
        for attempt in shown:
            for each in attempt.objectives:
                if each.name == name:
                    console.print(_bar_line(attempt, each, console.width - BESIDE_BAR))
    console.print()
    otherwise = {
        each.number: found
        for each in shown
        if (found := differences(each.conditions, shown[-1].conditions))
    }
    console.print(_table(shown, otherwise, console.width))
    if otherwise:
        console.print(Text(f"\n{OTHERWISE}"))
    for number, found in otherwise.items():
        console.print(Text(f"{number:>4}  {'; '.join(found)}", style="dim"))


def _print_broken(console: Console, runs: Sequence[BrokenRun]) -> None:
    """The last runs that ended without a report, by their number among the attempts."""
    if not runs:
        return
    console.print(Text("\nBroken off, so without a report:"))
    for run in runs[-MOST_BROKEN:]:
        console.print(Text(f"{run.number:>4}  {run.summary}", style="yellow"))


def _print_measures(console: Console, attempts: Sequence[Attempt]) -> None:
    """A row for each measure, a column for each attempt, the newest that have room beside them."""
    names = list({each.short_name: None for attempt in attempts for each in attempt.objectives})
    label_width = max(map(len, (*names, "attempt")), default=0) + 2
    shown = attempts[-max(1, (console.width - label_width) // CELL_WIDTH) :]
    if len(shown) < len(attempts):
        console.print(Text(f"The newest {len(shown)} have room here.", style="dim"))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("attempt", no_wrap=True)
    for attempt in shown:
        table.add_column(str(attempt.number), justify="right", no_wrap=True)
    for name in names:
        table.add_row(name, *(_cell(attempt, name) for attempt in shown))
    table.add_row("in all", *(_sign(attempt) for attempt in shown))
    console.print()
    console.print(table)
    for line in KEY:
        console.print(Text(line, style="dim"))


def _cell(attempt: Attempt, name: str) -> Text:
    """The measure's share and its verdict as a sign."""
    objective = next((each for each in attempt.objectives if each.short_name == name), None)
    if objective is None:
        return Text(NONE, style="dim")
    style = STYLES.get(objective.verdict, "")
    if not objective.total:
        return Text("none ≈", style=style)
    share = tenths(objective.sli, objective.target)
    return Text(f"{share} {SIGNS.get(objective.verdict, '')}", style=style)


def _sign(attempt: Attempt) -> Text:
    """The whole attempt's verdict; that of a file that could not be used has no figures."""
    if not attempt.objectives:
        return Text("refused", style="dim")
    return Text(SIGNS.get(attempt.verdict, ""), style=STYLES.get(attempt.verdict, ""))


def _bar_line(attempt: Attempt, objective: ObjectiveFigures, width: int) -> Text:
    """Number, bar to the SLI with the target marked, the SLI; invalid runs say so.

    `width` is what the bar may take, in columns.
    """
    figure = f" {percent(objective.sli, objective.target):>7}  {objective.good:,} / "
    figure += f"{objective.total:,}"
    room = max(10, width)
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


def _table(attempts: Sequence[Attempt], otherwise: Collection[int], width: int) -> Table:
    """A line for each attempt; a column that none of them has is left out.

    `otherwise` are the numbers of those that ran under other conditions than the last one.
    """
    texts = [figures(attempt) for attempt in attempts]
    columns = FIGURES if width >= WIDE else FIGURES[:-1]
    names = [name for name in columns if any(name in each for each in texts)]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name, justify in (("attempt", "right"), ("outcome", "left")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]  # rich's own literal
    for name in names:
        table.add_column(name, justify="right", overflow="fold")
    for attempt, each in zip(attempts, texts, strict=True):
        number = f"{attempt.number}{'*' if attempt.number in otherwise else ''}"
        table.add_row(number, outcome(attempt), *(each.get(name, NONE) for name in names))
    return table
