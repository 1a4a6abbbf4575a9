"""Reads alert policies strictly: what isn't understood is refused, with its line. Pure.

The form is Nobl9's (`apiVersion: n9/v1alpha`, `kind: AlertPolicy`), since it can say that several
windows must burn *and* that enough of the budget is gone; OpenSLO's has one condition at most.
"""

from dojo.kata.simulated import LearnerFile
from dojo.kata.strict_yaml import YamlNode, read_yaml
from dojo.slo.alert_policy import AlertCondition, AlertPolicy, Measurement, Severity

__all__ = ["ALERTS_FILE", "read_alert_policies"]

ALERTS_FILE = "app/ops/alerts.yaml"
MOST_POLICIES, MOST_CONDITIONS = 12, 3
SHORTEST_MIN, LONGEST_MIN = 5, 7 * 24 * 60
LONGEST_COOL_DOWN_MIN = 24 * 60
HIGHEST_RATE = 1000.0
BUDGET_SHARE = "a share of the budget above 0 and of at most 1 (0.05 is 5%)"
UNITS = {"m": 1, "h": 60, "d": 24 * 60}
NAME = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"


def read_alert_policies(file: LearnerFile) -> list[AlertPolicy]:
    """The policies in their order; FileRefused on none, on too many, and on anything unknown."""
    documents = read_yaml(file)
    if not documents:
        raise file.refused("there is no alert policy in it")
    if len(documents) > MOST_POLICIES:
        line = documents[MOST_POLICIES].line
        reason = f"there are {len(documents):,} policies; more than {MOST_POLICIES} nobody can know"
        raise file.refused(reason, line)
    policies: dict[str, AlertPolicy] = {}
    for document in documents:
        policy = _policy(document)
        if policy.name in policies:
            line = document["metadata"]["name"].line
            raise file.refused(f"two policies have the name {policy.name}", line)
        policies[policy.name] = policy
    return list(policies.values())


def _policy(document: YamlNode) -> AlertPolicy:
    document.only("apiVersion", "kind", "metadata", "spec")
    document["apiVersion"].text(among=["n9/v1alpha"])
    document["kind"].text(among=["AlertPolicy"])
    metadata, spec = document["metadata"], document["spec"]
    metadata.only("name", optional=("displayName", "project"))
    spec.only("severity", "conditions", optional=("description", "coolDown"))
    for about in (metadata.get("displayName"), metadata.get("project"), spec.get("description")):
        if about is not None:
            about.text()
    conditions = spec["conditions"].items()
    if not 1 <= len(conditions) <= MOST_CONDITIONS:
        raise spec["conditions"].file.refused(
            f"spec.conditions must hold 1 to {MOST_CONDITIONS} conditions, not {len(conditions):,}",
            spec["conditions"].line,
        )
    cool_down = spec.get("coolDown")
    return AlertPolicy(
        metadata["name"].text(
            pattern=NAME, expected="a name of small letters, digits and dashes, at most 63"
        ),
        Severity(spec["severity"].text(among=[each.value for each in Severity])),
        tuple(_condition(condition) for condition in conditions),
        _minutes(cool_down, LONGEST_COOL_DOWN_MIN, "1d") if cool_down else SHORTEST_MIN,
    )


def _condition(node: YamlNode) -> AlertCondition:
    node.only("measurement", "value", "alertingWindow", optional=("op",))
    if (op := node.get("op")) is not None:
        op.text(among=["gte"])
    measurement = Measurement(node["measurement"].text(among=[each.value for each in Measurement]))
    is_share = measurement is Measurement.BUDGET_DROP
    value = node["value"].number(
        above=0,
        at_most=1.0 if is_share else HIGHEST_RATE,
        expected=BUDGET_SHARE if is_share else "",
    )
    return AlertCondition(measurement, value, _minutes(node["alertingWindow"], LONGEST_MIN, "7d"))


def _minutes(node: YamlNode, longest_min: int, longest: str) -> int:
    """A length of time in minutes."""
    expected = f"a duration from 5m to {longest}, such as 30m, 6h or 3d"
    text = node.text(pattern="[1-9][0-9]{0,4}[mhd]", expected=expected)
    minutes = int(text[:-1]) * UNITS[text[-1]]
    if not SHORTEST_MIN <= minutes <= longest_min:
        raise node.wrong(expected)
    return minutes
