"""dojo.cli.check_run: which runs a kata gets, and which of their outcomes are wrong."""

from pathlib import Path
from typing import Any

import pytest

from dojo.cli.check_run import Trial, patch_trial, problem_of, trials_of
from tests.support.made_up_simulated_kata import SIMULATED_SLO

RED, GREEN = Trial("app as it is", None, "not_met"), Trial("solution.patch", Path("s"), "met")
CHEAT = Trial("cheats/pages_right__x.patch", Path("c"), "not_met", "pages_right")
FAULT = Trial("faults/fast__x.patch", Path("f"), "not_met", missed="fast")
REFUSAL = Trial("cheats/refused__x.patch", Path("r"), "not_met", refused=True)
REFUSED = {"place": "app/ops/x.yaml:3", "reason": "it must be short"}


def report(verdict: str, objective: str, *failed: str) -> dict[str, Any]:
    """latest.json, as far as it is looked at."""
    checks = [{"name": name, "passed": name not in failed} for name in ("pages_right", "site")]
    return {
        "verdict": verdict,
        "objectives": [{"name": "fast", "verdict": objective}],
        "checks": checks,
    }


@pytest.mark.parametrize(
    ("trial", "outcome", "problem"),
    [
        (RED, report("not_met", "not_met"), None),
        (RED, report("met", "met"), "must be red and is met"),
        (RED, report("not_met", "met", "site"), "must miss an objective and fail no check"),
        (RED, report("not_met", "not_met", "site"), "must miss an objective and fail no check"),
        (RED, None, "the run gave no report"),
        (GREEN, report("met", "met"), None),
        (GREEN, report("not_met", "met", "site"), "must be green and is not_met"),
        (GREEN, report("invalid", "met"), "must be green and is invalid"),
        (CHEAT, report("not_met", "met", "pages_right"), None),
        (CHEAT, report("not_met", "not_met"), "must be red by pages_right alone"),
        (CHEAT, report("not_met", "met", "pages_right", "site"), "red by pages_right alone"),
        (CHEAT, report("met", "met"), "must be red by pages_right and is met"),
        (FAULT, report("not_met", "not_met"), None),
        (FAULT, report("undecided", "undecided"), "must be red by fast and is undecided"),
        (FAULT, report("not_met", "not_met", "site"), "must be red by fast, with no check failed"),
        (FAULT, report("not_met", "undecided"), "must be red by fast, with no check failed"),
        (FAULT, {"verdict": "not_met", "refused": REFUSED}, "app/ops/x.yaml:3 is refused: it must"),
        (REFUSAL, {"verdict": "not_met", "refused": REFUSED}, None),
        (REFUSAL, {**report("met", "met"), "refused": None}, "must be refused and is met"),
    ],
)
def test_a_wrong_outcome_is_told(
    trial: Trial, outcome: dict[str, Any] | None, problem: str | None
) -> None:
    """What must be, what is, and which objectives and checks it is about."""
    came = problem_of(trial, outcome)
    if problem is None:
        assert came is None
    else:
        assert came is not None
        assert problem in came


def test_a_patch_says_by_its_name_what_it_comes_to(tmp_path: Path) -> None:
    """On simulated data a fault has a measure of its own, and a cheat may be refused."""
    (tmp_path / "slo.yaml").write_text(SIMULATED_SLO)

    def trial(path: str) -> tuple[str, str, str, bool]:
        found = patch_trial(tmp_path, tmp_path / ".meta" / path)
        return found.verdict, found.failed_check, found.missed, found.refused

    assert trial("solution.patch") == ("met", "", "", False)
    assert trial("fixes/other.patch") == ("met", "", "", False)
    assert trial("faults/fair-throws__one.patch") == ("not_met", "", "fair-throws", False)
    assert trial("cheats/quiet-nights__off.patch") == ("not_met", "", "quiet-nights", False)
    assert trial("cheats/dates_unknown__all.patch") == ("not_met", "dates_unknown", "", False)
    assert trial("cheats/refused__endless.patch") == ("not_met", "", "", True)


def test_a_kata_is_run_as_far_as_it_goes(tmp_path: Path) -> None:
    """A draft without patches is run as it is; a kata with all gets one of each kind."""
    assert [trial.label for trial in trials_of(tmp_path)] == ["app as it is"]
    meta = tmp_path / ".meta"
    for name in ("faults/b", "faults/a", "cheats/pages_right__x", "fixes/c", "solution"):
        path = meta / f"{name}.patch"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    trials = trials_of(tmp_path)
    assert [(trial.label, trial.verdict, trial.failed_check) for trial in trials] == [
        ("app as it is", "not_met", ""),
        ("solution.patch", "met", ""),
        ("faults/a.patch", "not_met", ""),
        ("cheats/pages_right__x.patch", "not_met", "pages_right"),
    ]
