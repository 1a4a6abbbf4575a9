"""dojo.kata.finder: katas are opened by their folders, without pytest."""

from pathlib import Path

import pytest

from dojo.errors import BadSetting
from dojo.kata.finder import OpenKata, open_katas
from tests.support.project import ROOT

SLO = (ROOT / "katas" / "01-latency" / "slo.yaml").read_text()
METHODS = "prepare warm_up load wrong_answers".split()


def opened(root: Path, cache_dir: Path) -> tuple[OpenKata, ...]:
    """Those katas that need not be open to be looked at."""
    with open_katas(root, cache_dir, print) as katas:
        return katas


def kata_text(name: str, methods: list[str]) -> str:
    return f"class {name}:\n" + "".join(f"    def {method}(self): ...\n" for method in methods)


def folder(root: Path, name: str, text: str) -> Path:
    kata_folder = root / "katas" / name
    kata_folder.mkdir(parents=True)
    (kata_folder / "slo.yaml").write_text(SLO)
    (kata_folder / "test_it.py").write_text(text)
    return kata_folder


def test_a_kata_is_the_class_that_its_module_defines(tmp_path: Path) -> None:
    """Other classes, imported ones and pytest's own are left alone."""
    text = (
        "import pytest\nfrom pathlib import Path\nfrom dojo import Kata\n"
        "class Helper: ...\n" + kata_text("Mine", METHODS)
    )
    folder(tmp_path, "07-a-name", text)
    (only,) = opened(tmp_path, tmp_path)
    assert type(only.kata).__name__ == "Mine"


def test_a_kata_may_be_opened_and_is_closed(tmp_path: Path) -> None:
    """What open_kata yields is the kata, made with the cache, and closed when all is over."""
    text = (
        "from contextlib import contextmanager\nclosed = []\n"
        + kata_text("Mine", METHODS)
        + "@contextmanager\ndef open_kata(cache_dir, say):\n    kata = Mine()\n"
        "    kata.cache = cache_dir\n    kata.open = True\n    yield kata\n    kata.open = False\n"
    )
    folder(tmp_path, "07-opened", text)
    with open_katas(tmp_path, tmp_path / "cache", print) as (opened_kata,):
        assert opened_kata.kata.cache == tmp_path / "cache"  # type: ignore[attr-defined]
        assert opened_kata.kata.open  # type: ignore[attr-defined]
    assert not opened_kata.kata.open  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (kata_text("Half", METHODS[:-1]), "found: none"),
        (
            kata_text("Costly", [*METHODS, "__init__"]).replace("init__(self", "init__(self, it"),
            "needs an open_kata",
        ),
        (kata_text("One", METHODS) + kata_text("Two", METHODS), "found: One, Two"),
    ],
)
def test_none_or_two_are_refused(text: str, problem: str, tmp_path: Path) -> None:
    """The message names the folder, and what is missing or too much."""
    folder(tmp_path, "08-odd", text)
    with pytest.raises(BadSetting, match="katas/08-odd: ") as refused:
        opened(tmp_path, tmp_path)
    assert problem in str(refused.value)


def test_a_project_without_katas_is_refused(tmp_path: Path) -> None:
    """There is nothing to send then."""
    with pytest.raises(BadSetting, match="no kata"):
        opened(tmp_path, tmp_path)
