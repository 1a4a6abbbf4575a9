"""What Prometheus records and alerts on for each kata's objectives. Pure: from values to rules.

The dashboard's lines, and the shop's alert policies, applied to each
objective: a policy speaks of budgets, so it fits any of them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dojo.observability.alert_rules import Counted, alert_group
from dojo.observability.promql import bad_share
from dojo.slo.alert_policy import AlertPolicy
from dojo.slo.openslo import ServiceLevel

__all__ = ["BAD_RATIO_1H", "OBJECTIVE", "rule_groups"]

OBJECTIVE = "slo:objective:ratio"
BAD_RATIO_1H = "slo:bad_events:ratio_rate1h"


def rule_groups(kata: str, level: ServiceLevel, policies: Sequence[AlertPolicy]) -> dict[str, Any]:
    """The content of the kata's rule file: a group for the dashboard, and one of alerts."""
    rules: list[dict[str, Any]] = []
    for objective in level.objectives:
        labels = {"kata": kata, "slo": objective.name}
        share = bad_share(objective.good, objective.total, "1h")
        rules.append(_recording(OBJECTIVE, f"vector({objective.target})", labels))
        rules.append(_recording(BAD_RATIO_1H, share, labels))
    slos = [
        Counted(
            kata,
            objective.name,
            objective.display_name,
            level.event,
            objective.target,
            objective.good,
            objective.total,
        )
        for objective in level.objectives
    ]
    return {
        "groups": [
            {"name": kata, "interval": "5s", "rules": rules},
            alert_group(policies, slos),
        ]
    }


def _recording(name: str, expr: str, labels: Mapping[str, str]) -> dict[str, Any]:
    return {"record": name, "expr": expr, "labels": dict(labels)}
