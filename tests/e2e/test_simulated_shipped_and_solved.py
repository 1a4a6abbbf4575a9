"""Katas on simulated data, as a learner runs them: red as shipped, green with the solution."""

from pathlib import Path

import pytest

from tests.support.kata_run import SIMULATED_KATAS, RunKata, run_katas

each_kata = pytest.mark.parametrize("kata", SIMULATED_KATAS, ids=lambda kata: kata.name)


@each_kata
def test_the_shipped_file_is_red(kata: Path, run_kata: RunKata) -> None:
    """It misses a measure and fails no check: what is there was made in good faith."""
    run = run_kata(kata)
    assert run.returncode == 1, run.output
    assert run.report is not None, run.output
    assert (run.report["verdict"], run.report["refused"]) == ("not_met", None)
    assert "not_met" in {each["verdict"] for each in run.report["objectives"]}, run.output
    assert [check for check in run.report["checks"] if check["passed"] is False] == []


@each_kata
def test_the_solution_is_green(kata: Path, run_kata: RunKata) -> None:
    """Every measure meets its target, and each check that has a cheat was made."""
    run = run_kata(kata, kata / ".meta" / "solution.patch")
    assert run.returncode == 0, run.output
    assert run.report is not None, run.output
    assert run.report["verdict"] == "met"
    assert all(check["passed"] for check in run.report["checks"])


@pytest.mark.skipif(len(SIMULATED_KATAS) < 2, reason="one kata needs no summary")
def test_several_in_one_session_share_a_server_and_have_a_summary(tmp_path: Path) -> None:
    """Postgres starts once; the last lines have a row for each."""
    run = run_katas(tmp_path, SIMULATED_KATAS)
    assert run.returncode == 1, run.output
    assert run.output.count("as DOJO_POSTGRES asks") == 1
    summary = run.output[run.output.rindex("worst objective") :]
    assert all(kata.name in summary for kata in SIMULATED_KATAS)
