"""dojo.kata.finder: katas are found by their folders, and used without pytest."""

from pathlib import Path
from random import Random

import psycopg
import pytest

from dojo.errors import BadSetting
from dojo.kata.finder import OpenKata, open_katas
from dojo.slo.catalog import kata_folders
from tests.support.project import ROOT

KATAS = kata_folders(ROOT)
SLO = (ROOT / "katas" / "01-latency" / "slo.yaml").read_text()
METHODS = "prepare warm_up begin flows wrong_answers checks checks_after_restart".split()


def found(root: Path, cache_dir: Path) -> tuple[OpenKata, ...]:
    """Those katas that need not be open to be looked at."""
    with open_katas(root, cache_dir, print) as katas:
        return katas


def kata_text(name: str, methods: list[str]) -> str:
    return f"class {name}:\n" + "".join(f"    def {one}(self): ...\n" for one in methods)


def folder(root: Path, name: str, text: str) -> Path:
    made = root / "katas" / name
    made.mkdir(parents=True)
    (made / "slo.yaml").write_text(SLO)
    (made / "test_it.py").write_text(text)
    return made


def test_every_kata_of_the_project_is_found(tmp_path: Path) -> None:
    """Each folder gives its kata and what it promises, in order."""
    katas = found(ROOT, tmp_path)
    assert [one.kata.folder.name for one in katas] == [path.name for path in KATAS]
    assert katas
    for one in katas:
        assert one.kata.folder.samefile(ROOT / "katas" / one.kata.folder.name)
        assert one.level.objectives


def test_a_kata_is_the_class_that_its_module_defines(tmp_path: Path) -> None:
    """Other classes, imported ones and pytest's own are left alone."""
    text = (
        "import pytest\nfrom pathlib import Path\nfrom dojo.kata.contract import Kata\n"
        "class Helper: ...\n" + kata_text("Mine", METHODS)
    )
    folder(tmp_path, "07-a-name", text)
    (only,) = found(tmp_path, tmp_path)
    assert type(only.kata).__name__ == "Mine"


def test_a_kata_may_be_opened_and_is_closed(tmp_path: Path) -> None:
    """What open_kata yields is the kata, made with the cache, and closed when all is over."""
    text = (
        "from contextlib import contextmanager\nclosed = []\n"
        + kata_text("Mine", METHODS)
        + "@contextmanager\ndef open_kata(cache_dir, say):\n    kata = Mine()\n"
        "    kata.kept = cache_dir\n    kata.open = True\n    yield kata\n    kata.open = False\n"
    )
    folder(tmp_path, "07-kept", text)
    with open_katas(tmp_path, tmp_path / "cache", print) as (one,):
        assert one.kata.kept == tmp_path / "cache"  # type: ignore[attr-defined]
        assert one.kata.open  # type: ignore[attr-defined]
    assert not one.kata.open  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (kata_text("Half", METHODS[:-1]), "found: none"),
        (
            kata_text("Costly", [*METHODS, "__init__"]).replace("init__(self", "init__(self, it"),
            "needs an open_kata",
        ),
        (kata_text("One", METHODS) + kata_text("Two", METHODS), "found: One, Two"),
    ],
)
def test_none_or_two_are_refused(text: str, told: str, tmp_path: Path) -> None:
    """The message names the folder, and what is missing or too much."""
    folder(tmp_path, "08-odd", text)
    with pytest.raises(BadSetting, match="katas/08-odd: ") as refused:
        found(tmp_path, tmp_path)
    assert told in str(refused.value)


def test_a_project_without_katas_is_refused(tmp_path: Path) -> None:
    """There is nothing to send then."""
    with pytest.raises(BadSetting, match="no kata"):
        found(tmp_path, tmp_path)


@pytest.mark.long
def test_all_katas_share_one_database(seeded_dsn: str, tmp_path: Path) -> None:
    """Each is prepared after the others; then every flow makes journeys for hours on end."""
    with open_katas(ROOT, tmp_path, print) as katas, psycopg.connect(seeded_dsn) as db:
        for one in katas:  # in one transaction, which is never committed
            one.kata.prepare(db, Random(1))
        for one in katas:
            flows = {flow.name: flow for flow in one.kata.flows(Random(1))}
            assert one.level.journey in flows
            rng = Random(2)
            for flow in flows.values():
                assert all(flow.make(rng).steps for _ in range(2000))
        db.rollback()
