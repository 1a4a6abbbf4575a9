"""dojo.kata.finder, with the project's own katas: their search index takes seconds to build."""

from pathlib import Path
from random import Random

import psycopg
import pytest

from dojo.kata.finder import open_katas
from dojo.slo.catalog import kata_folders
from tests.support.project import ROOT


def test_every_kata_of_the_project_opens(tmp_path: Path) -> None:
    """Each folder gives its kata and its service level, in order."""
    with open_katas(ROOT, tmp_path, print) as katas:
        assert [each.kata.folder.resolve() for each in katas] == kata_folders(ROOT)
        assert all(each.level.objectives for each in katas)


@pytest.mark.long
def test_all_katas_share_one_database(seeded_dsn: str, tmp_path: Path) -> None:
    """Each is prepared after the others; then every flow makes journeys for hours on end."""
    with open_katas(ROOT, tmp_path, print) as katas, psycopg.connect(seeded_dsn) as db:
        for each in katas:  # in one transaction, which is never committed
            each.kata.prepare(db, Random(1))
        for each in katas:
            flows = {flow.name: flow for flow in each.kata.flows(Random(1))}
            assert each.level.journey in flows
            rng = Random(2)
            for flow in flows.values():
                assert all(flow.make(rng).steps for _ in range(2000))
        db.rollback()
