"""`./run dojo export`: writes what Prometheus and Grafana read.

It is made from each kata's slo.yaml and from the shop's alert policies.
"""

from pathlib import Path
from typing import TextIO

from dojo.errors import BadSetting
from dojo.kata.alert_policy_file import ALERTS_FILE, read_alert_policies
from dojo.kata.learner_files import read_learner_files
from dojo.observability.files import HEADER, files
from dojo.slo.alert_policy import AlertPolicy
from dojo.slo.catalog import service_levels

__all__ = ["alert_policies", "export", "run"]


def run(root: Path, stream: TextIO) -> None:
    """The command: write the files, and print their names."""
    for path in export(root):
        print(path.relative_to(root), file=stream)


def export(root: Path) -> list[Path]:
    """Write grafana/ of the project at `root`, and delete the rules of katas that are gone.

    Returns the paths that were written; BadSetting if one can't be, FileRefused if the alert
    policies can't be read.
    """
    folder = root / "grafana"
    policies = alert_policies(root)
    written = []
    try:
        for name, text in files(service_levels(root), policies).items():
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


def alert_policies(root: Path) -> list[AlertPolicy]:
    """The shop's alert policies; FileRefused if they can't be read."""
    return read_alert_policies(read_learner_files(root / "app", [ALERTS_FILE])[ALERTS_FILE])
