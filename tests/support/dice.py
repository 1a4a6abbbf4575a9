"""A kata on simulated data as small as can be: dice that are thrown, a YAML file and a query."""

from pathlib import Path

from tests.support.made_up_simulated_kata import SIMULATED_SLO

__all__ = ["QUERY", "write_dice"]

QUERY = "SELECT eyes, count(*) AS throws FROM throws GROUP BY eyes ORDER BY eyes"
TEST = """
from pathlib import Path
from random import Random

import dojo
from dojo import DataCheck, Finding, Judgement, Measure

THROWS = 1000

def all_counted(counted):
    return Finding(counted == THROWS, f"{counted} of {THROWS} throws were counted; all must be.")

class Dice:
    folder = Path(__file__).parent
    files = ("app/ops/dice.yaml", "app/ops/dice.sql")
    checks = (DataCheck("all_counted", all_counted),)

    def read(self, files):
        document = dojo.read_yaml_document(files["app/ops/dice.yaml"])
        document.only("highest")
        self.query = files["app/ops/dice.sql"]
        return document["highest"].whole(at_least=1, at_most=6)

    def draw(self, seed):
        rng = Random(seed)
        return [rng.randint(1, 6) for _ in range(THROWS)]

    def fill(self, db, data):
        dojo.copy_rows(db, "throws", {"eyes": data})
        dojo.copy_rows(db, "secrets", {"word": ["xyzzy"]})

    def judge(self, data, design, database):
        rows = database.query(
            self.query, tables=["throws"], columns=["eyes", "throws"], timeout_s=1, most_rows=6
        )
        counted = sum(throws for _, throws in rows)
        good = sum(throws for eyes, throws in rows if eyes <= design)
        (loaded,) = database.rows("SELECT count(*) FROM throws WHERE eyes <= %s", [design])[0]
        table = dojo.Table([dojo.Column("eyes")], [[str(eyes)] for eyes, _ in rows])
        measures = {
            "fair-throws": Measure(loaded, THROWS, "Some had more eyes."),
            "quiet-nights": Measure(min(good, THROWS), THROWS),
        }
        sections = [dojo.Section("throws", "The throws", [table])]
        return Judgement(measures, sections, counted, {"counted": counted})

def test_the_dice_are_fair(judged):
    judged.require_met()
"""


def write_dice(root: Path, highest: str = "6", query: str = QUERY) -> Path:
    """The kata 90-dice and its files of app/ in the project at `root`; the kata's folder."""
    folder, ops = root / "katas" / "90-dice", root / "app" / "ops"
    folder.mkdir(parents=True, exist_ok=True)
    ops.mkdir(parents=True, exist_ok=True)
    (ops / "dice.yaml").write_text(f"# how many eyes at most\nhighest: {highest}\n")
    (ops / "dice.sql").write_text(query)
    (folder / "test_dice.py").write_text(TEST)
    (folder / "slo.yaml").write_text(SIMULATED_SLO)
    (folder / ".meta").mkdir(exist_ok=True)
    (folder / ".meta" / "hints.md").write_text("# Hints\n\n## General: all\nLook.\n")
    (folder / "schema.sql").write_text(
        "CREATE TABLE throws (eyes integer);\nCREATE TABLE secrets (word text);\n"
    )
    return folder
