"""`./run dojo try-solution 01`: a kata with its reference fix, on a copy; app/ stays as it is."""

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from dojo.errors import BadSetting
from dojo.settings import cache_folder, state_folder
from dojo.site.shipped_app import apply_patch, shipped_app
from dojo.slo.catalog import kata_folder

__all__ = ["prepare", "run"]

FOLDER = "solutions"


def run(name: str, root: Path, stream: TextIO) -> int:
    """The command: pytest's exit status."""
    folder = kata_folder(root, name)
    state_dir = state_folder(root, os.environ)
    place = prepare(folder, root, state_dir)
    shown = place.relative_to(root) if place.is_relative_to(root) else place
    print(
        f"The shipped app with the reference fix of {folder.name}, in {shown}/app.\n"
        f"Your app/ and your attempts stay as they are. The fix, explained:"
        f" katas/{folder.name}/.meta/solution.md",
        file=stream,
        flush=True,
    )
    command = [sys.executable, "-m", "pytest", str(folder), "--app", str(place / "app")]
    environment = {**os.environ, "DOJO_STATE": str(place), "PYTHONPATH": str(root)}
    environment["DOJO_CACHE"] = str(cache_folder(root, os.environ))
    with subprocess.Popen(command, cwd=root, env=environment) as session:
        while True:
            with suppress(KeyboardInterrupt):  # it hears Ctrl-C, too, and ends what it has started
                return session.wait()


def prepare(folder: Path, root: Path, state_dir: Path) -> Path:
    """A folder with the shipped app, patched; BadSetting if there is no fix that applies."""
    patch = folder / ".meta" / "solution.patch"
    if not patch.is_file():
        raise BadSetting(f"{folder.name} has no reference fix ({patch.relative_to(root)}).")
    place = state_dir / FOLDER / folder.name
    shutil.rmtree(place / "app", ignore_errors=True)
    place.mkdir(parents=True, exist_ok=True)
    with shipped_app(root, state_dir).extracted() as app:
        shutil.copytree(app, place / "app", symlinks=True)
    apply_patch(patch, place)
    return place
