"""The rules, as promtool evaluates them on series made for it."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from dojo.observability.rules import burst_alerts
from dojo.slo.catalog import service_levels
from dojo.slo.openslo import ServiceLevel
from tests.support.project import ROOT

LEVELS = service_levels(ROOT)
RULES = ROOT / "grafana" / "rules"
# the Site Reliability Workbook's table 5-8, written independently of the code
WORKBOOK = {"5m and 1h": 14.4, "30m and 6h": 6.0, "2h and 1d": 3.0, "6h and 3d": 1.0}
SEVERITY = {14.4: "page", 6.0: "page", 3.0: "ticket", 1.0: "ticket"}
EVENTS = 1000  # in each interval of the series

each_kata = pytest.mark.parametrize("kata", LEVELS)
Series = dict[str, str]


def unit_test(
    promtool: str, folder: Path, kata: str, every: str, interval: str, tests: Sequence[Any]
) -> None:
    """Have promtool run `tests` on the kata's committed rules; fails with promtool's output."""
    document = {
        "rule_files": [str(RULES / f"{kata}.yml")],
        "evaluation_interval": every,
        "tests": [{"interval": interval, **test} for test in tests],
    }
    path = folder / "test.yml"
    path.write_text(yaml.safe_dump(document))
    check = subprocess.run([promtool, "test", "rules", str(path)], capture_output=True, text=True)
    assert check.returncode == 0, check.stdout + check.stderr


def load(level: ServiceLevel, good: str | None, total: str) -> list[Series]:
    """The counters behind the kata's objectives, each once; `good` None: it does not exist."""
    series = {objective.total: total for objective in level.objectives}
    if good is not None:
        series |= {objective.good: good for objective in level.objectives}
    return [{"series": name, "values": values} for name, values in series.items()]


def steadily(level: ServiceLevel, bad: float, samples: int) -> list[Series]:
    """The same share of bad events in every interval."""
    good = round((1 - bad) * EVENTS)
    return load(level, f"0+{good}x{samples}", f"0+{EVENTS}x{samples}")


def firing(
    alert: str, at: str, expected: Mapping[tuple[str, str], str], among: str = ""
) -> dict[str, Any]:
    """Exactly these (slo, windows) fire, with these severities."""
    labels = ",".join(filter(None, (f'alertname="{alert}"', among)))
    return {
        "expr": f"sum by (slo, windows, severity) (ALERTS{{{labels}}})",
        "eval_time": at,
        "exp_samples": [
            {"labels": f'{{slo="{slo}",windows="{windows}",severity="{severity}"}}', "value": 1}
            for (slo, windows), severity in expected.items()
        ],
    }


@each_kata
@pytest.mark.parametrize("bad", [0.0, 0.004, 0.025, 0.04, 0.1, 0.2, 0.5, 0.9, 1.0])
def test_each_rate_of_burning_raises_its_alerts(
    promtool: str, tmp_path: Path, kata: str, bad: float
) -> None:
    """After three days of a constant bad share, exactly the alerts whose factor it exceeds fire."""
    level = LEVELS[kata]
    expected = {
        (objective.name, windows): SEVERITY[factor]
        for objective in level.objectives
        for windows, factor in WORKBOOK.items()
        if bad > factor * (1 - objective.target)
    }
    recorded = {
        "expr": "round(slo:bad_events:ratio_rate6h, 0.001)",
        "eval_time": "72h",
        "exp_samples": [
            {"labels": f'{{kata="{kata}",slo="{objective.name}"}}', "value": bad}
            for objective in level.objectives
        ],
    }
    test = {
        "input_series": steadily(level, bad, 72 * 30),
        "promql_expr_test": [recorded, firing("ErrorBudgetBurn", "72h", expected)],
    }
    unit_test(promtool, tmp_path, kata, "12h", "2m", [test])


@each_kata
def test_an_alert_ends_soon_after_the_burning(promtool: str, tmp_path: Path, kata: str) -> None:
    """An hour of failure raises the first alert; five good minutes, its short window, end it."""
    level = LEVELS[kata]
    first = "5m and 1h"
    during = {(o.name, first): "page" for o in level.objectives}
    of_pages = 'severity="page"'
    test = {
        "input_series": load(level, f"0x60 {EVENTS}+{EVENTS}x9", f"0+{EVENTS}x70"),
        "promql_expr_test": [
            firing("ErrorBudgetBurn", "59m", during, of_pages),
            firing("ErrorBudgetBurn", "68m", {}, of_pages),
        ],
    }
    unit_test(promtool, tmp_path, kata, "1m", "1m", [test])


@each_kata
def test_a_site_that_never_answers_right_is_bad(promtool: str, tmp_path: Path, kata: str) -> None:
    """A counter of good events that does not exist counts as zero, and the alerts fire."""
    level = LEVELS[kata]
    expected = {(objective.name, "5m and 1h"): "page" for objective in level.objectives}
    test = {
        "input_series": load(level, None, f"0+{EVENTS}x60"),
        "promql_expr_test": [firing("ErrorBudgetBurn", "1h", expected)],
    }
    unit_test(promtool, tmp_path, kata, "1m", "1m", [test])


@each_kata
def test_an_alert_has_the_history_that_it_speaks_of(
    promtool: str, tmp_path: Path, kata: str
) -> None:
    """On a site that fails from its first second, each alert waits until its window is watched."""
    level = LEVELS[kata]
    silent_until = {"50m": (), "58m": ("5m and 1h",), "5h30m": ("5m and 1h",)}
    silent_until["5h50m"] = ("5m and 1h", "30m and 6h")
    test = {
        "input_series": load(level, "0x400", f"0+{EVENTS}x400"),
        "promql_expr_test": [
            firing(
                "ErrorBudgetBurn",
                at,
                {(o.name, windows): "page" for o in level.objectives for windows in fire},
            )
            for at, fire in silent_until.items()
        ],
    }
    unit_test(promtool, tmp_path, kata, "1m", "1m", [test])


