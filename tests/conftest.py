"""What all tests share: --long, the markers by folder and fixture, and the fixtures of support/."""

from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.markers import markers_of

HERE = Path(__file__).resolve().parent

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
    """Mark each test by its folder and its fixtures; skip what is long unless it is asked for."""
    for item in items:
        if HERE not in item.path.parents:
            continue
        try:
            markers = markers_of(item.path.relative_to(HERE), getattr(item, "fixturenames", ()))
        except ValueError as error:
            raise pytest.UsageError(str(error)) from error
        for name in sorted(markers):
            item.add_marker(name)
        if "long" in markers and not config.getoption("--long"):
            item.add_marker(pytest.mark.skip(reason="takes minutes; give --long"))
