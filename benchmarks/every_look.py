"""A pytest plugin that lets a kata make all of its looks, and says what the grader weighed.

`python -m benchmarks.looks` uses it. No look but the last decides anything.
"""

import os
import resource
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from dojo.slo.decision import Counts, Decision
from dojo.slo.openslo import ServiceLevel
from dojo.slo.sequential import LOOKS, Bounds

WEIGHED = "BENCHMARK_GRADER_MB"  # the variable that names the file for the grader's memory

_looks: Any = import_module("dojo.attempt.looks")
_decide: Callable[..., Decision] = _looks.decide


def _decide_at_the_last(
    level: ServiceLevel,
    limits: Sequence[Bounds],
    looks: Sequence[Sequence[Counts]],
    **facts: bool,
) -> Decision:
    decision = _decide(level, limits, looks, **facts)
    return decision if len(looks) == LOOKS else replace(decision, outcome="open")


_looks.decide = _decide_at_the_last


def pytest_sessionfinish() -> None:
    """Write down the most memory that the grader's own process had."""
    unit = 1 if sys.platform == "darwin" else 1024
    most_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    Path(os.environ[WEIGHED]).write_text(f"{most_mb:.0f}", encoding="utf-8")
