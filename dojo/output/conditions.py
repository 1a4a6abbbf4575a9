"""Whether attempts ran under the same conditions, so that their figures may be compared. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from dojo.earlier_attempt import EarlierAttempt
from dojo.output.app_text import one_line
from dojo.report import Report

__all__ = ["comparable", "conditions", "differences", "not_compared"]

NAMES = {
    "provider": "Postgres",
    "round_trip_ms": "round trip in ms",
    "load_factor": "load factor",
    "app": "app folder",
}
MOST_IN_A_VALUE = 60


def conditions(environment: Mapping[str, Any]) -> dict[str, Any]:
    """What of a run's environment must be the same; what is not known is left out."""
    return {key: environment[key] for key in NAMES if environment.get(key) is not None}


def comparable(attempts: Sequence[EarlierAttempt], report: Report) -> list[EarlierAttempt]:
    """Those of the attempts that ran as this one did."""
    now = conditions(report.environment)
    return [each for each in attempts if not differences(each.conditions, now)]


def not_compared(before: EarlierAttempt, report: Report) -> str:
    """Why this report is not held against that attempt; "" if it may be."""
    if not (found := differences(before.conditions, conditions(report.environment))):
        return ""
    return (
        f"Attempt {before.number} ran under other conditions, so it is not compared:"
        f" {'; '.join(found)}."
    )


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What is known of the conditions of both runs, and is not the same."""
    return [
        f"{name} {_value(before[key])}, now {_value(now[key])}"
        for key, name in NAMES.items()
        if key in now and key in before and now[key] != before[key]
    ]


def _value(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else one_line(str(value), MOST_IN_A_VALUE)
