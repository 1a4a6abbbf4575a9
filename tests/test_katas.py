"""dojo.katas: katas are found by their folders, and used without pytest."""

from pathlib import Path
from random import Random

import psycopg
import pytest

from dojo.errors import BadSetting
from dojo.katas import find, load
from tests.kata_run import ROOT

KATAS = sorted(path.parent for path in ROOT.glob("katas/[0-9]*/slo.yaml"))
SLO = (ROOT / "katas" / "01-latency" / "slo.yaml").read_text()
METHODS = "prepare warm_up begin flows wrong_answers checks checks_after_restart".split()


def kata_text(name: str, methods: list[str]) -> str:
    return f"class {name}:\n" + "".join(f"    def {one}(self): ...\n" for one in methods)


def folder(root: Path, name: str, text: str) -> Path:
    made = root / "katas" / name
    made.mkdir(parents=True)
    (made / "slo.yaml").write_text(SLO)
    (made / "test_it.py").write_text(text)
    return made


def test_every_kata_of_the_project_is_found() -> None:
    """Each folder gives its kata, in order, with flows of which one is the objectives' journey."""
    found = find(ROOT)
    assert [one.kata.folder.name for one in found] == [path.name for path in KATAS]
    assert found
    for one in found:
        assert one.kata.folder.samefile(ROOT / "katas" / one.kata.folder.name)
        assert one.level.objectives


def test_a_kata_is_the_class_that_its_module_defines(tmp_path: Path) -> None:
    """Other classes, imported ones and pytest's own are left alone."""
    text = (
        "import pytest\nfrom pathlib import Path\nfrom dojo.kata import Kata\n"
        "class Helper: ...\n" + kata_text("Mine", METHODS)
    )
    found = load(folder(tmp_path, "07-a-name", text))
    assert type(found.kata).__name__ == "Mine"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (kata_text("Half", METHODS[:-1]), "found: none"),
        (kata_text("One", METHODS) + kata_text("Two", METHODS), "found: One, Two"),
    ],
)
def test_none_or_two_are_refused(text: str, told: str, tmp_path: Path) -> None:
    """The message names the folder, what a kata must do, and what was found."""
    made = folder(tmp_path, "08-odd", text)
    with pytest.raises(BadSetting, match=r"08-odd.*checks_after_restart.*") as refused:
        load(made)
    assert told in str(refused.value)


def test_a_project_without_katas_is_refused(tmp_path: Path) -> None:
    """There is nothing to send then."""
    with pytest.raises(BadSetting, match="no kata"):
        find(tmp_path)


def test_all_katas_share_one_database(seeded_dsn: str) -> None:
    """Each is prepared after the others; then every flow makes journeys for hours on end."""
    found = find(ROOT)
    with psycopg.connect(seeded_dsn) as db:  # one transaction, never committed
        for one in found:
            one.kata.prepare(db, Random(1))
        for one in found:
            flows = {flow.name: flow for flow in one.kata.flows(Random(1))}
            assert one.level.journey in flows
            rng = Random(2)
            for flow in flows.values():
                assert all(flow.make(rng).steps for _ in range(2000))
        db.rollback()
