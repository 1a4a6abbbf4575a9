"""The kill matrix: for each kata, what must be red is red, for its own reason, and a fix is green.

The shipped app is in tests/e2e/test_shipped_and_solved.py, katas on simulated data are in
tests/e2e/long/test_simulated_matrix.py.
It finds katas and their patches by itself. A cheat's patch is named after the one check that it
must fail: `<check>__<what it does>.patch`. A run that somebody outside disturbed is repeated once,
with a warning that names him.

Most of its time goes to cheats, many of which are of one kind: with DOJO_CHEATS=one-of-each one
cheat of each check is tried, another one with each commit.
"""

from collections.abc import Iterable
from pathlib import Path

import pytest

from dojo.kata.contract import COMMON_CHECKS
from tests.support.cheats import cheats, check_of
from tests.support.kata_run import KATAS, RunKata, SessionResult, run_katas, undisturbed

each_kata = pytest.mark.parametrize("kata", KATAS, ids=lambda kata: kata.name)


def patches(kind: str) -> list[object]:
    return [each for kata in KATAS for each in named(kata, (kata / ".meta" / kind).glob("*.patch"))]


def named(kata: Path, found: Iterable[Path]) -> list[object]:
    return [pytest.param(kata, patch, id=f"{kata.name}-{patch.stem}") for patch in sorted(found)]


@each_kata
def test_a_fix_mends_its_own_kata_alone(kata: Path, tmp_path: Path) -> None:
    """With one reference fix its kata is green, and each other kata is as red as before."""
    fix = kata / ".meta" / "solution.patch"
    run = undisturbed(lambda: run_katas(tmp_path, KATAS, [fix]))
    verdicts = {name: report["verdict"] for name, report in run.reports.items()}
    assert verdicts == {k.name: "met" if k == kata else "not_met" for k in KATAS}, run.output


@pytest.mark.parametrize(("kata", "patch"), patches("faults"))
def test_single_fault_is_red(kata: Path, patch: Path, run_kata: RunKata) -> None:
    """One fault left in spends three budgets, also at twice the threshold."""
    run = undisturbed(lambda: run_kata(kata, patch))
    assert run.returncode == 1, run.output
    assert run.report is not None, run.output
    first = run.report["objectives"][0]
    assert first["verdict"] == "not_met"
    slow = [
        latency_s is None or latency_s > 2 * first["threshold_s"]
        for _, latency_s, _ in run.report["points"]
    ]
    assert sum(slow) > 3 * (1 - first["target"]) * len(slow)


@pytest.mark.parametrize(("kata", "patch"), patches("fixes"))
def test_other_honest_fix_is_green(kata: Path, patch: Path, run_kata: RunKata) -> None:
    """Another honest fix is as good as the reference."""
    run = undisturbed(lambda: run_kata(kata, patch))
    assert run.returncode == 0, run.output


def fixes_together() -> list[object]:
    """One fix of each kata at a time; with the references together every fix is in some of them."""
    choices = [
        [kata / ".meta" / "solution.patch", *sorted((kata / ".meta" / "fixes").glob("*.patch"))]
        for kata in KATAS
    ]
    sessions = [
        [fixes[number % len(fixes)] for fixes in choices]
        for number in range(1, max(map(len, choices)))
    ]
    return [pytest.param(each, id="+".join(patch.stem for patch in each)) for each in sessions]


@pytest.mark.parametrize("fixes", fixes_together())
def test_what_one_kata_allows_passes_in_all_others(fixes: list[Path], tmp_path: Path) -> None:
    """With one honest fix of each kata in the app every kata is green."""
    run = undisturbed(lambda: run_katas(tmp_path, KATAS, fixes))
    verdicts = {name: report["verdict"] for name, report in run.reports.items()}
    assert verdicts == {kata.name: "met" for kata in KATAS}, run.output


@pytest.mark.parametrize(
    ("kata", "patch"), [each for kata in KATAS for each in named(kata, cheats(kata))]
)
def test_cheat_is_red(kata: Path, patch: Path, run_kata: RunKata) -> None:
    """A cheat fails the check that is there for it, and no other."""
    run = undisturbed(lambda: run_kata(kata, patch))
    assert run.returncode == 1, run.output
    assert run.report is not None, run.output
    assert run.report["verdict"] == "not_met"
    failed = [check["name"] for check in run.report["checks"] if check["passed"] is False]
    assert failed == [check_of(patch)], run.output


@each_kata
def test_reference_fix_is_green(kata: Path, solved: SessionResult) -> None:
    """The reference fixes together meet every objective; each check that has a cheat was made."""
    assert solved.returncode == 0, solved.output
    assert kata.name in solved.reports, solved.output
    report = solved.reports[kata.name]
    assert report["verdict"] == "met"
    passed = {check["name"] for check in report["checks"] if check["passed"]}
    assert passed == set(map(check_of, cheats(kata))) | set(COMMON_CHECKS)
