"""Hints, as a learner gets them."""

from pathlib import Path

from dojo.kata.hints import next_hint
from tests.support.kata_run import RunKata
from tests.support.project import ROOT

KATA = ROOT / "katas" / "01-latency"


def test_hints_come_one_by_one(run_kata: RunKata, tmp_path: Path) -> None:
    """Each time one more, nothing is run; past the last one the solution is named."""
    run = run_kata(KATA, options=("--hint",))
    assert run.returncode == 0
    assert "Hint 1 of" in run.output
    hints = [next_hint(KATA, tmp_path / "state") for _ in range(8)]
    assert hints[0].startswith("Hint 2 of")
    assert "solution.md" not in hints[0]
    assert "solution.md" in hints[-1]
