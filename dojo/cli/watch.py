"""`./run dojo watch 01`: runs a kata now, and again at every save of the app.

Each run is an ordinary one: the lock, the attempts, the report. Only its start is quicker, since
the next session has everything imported before the save comes.
"""

import os
import shutil
import time
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import TextIO

from rich.console import Console

from dojo.cli.app_files import AppFiles
from dojo.cli.interrupt import signals_as_interrupt
from dojo.cli.report_server import ReportServer
from dojo.cli.syntax import syntax_problem
from dojo.cli.watch_display import WatchDisplay
from dojo.cli.watched_run import WatchedRun
from dojo.cli.watcher import Watcher
from dojo.kata.after_green import after_green
from dojo.settings import Settings
from dojo.slo.catalog import kata_folder

__all__ = ["run"]

TICK_S = 0.1
NARROWEST = 60


def run(name: str, app: str | None, root: Path, stream: TextIO) -> None:
    """The command: until Ctrl-C."""
    folder = kata_folder(root, name)
    settings = Settings.read(root, os.environ, app)
    reports = settings.state_dir / "reports"
    width = max(NARROWEST, min(shutil.get_terminal_size((80, 24)).columns, 120))
    console = Console(file=stream, width=width, highlight=False, markup=False)
    with suppress(KeyboardInterrupt), signals_as_interrupt(), ExitStack() as stack:
        server = stack.enter_context(
            ReportServer(folder.name, reports / folder.name / "latest.html")
        )
        console.print(f"Watching {settings.app_dir.name}/ for {folder.name}. Ctrl-C ends.")
        console.print(f"The report as a page that loads itself: {server.url}")
        display = WatchDisplay(
            console,
            folder.name,
            reports,
            server.url,
            server.reported,
            after_green(root, folder.name),
        )
        watcher = Watcher(
            AppFiles(settings.app_dir).changed,
            lambda: syntax_problem(settings.app_dir),
            lambda: WatchedRun(root, folder, settings.app_dir),
            display,
        )
        stack.enter_context(closing(watcher))
        watcher.begin()
        while True:
            time.sleep(TICK_S)
            watcher.tick()
    console.print("\nEnded; nothing is left running. Your changes are in app/.")
