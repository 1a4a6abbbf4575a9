"""dojo.kata.finder on the project's own katas, with their answers and the seeded database."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import psycopg
import pytest

from dojo.kata.finder import FoundKata, opened
from tests.support.kata_run import KATAS
from tests.support.project import ROOT


@pytest.fixture(scope="module")
def katas(cache_dir: Path) -> Iterator[tuple[FoundKata, ...]]:
    with opened(ROOT, cache_dir, print) as katas:
        yield katas


def test_every_kata_of_the_project_is_found(katas: tuple[FoundKata, ...]) -> None:
    """Each folder gives its kata and what it promises, in order."""
    assert katas
    assert [found.kata.folder.name for found in katas] == [path.name for path in KATAS]
    for found in katas:
        assert found.kata.folder.samefile(ROOT / "katas" / found.kata.folder.name)
        assert found.level.objectives


def test_all_katas_share_one_database(katas: tuple[FoundKata, ...], seeded_dsn: str) -> None:
    """Each is prepared after the others; then every flow makes journeys for hours on end."""
    with psycopg.connect(seeded_dsn) as db:
        for found in katas:  # in one transaction, which is never committed
            found.kata.prepare(db, Random(1))
        for found in katas:
            flows = {flow.name: flow for flow in found.kata.flows(Random(1))}
            assert found.level.journey in flows
            rng = Random(2)
            for flow in flows.values():
                assert all(flow.make(rng).steps for _ in range(2000))
        db.rollback()
