"""What was handed in, whatever its form, made a plain app/ at the place where it is judged."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dojo.errors import BadSetting
from dojo.grading.app_copy import copy_app, find_app
from dojo.grading.bounds import Bounds
from dojo.grading.folders import remove_folder
from dojo.grading.release import Release
from dojo.grading.sandbox import Place, Sandbox
from dojo.grading.submission import Submission, Unreadable
from dojo.kata.graded_files import GRADED_FILES, GRADED_FOLDERS, differing_files
from dojo.site.shipped_app import apply_patch

__all__ = ["HandedIn", "read_submission"]

UNPACK_S = 60.0
GIT_S = 60.0


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What was read: the app is at its place."""

    digest: str  # of the app, and of which graded files differ
    differing: tuple[str, ...]  # graded files


def read_submission(
    submission: Submission,
    release: Release,
    sandbox: Sandbox,
    place: Place,
    bounds: Bounds,
    uid: int | None,
) -> HandedIn:
    """Copy the app of a submission to its place; Unreadable if it can't be judged.

    The place has the release's files already.
    """
    unpacked = place.folder / "unpacked"
    try:
        folder = _folder_of(submission, release, sandbox, place, bounds, uid)
        app, project = find_app(folder)
        digest = copy_app(app, place.release / "app", bounds)
        differing = _differing(project, release) if project is not None else ()
    except OSError as error:
        raise Unreadable(f"it can't be read ({error.strerror or error})") from error
    except RecursionError as error:
        raise Unreadable("its folders are nested too deeply") from error
    finally:
        for entry in unpacked.iterdir():
            remove_folder(entry)
    whole = hashlib.sha256("\0".join([digest, *differing]).encode(errors="surrogateescape"))
    return HandedIn(whole.hexdigest(), differing)


def _differing(project: Path, release: Release) -> tuple[str, ...]:
    """The graded files that were handed in and differ; what was not is the release's anyway."""
    differing = differing_files(project, release.graded)
    return tuple(path for path in differing if os.path.lexists(project / path))


def _folder_of(
    submission: Submission,
    release: Release,
    sandbox: Sandbox,
    place: Place,
    bounds: Bounds,
    uid: int | None,
) -> Path:
    """A folder with what was handed in."""
    path = Path(submission.argument)
    unpacked = place.folder / "unpacked"
    match submission.kind:
        case "folder":
            return path
        case "patch":
            return _patched(path, release, unpacked / "patched", bounds)
        case "archive":
            return _unpacked(path, sandbox, place, bounds, uid)
        case "reference":
            archive = place.folder / "reference.tar"
            _archive_reference(submission.argument, release.root, archive, bounds)
            return _unpacked(archive, sandbox, place, bounds, uid)
        case "other":
            raise Unreadable("it is no folder, no patch and no archive (.tar.gz, .zip)")


def _patched(patch: Path, release: Release, target: Path, bounds: Bounds) -> Path:
    """The release with the patch; what it does to other files than graded ones is left out."""
    if patch.stat().st_size > bounds.patch_bytes:
        raise Unreadable(f"the patch has more than {bounds.patch_bytes >> 20} MB")
    release.copy_whole(target)
    graded = [f"{name}/*" for name in ("app", *GRADED_FOLDERS)]
    try:
        apply_patch(patch.resolve(), target, only=(*graded, *GRADED_FILES))
    except BadSetting as error:
        text = str(error).replace(f"{patch.resolve()} ", "").strip()
        raise Unreadable(f"the patch {text}") from error
    return target


def _unpacked(
    archive: Path, sandbox: Sandbox, place: Place, bounds: Bounds, uid: int | None
) -> Path:
    """The archive's content, unpacked in the sandbox."""
    target = place.folder / "unpacked" / "archive"
    target.mkdir()
    if uid is not None:
        os.chown(target, uid, uid)
    program = [sys.executable, "-m", "dojo.grading.archives", str(target)]
    try:
        with archive.open("rb") as content:
            ended = subprocess.run(
                sandbox.command(place, program, bounds, uid),
                cwd=place.release,
                env=sandbox.environment(place),
                stdin=content,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=UNPACK_S,
            )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(f"it took more than {UNPACK_S:.0f} s to unpack") from error
    if ended.returncode:
        reason = (ended.stdout or ended.stderr).strip().splitlines()[-1:]
        raise Unreadable(reason[0][:300] if reason else "it can't be unpacked")
    return target


def _archive_reference(name: str, root: Path, archive: Path, bounds: Bounds) -> None:
    """The app and the graded files of a commit of this clone, as an archive."""
    commit = _git(
        root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
    )
    if commit is None:
        raise Unreadable("there is no such file or folder, and no such reference of this clone")
    tree = _git(root, "ls-tree", "-r", "-l", "--full-tree", commit.strip()) or ""
    names, total = set(), 0
    for line in tree.splitlines():
        description, _, path = line.partition("\t")
        top = path.partition("/")[0]
        if top in ("app", *GRADED_FOLDERS, *GRADED_FILES) or top.endswith(".py"):
            names.add(top)
            size = description.split()[-1]
            total += int(size) if size.isdigit() else 0
    if not names:
        raise Unreadable("that commit has no app/")
    if total > bounds.archive_bytes:
        raise Unreadable(f"that commit has more than {bounds.archive_bytes >> 20} MB")
    if _git(root, "archive", "-o", str(archive), commit.strip(), "--", *sorted(names)) is None:
        raise Unreadable("git archive could not read that commit")


def _git(root: Path, *arguments: str) -> str | None:
    """The output; None if it fails or git is not there."""
    if shutil.which("git") is None:
        return None
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    words: Sequence[str] = ("git", *arguments)
    ended = subprocess.run(
        words,
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=GIT_S,
    )
    return ended.stdout if ended.returncode == 0 else None
