"""The kill matrix: for each kata, what must be red is red, for its own reason, and a fix is green.

It finds katas and their patches by itself. A cheat's patch is named after the one check that it
must fail: `<check>__<what it does>.patch`.
"""

from pathlib import Path

import pytest

from dojo.slo.catalog import kata_folders
from tests.support.kata_run import KataRun, RunKata, run_katas
from tests.support.project import ROOT

KATAS = kata_folders(ROOT)
CHECKS_AT_LEAST = 6


def patches(kind: str) -> list[object]:
    found = [(kata, p) for kata in KATAS for p in sorted((kata / ".meta" / kind).glob("*.patch"))]
    return [pytest.param(kata, p, id=f"{kata.name}-{p.stem}") for kata, p in found]


def one_patch(kind: str) -> list[object]:
    """The first of each kata: what every plain run of the tests includes."""
    firsts = [(kata, sorted((kata / ".meta" / kind).glob("*.patch"))[0]) for kata in KATAS]
    return [pytest.param(kata, p, id=f"{kata.name}-{p.stem}") for kata, p in firsts]


each_kata = pytest.mark.parametrize("kata", KATAS, ids=lambda kata: kata.name)


@each_kata
def test_enough_patches(kata: Path) -> None:
    """A kata has three faults, two other honest fixes and a cheat for each of six checks."""
    meta = kata / ".meta"
    assert len(list((meta / "faults").glob("*.patch"))) >= 3
    assert len(list((meta / "fixes").glob("*.patch"))) >= 2
    checks = {path.stem.split("__")[0] for path in (meta / "cheats").glob("*.patch")}
    assert len(checks) >= CHECKS_AT_LEAST


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> KataRun:
    """`pytest katas`, as the project is shipped."""
    return run_katas(tmp_path_factory.mktemp("shipped"), KATAS)


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> KataRun:
    """`pytest katas` with every reference fix, applied one after another."""
    fixes = [kata / ".meta" / "solution.patch" for kata in KATAS]
    return run_katas(tmp_path_factory.mktemp("solved"), KATAS, fixes)


@each_kata
def test_shipped_app_is_red(kata: Path, shipped: KataRun) -> None:
    """The shipped app misses its objective, and every check that was made holds."""
    assert shipped.returncode == 1, shipped.output
    assert kata.name in shipped.reports, shipped.output
    report = shipped.reports[kata.name]
    assert report["verdict"] == "not_met"
    assert report["objectives"][0]["verdict"] == "not_met", shipped.output
    assert report["objectives"][0]["total"] > 100
    assert [check for check in report["checks"] if not check["passed"]] == []
    assert shipped.output.count("NOT MET") >= 2 * len(KATAS)


@each_kata
def test_reference_fix_is_green(kata: Path, solved: KataRun) -> None:
    """The reference fixes together meet every objective; each check that has a cheat was made."""
    assert solved.returncode == 0, solved.output
    assert kata.name in solved.reports, solved.output
    report = solved.reports[kata.name]
    assert report["verdict"] == "met"
    made = {check["name"] for check in report["checks"] if check["passed"]}
    cheats = {p.stem.split("__")[0] for p in (kata / ".meta" / "cheats").glob("*.patch")}
    assert made == cheats


@pytest.mark.long
@each_kata
def test_a_fix_mends_its_own_kata_alone(kata: Path, tmp_path: Path) -> None:
    """With one reference fix its kata is green, and each other kata is as red as before."""
    run = run_katas(tmp_path, KATAS, [kata / ".meta" / "solution.patch"])
    verdicts = {name: report["verdict"] for name, report in run.reports.items()}
    assert verdicts == {k.name: "met" if k == kata else "not_met" for k in KATAS}, run.output


@pytest.mark.long
@pytest.mark.parametrize(("kata", "patch"), patches("faults"))
def test_single_fault_is_red(kata: Path, patch: Path, run_kata: RunKata) -> None:
    """One fault left in misses the objective, by far: at twice the threshold too."""
    run = run_kata(kata, patch)
    assert run.returncode == 1, run.output
    assert run.report is not None, run.output
    first = run.report["objectives"][0]
    assert first["verdict"] == "not_met"
    slow = [
        latency_s is None or latency_s > 2 * first["threshold_s"]
        for _, latency_s, _ in run.report["points"]
    ]
    assert sum(slow) > (1 - first["target"]) * len(slow)


@pytest.mark.long
@pytest.mark.parametrize(("kata", "patch"), patches("fixes"))
def test_other_honest_fix_is_green(kata: Path, patch: Path, run_kata: RunKata) -> None:
    """Another honest fix is as good as the reference."""
    run = run_kata(kata, patch)
    assert run.returncode == 0, run.output


def cheat_is_caught(kata: Path, patch: Path, run_kata: RunKata) -> None:
    run = run_kata(kata, patch)
    assert run.returncode == 1, run.output
    assert run.report is not None, run.output
    assert run.report["verdict"] == "not_met"
    failed = [check["name"] for check in run.report["checks"] if not check["passed"]]
    assert failed == [patch.stem.split("__")[0]], run.output


@pytest.mark.parametrize(("kata", "patch"), one_patch("cheats"))
def test_a_cheat_is_red(kata: Path, patch: Path, run_kata: RunKata) -> None:
    """A cheat fails the check that is there for it, and no other."""
    cheat_is_caught(kata, patch, run_kata)


@pytest.mark.long
@pytest.mark.parametrize(("kata", "patch"), patches("cheats"))
def test_every_cheat_is_red(kata: Path, patch: Path, run_kata: RunKata) -> None:
    """Each cheat fails the check that is there for it, and no other."""
    cheat_is_caught(kata, patch, run_kata)
