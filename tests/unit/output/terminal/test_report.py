"""The report in the terminal."""

from dojo.output.terminal.report import render, summary_table
from dojo.report import Attempt, BadExample, ObjectiveResult, Percentiles, StepTime
from tests.support.made_report import made_report


def test_each_objective_has_counts_budget_and_burn_rate() -> None:
    """Good and total stand beside the ratio, the budget in events beside what was spent."""
    lines = render(made_report(), 100, color=False).splitlines()
    (missed,) = [line for line in lines if line.startswith("95% within 100 ms")]
    assert missed.split()[4:] == ["71.0%", "142", "/", "200", "10.0", "58", "5.8x", "missed"]
    (met,) = [line for line in lines if line.startswith("90% within 300 ms")]
    assert met.split()[4:] == ["95.0%", "190", "/", "200", "20.0", "10", "0.5x", "met"]


def test_the_evidence_is_shown() -> None:
    """Percentiles, causes with an example, statements, checks, the seed of the plan."""
    text = render(made_report(next_steps=("Look there",)), 100, color=False)
    for words in (
        *("NOT MET", "p50 20 ms", "p95 220 ms", "slow              48", "timeout           10"),
        *("GET / at 1.00 s [200]: expected an answer in 100 ms; came 220 ms", "app: log"),
        *("75.5 statements for each answer", "151 ms on the way", "SELECT 1"),
        *("5 connections to Postgres", "10 ms on average", "✓ pages_right", "✗ visits_counted"),
        *("--plan-seed 7", "threshold 100 ms", "stopped after 4.0 of 12 s", "→ Look there"),
    ):
        assert words in text, words


def test_a_journey_is_told_step_by_step() -> None:
    """Its steps have a table, and it is said so where nobody came to its end."""
    steps = (StepTime("search", 9, 5, Percentiles(1, 2, 3, 4), 9.0), StepTime("open", 2, 0, None))
    text = render(made_report(steps=steps, latency_s=None), 100, color=False)
    for words in ("Step by step", "5 / 9", "0 / 2", "Nobody came to the end of the journey."):
        assert words in text, words
    assert "A single search takes 15 ms with nobody else" in text
    assert "Step by step" not in render(made_report(), 100, color=False)


def test_piped_output_is_plain() -> None:
    """Colors only where they are asked for."""
    assert "\x1b" not in render(made_report(), 100, color=False)
    assert "\x1b[" in render(made_report(), 100, color=True)


def test_an_apps_text_can_not_paint_the_terminal() -> None:
    """Control characters in what came from the app are taken out, and long texts cut."""
    evil = BadExample(
        "slow", 1, "GET /", 200, "x", "\x1b[2J\x1b]0;owned\x07" + "y" * 5000, ("\x9b1m",)
    )
    text = render(made_report(examples=(evil,)), 100, color=False)
    assert not {"\x1b", "\x07", "\x9b"} & set(text)
    assert len(text) < 10_000


def test_within_noise_is_said_as_such() -> None:
    """An objective that is neither met nor missed shows its interval."""
    close = ObjectiveResult("95% within 100 ms", 0.95, 0.1, 190, 200, "inconclusive", (0.89, 0.98))
    assert "within noise of the target (89.0% to 98.0%)" in render(
        made_report(objectives=(close,)), 120, color=False
    )


def test_an_invalid_run_says_nothing_about_the_app() -> None:
    """The reason comes first."""
    text = render(
        made_report(verdict="invalid", invalid_because=("the generator was late",)),
        100,
        color=False,
    )
    assert "INVALID RUN" in text
    assert "This says nothing about the app: the generator was late." in text


def test_the_attempt_before_is_compared() -> None:
    """SLI, percentiles and statements, then and now."""
    before = Attempt(1, "not_met", {"95% within 100 ms": 0.1}, Percentiles(1, 2, 3, 4), 115.0, 0.9)
    text = render(made_report(previous=before), 100, color=False)
    assert "Since attempt 1" in text
    assert "95% within 100 ms: 10.0% → 71.0%" in text
    assert "p50 1.00 s → 20 ms, p95 2.00 s → 220 ms" in text
    assert "115.0 → 75.5" in text


def test_nobody_got_an_answer() -> None:
    """A report without a single answer is still a report."""
    lost = tuple(p for p in made_report().points if p.latency_s is None)
    text = render(made_report(latency_s=None, points=lost), 80, color=False)
    assert "Nobody got an answer." in text
    assert "failed │" in text


def test_the_summary_names_the_worst_objective() -> None:
    """A line for each kata, with the objective that burns fastest."""
    text = summary_table([made_report(), made_report(kata="02-x", verdict="met")], 100, color=False)
    lines = [line.split() for line in text.splitlines()]
    assert lines[1][:3] == ["01-latency", "NOT", "MET"]
    assert lines[2][:2] == ["02-x", "MET"]
    assert "5.8x" in lines[1]
