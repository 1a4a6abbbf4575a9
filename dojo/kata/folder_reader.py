"""Reads what the rules for katas are held against. Runs git on patches, and nothing of app/."""

import os
import re
import shutil
import subprocess
from collections.abc import Collection, Iterable
from pathlib import Path

from dojo.errors import BadSetting
from dojo.kata.folder_content import (
    FolderContent,
    Patch,
    ProjectContent,
    histogram_buckets_s,
)
from dojo.kata.kata_toml import KataToml, parse_kata_toml

__all__ = ["is_draft", "read_folder", "read_kata_toml", "read_project"]

KATA_TOML = Path(".meta") / "kata.toml"
METRICS = Path("app") / "instrumentation" / "metrics.py"
TEXTS = {".md", ".yaml", ".py", ".toml", ".sql"}


def read_kata_toml(folder: Path) -> KataToml:
    """What the kata in `folder` declares of itself; nothing if it declares nothing."""
    return parse_kata_toml(_text(folder / KATA_TOML))


def is_draft(folder: Path) -> bool:
    """Whether the kata in `folder` says that it is not complete."""
    return read_kata_toml(folder).is_draft


def read_folder(
    root: Path, folder: Path, checks: Collection[str] = (), checks_problem: str = ""
) -> FolderContent:
    """The content of a kata's folder. `checks`: their names, or why they are not known."""
    texts = {
        path.relative_to(folder).as_posix(): _text(path)
        for path in sorted(folder.rglob("*"))
        if path.suffix in TEXTS and "__pycache__" not in path.parts and path.is_file()
    }
    meta = folder / ".meta"
    patches = tuple(
        Patch(path.relative_to(meta).as_posix(), _text(path), _refusal(root, path))
        for path in sorted(meta.rglob("*.patch"))
    )
    return FolderContent(folder.name, texts, patches, tuple(checks), checks_problem)


def read_project(
    root: Path, folders: Iterable[Path], stale_exports: Iterable[str] = ()
) -> ProjectContent:
    """What the katas in `folders`, which are all of the project's, must agree with."""
    owners: dict[str, tuple[str, ...]] = {}
    migration_owners: dict[int, tuple[str, ...]] = {}
    names = []
    for folder in folders:
        names.append(folder.name)
        declared = read_kata_toml(folder)
        for name in declared.owns:
            owners[name] = (*owners.get(name, ()), folder.name)
        for number in declared.migrations:
            migration_owners[number] = (*migration_owners.get(number, ()), folder.name)
    return ProjectContent(
        app_files=frozenset(
            path.relative_to(root).as_posix()
            for path in (root / "app").rglob("*")
            if path.is_file()
        ),
        buckets_s=histogram_buckets_s(_text(root / METRICS)),
        readme=_text(root / "README.md"),
        owners=owners,
        migration_owners=migration_owners,
        stale_exports=tuple(stale_exports),
        names=tuple(names),
    )


def _text(path: Path) -> str:
    """The file's text; empty if it can't be read as one."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _refusal(root: Path, patch: Path) -> str:
    """Git's words if a patch does not apply to the project's files; empty if it does.

    BadSetting without git.
    """
    if shutil.which("git") is None:
        raise BadSetting("A kata's patches are checked with git, and there is none. Install git.")
    git = subprocess.run(
        ["git", "apply", "--check", str(patch.resolve())],
        cwd=root,
        # a project that is no repository, in a folder that is in one: git would skip every file
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(root.parent)},
        capture_output=True,
        text=True,
    )
    if git.returncode == 0:
        return ""
    first = git.stderr.strip().partition("\n")[0]
    return re.sub(r"^error: ", "", first) or f"git apply gave status {git.returncode}"
