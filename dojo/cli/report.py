"""`./run dojo report`: the last reports again, for a terminal or as Markdown for a CI run."""

import os
import shutil
from pathlib import Path
from typing import TextIO

from dojo.broken_run import BrokenRun
from dojo.broken_run_files import last_broken_run
from dojo.kata.folder_reader import is_draft
from dojo.output.any_report import AnyReport, render
from dojo.output.app_text import printable
from dojo.output.attempt_figures import when
from dojo.output.markdown import summaries
from dojo.output.stored_report import latest_report
from dojo.settings import state_folder
from dojo.slo.catalog import kata_folder, kata_folders

__all__ = ["run"]

WIDTH = 100


def run(name: str | None, root: Path, stream: TextIO, *, markdown: bool) -> None:
    """The command: of one kata, or of all that are no draft; reads reports, and runs nothing."""
    reports = state_folder(root, os.environ) / "reports"
    if name is not None:
        folders = [kata_folder(root, name)]
    else:
        folders = [folder for folder in kata_folders(root) if not is_draft(folder)]
    found = [(each.name, _last(reports, each.name)) for each in folders]
    if markdown:
        print(summaries(found), end="", file=stream)
        return
    color = stream.isatty() and "NO_COLOR" not in os.environ
    width = min(shutil.get_terminal_size((WIDTH, 24)).columns, WIDTH)
    for kata, last in found:
        if isinstance(last, BrokenRun):
            print(_broken_off(kata, last), file=stream)
            before = latest_report(reports, kata)
            if before is not None:
                print(f"The report before it is of attempt {before.number}:", file=stream)
                print(render(before, width, color), file=stream)
        else:
            print(_terminal(kata, last, width, color), file=stream)


def _last(reports: Path, kata: str) -> AnyReport | BrokenRun | None:
    """What the last run left."""
    return last_broken_run(reports / kata) or latest_report(reports, kata)


def _broken_off(kata: str, run: BrokenRun) -> str:
    return (
        f"{kata}: the last run ({run.number} among the attempts, {when(run.at)}) broke off, so it"
        f" has no report.\n{run.fault}: {printable(run.message)}\n"
    )


def _terminal(kata: str, report: AnyReport | None, width: int, color: bool) -> str:
    if report is None:
        return f"{kata}: there is no report yet. ./run pytest katas/{kata}"
    return render(report, width, color)
