"""The stored attempts of a kata, read back for tables: what is compared, and no more.

Reads .dojo/reports/<kata>/attempt-*.json; it needs neither templates nor a driver, so that a
command that shows attempts is there at once.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from dojo.broken_run_files import numbers
from dojo.burst_figures import Pace
from dojo.output.attempt_figures import Attempt, ObjectiveFigures
from dojo.output.conditions import conditions

__all__ = ["attempts_of", "read_attempt"]


def attempts_of(reports: Path, kata: str) -> list[Attempt]:
    """Every attempt that can be read, the oldest first."""
    folder = reports / kata
    attempts = (
        read_attempt(folder / f"attempt-{number:04d}.json") for number in numbers(folder, "attempt")
    )
    return [attempt for attempt in attempts if attempt is not None]


def read_attempt(path: Path) -> Attempt | None:
    """None for a file that can't be read, or that another version wrote."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _attempt(json.loads(path.read_text(encoding="utf-8")))
    return None


def _attempt(facts: dict[str, Any]) -> Attempt:
    times = facts.get("latency_s") or {}
    bounds = times.get("at_least") or {}
    points = facts.get("points", ())  # a kata on simulated data has none, nor what follows
    return Attempt(
        number=int(facts["number"]),
        verdict=str(facts["verdict"]),
        slo=str(facts.get("slo", facts["verdict"])),
        site_works=facts.get("site_works"),
        started_at=str(facts["started_at"]),
        event=str(facts["event"]),
        objectives=tuple(
            ObjectiveFigures(
                str(each.get("display_name", each["name"])),
                float(each["target"]),
                int(each["good"]),
                int(each["total"]),
                str(each["verdict"]),
                str(each["name"]),
            )
            for each in facts["objectives"]
        ),
        bad_events={str(cause): int(count) for cause, count in facts.get("bad_events", {}).items()},
        answered=sum(latency_s is not None for _, latency_s, _ in points),
        events=len(points),
        burst_s=float(facts.get("burst_s", 0.0)),
        rate_per_s=float(facts.get("rate_per_s", 0.0)),
        answered_per_s=_answered_per_s(facts.get("pace")),
        keeps_up=(facts.get("pace") or {}).get("keeps_up"),
        total_s=float(facts["timings_s"].get("total", 0.0)),
        alone_s=facts.get("service_time_s"),
        p50_s=bounds.get("p50", times.get("p50")),
        p50_at_least="p50" in bounds,
        statements_alone=facts.get("where", {}).get("statements_alone"),
        statements_per_event=facts.get("where", {}).get("statements_per_event"),
        hints=facts.get("hints"),
        conditions=conditions(facts["environment"]),
        is_simulated=facts.get("data") == "simulated",
        remarks=(
            *map(str, facts.get("invalid_because", ())),
            *_refused(facts.get("refused")),
            *(f"{each['name']}: {each['detail']}" for each in facts["checks"] if _failed(each)),
        ),
    )


def _answered_per_s(pace: dict[str, Any] | None) -> float | None:
    """As the report's headline counts it: right answers, until none was awaited any more."""
    if not pace:
        return None
    return Pace(
        int(pace["answered"]), float(pace["length_s"]), float(pace["come_per_s"]), None
    ).answered_per_s


def _failed(check: dict[str, Any]) -> bool:
    return check["passed"] is False


def _refused(refusal: dict[str, Any] | None) -> list[str]:
    """Why a file of the learner's could not be used, for a kata on simulated data."""
    return [f"{refusal['place'] or refusal['file']}: {refusal['reason']}"] if refusal else []
