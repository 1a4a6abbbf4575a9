"""The app as it was shipped, whatever a learner has changed or committed since.

In a git clone it is found in the history: of the commits that the remote has too, the newest whose
app/ takes every kata's reference fix, as the shipped app does; else the newest of one's own that
does. Without a remote it is the first commit, if that does (somebody ran `git init` on an archive),
else the newest. Without git it is the copy in .dojo/: it came with a release's archive, or the
first run has kept it.
"""

import io
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from dojo.errors import BadSetting
from dojo.kata.folder_reader import is_draft
from dojo.slo.catalog import kata_folders

__all__ = ["COPY", "ShippedApp", "apply_patch", "keep_copy", "shipped_app"]

COPY = "shipped-app"  # in the state's folder
REMOTES = (  # that of a fork's project first, last the branch that is pushed to
    *("refs/remotes/upstream/HEAD", "refs/remotes/upstream/main", "refs/remotes/origin/HEAD"),
    *("refs/remotes/origin/main", "refs/remotes/origin/master", "@{upstream}"),
)
MOST_COMMITS = 300


@dataclass(frozen=True, slots=True)
class ShippedApp:
    """Where the shipped app comes from: a commit of the clone, or a folder."""

    described: str
    root: Path
    commit: str = ""
    folder: Path | None = None

    @contextmanager
    def extracted(self) -> Iterator[Path]:
        """A folder named app with its files, for the length of the block."""
        with tempfile.TemporaryDirectory(prefix="dojo-app-") as scratch:
            target = Path(scratch) / "app"
            if self.folder is not None:
                shutil.copytree(self.folder, target, symlinks=True)
            else:
                _extract(self.root, self.commit, Path(scratch))
            yield target


def shipped_app(root: Path, state_dir: Path, commit: str | None = None) -> ShippedApp:
    """The shipped app, or that of `commit`; BadSetting if it is not to be found."""
    if not _is_clone(root):
        copy = state_dir / COPY
        if commit is not None:
            raise BadSetting(f"{root} is no git clone, so it has no commit {commit!r}.")
        if not (copy / "main.py").is_file():
            raise BadSetting(
                f"{root} is no git clone, and there is no copy of the shipped app in {copy}."
                " Unpack the archive again beside this folder, and take its app/."
            )
        return ShippedApp("as it was unpacked", root, folder=copy)
    if commit is not None:
        chosen = _git(root, "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}")
        if not chosen or not _has_app(root, chosen):
            raise BadSetting(f"There is no commit {commit!r} with an app/ in this clone.")
    else:
        chosen = _shipped_commit(root)
    summary = _git(root, "log", "-1", "--format=%h (%cs) %s", chosen)
    return ShippedApp(f"of commit {summary}", root, commit=chosen)


def keep_copy(root: Path, app_dir: Path, state_dir: Path) -> None:
    """Keep a copy of the shipped app, at the first run of a project that is no git clone."""
    copy = state_dir / COPY
    if copy.exists() or _is_clone(root) or app_dir != root / "app":
        return
    with suppress(OSError):  # a run goes on without; `dojo reset` says that there is none
        state_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=state_dir, prefix=".copying-") as scratch:
            whole = Path(scratch) / "app"
            ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
            shutil.copytree(app_dir, whole, symlinks=True, ignore=ignored)
            whole.rename(copy)


def apply_patch(patch: Path, folder: Path, only: Sequence[str] = ()) -> None:
    """Apply a patch in the folder that holds app/; BadSetting if it does not apply.

    `only`: patterns of the paths that are patched, if not all; that needs git.
    """
    if shutil.which("git"):
        ended = _apply(patch, folder, *(f"--include={pattern}" for pattern in only))
    elif shutil.which("patch") and not only:
        ended = subprocess.run(
            ["patch", "-p1", "-s", "-i", str(patch)], cwd=folder, capture_output=True, text=True
        )
    else:
        raise BadSetting(f"Neither git nor patch is there to apply {patch}. Install one of them.")
    if ended.returncode:
        message = (ended.stderr or ended.stdout).strip()
        raise BadSetting(f"{patch} does not apply to the shipped app: {message}")


def _apply(patch: Path, folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """git apply, which must not take a clone around the folder for what the patch is about."""
    ceiling = {"GIT_CEILING_DIRECTORIES": str(folder.resolve().parent)}
    return _run_git(folder.resolve(), "apply", *options, "-p1", str(patch), **ceiling)


def _shipped_commit(root: Path) -> str:
    """See the module's head."""
    head = _git(root, "rev-parse", "HEAD")
    if not head:
        raise BadSetting("This clone has no commit yet, so it has no app to go back to.")
    shared = next(
        (base for name in REMOTES if (base := _git(root, "merge-base", "HEAD", name))), ""
    )
    commits = _commits(root, shared) if shared else []
    own = [commit for commit in _commits(root, head) if commit not in commits]
    if not shared and own:  # an archive that became a repository: its first commit
        own.insert(0, own[-1])
    patches = [
        patch
        for folder in kata_folders(root)
        if not is_draft(folder) and (patch := folder / ".meta" / "solution.patch").is_file()
    ]
    for commit in [*commits, *own]:
        if _takes(root, commit, patches):
            return commit
    raise BadSetting(
        "No commit of this clone has an app/ that takes every kata's reference fix, as the shipped"
        " one does. Name the commit: ./run dojo reset --to COMMIT"
    )


def _commits(root: Path, newest: str) -> list[str]:
    """The commits up to `newest` that changed app/, the newest first."""
    options = (f"--max-count={MOST_COMMITS}", "--format=%H", newest)
    return _git(root, "log", *options, "--", "app").split()


def _takes(root: Path, commit: str, patches: list[Path]) -> bool:
    """Whether each of the patches applies to the app of a commit."""
    if not _has_app(root, commit):
        return False
    with tempfile.TemporaryDirectory(prefix="dojo-app-") as scratch:
        _extract(root, commit, Path(scratch))
        return all(_apply(patch, Path(scratch), "--check").returncode == 0 for patch in patches)


def _has_app(root: Path, commit: str) -> bool:
    return _run_git(root, "cat-file", "-e", f"{commit}:app/main.py").returncode == 0


def _extract(root: Path, commit: str, target: Path) -> None:
    """Write app/ of a commit, as a checkout would."""
    archive = subprocess.run(
        ["git", "archive", "--format=tar", commit, "app"],
        cwd=root,
        env=_environment(),
        capture_output=True,
    )
    if archive.returncode:
        raise BadSetting(f"git archive {commit}: {archive.stderr.decode(errors='replace').strip()}")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        tar.extractall(target, filter="data")


def _is_clone(root: Path) -> bool:
    """Whether git is there, and the project's folder is the top of a work tree."""
    if shutil.which("git") is None:
        return False
    top = _git(root, "rev-parse", "--show-toplevel")
    return bool(top) and Path(top).resolve() == root.resolve()


def _git(root: Path, *arguments: str) -> str:
    """The output; "" if it fails."""
    ended = _run_git(root, *arguments)
    return ended.stdout.strip() if ended.returncode == 0 else ""


def _run_git(folder: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**_environment(), **variables},
        capture_output=True,
        text=True,
        errors="replace",
    )


def _environment() -> dict[str, str]:
    """Without what a hook or a shell says of another repository."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
