"""dojo.kata.finder on the project's own katas, with their answers and the seeded database."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import psycopg
import pytest

from dojo.kata.finder import OpenKata, open_katas
from dojo.postgres.janitor import Databases
from dojo.postgres.server import Server
from dojo.slo.burst_plan import flows
from tests.support.kata_run import KATAS
from tests.support.postgres import SEEDED
from tests.support.project import ROOT


@pytest.fixture(scope="module")
def katas(cache_dir: Path) -> Iterator[tuple[OpenKata, ...]]:
    with open_katas(ROOT, cache_dir, print) as katas:
        yield katas


def test_every_kata_of_the_project_is_found(katas: tuple[OpenKata, ...]) -> None:
    """Each folder gives its kata and what it promises, in order."""
    assert katas
    assert [each.kata.folder.name for each in katas] == [path.name for path in KATAS]
    for each in katas:
        assert each.kata.folder.samefile(ROOT / "katas" / each.kata.folder.name)
        assert each.level.objectives


@pytest.fixture
def dsn(seeded_server: Server) -> Iterator[str]:
    """A copy of the seeded database."""
    databases = Databases(seeded_server)
    databases.clone(SEEDED, "dojo_test_finder")
    yield seeded_server.dsn("dojo_test_finder")
    databases.drop("dojo_test_finder")


def test_all_katas_share_one_database(katas: tuple[OpenKata, ...], dsn: str) -> None:
    """Each is prepared after the others; then every flow makes journeys for hours on end."""
    with psycopg.connect(dsn) as db:
        for each in katas:
            each.kata.prepare(db, Random(1))
    for each in katas:
        every = {flow.name: flow for flow in flows(each.level, each.kata.load())}
        assert each.level.journey in every
        rng = Random(2)
        for flow in every.values():
            assert all(flow.make(rng).steps for _ in range(2000))
