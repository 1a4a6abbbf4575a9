"""What must hold in every kata, on a site that is made up."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from dojo.attempt.common_checks import restarts, site_checks
from dojo.errors import AppDidNotStart, AppFault
from dojo.kata.contract import COMMON_CHECKS
from dojo.report import CheckResult
from dojo.site.graded_files import ROOT
from dojo.site.running_site import RunningSite


@dataclass
class Database:
    unlogged: list[str] = field(default_factory=list)

    def execute(self, query: str) -> list[tuple[str]]:
        assert "relpersistence = 'u'" in query
        return [(name,) for name in self.unlogged]


@dataclass
class MadeUpSite:
    """A site on which everything is right, unless a test says otherwise."""

    db: Database = field(default_factory=Database)
    fault: AppFault | None = None
    around: int = 0
    same_role: bool = True
    changed: tuple[Path, ...] = ()
    calls: list[str] = field(default_factory=list)

    @property
    def database(self) -> "MadeUpSite":
        """It is its own database, so that the order of all calls is seen."""
        return self

    def crash(self) -> None:
        if self.fault is not None:
            raise self.fault

    def end_app(self) -> None:
        self.calls.append("end_app")

    def sessions_around(self) -> int:
        self.calls.append("sessions_around")
        return self.around

    def role_is_as_it_was(self) -> bool:
        return self.same_role

    def changed_files(self) -> list[Path]:
        self.calls.append("changed_files")
        return list(self.changed)


def results(site: MadeUpSite) -> dict[str, CheckResult]:
    real = cast(RunningSite, site)
    return {each.name: each for each in (restarts(real), *site_checks(real))}


def test_each_common_check_is_made() -> None:
    """Those that the contract names, and no other; all pass on a site that is right.

    Durations need a real one: tests/integration/test_durations_agree.py.
    """
    made = results(MadeUpSite())
    assert {*made, "durations_agree"} == set(COMMON_CHECKS)
    assert all(each.passed for each in made.values())


@pytest.mark.parametrize(
    ("name", "site", "words"),
    [
        ("restarts", MadeUpSite(fault=AppDidNotStart("It ended.")), "It ended."),
        ("tables_logged", MadeUpSite(Database(["sessions", "visits"])), "sessions, visits"),
        ("distance_kept", MadeUpSite(around=1), "1 session was opened"),
        ("distance_kept", MadeUpSite(around=12), "12 sessions were opened"),
        ("distance_kept", MadeUpSite(same_role=False), "another password"),
        (
            "grader_untouched",
            MadeUpSite(changed=(ROOT / "dojo" / "load" / "clock.py", Path("/elsewhere/x.py"))),
            "dojo/load/clock.py, /elsewhere/x.py",
        ),
    ],
)
def test_what_is_wrong_fails_its_own_check(name: str, site: MadeUpSite, words: str) -> None:
    """And says what it was."""
    made = results(site)
    assert [each.name for each in made.values() if each.failed] == [name]
    assert words in made[name].detail


def test_the_app_is_ended_before_its_traces_are_read() -> None:
    """What it did until then is counted, and nothing can follow."""
    site = MadeUpSite()
    results(site)
    assert site.calls == ["end_app", "sessions_around", "changed_files"]


def test_many_changed_files_are_counted() -> None:
    """Five are named."""
    changed = tuple(Path(f"/{number}.py") for number in range(9))
    assert "and 4 more" in results(MadeUpSite(changed=changed))["grader_untouched"].detail
