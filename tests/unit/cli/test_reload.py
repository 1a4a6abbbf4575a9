"""dojo.cli.reload: what a look at the app of `dojo up` leads to. No app and no server."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from dojo.cli.reload import AppKeeper, Change
from dojo.errors import AppDidNotStart, AppDied, MigrationFailed
from dojo.site.running_site import RunningSite


@dataclass
class FakeSite:
    """A site that notes what is done to it, and fails where a test says so."""

    calls: list[str] = field(default_factory=list)
    failing: dict[str, Exception] = field(default_factory=dict)
    has_app: bool = True

    def __getattr__(self, name: str) -> Any:
        def call(*_: object) -> None:
            self.calls.append(name)
            if name in self.failing:
                raise self.failing[name]

        return call


@pytest.fixture
def app_dir(tmp_path: Path) -> Path:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "main.py").write_text("app = 1\n")
    return tmp_path


def look(keeper: AppKeeper, site: FakeSite) -> tuple[Change, list[str]]:
    """What one look led to, and what was said and done."""
    site.calls.clear()
    change = keeper.check(
        lambda text: site.calls.append(f"say {text}"),
        lambda length_s: site.calls.append("plan_ahead"),
        lambda: site.calls.append("started"),
    )
    return change, [call for call in site.calls if not call.startswith("say ")]


def test_a_restart_is_known_before_the_app_is_warm(app_dir: Path) -> None:
    """Visitors are served by then; a saturated app takes seconds to warm up."""
    site = FakeSite()
    keeper = AppKeeper(cast(RunningSite, site), app_dir, reload=True)
    assert look(keeper, site) == (Change.NONE, ["check"])
    (app_dir / "main.py").write_text("app = 'another'\n")
    calls = ["check", "plan_ahead", "start_app", "started", "warm_up"]
    assert look(keeper, site) == (Change.RESTARTED, calls)
    assert look(keeper, site) == (Change.NONE, ["check"])


def test_a_migration_gets_a_new_database_first(app_dir: Path) -> None:
    """One that fails leaves the app as it is, until the next change."""
    site = FakeSite()
    keeper = AppKeeper(cast(RunningSite, site), app_dir, reload=True)
    (app_dir / "migrations" / "0002_more.sql").write_text("SELECT 1 / 0;\n")
    site.failing["new_database"] = MigrationFailed("0002_more.sql: division by zero")
    assert look(keeper, site) == (Change.NONE, ["check", "plan_ahead", "new_database"])
    site.failing.clear()
    (app_dir / "migrations" / "0002_more.sql").write_text("SELECT 1;\n")
    change, calls = look(keeper, site)
    assert change is Change.NEW_DATABASE
    assert calls == ["check", "plan_ahead", "new_database", "start_app", "started", "warm_up"]


def test_an_app_that_is_gone_waits_for_a_change(app_dir: Path) -> None:
    """With `--reload` a fault is said once; one that can't start is as gone as one that died."""
    site = FakeSite(failing={"check": AppDied("It ended.")})
    keeper = AppKeeper(cast(RunningSite, site), app_dir, reload=True)
    assert look(keeper, site) == (Change.NONE, ["check", "stop_app"])
    assert any("It ended." in call for call in site.calls)
    assert keeper.is_down
    site.failing = {"start_app": AppDidNotStart("No.")}
    (app_dir / "main.py").write_text("app = 'broken'\n")
    assert look(keeper, site) == (Change.NONE, ["check", "plan_ahead", "start_app", "stop_app"])
    assert keeper.is_down
    site.failing.clear()
    (app_dir / "main.py").write_text("app = 'mended'\n")
    assert look(keeper, site)[0] is Change.RESTARTED
    assert not keeper.is_down


def test_without_reload_a_fault_is_the_caller_s(app_dir: Path) -> None:
    """And a change of the app is not looked for."""
    site = FakeSite()
    keeper = AppKeeper(cast(RunningSite, site), app_dir, reload=False)
    (app_dir / "main.py").write_text("app = 'another'\n")
    assert look(keeper, site) == (Change.NONE, ["check"])
    site.failing["check"] = AppDied("It ended.")
    with pytest.raises(AppDied):
        look(keeper, site)
