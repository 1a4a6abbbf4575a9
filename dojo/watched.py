"""A run that `dojo watch` holds ready: pytest with everything imported, waiting for a save.

A second plugin beside dojo.plugin, given with `-p dojo.watched`, which changes nothing of what a
run does: it only decides when the run begins, and tells what the watcher shows meanwhile.
"""

import os
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from dojo.output.run_events import VARIABLE, event_line

__all__: list[str] = []

POLL_S = 0.02


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """All is imported and collected: wait until the watcher's file is there."""
    from dojo.plugin.session import SESSION  # pytest itself must be the first to import a plugin

    start = Path(os.environ[VARIABLE])
    _tell("ready")
    while not start.exists():
        time.sleep(POLL_S)
    session.config.stash[SESSION].began = time.perf_counter()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Tell when this run's turn has come and Postgres is there."""
    result = yield
    if fixturedef.argname == "workshop":
        _tell("opened")
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell what a request takes alone, once that is known, and why a test failed."""
    report = yield
    funcargs = getattr(item, "funcargs", {})
    run: Any = funcargs.get("kata_run")
    if report.when == "call" and "service_time" in funcargs and run.alone is not None:
        _tell("alone", time_s=run.alone.time_s)
    if report.failed:
        _tell("problem", text=report.longreprtext)
    return report


def _tell(kind: str, **facts: Any) -> None:
    sys.stdout.write(event_line(kind, **facts))
    sys.stdout.flush()
