"""Katas on simulated data, as a learner runs them: red as shipped, green with the solution."""

from pathlib import Path

import pytest

from tests.support.kata_run import SIMULATED_KATAS, RunKata, SessionResult, run_katas

each_kata = pytest.mark.parametrize("kata", SIMULATED_KATAS, ids=lambda kata: kata.name)


@pytest.fixture(scope="module")
def all_shipped(tmp_path_factory: pytest.TempPathFactory) -> SessionResult:
    """All of them in one session, as the project is shipped."""
    return run_katas(tmp_path_factory.mktemp("shipped"), SIMULATED_KATAS)


@each_kata
def test_the_shipped_file_is_red(kata: Path, all_shipped: SessionResult) -> None:
    """It misses a measure and fails no check: what is there was made in good faith."""
    assert all_shipped.returncode == 1, all_shipped.output
    assert kata.name in all_shipped.reports, all_shipped.output
    report = all_shipped.reports[kata.name]
    assert (report["verdict"], report["refused"]) == ("not_met", None)
    assert "not_met" in {each["verdict"] for each in report["objectives"]}, all_shipped.output
    assert [check for check in report["checks"] if check["passed"] is False] == []


@pytest.mark.skipif(len(SIMULATED_KATAS) < 2, reason="one kata needs no summary")
def test_they_share_a_server_and_have_a_summary(all_shipped: SessionResult) -> None:
    """Postgres starts once; the last lines have a row for each."""
    assert all_shipped.output.count("as DOJO_POSTGRES asks") == 1
    summary = all_shipped.output[all_shipped.output.rindex("worst objective") :]
    assert all(kata.name in summary for kata in SIMULATED_KATAS)


@each_kata
def test_the_solution_is_green(kata: Path, run_kata: RunKata) -> None:
    """Every measure meets its target, and every check was made and holds."""
    run = run_kata(kata, kata / ".meta" / "solution.patch")
    assert run.returncode == 0, run.output
    assert run.report is not None, run.output
    assert run.report["verdict"] == "met"
    assert all(check["passed"] for check in run.report["checks"])
