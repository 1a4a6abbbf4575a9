"""Kata 05: choosing an SLI. Read README.md beside this file, then edit app/ops/."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from dojo import Judged, Judgement, LearnerDatabase, LearnerFile
from katas.sli.checks import CHECKS
from katas.sli.design import SLI_FILE, SLO_FILE, Design, read_design

if TYPE_CHECKING:
    from katas.sli.years import Years


class ChoosingAnSli:
    """Twenty years of a shop's logs, in which every kind of trouble comes 120 times."""

    folder = Path(__file__).parent
    files = (SLI_FILE, SLO_FILE)
    checks = CHECKS

    def read(self, files: Mapping[str, LearnerFile]) -> Design:
        return read_design(files)

    def draw(self, seed: int) -> "Years":
        from katas.sli.years import draw

        return draw(seed)

    def fill(self, db: psycopg.Connection, data: "Years") -> None:
        from katas.sli.filling import fill

        fill(db, data)

    def judge(self, data: "Years", design: Design, database: LearnerDatabase) -> Judgement:
        from katas.sli.judgement import judged

        return judged(data, design, database)


def test_the_sli_tells_when_customers_suffer(judged: Judged) -> None:
    """Each kind of trouble is seen, calm days are quiet, and the budget is one to work with."""
    judged.require_met()
