"""`./run dojo report`: the last reports again, for a terminal or as Markdown for a CI run."""

import os
import shutil
from pathlib import Path
from typing import TextIO

from dojo.kata.folder_reader import is_draft
from dojo.output.any_report import AnyReport, render
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
    found = [(folder.name, latest_report(reports, folder.name)) for folder in folders]
    if markdown:
        print(summaries(found), end="", file=stream)
        return
    color = stream.isatty() and "NO_COLOR" not in os.environ
    width = min(shutil.get_terminal_size((WIDTH, 24)).columns, WIDTH)
    for kata, report in found:
        print(_terminal(kata, report, width, color), file=stream)


def _terminal(kata: str, report: AnyReport | None, width: int, color: bool) -> str:
    if report is None:
        return f"{kata}: there is no report yet. ./run pytest katas/{kata}"
    return render(report, width, color)
