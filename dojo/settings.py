"""The settings of a run: options and environment variables, read once. Knows no pytest."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dojo.errors import BadSetting

__all__ = ["ROOT", "Settings", "cache_folder", "state_folder"]

ROOT = Path(__file__).resolve().parents[1]  # the project's folder


@dataclass(frozen=True, slots=True)
class Settings:
    """Folders, the database server and the latency of a run.

    DOJO_POSTGRES        auto (the default), docker, embedded, or postgresql://…
    DOJO_POSTGRES_IMAGE  the image for docker
    DOJO_ROUND_TRIP_MS   milliseconds between app and Postgres and back, 2 unless set
    DOJO_STATE           folder of the reports and of the hints shown, .dojo unless set
    DOJO_CACHE           folder of what all clones of a user share: see cache_folder()
    """

    app_dir: Path
    state_dir: Path  # reports, hints that were shown, benchmarks
    cache_dir: Path
    postgres: str | None
    image: str | None
    round_trip_s: float

    @classmethod
    def read(cls, root: Path, environ: Mapping[str, str], app: str | None = None) -> "Settings":
        """Settings of the project at `root`; BadSetting on a value that can't be used."""
        text = environ.get("DOJO_ROUND_TRIP_MS") or "2"
        try:
            round_trip_ms = float(text)
        except ValueError:
            round_trip_ms = -1
        if not 0 <= round_trip_ms <= 1000:
            raise BadSetting(f"DOJO_ROUND_TRIP_MS must be a number from 0 to 1000, not {text!r}.")
        app_dir = Path(os.path.realpath(app)) if app else root / "app"
        if not (app_dir / "main.py").is_file():
            raise BadSetting(
                f"There is no app at {app_dir} (no main.py). Give --app a folder that has one,"
                " or get the shipped one back with: ./run dojo reset"
            )
        state_dir = state_folder(root, environ)
        return cls(
            app_dir=app_dir,
            state_dir=state_dir,
            cache_dir=cache_folder(root, environ),
            postgres=environ.get("DOJO_POSTGRES") or None,
            image=environ.get("DOJO_POSTGRES_IMAGE") or None,
            round_trip_s=round_trip_ms / 1000,
        )


def state_folder(root: Path, environ: Mapping[str, str]) -> Path:
    """The folder of reports, of benchmarks and of which hints were shown."""
    return _resolved(Path(environ.get("DOJO_STATE") or root / ".dojo"), "DOJO_STATE")


def cache_folder(root: Path, environ: Mapping[str, str]) -> Path:
    """The folder of Postgres' data, computed answers and packages, shared by a user's clones.

    Everything in it is named after what it is made from. It is DOJO_CACHE; else slo-dojo in
    XDG_CACHE_HOME or ~/.cache; else .dojo/cache in the clone, where the home is not this user's
    (sudo, a container without one). `./run` has the same rule in shell.
    """
    if chosen := environ.get("DOJO_CACHE"):
        return _resolved(Path(chosen), "DOJO_CACHE")
    named, home = Path(environ.get("XDG_CACHE_HOME") or ""), Path(environ.get("HOME") or "")
    base = None
    if named.is_absolute():
        base = named
    elif home.is_absolute() and home.is_dir():
        base = home / ".cache"
    if base is not None and _is_ours(base):
        return _resolved(base / "slo-dojo", "DOJO_CACHE")
    return _resolved(root / ".dojo" / "cache", "DOJO_CACHE")


def _resolved(folder: Path, variable: str) -> Path:
    """The folder without links; BadSetting for one that links to itself."""
    resolved = Path(os.path.realpath(folder))
    if resolved.is_symlink():
        raise BadSetting(
            f"{folder} is a link that leads to itself. Remove it, or set {variable} to a folder."
        )
    return resolved


def _is_ours(folder: Path) -> bool:
    """Whether this user owns a folder and may write there, or the next one above that exists."""
    try:
        while not folder.is_dir():
            folder = folder.parent
        return folder.stat().st_uid == os.geteuid() and os.access(folder, os.W_OK)
    except OSError:
        return False
