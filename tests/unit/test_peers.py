"""benchmarks.peers: the truth that tools are held against, and how their figures are shown."""

import math
import xml.etree.ElementTree as ET

import pytest

from benchmarks.peers.picture import drawn
from benchmarks.peers.tables import document, furthest_off, medians
from benchmarks.peers.truth import Situation, lateness_s, nearest_rank

HEALTHY = Situation("healthy", 100, 10.0)
STALLING = Situation("stalling", 100, 10.0, stall_at_s=4.005, stall_s=2.0)


def run(tool: str, cpu_ms: float, p99_s: float = 0.02) -> dict[str, object]:
    figures = {"cpu_ms": cpu_ms, "peak_mb": 5.0, "late_p50_ms": math.nan, "late_p99_ms": math.nan}
    waits = {"p50_s": 0.02, "p90_s": 0.02, "p95_s": 0.02, "p99_s": p99_s}
    return {"situation": "healthy", "tool": tool, "sent": 1000, "dropped": 0, **figures, **waits}


def test_a_healthy_server_answers_everybody_alike() -> None:
    """Every quantile is the answer time."""
    assert HEALTHY.truth_s() == pytest.approx(dict.fromkeys((0.5, 0.9, 0.95, 0.99), 0.02))


def test_a_stall_of_a_fifth_of_the_load_makes_its_quantiles() -> None:
    """A fifth waits between nothing and the stall: half of it over a second, a twentieth 1.9 s."""
    truth_s = STALLING.truth_s()
    assert truth_s[0.5] == pytest.approx(0.02)
    assert [truth_s[q] for q in (0.9, 0.95, 0.99)] == pytest.approx([1.0, 1.5, 1.9], abs=0.025)


def test_lateness_counts_from_the_earliest() -> None:
    """The server knows no tool's clock, so the request that was earliest is taken as in time."""
    assert lateness_s([5.3, 5.1, 5.5], [0.0, 0.2, 0.3]) == pytest.approx([0.0, 0.0, 0.1])


def test_a_quantile_is_a_value_that_occurs() -> None:
    """Nearest rank; of no values there is none."""
    assert nearest_rank([3.0, 1.0, 2.0]) == {0.5: 2.0, 0.9: 3.0, 0.95: 3.0, 0.99: 3.0}
    assert all(math.isnan(value) for value in nearest_rank([]).values())


def test_figures_are_medians_and_the_furthest_error_has_its_sign() -> None:
    """One slow run in three changes neither; too low is below zero."""
    runs = [run("k6", 1.0), run("k6", 9.0), run("k6", 2.0, p99_s=0.01)]
    assert medians(runs, HEALTHY)["k6"]["cpu_ms"] == 2.0
    figures = {**medians(runs, HEALTHY)["k6"], "p99_s": 0.01}
    assert furthest_off(figures, HEALTHY) == pytest.approx(-0.5)


def test_the_table_has_ratios_and_names_who_is_missing() -> None:
    """CPU stands beside k6's, and a tool that was not there is said to be not measured."""
    text = document([run("dojo", 0.5), run("k6", 1.0)], [HEALTHY], ["wrk"], "a machine")
    row = next(line for line in text.splitlines() if line.startswith("| **dojo**"))
    assert "| 0.50 ms (0.50 to 0.50) | 0.50 |" in row
    assert "| — |" in row
    assert "Not measured, since it was not there: wrk." in text


def test_the_picture_is_whole() -> None:
    """It is XML, with a dot for each tool and quantile, and a bar for each tool and load."""
    figures = medians([run("dojo", 0.5), run("k6", 1.0)], HEALTHY)
    picture = ET.fromstring(drawn((STALLING, figures), [(HEALTHY, figures), (HEALTHY, figures)]))
    tags = [each.tag.rpartition("}")[2] for each in picture.iter()]
    assert tags.count("circle") == 2 * 4 + 4  # and the legend's
    assert tags.count("rect") == 2 * 2 + 1  # and the ground
