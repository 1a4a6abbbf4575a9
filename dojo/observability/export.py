"""Writes what Prometheus and Grafana need, made from each katas/*/slo.yaml, to grafana/."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from dojo.errors import BadSetting
from dojo.observability.dashboard import dashboard
from dojo.observability.rules import rule_groups
from dojo.slo.catalog import service_levels
from dojo.slo.openslo import ServiceLevel

__all__ = ["SCRAPE_INTERVAL", "export", "files"]

SCRAPE_INTERVAL = "1s"
WRITTEN = "# Written by `python -m dojo export` from katas/*/slo.yaml; edit that, not this.\n"
PROMETHEUS = {
    "global": {
        # a burst is over in seconds, so this looks more often than one does in production
        "scrape_interval": SCRAPE_INTERVAL,
        "scrape_timeout": SCRAPE_INTERVAL,
        "evaluation_interval": SCRAPE_INTERVAL,
    },
    "rule_files": ["rules/*.yml"],
    "scrape_configs": [
        {
            "job_name": "slo-dojo",  # targets name their own job: shop or dojo
            "file_sd_configs": [
                {
                    "files": [
                        "../.dojo/prometheus/targets/*.json",  # what runs on this machine …
                        "targets/*.json",  # … and in compose.yaml's containers
                    ],
                    # most systems tell at once when a file changes; some containers don't
                    "refresh_interval": "2s",
                }
            ],
        }
    ],
}
DATA_SOURCE = {
    "apiVersion": 1,
    "datasources": [
        {
            "name": "Prometheus",
            "uid": "prometheus",
            "type": "prometheus",
            "access": "proxy",
            "url": "$PROMETHEUS_URL",
            "isDefault": True,
            "editable": False,
            "jsonData": {"timeInterval": SCRAPE_INTERVAL, "httpMethod": "POST"},
        }
    ],
}
PROVIDER = {
    "apiVersion": 1,
    "providers": [
        {
            "name": "slo-dojo",
            "type": "file",
            "disableDeletion": True,
            "allowUiUpdates": False,
            "options": {"path": "/slo-dojo/grafana/dashboards"},
        }
    ],
}


def files(levels: Mapping[str, ServiceLevel]) -> dict[str, str]:
    """The text of each file, by its path under grafana/."""
    return {
        "prometheus.yml": _yaml(PROMETHEUS),
        **{f"rules/{kata}.yml": _yaml(rule_groups(kata, of)) for kata, of in levels.items()},
        "dashboards/slo-dojo.json": json.dumps(dashboard(levels), indent=1) + "\n",
        "provisioning/datasources/prometheus.yml": _yaml(DATA_SOURCE),
        "provisioning/dashboards/slo-dojo.yml": _yaml(PROVIDER),
    }


def export(root: Path) -> list[Path]:
    """Write the files of the project at `root`, and take away the rules of katas that are gone.

    The paths that were written; BadSetting if they can't be.
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
            if path not in written and path.read_text(encoding="utf-8").startswith(WRITTEN):
                path.unlink()
    except OSError as error:
        raise BadSetting(f"{folder} can't be written: {error}. Make room there.") from error
    return written


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as they are, and everything in full."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def _yaml(document: Mapping[str, Any]) -> str:
    return WRITTEN + yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=1000)
