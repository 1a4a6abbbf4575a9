"""The report of a simulated kata as JSON values, for latest.json. Pure."""

from dataclasses import asdict
from typing import Any

from dojo.simulated_report import SimulatedReport

__all__ = ["FORMAT", "to_json"]

FORMAT = 1  # of this JSON; the next one that is read differently has the next number


def to_json(report: SimulatedReport) -> dict[str, Any]:
    """The facts by the names that every kata's report has; ratios as ratios, times in seconds."""
    return {
        "format": FORMAT,
        "data": "simulated",
        "kata": report.kata,
        "title": report.title,
        "event": report.event,
        "verdict": report.verdict,
        "slo": report.slo,
        "checks_hold": report.checks_hold,
        "refused": asdict(report.refusal) if report.refusal else None,
        "started_at": report.started_at,
        "number": report.number,
        "seed": report.seed,
        "objectives": [
            {
                "name": measure.objective.name,
                "display_name": measure.display_name,
                "target": measure.objective.target,
                "sli": measure.objective.sli,
                "good": measure.objective.good,
                "total": measure.objective.total,
                "verdict": measure.objective.verdict,
                "interval": list(measure.objective.interval),
                "green_at_most": measure.objective.green_at_most,
                "good_events": measure.good_events,
                "total_events": measure.total_events,
                "detail": measure.detail,
            }
            for measure in report.measures
        ],
        "checks": [asdict(check) for check in report.checks],
        "facts": dict(report.facts),
        "timings_s": report.timings_s,
        "environment": report.environment,
    }
