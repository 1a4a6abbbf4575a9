"""The patches that a kata brings along for the kill matrix."""

from pathlib import Path
from types import ModuleType

import pytest

from dojo.kata.finder import kata_classes, kata_modules
from tests.support.kata_run import KATAS


def names_of_checks(kata: Path) -> list[str]:
    """In their order; the kata's class is made with nothing, and nothing is run."""
    modules: list[ModuleType] = kata_modules(kata)
    (made,) = (each for module in modules for each in kata_classes(module))
    return [check.name for check in made().checks]


@pytest.mark.parametrize("kata", KATAS, ids=lambda kata: kata.name)
def test_enough_patches(kata: Path) -> None:
    """A kata has three faults and two other honest fixes."""
    assert len(list((kata / ".meta" / "faults").glob("*.patch"))) >= 3
    assert len(list((kata / ".meta" / "fixes").glob("*.patch"))) >= 2


@pytest.mark.parametrize("kata", KATAS, ids=lambda kata: kata.name)
def test_every_check_has_its_cheat(kata: Path) -> None:
    """A cheat is named for the check that catches it; a check that catches none is untried."""
    names = names_of_checks(kata)
    assert len(names) >= 6
    assert len(names) == len(set(names))
    cheats = {path.stem.split("__")[0] for path in (kata / ".meta" / "cheats").glob("*.patch")}
    assert cheats == set(names)


@pytest.mark.parametrize("kata", KATAS, ids=lambda kata: kata.name)
def test_a_test_file_states_and_does_nothing(kata: Path) -> None:
    """Journey, what is varied, which checks: all machinery is in katas/shop."""
    for path in kata.glob("test_*.py"):
        assert len(path.read_text().splitlines()) < 60
