"""Kata 04: alerts that ring for what matters. Read README.md, then edit app/ops/alerts.yaml."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from dojo import (
    AlertPolicy,
    DataCheck,
    Judged,
    Judgement,
    LearnerDatabase,
    LearnerFile,
    read_alert_policies,
)

if TYPE_CHECKING:
    from katas.alerts.years import Year

FILE = "app/ops/alerts.yaml"


class NoisyPager:
    """Twenty years of the shop's minutes, and the alerts that the learner's policies send."""

    folder = Path(__file__).parent
    files = (FILE,)
    checks: Sequence[DataCheck] = ()

    def read(self, files: Mapping[str, LearnerFile]) -> list[AlertPolicy]:
        return read_alert_policies(files[FILE])

    def draw(self, seed: int) -> "list[Year]":
        from katas.alerts.years import draw_years

        return list(draw_years(seed))

    def fill(self, db: psycopg.Connection, data: "list[Year]") -> None:
        from katas.alerts.tables import fill

        fill(db, data[0])

    def judge(
        self, data: "list[Year]", design: list[AlertPolicy], database: LearnerDatabase
    ) -> Judgement:
        from katas.alerts.judgement import judge

        return judge(data, design)


def test_alerts_meet_their_objectives(judged: Judged) -> None:
    """Every measure meets its target, over twenty simulated years."""
    judged.require_met()
