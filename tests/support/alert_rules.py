"""Alert rules under promtool: series for them, what must fire, and the evaluator's minutes."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from dojo.observability.alert_rules import SHOP
from dojo.observability.files import shop_alert_rules
from dojo.slo.alert_policy import AlertPolicy
from katas.alerts.evaluator import evaluate
from katas.alerts.traffic import HOUR
from katas.alerts.years import Year, draw_years
from tests.support.alert_designs import ALL, policies

__all__ = ["comparison", "firing", "requests", "run_promtool"]

COMPARED_MIN = 6 * HOUR
FIRING = 'sum by (alertname) (ALERTS{alertstate="firing"})'
SEED = 11

Samples = dict[str, Any]


def run_promtool(
    promtool: str, folder: Path, design: Sequence[AlertPolicy], test: dict[str, Any]
) -> None:
    """Have promtool evaluate the design's rules every minute; fails with promtool's output."""
    (folder / "rules.yml").write_text(shop_alert_rules(design))
    document = {
        "rule_files": ["rules.yml"],
        "evaluation_interval": "1m",
        "tests": [{"interval": "1m", **test}],
    }
    (folder / "test.yml").write_text(yaml.safe_dump(document))
    command = [promtool, "test", "rules", "test.yml"]
    check = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert check.returncode == 0, (check.stdout + check.stderr)[:4000]


def requests(code: str, values: str) -> Samples:
    """The app's counter of requests that were answered with a status."""
    name = f'{SHOP.total}{{http_response_status_code="{code}"}}'
    return {"series": name, "values": values}


def firing(minute: int, names: Sequence[str]) -> Samples:
    """Exactly these alerts fire when so many minutes have passed."""
    samples = [{"labels": f'{{alertname="{name}"}}', "value": 1} for name in names]
    return {"expr": FIRING, "eval_time": f"{minute}m", "exp_samples": samples}


def comparison(name: str, kind: str) -> tuple[dict[str, Any], list[AlertPolicy]]:
    """Some hours around the first incident of a kind: a test for promtool, and the design.

    The test expects, minute by minute, what the evaluator says. It begins once there is as much
    history as the design's longest window.
    """
    design = policies(ALL[name][0])
    history_min = max(each.window_min for policy in design for each in policy.conditions)
    year = _excerpt(next(draw_years(SEED, 1)), kind, history_min)
    active = {policy.name: np.zeros(len(year.total), bool) for policy in design}
    for policy in design:
        spans = evaluate(policy, year)
        for start, end in zip(spans.starts, spans.ends, strict=True):
            active[policy.name][start:end] = True
    expected = [
        firing(minute + 1, [name for name, flags in active.items() if flags[minute]])
        for minute in range(history_min + 10, len(year.total))
    ]
    assert any(each["exp_samples"] for each in expected), "nothing fires: nothing is compared"
    assert not all(each["exp_samples"] for each in expected), "it fires all the time"
    good = (year.total_until - year.bad_until).tolist()
    series = [
        requests("200", " ".join(map(str, good))),
        requests("500", " ".join(map(str, year.bad_until.tolist()))),
    ]
    return {"input_series": series, "promql_expr_test": expected}, design


def _excerpt(year: Year, kind: str, history_min: int) -> Year:
    """As much as a design looks back before the first incident of a kind, and its first hours."""
    (first, *_) = (each.start for each in year.incidents if each.kind.name == kind)
    start = (first // HOUR - 1) * HOUR - history_min
    span = slice(start, start + history_min + COMPARED_MIN)
    return Year(year.total[span], year.bad[span], [])
