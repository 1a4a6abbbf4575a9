"""Where Prometheus finds what runs: a small file for each job, there as long as the run is.

Prometheus reads .dojo/prometheus/targets/*.json by itself (file_sd_configs), so neither it nor the
run must know the other's ports.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from dojo.errors import BadSetting

__all__ = ["Target", "announced", "targets_folder"]


@dataclass(frozen=True, slots=True)
class Target:
    """Something with a /metrics page.

    Target("shop", "127.0.0.1:3000", {"kata": "01-latency"})
    """

    job: str  # "shop" for the app, "dojo" for the load's own measurements
    address: str  # host:port
    labels: Mapping[str, str] = field(default_factory=dict)


def targets_folder(state_dir: Path) -> Path:
    """Where Prometheus looks for targets."""
    return state_dir / "prometheus" / "targets"


@contextmanager
def announced(state_dir: Path, *targets: Target) -> Iterator[None]:
    """Let Prometheus find these targets until the block ends; BadSetting if that can't be written.

    A file is named after its job, so what a killed run has left is written over by the next one.
    """
    folder = targets_folder(state_dir)
    written: dict[Path, str] = {}
    try:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for job in sorted({target.job for target in targets}):
                path = folder / f"{job}.json"
                written[path] = _told(target for target in targets if target.job == job)
                _replace(path, written[path])
        except OSError as error:
            raise BadSetting(
                f"{folder} can't be written, where Prometheus looks for the site: {error}. Make"
                " it yours (a container may have made it), or name another folder: DOJO_STATE."
            ) from error
        yield
    finally:
        for path, text in written.items():
            with suppress(OSError, UnicodeDecodeError):
                if path.read_text(encoding="utf-8") == text:  # else it is another run's by now
                    path.unlink()


def _told(targets: Iterator[Target]) -> str:
    groups = [
        {"targets": [target.address], "labels": {"job": target.job, **target.labels}}
        for target in targets
    ]
    return json.dumps(groups, indent=1) + "\n"


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all; readable to a Prometheus that runs as somebody else."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.chmod(0o644)
    unfinished.replace(path)
