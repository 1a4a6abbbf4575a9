"""`./run dojo doctor`: whether this machine and this shell are fit for katas, and what to do."""

import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dojo.cli import doctor_machine, doctor_postgres
from dojo.cli.finding import Finding, bad, fine, note
from dojo.cli.syntax import syntax_problem
from dojo.environment import POSTGRES_URL
from dojo.errors import BadSetting
from dojo.output.figures import count_of
from dojo.postgres.embedded_binaries import data_home
from dojo.settings import Settings
from dojo.slo.catalog import service_levels

__all__ = ["findings", "print_findings", "run", "shell"]

SIGNS = {"fine": ("✓", "green"), "note": ("·", "dim"), "bad": ("✗", "bold red")}


def run(dropped: Collection[str], root: Path, stream: TextIO) -> int:
    """The command: 0, or 1 if something is in the way. `dropped`: variables kept from us."""
    width = min(shutil.get_terminal_size((80, 24)).columns, 100)
    console = Console(file=stream, width=width, highlight=False, markup=False)
    seen = []
    for finding in findings(dropped, root):
        seen.append(finding)
        print_findings(console, [finding])
    problems = sum(each.state == "bad" for each in seen)
    if problems:
        are = "is" if problems == 1 else "are"
        console.print(f"\n{count_of(problems, 'thing')} {are} in the way.")
        return 1
    console.print("\nNothing is in the way. → ./run dojo next")
    return 0


def findings(dropped: Collection[str], root: Path) -> Iterator[Finding]:
    """Everything that is looked at, the quick things first."""
    yield from doctor_machine.machine(root)
    try:
        settings = Settings.read(root, os.environ)
    except BadSetting as problem:
        yield bad("settings", str(problem), "See above; ./run dojo reset brings app/ back.")
        return
    levels = service_levels(root)
    yield doctor_machine.cores(levels)
    yield doctor_machine.memory()
    seeded = doctor_postgres.is_seeded(settings.cache_dir)
    yield doctor_machine.disk(data_home(settings.cache_dir), seeded)
    yield doctor_postgres.docker(os.environ, settings.postgres)
    yield doctor_postgres.postgres(settings.postgres)
    yield doctor_postgres.seed(settings.cache_dir)
    yield from doctor_machine.ports()
    yield _app(settings.app_dir)
    yield from shell(dropped, settings)
    yield from doctor_machine.noise()


def _app(app_dir: Path) -> Finding:
    """Whether the app can be compiled."""
    if problem := syntax_problem(app_dir):
        return bad("app/", problem.splitlines()[0], "Mend that line, or: ./run dojo reset")
    return fine("app/", "can be compiled")


def shell(dropped: Collection[str], settings: Settings) -> Iterator[Finding]:
    """What the shell has set that reaches us, and what we keep out."""
    proxies = sorted(name for name in dropped if name.upper().endswith("_PROXY"))
    if proxies:
        yield fine("proxies", f"{', '.join(proxies)}: kept from the app and from every verdict")
    libpq = sorted(name for name in dropped if name.startswith("PG"))
    if libpq:
        external = (settings.postgres or "").startswith(POSTGRES_URL)
        use = "complete DOJO_POSTGRES, and reach nothing else" if external else "reach nothing"
        yield fine("PG*", f"{', '.join(libpq)}: {use}")
    ours = sorted(name for name in os.environ if name.startswith("DOJO_"))
    if ours:
        yield note("settings", ", ".join(f"{name}={_value(name)}" for name in ours))


def _value(name: str) -> str:
    """Of a setting, without a password."""
    before, at, after = os.environ[name].rpartition("@")
    return f"{before.partition('://')[0]}://…@{after}" if at else after


def print_findings(console: Console, seen: Sequence[Finding]) -> None:
    """A line for each, and below it what to do."""
    for finding in seen:
        sign, style = SIGNS[finding.state]
        table = Table(box=None, padding=(0, 1, 0, 0), show_header=False, pad_edge=False)
        table.add_column(width=1)
        table.add_column(width=10, overflow="fold")
        table.add_column(overflow="fold")
        table.add_row(Text(sign, style=style), finding.name, Text(finding.text))
        if finding.advice:
            table.add_row("", "", Text(f"→ {finding.advice}", style=style))
        console.print(table)
