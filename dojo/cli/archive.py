"""`./run dojo archive`: the source archive of a release, from what is committed.

Unpacked, it needs no git; the first `./run` fetches packages as in a clone.
"""

import gzip
import io
import os
import subprocess
import tarfile
import tomllib
from collections import Counter
from pathlib import Path
from typing import TextIO

from dojo.errors import BadSetting
from dojo.site.shipped_app import COPY

__all__ = ["MOST_MB", "run"]

MOST_MB = 5.0
HEAVIEST = 5
LEVEL = 9


def run(commit: str, folder: Path, root: Path, stream: TextIO) -> int:
    """The command: 0 once slo-dojo-VERSION.tar.gz is in `folder`; 1 if it is over MOST_MB.

    The same commit always makes the same bytes. BadSetting where there is no such commit.
    """
    # a name that begins with a dash would be an option of git's
    try:
        found = _git(root, "rev-parse", "--verify", "--end-of-options", f"{commit}^{{commit}}")
    except BadSetting as error:
        raise BadSetting(f"{error} (--commit {commit})") from error
    sha = found.decode().strip()
    project = tomllib.loads(_git(root, "show", f"{sha}:pyproject.toml").decode())["project"]
    name = f"{project['name']}-{project['version']}"
    tar = _git(root, "archive", "--format=tar", f"--prefix={name}/", sha)
    target = folder / f"{name}.tar.gz"
    tar = _with_copy_of_app(tar, name)
    packed = gzip.compress(tar, LEVEL, mtime=0)
    mb = len(packed) / 1e6
    if mb > MOST_MB:
        print(
            f"Not made: {name}.tar.gz would have {mb:.1f} MB, and {MOST_MB:g} are allowed.",
            file=stream,
        )
    else:
        target.write_bytes(packed)
        print(f"{target}: {mb:.1f} MB, of commit {commit}.", file=stream)
    for place, size in _weights(tar).most_common(HEAVIEST):
        print(f"  {size / 1e6:5.2f} MB  {place}", file=stream)
    if changed := _git(root, "status", "--porcelain").decode().splitlines():
        print(f"Not in it: {len(changed)} files that are not committed.", file=stream)
    return 1 if mb > MOST_MB else 0


def _with_copy_of_app(tar: bytes, name: str) -> bytes:
    """The archive with app/ a second time, where `dojo reset` looks for it without git."""
    target = io.BytesIO()
    app, copy = f"{name}/app/", f"{name}/.dojo/{COPY}/"
    with (
        tarfile.open(fileobj=io.BytesIO(tar)) as source,
        tarfile.open(fileobj=target, mode="w", pax_headers=source.pax_headers) as archive,
    ):
        for member in source:
            archive.addfile(member, source.extractfile(member) if member.isfile() else None)
            if member.isfile() and member.name.startswith(app):
                again = member.replace(name=copy + member.name.removeprefix(app))
                archive.addfile(again, source.extractfile(member))
    return target.getvalue()


def _weights(tar: bytes) -> Counter[str]:
    """Bytes of the files, packed one by one, by folder and kind: docs/*.png."""
    sizes: Counter[str] = Counter()
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        for member in archive:
            if (file := archive.extractfile(member)) is not None:
                path = Path(*Path(member.name).parts[1:])
                top = path.parts[0] if len(path.parts) > 1 else "."
                sizes[f"{top}/*{path.suffix or ' (no suffix)'}"] += len(gzip.compress(file.read()))
    return sizes


def _git(root: Path, *arguments: str) -> bytes:
    """The output; BadSetting with git's own words if it fails."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        ended = subprocess.run(
            ["git", *arguments], cwd=root, env=environment, capture_output=True, check=False
        )
    except FileNotFoundError as error:
        raise BadSetting("An archive is made of a git clone, and there is no git.") from error
    if ended.returncode:
        message = ended.stderr.decode(errors="replace").strip()
        raise BadSetting(f"An archive is made of a git clone: {message}")
    return ended.stdout