@each_kata
def test_a_handful_of_bad_events_wakes_nobody(promtool: str, tmp_path: Path, kata: str) -> None:
    """Fewer than twenty bad events are no alert, whatever their share; some more are one."""
    level = LEVELS[kata]
    for count, fires in ((15, False), (30, True)):
        expected = {(o.name, "5m and 1h"): "page" for o in level.objectives} if fires else {}
        test = {
            "input_series": load(level, "0x60", f"0x30 0+1x{count} {count}x30"),
            "promql_expr_test": [firing("ErrorBudgetBurn", f"{30 + count}m", expected)],
        }
        unit_test(promtool, tmp_path, kata, "1m", "1m", [test])


@each_kata
def test_no_events_are_no_share(promtool: str, tmp_path: Path, kata: str) -> None:
    """A site that nobody visits has neither a bad share nor an alert."""
    level = LEVELS[kata]
    silent = load(level, f"{EVENTS}x60", f"{EVENTS}x60")
    names = [
        {"expr": f"slo:bad_events:ratio_rate{window}", "eval_time": "1h", "exp_samples": []}
        for window in ("5m", "1h", "3d")
    ]
    test = {
        "input_series": silent,
        "promql_expr_test": [*names, firing("ErrorBudgetBurn", "1h", {})],
    }
    unit_test(promtool, tmp_path, kata, "1m", "1m", [test])


@each_kata
@pytest.mark.parametrize("bad", [0.0, 0.004, 0.025, 0.2, 0.9])
def test_the_scaled_alerts_fire_within_a_burst(
    promtool: str, tmp_path: Path, kata: str, bad: float
) -> None:
    """Their windows fill before the burst ends, and they do not fire on a site that is fine."""
    level = LEVELS[kata]
    assert all(
        int(alert.long.removesuffix("s")) <= level.burst_s for alert in burst_alerts(level.burst_s)
    )
    expected = {
        (objective.name, f"{alert.short} and {alert.long}"): SEVERITY[alert.factor]
        for objective in level.objectives
        for alert in burst_alerts(level.burst_s)
        if bad > alert.factor * (1 - objective.target)
    }
    end = f"{int(level.burst_s)}s"
    test = {
        "input_series": steadily(level, bad, int(level.burst_s)),
        "promql_expr_test": [firing("ErrorBudgetBurnInBurst", end, expected)],
    }
    unit_test(promtool, tmp_path, kata, "1s", "1s", [test])


def test_an_alert_says_what_is_wrong(promtool: str, tmp_path: Path) -> None:
    """Its texts have the objective, the figures and the windows."""
    slo = "page-loads-within-100ms"
    test = {
        "input_series": steadily(LEVELS["01-latency"], 0.75, 72 * 30),
        "alert_rule_test": [
            {
                "alertname": "ErrorBudgetBurn",
                "eval_time": "72h",
                "exp_alerts": [
                    {
                        "exp_labels": {
                            "kata": "01-latency",
                            "slo": name,
                            "severity": severity,
                            "windows": windows,
                        },
                        "exp_annotations": {
                            "summary": f"{objective}: the error budget burns more than {factor}"
                            " times as fast as allowed",
                            "description": f"75% of page loads were bad over {short}; more than"
                            f" {factor} x {budget} = {product} over {short} and over {long}, and 20"
                            f" bad page loads or more in {long}, raise this alert: {meaning}.",
                        },
                    }
                    for name, objective, budget, products in (
                        (slo, "95% of page loads within 100 ms", "0.05", "0.72 0.3 0.15 0.05"),
                        (
                            "page-loads-within-300ms",
                            "99% of page loads within 300 ms",
                            "0.01",
                            "0.144 0.06 0.03 0.01",
                        ),
                    )
                    for (windows, factor, severity, meaning), product in zip(
                        (
                            (
                                "5m and 1h",
                                "14.4",
                                "page",
                                "2% of the 28 days' budget gone in an hour",
                            ),
                            (
                                "30m and 6h",
                                "6",
                                "page",
                                "5% of the 28 days' budget gone in six hours",
                            ),
                            (
                                "2h and 1d",
                                "3",
                                "ticket",
                                "11% of the 28 days' budget gone in a day",
                            ),
                            (
                                "6h and 3d",
                                "1",
                                "ticket",
                                "11% of the 28 days' budget gone in three days",
                            ),
                        ),
                        products.split(),
                        strict=True,
                    )
                    for short, long in [windows.split(" and ")]
                ],
            }
        ],
    }
    unit_test(promtool, tmp_path, "01-latency", "12h", "2m", [test])


def test_no_threshold_is_out_of_reach() -> None:
    """A factor times the budget is under 1: at or above it, the alert could never fire."""
    for level in LEVELS.values():
        for objective in level.objectives:
            assert max(WORKBOOK.values()) * (1 - objective.target) < 1, objective.name


def test_a_scaled_alert_says_so() -> None:
    """The alerts of a burst say that they are scaled to it; those of production do not."""
    for kata in LEVELS:
        groups = yaml.safe_load((RULES / f"{kata}.yml").read_text())["groups"]
        alerts = [rule for group in groups for rule in group["rules"] if "alert" in rule]
        scaled = [rule for rule in alerts if rule["alert"] == "ErrorBudgetBurnInBurst"]
        assert scaled
        for rule in scaled:
            assert "scaled to a burst" in rule["annotations"]["description"]
        assert not any(
            "scaled" in str(rule["annotations"]) for rule in alerts if rule not in scaled
        )
