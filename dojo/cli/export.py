"""`./run dojo export`: writes what Prometheus and Grafana read, made from each slo.yaml."""

from pathlib import Path
from typing import TextIO

from dojo.errors import BadSetting
from dojo.observability.files import HEADER, files
from dojo.slo.catalog import service_levels

__all__ = ["export", "run"]


def run(root: Path, stream: TextIO) -> None:
    """The command: write the files, and print their names."""
    for path in export(root):
        print(path.relative_to(root), file=stream)


def export(root: Path) -> list[Path]:
    """Write grafana/ of the project at `root`, and delete the rules of katas that are gone.

    Returns the paths that were written; BadSetting if one can't be.
    """
    folder = root / "grafana"
    written = []
    try:
        for name, text in files(service_levels(root)).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            written.append(path)
        for path in (folder / "rules").glob("*.yml"):
            if path not in written and path.read_text(encoding="utf-8").startswith(HEADER):
                path.unlink()
    except OSError as error:
        raise BadSetting(
            f"{folder} can't be written: {error}. Free space there, or make it writable."
        ) from error
    return written
