"""The exported alert rules and the kata's evaluator, on windows of days."""

from pathlib import Path

import pytest

from tests.support.alert_rules import comparison, run_promtool


@pytest.mark.parametrize(
    ("name", "kind"), [("the book's four", "bad afternoon"), ("no guard", "night outage")]
)
def test_rules_of_days_fire_in_the_minutes_of_the_evaluator(
    promtool: str, tmp_path: Path, name: str, kind: str
) -> None:
    """Minute by minute, with windows of up to three days."""
    test, design = comparison(name, kind)
    run_promtool(promtool, tmp_path, design, test)
