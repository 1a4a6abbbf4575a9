"""dojo.kata.finder: katas are found by their folders, and used without pytest."""

from pathlib import Path

import pytest

from dojo.errors import BadSetting
from dojo.kata.finder import FoundKata, opened
from tests.support.project import ROOT

SLO = (ROOT / "katas" / "01-latency" / "slo.yaml").read_text()
METHODS = "prepare warm_up begin flows wrong_answers checks checks_after_restart".split()


def found(root: Path, cache_dir: Path) -> tuple[FoundKata, ...]:
    """Those katas that need not be open to be looked at."""
    with opened(root, cache_dir, print) as katas:
        return katas


def kata_text(name: str, methods: list[str]) -> str:
    return f"class {name}:\n" + "".join(f"    def {one}(self): ...\n" for one in methods)


def folder(root: Path, name: str, text: str) -> Path:
    made = root / "katas" / name
    made.mkdir(parents=True)
    (made / "slo.yaml").write_text(SLO)
    (made / "test_it.py").write_text(text)
    return made


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
    with opened(tmp_path, tmp_path / "cache", print) as (one,):
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
