"""The files that Prometheus and Grafana read, as texts. Pure: `./run dojo export` writes them."""

import json
from collections.abc import Mapping
from typing import Any

import yaml

from dojo.observability.dashboard import dashboard
from dojo.observability.rules import rule_groups
from dojo.slo.openslo import ServiceLevel

__all__ = ["HEADER", "files"]

SCRAPE_INTERVAL = "1s"
HEADER = "# Written by `./run dojo export` from katas/*/slo.yaml; edit that, not this.\n"
PROMETHEUS = {
    "global": {
        # a burst is over in seconds: more often than in production
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
                    # most systems notify of a changed file at once; some containers don't
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
    """The text of each file, by its path under grafana/. `levels`: by the names of katas' folders.

    Every YAML file begins with HEADER.
    """
    rules = {f"rules/{kata}.yml": _yaml(rule_groups(kata, of)) for kata, of in levels.items()}
    return {
        "prometheus.yml": _yaml(PROMETHEUS),
        **rules,
        "dashboards/slo-dojo.json": json.dumps(dashboard(levels), indent=1) + "\n",
        "provisioning/datasources/prometheus.yml": _yaml(DATA_SOURCE),
        "provisioning/dashboards/slo-dojo.yml": _yaml(PROVIDER),
    }


class _Dumper(yaml.SafeDumper):
    """Writes a text of several lines as a block, and a repeated value in full each time."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def _yaml(document: Mapping[str, Any]) -> str:
    return HEADER + yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=1000)
