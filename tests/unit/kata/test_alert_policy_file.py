"""Alert policies, read strictly."""

import time

import pytest

from dojo.errors import FileRefused
from dojo.kata.alert_policy_file import ALERTS_FILE, read_alert_policies
from dojo.kata.simulated import LearnerFile
from dojo.slo.alert_policy import AlertCondition, AlertPolicy, Measurement, Severity
from tests.support.project import ROOT

POLICY = """\
apiVersion: n9/v1alpha
kind: AlertPolicy
metadata:
  name: fast-burn
spec:
  description: Somebody has to get up.
  severity: High
  coolDown: 10m
  conditions:
    - measurement: averageBurnRate
      value: 14.4
      op: gte
      alertingWindow: 1h
    - measurement: budgetDrop
      value: 0.02
      alertingWindow: 1d
"""


def read(text: str) -> list[AlertPolicy]:
    return read_alert_policies(LearnerFile(ALERTS_FILE, text))


def refusal(text: str) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        read(text)
    return refused.value


def test_a_policy_is_read() -> None:
    """Name, severity, conditions and cool-down become a value."""
    rate = AlertCondition(Measurement.BURN_RATE, 14.4, 60)
    drop = AlertCondition(Measurement.BUDGET_DROP, 0.02, 24 * 60)
    assert read(POLICY) == [AlertPolicy("fast-burn", Severity.HIGH, (rate, drop), 10)]


def test_what_may_be_missing() -> None:
    """Without a cool-down it is five minutes; description and op may be missing, too."""
    text = POLICY.replace("  coolDown: 10m\n", "").replace("      op: gte\n", "")
    (policy,) = read(text.replace("  description: Somebody has to get up.\n", ""))
    assert policy.cool_down_min == 5


def test_the_shipped_file_is_read() -> None:
    """It has two policies, and both page."""
    policies = read((ROOT / ALERTS_FILE).read_text())
    assert [policy.pages for policy in policies] == [True, True]


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("n9/v1alpha", "openslo/v1", 1, "apiVersion must be n9/v1alpha"),
        ("kind: AlertPolicy", "kind: SLO", 2, "kind must be AlertPolicy"),
        ("name: fast-burn", "name: Fast Burn", 4, "metadata.name must be a name"),
        ("severity: High", "severity: Critical", 7, "spec.severity must be High or Medium or Low"),
        ("  severity: High\n", "", 6, "spec.severity is missing"),
        ("coolDown: 10m", "coolDown: 2d", 8, "spec.coolDown must be a duration from 5m to 1d"),
        ("coolDown", "muteBetween", 8, "muteBetween is no key in spec"),
        ("averageBurnRate", "burnedBudget", 10, "must be averageBurnRate or budgetDrop"),
        ("value: 14.4", 'value: "14.4"', 11, "must be a number above 0"),
        ("value: 14.4", "value: 0", 11, "must be a number above 0"),
        ("value: 14.4", "value: .inf", 11, "must be a number above 0"),
        (
            "value: 0.02",
            "value: 2",
            15,
            "must be a share of the budget above 0 and of at most 1 (0.05 is 5%), not 2",
        ),
        ("op: gte", "op: lt", 12, "op must be gte"),
        ("alertingWindow: 1h", "alertingWindow: 1m", 13, "must be a duration from 5m to 7d"),
        ("alertingWindow: 1h", "alertingWindow: 8d", 13, "must be a duration from 5m to 7d"),
        ("alertingWindow: 1h", "alertingWindow: 1h30m", 13, "must be a duration from 5m to 7d"),
        ("alertingWindow: 1h", "lastsFor: 1h", 13, "lastsFor is no key"),
        ("      value: 0.02\n", "      value: 0.02\n      value: 0.03\n", 16, "stands twice"),
        ("metadata:\n", "metadata: &all\n", 3, "anchors"),
        ("kind: AlertPolicy", "kind: !!str AlertPolicy", 2, "tags"),
    ],
)
def test_what_is_not_understood_is_refused(old: str, new: str, line: int, reason: str) -> None:
    """With its line, and with what must stand there."""
    assert old in POLICY
    refused = refusal(POLICY.replace(old, new, 1))
    assert reason in refused.reason
    assert refused.line == line


def test_conditions_are_one_to_three() -> None:
    """None, and four, are refused."""
    head, _, conditions = POLICY.partition("  conditions:\n")
    assert "must hold 1 to 3 conditions, not 0" in refusal(f"{head}  conditions: []\n").reason
    assert "not 4" in refusal(f"{head}  conditions:\n{conditions * 2}").reason


def test_names_are_different() -> None:
    """The second of two policies with one name is refused."""
    refused = refusal(f"{POLICY}---\n{POLICY}")
    assert refused.reason == "two policies have the name fast-burn"
    assert refused.line == 21


def test_no_policy_is_refused() -> None:
    """An empty file says nothing."""
    assert refusal("# nothing\n").reason == "there is no alert policy in it"


def test_ten_thousand_policies_are_refused_at_once() -> None:
    """Whoever reads them, nothing is evaluated."""
    began_s = time.process_time()
    refused = refusal("---\n".join(["a: 1\n"] * 10_000))
    assert "there are 10,000 policies" in refused.reason
    assert time.process_time() - began_s < 30


@pytest.mark.parametrize("text", ["[" * 5000, "a: [" * 2000, "- " * 5000])
def test_deep_nesting_is_refused(text: str) -> None:
    """However the levels are written."""
    assert refusal(text).reason
