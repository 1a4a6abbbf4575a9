"""The patches that a kata brings along for the kill matrix."""

from pathlib import Path

import pytest

from tests.support.kata_run import KATAS

CHECKS_AT_LEAST = 6


@pytest.mark.parametrize("kata", KATAS, ids=lambda kata: kata.name)
def test_enough_patches(kata: Path) -> None:
    """A kata has three faults, two other honest fixes and a cheat for each of six checks."""
    meta = kata / ".meta"
    assert len(list((meta / "faults").glob("*.patch"))) >= 3
    assert len(list((meta / "fixes").glob("*.patch"))) >= 2
    checks = {path.stem.split("__")[0] for path in (meta / "cheats").glob("*.patch")}
    assert len(checks) >= CHECKS_AT_LEAST
