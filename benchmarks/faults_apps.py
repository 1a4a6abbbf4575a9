"""The app with some faults of a kata left in, put together from the kata's patches.

A subset is the reference fix, and for each fault left in what that fault's own patch in
`.meta/faults` (all fixed but this one) has otherwise. Katas own different files, so that one app
can carry a subset of each kata.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path

from tests.support.project import ROOT

__all__ = [
    *("Files", "Subset", "merged", "patched", "read_files", "subsets", "together"),
    "write_files",
]

Files = dict[str, bytes]  # an app, by path
Subset = tuple[str, ...]  # names of faults left in


def read_files(app: Path) -> Files:
    """Every file of an app."""
    paths = [path for path in app.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {str(path.relative_to(app)): path.read_bytes() for path in sorted(paths)}


def write_files(app: Path, files: Files) -> None:
    """Make a folder hold these files, and no other."""
    shutil.rmtree(app, ignore_errors=True)
    for name, content in files.items():
        (app / name).parent.mkdir(parents=True, exist_ok=True)
        (app / name).write_bytes(content)


def patched(*patches: Path) -> Files:
    """The shipped app with patches applied, one after another."""
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder) / "app", read_files(ROOT / "app"))
        for patch in patches:
            subprocess.run(["git", "apply", "-p1", str(patch)], cwd=folder, check=True)
        return read_files(Path(folder) / "app")


def merged(ours: Files, base: Files, theirs: Files) -> Files:
    """Three-way merge of apps. ValueError where both changed the same lines."""
    files: Files = {}
    for name in sorted({*ours, *base, *theirs}):
        our, before, their = ours.get(name), base.get(name), theirs.get(name)
        content = their if our == before else our
        if our != before and their != before and our != their:
            if our is None or before is None or their is None:
                raise ValueError(name)
            content = _merged_text(name, our, before, their)
        if content is not None:
            files[name] = content
    return files


def _merged_text(name: str, *versions: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / str(place) for place in range(len(versions))]
        for path, content in zip(paths, versions, strict=True):
            path.write_bytes(content)
        git = subprocess.run(
            ["git", "merge-file", "-p", *map(str, paths)], capture_output=True, check=False
        )
    if git.returncode:
        raise ValueError(name)
    return git.stdout


def subsets(kata: Path) -> Iterator[tuple[Subset, Files]]:
    """Every subset of a kata's faults, and its app: none first, all of them last."""
    solved = patched(kata / ".meta" / "solution.patch")
    single = {path.stem: patched(path) for path in sorted((kata / ".meta/faults").glob("*.patch"))}
    for size in range(len(single) + 1):
        for names in combinations(single, size):
            app = solved
            try:
                for name in names:
                    app = merged(app, solved, single[name])
            except ValueError:
                if size < len(single):
                    print(f"{kata.name}: {' + '.join(names)} can't be put together from patches")
                    continue
            yield names, read_files(ROOT / "app") if size == len(single) else app


def together(apps: Mapping[str, Files]) -> Files:
    """One app of several katas' subsets."""
    shipped = read_files(ROOT / "app")
    app = shipped
    for files in apps.values():
        app = merged(app, shipped, files)
    return app
