"""The values of PromQL expressions, as promtool computes them on series made for it."""

import subprocess
from pathlib import Path

import pytest
import yaml

from dojo.observability import promql

GOOD = 'requests_total{code="200"}'
TOTAL = "requests_total"
BUCKETS = "wait_seconds_bucket"
WINDOW = "1m"
# 60 requests a minute of which 45 are good, and their waits: half up to 0.1 s, all up to 0.2 s
SERIES = {
    GOOD: "0+45x10",
    'requests_total{code="500"}': "0+15x10",
    'wait_seconds_bucket{le="0.1"}': "0+30x10",
    'wait_seconds_bucket{le="0.2"}': "0+60x10",
    'wait_seconds_bucket{le="+Inf"}': "0+60x10",
    "wait_seconds_count": "0+60x10",
    "wait_seconds_sum": "0+6x10",
    "idle_total": "7x10",
}
BAD = promql.bad_share(GOOD, TOTAL, WINDOW)


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        (promql.growth(GOOD, WINDOW), 45),
        (promql.rate(TOTAL, WINDOW), 1),
        (promql.rate_ratio(GOOD, TOTAL, WINDOW), 0.75),
        (promql.rate_ratio("idle_total", "idle_total", WINDOW), None),
        (promql.mean("wait_seconds", WINDOW), 0.1),
        (promql.percentile(0.75, BUCKETS, WINDOW), 0.15),
        (promql.percentile(0.75, "missing_bucket", WINDOW), None),
        (BAD, 0.25),
        (promql.bad_share("missing_total", TOTAL, WINDOW), 1),
        (promql.bad_share("idle_total", "idle_total", WINDOW), None),
        (promql.burn_rate(f"({BAD})", 0.95), 5),
        (promql.exceeds(f"({BAD})", 4, 0.95), 0.25),
        (promql.exceeds(f"({BAD})", 6, 0.95), None),
    ],
)
def test_a_query_has_the_value_of_its_formula(
    promtool: str, tmp_path: Path, expr: str, value: float | None
) -> None:
    """Prometheus computes the value, or has no result (None) where there are no events."""
    samples = [] if value is None else [{"labels": "{}", "value": value}]
    # rounded, since 0.05 is no binary fraction
    expected = {"expr": f"round({expr}, 1e-6)", "eval_time": "5m", "exp_samples": samples}
    series = [{"series": name, "values": values} for name, values in SERIES.items()]
    test = {"interval": "1m", "input_series": series, "promql_expr_test": [expected]}
    path = tmp_path / "test.yml"
    path.write_text(yaml.safe_dump({"rule_files": [], "tests": [test]}))
    check = subprocess.run([promtool, "test", "rules", str(path)], capture_output=True, text=True)
    assert check.returncode == 0, check.stdout + check.stderr
