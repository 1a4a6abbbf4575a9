"""Tells Prometheus what to scrape: a small file for each job, which exists as long as the run.

Prometheus watches .dojo/prometheus/targets/*.json (file_sd_configs), so neither it nor the run must
know the other's ports.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from dojo.errors import BadSetting

__all__ = ["Target", "announce", "targets_folder"]


@dataclass(frozen=True, slots=True)
class Target:
    """Something with a /metrics page.

    Target("shop", "127.0.0.1:3000", {"kata": "01-latency"})
    """

    job: str  # "shop" for the app, "dojo" for the load's own metrics
    address: str  # host:port
    labels: Mapping[str, str] = field(default_factory=dict)


def targets_folder(state_dir: Path) -> Path:
    """The folder that Prometheus watches for targets."""
    return state_dir / "prometheus" / "targets"


@contextmanager
def announce(state_dir: Path, *targets: Target) -> Iterator[None]:
    """Let Prometheus scrape these targets until the block ends.

    A file is named after its job, so the next run overwrites what a killed one has left. BadSetting
    if a file can't be written.
    """
    folder = targets_folder(state_dir)
    written: dict[Path, str] = {}
    try:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for job in sorted({target.job for target in targets}):
                path = folder / f"{job}.json"
                written[path] = _target_groups(target for target in targets if target.job == job)
                _replace(path, written[path])
        except OSError as error:
            raise BadSetting(
                f"{folder}, where Prometheus looks for the site, can't be written: {error}. Make it"
                " yours (a container may have created it), or set DOJO_STATE to another folder."
            ) from error
        yield
    finally:
        for path, text in written.items():
            with suppress(OSError, UnicodeDecodeError):
                if path.read_text(encoding="utf-8") == text:  # else another run has replaced it
                    path.unlink()


def _target_groups(targets: Iterable[Target]) -> str:
    """The targets in Prometheus' format for file_sd_configs."""
    groups = [
        {"targets": [target.address], "labels": {"job": target.job, **target.labels}}
        for target in targets
    ]
    return json.dumps(groups, indent=1) + "\n"


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all; readable for a Prometheus that runs as another user."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.chmod(0o644)
    unfinished.replace(path)
