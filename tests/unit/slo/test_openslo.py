"""slo.yaml."""

from pathlib import Path

import pytest

from dojo.errors import BadSetting
from dojo.slo.openslo import parse
from tests.support.project import ROOT

TEXT = (ROOT / "katas/01-latency/slo.yaml").read_text()


@pytest.mark.parametrize("path", sorted((ROOT / "katas").glob("*/slo.yaml")), ids=str)
def test_every_kata_promises_something(path: Path) -> None:
    """Each kata's file can be read, and its burst is long enough for a verdict."""
    level = parse(path.read_text())
    assert level.objectives
    assert all(0.5 < objective.target < 1 for objective in level.objectives)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("openslo/v1", "openslo/v9", "apiVersion"),
        ("target: 0.95", "target: 95", "target"),
        ("target: 0.95", "target: often", "target"),
        ("threshold_s: 0.1", "threshold_s: -1", "threshold_s"),
        ("threshold_s: 0.1", "limit: 1", "threshold_s is missing"),
        ("Occurrences", "Timeslices", "budgetingMethod"),
        ("kind: Service", "kind: DataSource", "kind Service"),
        ('burst-seconds: "12"', 'burst-seconds: ""', "burst-seconds"),
        ("metadata:", "metadata: [", "no YAML"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, told: str) -> None:
    """A file that is no valid OpenSLO is refused, and the message names the place."""
    with pytest.raises(BadSetting, match=told):
        parse(TEXT.replace(old, new, 1))
