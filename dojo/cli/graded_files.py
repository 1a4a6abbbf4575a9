"""`./run dojo graded-files`: whether a submission changed the files that judge it."""

import io
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from dojo.errors import BadSetting
from dojo.kata.graded_files import GRADED_FILES, GRADED_FOLDERS, differing_files
from dojo.output.app_text import one_line
from dojo.output.figures import count_of

__all__ = ["run"]

MOST_NAMES = 30
LOCKS = ("requirements-katas.lock", "requirements.lock")  # what the grader is run with


def run(submission: str | None, release: str | None, root: Path, stream: TextIO) -> int:
    """The command: 0 if no graded file differs, 1 if one does or there is no app."""
    handed_in = root if submission is None else Path(submission)
    if not (handed_in / "app").is_dir():
        print(f"{handed_in} has no folder app/, so there is nothing to judge.", file=stream)
        return 1
    with _released(release, root) as folder:
        if folder.resolve() == handed_in.resolve():
            raise BadSetting(
                f"{handed_in} is the release itself. Name another folder, or a release with"
                " --release."
            )
        if not any(
            (handed_in / name).exists() for name in (*GRADED_FOLDERS, *GRADED_FILES, *LOCKS)
        ):
            print("app/ alone was handed in: no graded file can differ.", file=stream)
            return 0
        names = sorted((*differing_files(handed_in, folder), *_locks(handed_in, folder)))
    if not names:
        print("No graded file differs from the release.", file=stream)
        return 0
    lines = [f"  - {one_line(name)}" for name in names[:MOST_NAMES]]
    if len(names) > MOST_NAMES:
        lines.append(f"  and {count_of(len(names) - MOST_NAMES, 'more file')}")
    differ = "graded file differs" if len(names) == 1 else "graded files differ"
    print(
        f"{len(names):,} {differ} from the release:",
        *lines,
        "A submission is judged by its app/ alone. Take these files from the release, or hand in"
        " app/ alone.",
        sep="\n",
        file=stream,
    )
    return 1


def _locks(handed_in: Path, release: Path) -> list[str]:
    """The locks that are others than the release's, or missing; no link is followed."""
    return [
        name
        for name in LOCKS
        if (handed_in / name).is_symlink() or _content(handed_in / name) != _content(release / name)
    ]


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


@contextmanager
def _released(release: str | None, root: Path) -> Iterator[Path]:
    """The folder of the release; that of a reference for the length of the block."""
    if release is None or Path(release).is_dir():
        yield root if release is None else Path(release)
        return
    with TemporaryDirectory(prefix="dojo-release-") as scratch:
        _extract(release, root, Path(scratch))
        yield Path(scratch)


def _extract(reference: str, root: Path, folder: Path) -> None:
    """What a commit of the clone holds; BadSetting if there is none of that name."""
    try:
        commit = subprocess.run(
            [
                "git",
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                f"{reference}^{{tree}}",
            ],
            cwd=root,
            capture_output=True,
            text=True,
        )
        if commit.returncode:
            raise BadSetting(f"--release {reference}: no folder, and no commit of this clone.")
        archive = subprocess.run(
            ["git", "archive", commit.stdout.strip()], cwd=root, capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise BadSetting(f"--release {reference} can't be read by git: {error}.") from error
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")
