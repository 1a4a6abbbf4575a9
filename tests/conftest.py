"""What the tests share: --long, a Docker engine if there is one, a server, the seeded dataset."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings

from dojo.postgres import migrations
from dojo.postgres.choice import serve
from dojo.postgres.docker import DEFAULT_IMAGE, engine_problem
from dojo.postgres.embedded import data_home
from dojo.postgres.janitor import Databases
from dojo.postgres.server import Server
from seed import loader
from seed.dataset import Dataset, generate
from tests.support.browser import browser
from tests.support.kata_run import run_kata
from tests.support.project import ROOT

__all__ = ["browser", "run_kata"]  # fixtures, for every test


settings.register_profile("shared machines", deadline=None)  # a slow moment is no finding
settings.load_profile("shared machines")


def pytest_addoption(parser: pytest.Parser) -> None:
    """--long: the tests that take minutes as well."""
    parser.addoption("--long", action="store_true", help="run the tests that take minutes, too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked long, unless it is asked for."""
    if not config.getoption("--long"):
        for item in items:
            if item.get_closest_marker("long"):
                item.add_marker(pytest.mark.skip(reason="takes minutes; give --long"))


@pytest.fixture(scope="session")
def docker_image() -> str:
    """The image to use; skips without an engine, and fails instead if one is required."""
    image = os.environ.get("DOJO_POSTGRES_IMAGE") or DEFAULT_IMAGE
    if problem := engine_problem(image):
        if os.environ.get("DOJO_REQUIRE_DOCKER") == "1":
            pytest.fail(f"DOJO_REQUIRE_DOCKER=1, but {problem}")
        pytest.skip(problem)
    return image


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """An embedded server with the app's role, in a cache of this session's own."""
    with tempfile.TemporaryDirectory(prefix="dojo-test-") as name:
        cache = Path(name)
        with serve("embedded", cache, None, lambda _: None) as server:
            Databases(server).ensure_role()
            yield server
        shutil.rmtree(data_home(cache), ignore_errors=True)


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    """The whole shop, made once."""
    return generate()


@pytest.fixture(scope="session")
def seeded_dsn(server: Server, dataset: Dataset) -> str:
    """A database with the first migration and the whole dataset; only to be read."""

    def build(dsn: str) -> None:
        app = psycopg.conninfo.make_conninfo(dsn, user="shop", password="shop")
        migrations.apply(app, migrations.migration_files(ROOT / "app" / "migrations")[:1])
        loader.load(dsn, dataset)

    Databases(server).template("dojo_seed_tests", build)
    return server.dsn("dojo_seed_tests")
