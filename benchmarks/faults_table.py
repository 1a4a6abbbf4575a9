"""The tables of docs/benchmarks.md about faults: what a run's report says, as a row of Markdown."""

import statistics
from collections.abc import Sequence
from typing import Any

__all__ = ["head", "row", "step_table"]

Report = dict[str, Any]  # of one run, as latest.json has it


def head(report: Report) -> str:
    """The head of a kata's table."""
    columns = ["faults left in"]
    for objective in report["objectives"]:
        columns.append(f"SLI: {objective_name(objective)} (a third · twice)")
    columns += ["answers/s", "statements/s", "connections in use", "waiting for one"]
    columns += ["loop late", "CPU: app, others", "wait for CPU", "burst", "run", "verdict"]
    return f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}"


def row(names: Sequence[str], reports: Sequence[Report]) -> str:
    """A subset of faults: the medians of its runs, and of the SLIs the range."""
    cells = [", ".join(names).replace("_", " ") or "none"]
    if len(reports) > 1:
        cells[0] += f" ({len(reports)} runs)"
    for place, objective in enumerate(reports[0]["objectives"]):
        threshold_s = objective["threshold_s"]
        third, twice = (
            _percent(statistics.median(_sli(report, threshold_s * factor) for report in reports))
            for factor in (1 / 3, 2)
        )
        cells.append(
            f"{_range([_measured(report, place) for report in reports])} ({third} · {twice})"
        )
    cells += [
        f"{_median(reports, _answers_per_s):.0f}",
        f"{_median(reports, _statements_per_s):,.0f}",
        _mean_and_end(reports, "pool_use_ms", _in_use_at_end),
        _mean_and_end(
            reports, "pool_wait_ms", lambda report: report["where"]["waiting_at_end"] or 0
        ),
        f"{_median(reports, _loop_late):.0%}",
        ", ".join(f"{_cpu(reports, name):.2f}" for name in ("app_cores", "outside_cores")),
        f"{_cpu(reports, 'run_queue_delay'):.1f}",
        f"{_median(reports, lambda report: report['burst_s']):.1f} s",
        f"{_median(reports, _without_waiting_s):.0f} s",
        _verdict(reports),
    ]
    return f"| {' | '.join(cells)} |"


def step_table(steps: Sequence[tuple[str, Sequence[Report]]]) -> str:
    """After each fix: the SLIs, and what the site answers. A step without runs was not measured."""
    first = next(reports[0] for _, reports in steps if reports)
    columns = ["mended"]
    columns += [f"SLI: {objective_name(each)}" for each in first["objectives"]]
    columns += ["answers/s", "verdict"]
    lines = [f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}"]
    for mended, reports in steps:
        cells = [mended, *["not measured"] * (len(columns) - 1)]
        if reports:
            slis = [
                _range([_measured(report, place) for report in reports])
                for place in range(len(first["objectives"]))
            ]
            cells = [mended, *slis, f"{_median(reports, _answers_per_s):.0f}", _verdict(reports)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def objective_name(objective: Report) -> str:
    """Target and threshold."""
    return f"{objective['target']:.0%} in {1000 * objective['threshold_s']:g} ms"


def _measured(report: Report, place: int) -> float:
    objective = report["objectives"][place]
    return float(objective["good"] / objective["total"]) if objective["total"] else 0.0


def _sli(report: Report, threshold_s: float) -> float:
    """The SLI, had the threshold been another one."""
    points = report["points"]
    good = sum(
        latency_s is not None and latency_s <= threshold_s and cause in (None, "slow")
        for _, latency_s, cause in points
    )
    return good / len(points) if points else 0.0


def _range(values: Sequence[float]) -> str:
    low, high = _percent(min(values)), _percent(max(values))
    return low if low == high else f"{low} to {high}"


def _percent(ratio: float) -> str:
    return f"{ratio:.1%}" if 0.99 < ratio < 1 else f"{ratio:.0%}"


def _median(reports: Sequence[Report], value: Any) -> float:
    return float(statistics.median(value(report) for report in reports))


def _cpu(reports: Sequence[Report], name: str) -> float:
    return _median(reports, lambda report: report["environment"][name] or 0.0)


def _answers_per_s(report: Report) -> float:
    answered = sum(latency_s is not None for _, latency_s, _ in report["points"])
    return answered / float(report["burst_s"])


def _statements_per_s(report: Report) -> float:
    calls = sum(int(each["calls"]) for each in report["where"]["statements"])
    return calls / float(report["burst_s"])


def _loop_late(report: Report) -> float:
    """The share of the burst in which something was due on the event loop and had to wait."""
    return (report["where"]["loop_late_ms"] or 0) / 1000 / float(report["burst_s"])


def _in_use_at_end(report: Report) -> int:
    where = report["where"]
    states = where["connections_at_end"].items()
    return sum(count for state, count in states if state != "idle")


def _mean_and_end(reports: Sequence[Report], key: str, at_end: Any) -> str:
    """What was counted when it was over: on average over the burst, and what was still open."""
    mean = _median(
        reports, lambda report: (report["where"][key] or 0) / 1000 / float(report["burst_s"])
    )
    return f"{mean:.1f}, {_median(reports, at_end):.0f} at the end"


def _without_waiting_s(report: Report) -> float:
    return float(sum(s for name, s in report["timings_s"].items() if name != "total"))


def _verdict(reports: Sequence[Report]) -> str:
    verdicts = sorted({str(report["verdict"]).replace("_", " ") for report in reports})
    failed = {each["name"] for r in reports for each in r["checks"] if each["passed"] is False}
    return ", ".join(verdicts) + "".join(f", {name} failed" for name in sorted(failed))
