"""`./run dojo check [NN-name] [--run]`: holds katas against every rule, and says what to do."""

from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from dojo.cli.check_run import run_trials
from dojo.cli.export import alert_policies
from dojo.errors import BadSetting
from dojo.kata.finder import check_names
from dojo.kata.folder_content import FolderContent, ProjectContent
from dojo.kata.folder_reader import is_draft, read_folder, read_project
from dojo.kata.rules import violations
from dojo.kata.violation import Violation
from dojo.observability.files import SHOP_RULES, files
from dojo.slo.catalog import (
    is_simulated,
    kata_folder,
    kata_folders,
    no_such_kata,
    service_level,
)

__all__ = ["read_katas", "run", "stale_exports"]

DRAFT = ", a draft, which ./run pytest katas and the kill matrix leave out"


def run(name: str | None, with_runs: bool, root: Path, stream: TextIO) -> int:
    """The command: 0 if every rule holds, else 1; BadSetting if there is no such kata."""
    chosen = [kata_folder(root, name).name] if name else None
    katas, project = read_katas(root, chosen)
    broken = 0
    for kata in katas:
        problems = violations(kata, project)
        broken += len(problems)
        draft = is_draft(root / "katas" / kata.name)
        _print_violations(kata.name + (DRAFT if draft else ""), problems, stream)
    shared = _shared_exports(project)
    if shared:
        broken += len(shared)
        _print_violations("All katas together", shared, stream)
    if with_runs:
        for kata in katas:
            broken += run_trials(root, root / "katas" / kata.name, stream)
    return 1 if broken else 0


def read_katas(
    root: Path, chosen: Iterable[str] | None = None
) -> tuple[list[FolderContent], ProjectContent]:
    """The content of the chosen katas, or all, and of the project around them."""
    folders = kata_folders(root)
    by_name = {folder.name: folder for folder in folders}
    for name in chosen or ():
        if name not in by_name:
            raise BadSetting(no_such_kata(name, list(by_name)))
    project = read_project(root, folders, stale_exports(root, folders))
    return [_read_kata(root, by_name[name]) for name in chosen or by_name], project


def stale_exports(root: Path, folders: Iterable[Path]) -> list[str]:
    """The files of grafana/ that are missing or not what each slo.yaml gives, from the root.

    Katas whose slo.yaml can't be used are left out; then the dashboard is not judged.
    """
    levels = {}
    complete = True
    for folder in folders:
        if is_simulated(folder):
            continue
        try:
            levels[folder.name] = service_level(folder)
        except BadSetting:
            complete = False
    stale = []
    for name, text in files(levels, alert_policies(root)).items():
        path = root / "grafana" / name
        if not complete and not name.startswith("rules/"):
            continue
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(f"grafana/{name}")
    return stale


def _read_kata(root: Path, folder: Path) -> FolderContent:
    try:
        return read_folder(root, folder, check_names(folder))
    except BadSetting as error:
        return read_folder(root, folder, checks_problem=str(error).rstrip("."))


def _shared_exports(project: ProjectContent) -> list[Violation]:
    return [
        Violation(
            name,
            f"it is not what {_source(name)} give",
            "Write it with: ./run dojo export",
        )
        for name in project.stale_exports
        if not name.startswith("grafana/rules/") or name == f"grafana/{SHOP_RULES}"
    ]


def _source(name: str) -> str:
    return "the alert policies" if name == f"grafana/{SHOP_RULES}" else "the katas' slo.yaml"


def _print_violations(subject: str, problems: list[Violation], stream: TextIO) -> None:
    count = len(problems)
    summary = "every rule holds"
    if count:
        summary = f"{count} {'thing is' if count == 1 else 'things are'} missing or wrong"
    print(f"{subject}: {summary}", file=stream)
    for problem in problems:
        print(f"  {problem.file}: {problem.problem}.\n      {problem.advice}", file=stream)
