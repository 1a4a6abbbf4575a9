"""An attempt in short, with the attempts before it beside each figure. For `dojo watch`."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dojo.output.app_text import printable
from dojo.output.attempt_figures import NONE, Attempt, figures, outcome
from dojo.output.terminal.headline import STYLES

__all__ = ["print_beside"]

WIDE = 100  # columns, for two earlier attempts instead of one
MOST_REMARKS = 6


def print_beside(
    console: Console, kata: str, attempt: Attempt, earlier: Sequence[Attempt], took: str
) -> None:
    """Verdict, figures, and what else there is to say; `earlier` are the oldest first."""
    style = STYLES.get(attempt.verdict, "bold")
    head = Text(f" {outcome(attempt).upper()} ", style=f"{style} reverse")
    head.append(f"  {kata}, attempt {attempt.number}, {took}", style="not bold")
    console.print(head)
    for remark in attempt.remarks[:MOST_REMARKS]:
        console.print(Text(f"  ✗ {printable(remark)}", style="yellow"))
    if attempt.verdict != "invalid":
        console.print(_table(attempt, earlier[::-1][: 2 if console.width >= WIDE else 1]))


def _table(attempt: Attempt, before: Sequence[Attempt]) -> Table:
    """A figure a line: this attempt's, and dimmed those of the attempts before it."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("", overflow="fold")
    table.add_column("now", justify="right", overflow="fold")
    for each in before:
        table.add_column(f"attempt {each.number}", justify="right", style="dim", overflow="fold")
    now, then = figures(attempt), [_comparable(each, attempt) for each in before]
    names = dict.fromkeys([*now, *(name for each in then for name in each)])
    for name in names:
        table.add_row(
            Text(name), now.get(name, _missing(name)), *(e.get(name, _missing(name)) for e in then)
        )
    return table


def _missing(name: str) -> str:
    """Of a cause that an attempt has none of, 0; of a figure that it does not know, nothing."""
    return "0" if name.startswith("bad: ") else NONE


def _comparable(earlier: Attempt, attempt: Attempt) -> dict[str, str]:
    """The figures of an attempt that ran under the same conditions; else none."""
    if any(
        earlier.conditions[name] != value
        for name, value in attempt.conditions.items()
        if name in earlier.conditions
    ):
        return {}
    return figures(earlier)
