"""What all tests share: --long, the markers by folder and fixture, and the fixtures of support/."""

from pathlib import Path

import pytest
from hypothesis import settings

from dojo.kata.folder_reader import is_draft
from dojo.slo.catalog import kata_folders
from tests.support.markers import markers_of
from tests.support.project import ROOT

HERE = Path(__file__).resolve().parent

LEFT_OUT = pytest.StashKey[int]()

pytest_plugins = [
    "pytester",  # tests of dojo.plugin run pytest; katas, which load no file of here, go without
    "tests.support.browser",
    "tests.support.kata_run",
    "tests.support.postgres",
    "tests.support.prometheus",
]

settings.register_profile("shared machines", deadline=None)  # a slow moment is no finding
settings.load_profile("shared machines")


def pytest_addoption(parser: pytest.Parser) -> None:
    """--long: the tests that take minutes as well."""
    parser.addoption("--long", action="store_true", help="run the tests that take minutes, too")


@pytest.hookimpl(tryfirst=True)  # before -m selects by the markers
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark each test by its folder and its fixtures; leave out what is long unless asked for."""
    for item in items:
        if HERE in item.path.parents:
            mark(item)
    if not config.getoption("--long"):
        long = [item for item in items if item.get_closest_marker("long")]
        config.stash[LEFT_OUT] = len(long)
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if not item.get_closest_marker("long")]


def mark(item: pytest.Item) -> None:
    """Give a test of this folder its markers."""
    try:
        markers = markers_of(item.path.relative_to(HERE), getattr(item, "fixturenames", ()))
    except ValueError as error:
        raise pytest.UsageError(str(error)) from error
    for name in sorted(markers):
        item.add_marker(name)


def pytest_report_collectionfinish(config: pytest.Config) -> list[str]:
    """How many tests are left out, and how to have them; and which katas have none."""
    count = config.stash.get(LEFT_OUT, 0)
    lines = [f"{count} tests that take minutes are left out; --long runs them"] if count else []
    drafts = [folder.name for folder in kata_folders(ROOT) if is_draft(folder)]
    return lines + [f"{name} is a draft: the kill matrix leaves it out" for name in drafts]
