"""The exported alert rules, as promtool evaluates them, and the kata's evaluator beside them."""

from pathlib import Path

from tests.support.alert_designs import ALL, policies
from tests.support.alert_rules import comparison, firing, requests, run_promtool


def test_rules_fire_in_the_minutes_of_the_evaluator(promtool: str, tmp_path: Path) -> None:
    """Minute by minute, with two windows, a guard and a ticket, in a night outage."""
    test, design = comparison("two rows", "night outage")
    run_promtool(promtool, tmp_path, design, test)


def test_an_empty_prometheus_raises_no_alert(promtool: str, tmp_path: Path) -> None:
    """On a shop that fails from its first minute, each alert waits for its longest window."""
    design = policies(ALL["the book's four"][0])
    first, second = design[0].name, design[1].name
    test = {
        "input_series": [requests("500", "0+100x350")],
        "promql_expr_test": [
            firing(50, []),
            firing(58, []),  # the budget is known with the first full hour
            firing(62, [first]),
            firing(340, [first]),
            firing(345, [first, second]),
        ],
    }
    run_promtool(promtool, tmp_path, design, test)


def test_no_requests_raise_no_alert(promtool: str, tmp_path: Path) -> None:
    """A shop that nobody visits has no burn rate."""
    design = policies(ALL["two rows"][0])
    test = {
        "input_series": [requests("200", "700x200")],
        "promql_expr_test": [firing(minute, []) for minute in (130, 199)],
    }
    run_promtool(promtool, tmp_path, design, test)


def test_an_alert_says_what_is_wrong(promtool: str, tmp_path: Path) -> None:
    """Its labels and texts have severity, windows and conditions."""
    design = policies(ALL["two rows"][0])[:1]
    labels = {"kata": "shop", "slo": "requests-succeed", "severity": "page"}
    alert = {
        "exp_labels": {**labels, "windows": "10m and 2h"},
        "exp_annotations": {
            "summary": "99.5% of requests succeed: page-1",
            "description": (
                "Requests: a burn rate of 10 or more over 2h and a burn rate of 10 or more over"
                " 10m and 2% of the budget of 28 days, or more, spent within 2h."
            ),
        },
    }
    test = {
        "input_series": [requests("500", "0+100x200")],
        "alert_rule_test": [{"alertname": "page-1", "eval_time": "2h", "exp_alerts": [alert]}],
    }
    run_promtool(promtool, tmp_path, design, test)
