"""The settings of a run: options and environment variables, read once. Knows no pytest."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dojo.errors import BadSetting

__all__ = ["ROOT", "Settings", "state_folder"]

ROOT = Path(__file__).resolve().parents[1]  # the project's folder


@dataclass(frozen=True, slots=True)
class Settings:
    """Folders, the database server and the latency of a run.

    DOJO_POSTGRES        auto (the default), docker, embedded, or postgresql://…
    DOJO_POSTGRES_IMAGE  the image for docker
    DOJO_ROUND_TRIP_MS   milliseconds between app and Postgres and back, 2 unless set
    DOJO_STATE           folder of the reports and of the hints shown, .dojo unless set
    DOJO_CACHE           folder of Postgres' data between runs, .dojo/cache unless set
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
        app_dir = Path(app).resolve() if app else root / "app"
        if not (app_dir / "main.py").is_file():
            raise BadSetting(
                f"There is no app at {app_dir} (no main.py). Give --app a folder that has one,"
                " or get the shipped one back with: ./run dojo reset"
            )
        state_dir = state_folder(root, environ)
        return cls(
            app_dir=app_dir,
            state_dir=state_dir,
            cache_dir=Path(environ.get("DOJO_CACHE") or root / ".dojo" / "cache").resolve(),
            postgres=environ.get("DOJO_POSTGRES") or None,
            image=environ.get("DOJO_POSTGRES_IMAGE") or None,
            round_trip_s=round_trip_ms / 1000,
        )


def state_folder(root: Path, environ: Mapping[str, str]) -> Path:
    """The folder of reports, of benchmarks and of which hints were shown."""
    return Path(environ.get("DOJO_STATE") or root / ".dojo").resolve()
