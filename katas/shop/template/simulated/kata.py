"""Kata $number: $title. Read README.md beside this file, then edit app/ops/$module.yaml."""

from collections.abc import Mapping
from pathlib import Path
from random import Random

import psycopg

import dojo
from dojo import Judged, Judgement, LearnerDatabase, LearnerFile, Measure

FILE = "app/ops/$module.yaml"
DAYS = 2_000
Day = tuple[int, bool]  # errors, and whether something was wrong


class NewKata:
    """Says on which of many simulated days an alert would have been right."""

    folder = Path(__file__).parent
    files = (FILE,)
    checks = ()

    def read(self, files: Mapping[str, LearnerFile]) -> float:
        """From how many errors a day on somebody is called."""
        document = dojo.read_yaml_document(files[FILE])
        document.only("alert_above")
        return document["alert_above"].number(above=0, at_most=1_000)

    def draw(self, seed: int) -> list[Day]:
        """Days with few errors, and one in ten with many."""
        rng = Random(seed)
        wrong = [rng.random() < 0.1 for _ in range(DAYS)]
        return [(rng.randint(20, 60) if bad else rng.randint(0, 12), bad) for bad in wrong]

    def fill(self, db: psycopg.Connection, data: list[Day]) -> None:
        """The days, without what was wrong: a learner may look at them."""
        errors = [count for count, _ in data]
        dojo.copy_rows(db, "days", {"day": list(range(1, DAYS + 1)), "errors": errors})

    def judge(self, data: list[Day], design: float, database: LearnerDatabase) -> Judgement:
        """Each day is good on which the alert and the truth agree."""
        false = sum(count > design and not bad for count, bad in data)
        missed = sum(count <= design and bad for count, bad in data)
        detail = f"{false:,} needless alerts, {missed:,} bad days without one."
        right = Measure(DAYS - false - missed, DAYS, detail)
        rows = [("needless alerts", f"{false:,}"), ("bad days without one", f"{missed:,}")]
        columns = (dojo.Column("what went wrong"), dojo.Column("days", numeric=True))
        table = dojo.Table(columns, rows)
        return Judgement({"right": right}, [dojo.Section("days", "The days", [table])])


def test_the_measures_meet_their_targets(judged: Judged) -> None:
    """The measures of slo.yaml are met."""
    judged.require_met()
