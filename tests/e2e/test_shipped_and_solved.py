"""All katas in one session are red on the app as shipped; with its fix the first is green."""

from pathlib import Path

import pytest

from tests.support.kata_run import KATAS, RunKata, SessionResult, undisturbed

each_kata = pytest.mark.parametrize("kata", KATAS, ids=lambda kata: kata.name)


@each_kata
def test_shipped_app_is_red(kata: Path, shipped: SessionResult) -> None:
    """The shipped app misses its objective, and every check that was made holds."""
    assert shipped.returncode == 1, shipped.output
    assert kata.name in shipped.reports, shipped.output
    report = shipped.reports[kata.name]
    assert report["verdict"] == "not_met"
    assert report["objectives"][0]["verdict"] == "not_met", shipped.output
    assert report["objectives"][0]["total"] > 50
    assert [check for check in report["checks"] if check["passed"] is False] == []
    assert shipped.output.count("NOT MET") >= 2 * len(KATAS)


def test_the_first_reference_fix_is_green(run_kata: RunKata) -> None:
    """The first kata with its reference fix: the other ones are among the long tests."""
    run = undisturbed(lambda: run_kata(KATAS[0], KATAS[0] / ".meta" / "solution.patch"))
    assert run.returncode == 0, run.output
    assert run.report is not None, run.output
    assert run.report["verdict"] == "met"


def test_the_causes_of_a_real_run_are_seen_apart(shipped: SessionResult) -> None:
    """The second kata on the shipped app: two exceptions and a refusal are three groups."""
    assert "02-login-errors" in shipped.reports, shipped.output
    report = shipped.reports["02-login-errors"]
    groups = report["error_groups"]
    assert sum(group["count"] for group in groups) == sum(report["bad_events"].values())
    causes = {
        (group["cause"], group["exception"].split(":")[0], group["place"].partition(":")[0])
        for group in groups
    }
    assert ("http_5xx", "psycopg.errors.UniqueViolation", "app/login.py") in causes
    assert ("http_5xx", "ValueError", "app/passwords.py") in causes
    assert ("http_4xx", "", "") in causes
    words = " ".join(shipped.output.split())  # whatever the terminal wrapped
    assert "duplicate key value" in words
    assert "in verify_password" in words
