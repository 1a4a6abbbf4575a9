"""The files that Prometheus and Grafana read, as texts. Pure: `./run dojo export` writes them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from dojo.observability.alert_rules import SHOP, alert_group
from dojo.observability.dashboard import dashboard
from dojo.observability.rules import rule_groups
from dojo.slo.alert_policy import AlertPolicy
from dojo.slo.openslo import ServiceLevel

__all__ = ["HEADER", "SHOP_RULES", "files", "shop_alert_rules"]

SCRAPE_INTERVAL = "1s"
SHOP_RULES = "rules/shop.yml"
HEADER = (
    "# Written by `./run dojo export` from katas/*/slo.yaml and app/ops/alerts.yaml; edit those,"
    " not this.\n"
)
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


def files(levels: Mapping[str, ServiceLevel], policies: Sequence[AlertPolicy]) -> dict[str, str]:
    """The text of each file, by its path under grafana/. `levels`: by the names of katas' folders.

    `policies`: the shop's, which are applied to its own SLO and to every objective of a kata. Every
    YAML file begins with HEADER.
    """
    rules = {
        f"rules/{kata}.yml": _yaml(rule_groups(kata, level, policies))
        for kata, level in levels.items()
    }
    return {
        "prometheus.yml": _yaml(PROMETHEUS),
        **rules,
        SHOP_RULES: HEADER + shop_alert_rules(policies),
        "dashboards/slo-dojo.json": json.dumps(dashboard(levels), indent=1) + "\n",
        "provisioning/datasources/prometheus.yml": _yaml(DATA_SOURCE),
        "provisioning/dashboards/slo-dojo.yml": _yaml(PROVIDER),
    }


def shop_alert_rules(policies: Sequence[AlertPolicy]) -> str:
    """The shop's own rules as YAML: its SLO, and an alert for each policy."""
    return _bare_yaml({"groups": [alert_group(policies, [SHOP])]})


class _Dumper(yaml.SafeDumper):
    """Writes a text of several lines as a block, and a repeated value in full each time."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def _bare_yaml(document: Mapping[str, Any]) -> str:
    """YAML as a person writes it: long texts as blocks, nothing by reference."""
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=1000)


def _yaml(document: Mapping[str, Any]) -> str:
    return HEADER + _bare_yaml(document)
