"""Hints, as a learner gets them."""

from tests.support.kata_run import KATAS, RunKata

KATA = KATAS[0]


def test_a_hint_is_shown_again_by_its_number(run_kata: RunKata) -> None:
    """The first one needs no run; the same one comes again, and a number too many is refused."""
    first = run_kata(KATA, options=("--hint",))
    assert first.returncode == 0, first.output
    assert "Hint 1\n" in first.output
    assert "solution.md" not in first.output
    again = run_kata(KATA, options=("--hint", "1"))
    assert "Hint 1\n" in again.output
    refused = run_kata(KATA, options=("--hint", "99"))
    assert refused.returncode == 4
    assert "There is no hint 99 of 01-latency yet. One hint was given" in refused.output
