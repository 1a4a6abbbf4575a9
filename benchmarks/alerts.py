"""What kata 04 says of the policies that a person might hand in, over several draws of years.

    python -m benchmarks.alerts [--seeds 5] [--first 1] [--write] [WORD …]

For each design of tests/support/alert_designs.py, or those with a WORD in their names: each measure
as its least and greatest value over the draws. Every honest design must be met in each draw, every
other one missed by the measures of its own. `--write` puts the table into docs/benchmarks.md.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.verdict_tables import markdown, with_section
from tests.support.alert_designs import ALL, GROUPS, Draw, draw
from tests.support.project import ROOT

BEGIN, END = "<!-- alerts: begin -->", "<!-- alerts: end -->"
PAGE = ROOT / "docs" / "benchmarks.md"
SIGNS = {"met": "", "not_met": "**", "undecided": "*"}
HEAD = ("policies", "draws", "precision", "recall", "tickets", "detection-fast", "detection-slow")


def main(arguments: Sequence[str]) -> int:
    """The command: the table, and 1 if a design was called otherwise than it must be."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.alerts")
    parser.add_argument("words", nargs="*", metavar="WORD")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    options = parser.parse_args(arguments)
    names = [
        name for name in ALL if not options.words or any(word in name for word in options.words)
    ]
    draws = [draw(options.first + number, names) for number in range(options.seeds)]
    text = table(names, draws)
    print(text)
    wrong = [name for name in names if any(not each.as_expected(name) for each in draws)]
    for name in wrong:
        print(f"Not as expected: {name}")
    if options.write:
        write(PAGE, text)
    return 1 if wrong else 0


def table(names: Sequence[str], draws: Sequence[Draw]) -> str:
    """A row for each design; bold: missed in each draw, in italics: not always the same."""
    head = [*HEAD, "reset", "nights"]
    rows = []
    for group, designs in GROUPS.items():
        rows += [_row(f"{group}: {name}", name, draws) for name in designs if name in names]
    return markdown(head, rows) + "\n"


def _row(title: str, name: str, draws: Sequence[Draw]) -> list[str]:
    cells = []
    for measure in draws[0].results[name]:
        results = [each.results[name][measure] for each in draws]
        verdicts = {result.verdict for result in results}
        sign = SIGNS[verdicts.pop()] if len(verdicts) == 1 else "*"
        ratios = [100 * result.good / result.total for result in results if result.total]
        value = f"{min(ratios):.1f} to {max(ratios):.1f}%" if ratios else "none"
        cells.append(f"{sign}{value}{sign}")
    return [title, str(len(draws)), *cells]


def write(page: Path, text: str) -> None:
    """Replace the table in the page of benchmarks."""
    page.write_text(
        with_section(page.read_text(encoding="utf-8"), text, BEGIN, END), encoding="utf-8"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
