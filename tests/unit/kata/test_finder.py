"""dojo.kata.finder: katas are opened by their folders, without pytest."""

import subprocess
import sys
from pathlib import Path

import pytest

from dojo.errors import BadSetting
from dojo.kata.finder import OpenKata, check_names, load_simulated, open_katas
from tests.support.dice import write_dice
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


def test_a_kata_on_simulated_data_is_found_by_its_own_parts(tmp_path: Path) -> None:
    """The names of its checks are known without a run; who opens katas for a load passes it by."""
    folder(tmp_path, "07-loaded", kata_text("Loaded", METHODS))
    dice = write_dice(tmp_path)
    assert check_names(dice) == ("all_counted",)
    assert type(load_simulated(dice)).__name__ == "Dice"
    assert len(opened(tmp_path, tmp_path)) == 1
    other = write_dice(tmp_path / "other")
    (other / "test_dice.py").write_text(kata_text("Loaded", METHODS))
    with pytest.raises(BadSetting, match=r"SimulatedKata \(read, draw, fill, judge\); found: none"):
        check_names(other)


def test_looking_at_every_kata_loads_no_numpy() -> None:
    """A run of one kata, or a list of all, does not pay for what another one draws."""
    program = (
        "import sys; from pathlib import Path; from dojo.kata.finder import check_names\n"
        "for folder in sorted(Path('katas').glob('*/slo.yaml')): check_names(folder.parent)\n"
        "print('numpy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False"]
