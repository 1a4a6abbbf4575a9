"""The measured runs as tables of Markdown. Values in, text out.

A run is a mapping: `situation` and `tool`, and the figures of `Measured` as `flat` has them.
Figures of several runs are medians; a range in brackets is the least and the most of them.
"""

import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from benchmarks.peers.run import OURS, Measured
from benchmarks.peers.truth import QUANTILES, Situation
from benchmarks.verdict_tables import markdown

__all__ = ["Run", "document", "flat", "furthest_off", "medians"]

Run = Mapping[str, Any]
BASE = "k6"  # whose CPU is 1 in the ratios


def flat(situation: Situation, tool: str, measured: Measured) -> Run:
    """A run as it is stored."""
    waits_s = {f"p{q * 100:g}_s": measured.report.quantiles_s[q] for q in QUANTILES}
    return {
        "situation": situation.name,
        "tool": tool,
        "sent": measured.report.sent,
        "dropped": measured.report.dropped,
        "cpu_ms": measured.cpu_ms,
        "peak_mb": measured.peak_bytes / 1e6,
        "late_p50_ms": measured.late_s[0.5] * 1000,
        "late_p99_ms": measured.late_s[0.99] * 1000,
        "server_late_p99_ms": measured.server_late_s[0.99] * 1000,
        **waits_s,
    }


def medians(runs: Sequence[Run], situation: Situation) -> dict[str, dict[str, float]]:
    """By tool the median of each figure."""
    tools: dict[str, list[Run]] = {}
    for run in runs:
        if run["situation"] == situation.name:
            tools.setdefault(run["tool"], []).append(run)
    keys = [key for key in (runs[0] if runs else {}) if key not in ("situation", "tool")]
    return {
        tool: {key: median(run[key] for run in here) for key in keys}
        for tool, here in tools.items()
    }


def furthest_off(figures: Mapping[str, float], situation: Situation) -> float:
    """The relative error, with its sign, of the quantile that is furthest from the truth."""
    errors = [figures[f"p{q * 100:g}_s"] / wait_s - 1 for q, wait_s in situation.truth_s().items()]
    return max(errors, key=abs)


def document(
    runs: Sequence[Run], situations: Sequence[Situation], missing: Sequence[str], machine: str
) -> str:
    """All tables, the machine and date, and who was not measured."""
    parts = [machine]
    if missing:
        parts.append(f"Not measured, since it was not there: {', '.join(missing)}.")
    for situation in situations:
        parts += [f"**{situation.name}**", _table(runs, situation)]
    return "\n\n".join(parts)


def _table(runs: Sequence[Run], situation: Situation) -> str:
    figures = medians(runs, situation)
    truth_s = situation.truth_s()
    head = ["", *(f"p{q * 100:g}" for q in QUANTILES), "furthest off", "sent late: p50, p99"]
    head += ["CPU a request", f"of {BASE}'s", "memory", "requests"]
    rows = [["*the truth*", *(_ms(wait_s) for wait_s in truth_s.values()), "", "", "", "", "", ""]]
    rows[0][-1] = f"{situation.count:,}"
    for tool, here in figures.items():
        spread = [run for run in runs if (run["situation"], run["tool"]) == (situation.name, tool)]
        late = f"{here['late_p50_ms']:.2f}, {here['late_p99_ms']:.1f} ms"
        cpu_ms = [run["cpu_ms"] for run in spread]
        given_up = here["dropped"]
        base = figures.get(BASE, {}).get("cpu_ms")
        rows.append(
            [
                f"**{tool}**" if tool == OURS else tool,
                *(_ms(here[f"p{q * 100:g}_s"]) for q in QUANTILES),
                f"{furthest_off(here, situation):+.1%}",
                "—" if math.isnan(here["late_p50_ms"]) else late,
                f"{here['cpu_ms']:.2f} ms ({min(cpu_ms):.2f} to {max(cpu_ms):.2f})",
                f"{here['cpu_ms'] / base:.2f}" if base else "",
                f"{here['peak_mb']:.0f} MB",
                f"{here['sent']:,.0f}" + (f", {given_up:,.0f} given up" if given_up else ""),
            ]
        )
    return markdown(head, rows)


def _ms(wait_s: float) -> str:
    return f"{wait_s * 1000:,.{0 if wait_s > 0.1 else 1}f} ms"
