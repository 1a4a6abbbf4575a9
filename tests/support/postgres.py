"""Fixtures: an embedded Postgres, the seeded dataset in it, and a Docker engine if there is one."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dojo.postgres import migrations
from dojo.postgres.choice import serve
from dojo.postgres.docker import DEFAULT_IMAGE, engine_problem
from dojo.postgres.embedded_binaries import data_home
from dojo.postgres.engine import Engine
from dojo.postgres.janitor import Databases
from dojo.postgres.server import Server
from dojo.settings import Settings
from seed import loader
from seed.dataset import Dataset, generate
from tests.support.project import ROOT

__all__ = [
    "SEEDED",
    "cache_dir",
    "dataset",
    "docker_image",
    "seeded_dsn",
    "seeded_server",
    "server",
]

SEEDED = "dojo_seed_tests"  # the database that is only read; who writes clones it


@pytest.fixture(scope="session")
def docker_image() -> str:
    """The image to use; skips without an engine, and fails instead if one is required."""
    image = os.environ.get("DOJO_POSTGRES_IMAGE") or DEFAULT_IMAGE
    if problem := engine_problem(Engine.chosen(os.environ), image, lambda _: None):
        if os.environ.get("DOJO_REQUIRE_DOCKER") == "1":
            pytest.fail(f"DOJO_REQUIRE_DOCKER=1, but {problem}")
        pytest.skip(problem)
    return image


@pytest.fixture(scope="session")
def cache_dir() -> Path:
    """The project's own cache: its answers carry the fingerprint of the seed that made them."""
    return Settings.read(ROOT, os.environ).cache_dir


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
    """The whole shop, generated once."""
    return generate()


@pytest.fixture(scope="session")
def seeded_server(server: Server, dataset: Dataset) -> Server:
    """The server with a database SEEDED: the first migration and the whole dataset."""

    def build(dsn: str) -> None:
        app = psycopg.conninfo.make_conninfo(dsn, user="shop", password="shop")
        migrations.apply(app, migrations.migration_files(ROOT / "app" / "migrations")[:1])
        loader.load(dsn, dataset)

    Databases(server).template(SEEDED, build)
    return server


@pytest.fixture(scope="session")
def seeded_dsn(seeded_server: Server) -> str:
    """The database SEEDED, only to be read."""
    return seeded_server.dsn(SEEDED)
