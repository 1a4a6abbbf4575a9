"""The report in the terminal."""

from dataclasses import replace

from dojo.burst_figures import Percentiles, Point, StepTime
from dojo.earlier_attempt import EarlierAttempt
from dojo.output.terminal.report import render
from dojo.report import ErrorGroup
from tests.support.outcomes import OUTCOMES
from tests.support.sample_reports import small_report


def test_the_evidence_is_shown() -> None:
    """Percentiles, causes with an example, statements, checks, the seed of the plan."""
    text = render(small_report(next_steps=("Look there",)), 100, color=False)
    for words in (
        *("NOT MET", "p50 20 ms", "p95 220 ms", "slow              48", "timeout           10"),
        "GET / at 1.00 s: expected an answer within 100 ms; got an answer after 220 ms",
        "app: log",
        *(
            "sends 75.5 statements, and 2 BEGIN or COMMIT",
            "155 ms on the way",
            "SELECT 1",
            "Times are sums",
        ),
        *("5 connections to Postgres", "10 ms on average", "✓ pages_right", "✗ visits_counted"),
        *("--plan-seed 7", "threshold 100 ms", "stopped after 4.0 of 12 s", "→ Look there"),
    ):
        assert words in " ".join(text.split()) or words in text, words


def test_a_journey_is_told_step_by_step() -> None:
    """Its steps have a table, and it is said so where nobody came to its end."""
    steps = (StepTime("search", 9, 5, Percentiles(1, 2, 3, 4), 9.0), StepTime("open", 2, 0, None))
    lost = tuple(p for p in small_report().points if p.latency_s is None)
    text = render(small_report(steps=steps, latency_s=None, points=lost), 100, color=False)
    for words in ("Step by step", "5 / 9", "0 / 2", "Nobody came to the end of the journey."):
        assert words in text, words
    assert "A single journey takes 15 ms with nobody else" in text
    assert "Step by step" not in render(small_report(), 100, color=False)


def test_what_was_not_checked_is_neither_passed_nor_failed() -> None:
    """It has a sign of its own, and those of one reason stand together."""
    text = render(OUTCOMES["stopped early"], 140, color=False)
    assert "✓ seed_intact" in text
    assert (
        "\N{EN DASH} not checked: pages_right, visits_counted. The burst was stopped early" in text
    )
    assert "\N{EN DASH} not checked: survives_restart. An objective is not met." in text
    assert "✗" not in text


def test_quick_failures_are_hatched_in_the_histogram() -> None:
    """A line with both kinds says how many are bad, and what the signs mean stands below."""
    points = tuple(Point(n / 10, 0.015, "http_5xx" if n % 4 == 0 else None) for n in range(40))
    text = render(small_report(points=points), 100, color=False)
    line = next(line for line in text.splitlines() if "≤ 20 ms │" in line)
    assert line.endswith("█▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ 40, 10 bad")
    assert "█ good   ▒ bad: failed\n" in text
    assert "(▒ failed, ↑ no answer)" in text
    mixed = (*points, Point(4.1, 0.4, "slow"), Point(4.2, None, "timeout"))
    text = render(small_report(points=mixed), 100, color=False)
    assert "▒ bad: slow or failed; no answer\n" in text
    fine = tuple(replace(point, cause=None) for point in points)
    assert "▒ bad" not in render(small_report(points=fine), 100, color=False)


def test_piped_output_is_plain() -> None:
    """Colors only where they are asked for."""
    assert "\x1b" not in render(small_report(), 100, color=False)
    assert "\x1b[" in render(small_report(), 100, color=True)


def test_an_apps_text_can_not_paint_the_terminal() -> None:
    """Control characters in what came from the app are taken out, and long texts cut."""
    came = "\x1b[2J\x1b]0;owned\x07" + "y" * 5000
    evil = ErrorGroup("slow", "GET /", 200, "", "", 1, "GET /", "\x1bx", "x", came, ("\x9b1m",))
    text = render(small_report(error_groups=(evil,)), 100, color=False)
    assert not {"\x1b", "\x07", "\x9b"} & set(text)
    assert len(text) < 10_000


def test_an_invalid_run_says_nothing_about_the_app() -> None:
    """The reason comes first."""
    text = render(
        small_report(verdict="invalid", invalid_because=("the generator was late",)),
        100,
        color=False,
    )
    assert "INVALID RUN" in text
    reason = text.index("This run says nothing about the app.\n  the generator was late.")
    assert reason < text.index("200 page loads at 50 a second")


def test_the_attempt_before_is_compared() -> None:
    """SLI, percentiles and statements, then and now."""
    before = EarlierAttempt(
        1,
        "not_met",
        {"95% within 100 ms": 0.1},
        Percentiles(1, 2, 3, 4),
        0.9,
        statements_alone=115.0,
    )
    text = render(small_report(previous=before), 100, color=False)
    assert "Since attempt 1 (Not met)" in text
    assert "95% within 100 ms: 10.0% → 71.0%" in text
    assert "p50 1.00 s → 20 ms, p95 2.00 s → 220 ms" in text
    assert "request alone 900 ms → 15 ms, 115 → 75.5 statements" in text


def test_nobody_got_an_answer() -> None:
    """A report without a single answer is still a report."""
    lost = tuple(p for p in small_report().points if p.latency_s is None)
    text = render(small_report(latency_s=None, points=lost), 80, color=False)
    assert "Nobody got an answer." in text
    assert "no answer │" in text
