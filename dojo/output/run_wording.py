"""The sentences about the run itself: its machine, its neighbors, its load generator. Pure.

What it measured of the app is in dojo.output.wording. It knows neither width nor color nor markup.
"""

from collections.abc import Mapping
from typing import Any

from dojo.burst_figures import Lateness
from dojo.output.figures import count_of
from dojo.report import Report

__all__ = ["lateness", "machine", "not_seen", "others", "sent_again", "timings"]

MANY_CORES = 0.1  # of other programs: more than that matters …
SOME_DELAY, LONG_DELAY = 0.1, 0.5  # … and waiting, in seconds a second, beside others and alone


def timings(report: Report) -> str:
    """How long each part of the run took; "" where that is unknown."""
    parts = ", ".join(f"{name} {value_s:.1f}" for name, value_s in report.timings_s.items())
    return f"Seconds: {parts}." if parts else ""


def machine(environment: Mapping[str, Any]) -> str:
    """Where it ran, as far as it is known and matters to others."""
    provider = environment.get("provider")
    postgres = f"Postgres {{}} ({provider})" if provider else "Postgres {}"
    forms = {"postgres": postgres, "python": "Python {}", "cpus": "CPUs: {}", "system": "{}"}
    known = [form.format(environment[key]) for key, form in forms.items() if environment.get(key)]
    usable, cpus = environment.get("usable_cores"), environment.get("cpus")
    if usable and cpus and usable < cpus:
        known.append(f"usable cores: {usable:g}")
    return f"{', '.join(known)}." if known else ""


def not_seen(environment: Mapping[str, Any]) -> str:
    """Which figures of the machine this system does not tell, and what follows; "" if all."""
    if environment.get("run_queue_delay", 0.0) is None:
        return (
            "This system does not tell how long the app waited for a CPU. If other"
            " programs leave the run less than the kata needs, a missed target says nothing about"
            " the app."
        )
    if environment.get("outside_cores", 0.0) is None:
        return (
            "This system hides other users' processes, so nothing that they took is given back to"
            " the app."
        )
    return ""


def others(environment: Mapping[str, Any]) -> str:
    """What other programs took of the machine, and how long the run waited; "" if next to none."""
    cores = environment.get("outside_cores") or 0.0
    delay = environment.get("run_queue_delay") or 0.0
    parts = []
    if cores >= MANY_CORES:
        parts.append(f"other programs used {cores:.1f} cores")
    if delay >= (SOME_DELAY if parts else LONG_DELAY):
        parts.append(
            f"the run's own threads, all together, waited {delay:.1f} s a second for a CPU"
        )
    return f"During the bursts {' and '.join(parts)}." if parts else ""


def sent_again(report: Report) -> str:
    """How many requests were sent twice, and why; "" if none."""
    if not report.sent_again:
        return ""
    were, their = ("was", "its") if report.sent_again == 1 else ("were", "their")
    return (
        f"{count_of(report.sent_again, 'request')} {were} sent again, once, as a browser does: the"
        f" server had closed {their} kept-alive connection before any byte of an answer. That is"
        " nobody's fault, and each counts once."
    )


def lateness(late: Lateness) -> str:
    """How late the generator was."""
    return (
        f"The generator sent {count_of(late.sent, 'request')}: p99 {late.p99 * 1000:.1f} ms late,"
        f" at most {late.max * 1000:.1f} ms; {late.late:,} later than allowed."
    )
