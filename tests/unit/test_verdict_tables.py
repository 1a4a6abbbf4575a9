"""The tables of `benchmarks.verdicts` say what the runs were."""

from typing import Any

import pytest

from benchmarks.verdict_tables import BEGIN, END, at_most, document, with_section


def run(app: str, verdict: str, state: str = "quiet", bad: int = 0) -> dict[str, Any]:
    """A run that is kept, of kata 01, with two objectives."""
    objective = {"name": "o", "good": 960 - bad, "total": 960, "bad_after_excuses": bad // 2}
    other = {"name": "p", "good": 960, "total": 960, "bad_after_excuses": 0}
    one = {"kata": "01-latency", "app": app, "state": state, "verdict": verdict}
    machine = {"run_queue_delay": 0.04 + bad / 10, "outside_cores": 0.0}
    return {**one, **machine, "objectives": [objective, other]}


def test_false_reds_and_false_greens_are_counted_by_state() -> None:
    """Not met is wrong of a fix, met is wrong of a fault; undecided and invalid are neither."""
    text = document(
        [
            run("solution", "met"),
            run("fixes/other", "not_met", bad=8),
            run("solution", "invalid", "two loops"),
            run("shipped", "met"),
            run("faults/one", "not_met", "two loops"),
            run("faults/two", "undecided", "two loops"),
        ]
    )
    assert "| quiet | 2 | 1 | 50%, seen | 0 | 0 | 1 | 1 | 100%, seen | 0 | 0 |" in text
    assert "| two loops | 1 | 0 | 100% | 0 | 1 | 2 | 0 | 100% | 1 | 0 |" in text
    assert "| **all** | 3 | 1 | 33%, seen | 0 | 1 | 3 | 1 | 33%, seen | 1 | 0 |" in text
    assert (
        "| 01-latency | fixes/other | quiet | 1 |  | 1 |  |  |  |"
        " 8 of 960 → 4; 0 of 960 → 0 | 0.8 | 0.0 |" in text
    )


def test_each_objective_shows_its_own_worst_run() -> None:
    """And the machine from its calmest run to its busiest; an earlier run may lack a figure."""
    later = run("solution", "met", bad=3)
    later["objectives"][1]["good"] = 955
    without = {**run("solution", "met"), "run_queue_delay": None}
    text = document([run("solution", "met", bad=5), later, without])
    assert "| 5 of 960 → 2; 5 of 960 → 0 | 0.3 to 0.5 | 0.0 |" in text


def test_a_run_without_a_report_is_shown_and_is_no_wrong_verdict() -> None:
    """It has no objective, and stands in a column of its own."""
    text = document([{**run("solution", "no report"), "objectives": []}])
    assert "| **all** | 1 | 0 | 100% | 0 | 0 | 0 | 0 |  | 0 | 0 |" in text
    assert "| 01-latency | solution | quiet | 1 |  |  |  |  | 1 |  | 0.0 | 0.0 |" in text


@pytest.mark.parametrize(
    ("wrong", "runs", "bound"), [(0, 0, ""), (0, 20, "15%"), (0, 300, "1%"), (2, 20, "10%, seen")]
)
def test_rate_that_cannot_be_ruled_out(wrong: int, runs: int, bound: str) -> None:
    """Three in n where none was seen."""
    assert at_most(wrong, runs) == bound


def test_the_section_is_replaced_and_nothing_else() -> None:
    """Twice is as once."""
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    once = with_section(page, "new")
    assert once == f"before\n{BEGIN}\n\nnew\n{END}\nafter\n"
    assert with_section(once, "new") == once
    with pytest.raises(ValueError, match="missing"):
        with_section("no markers", "new")
