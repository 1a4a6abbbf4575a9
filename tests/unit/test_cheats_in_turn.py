"""tests.support.cheats: no check is without its cheat, and each cheat has its turn."""

from pathlib import Path

import pytest

from tests.support.cheats import cheats, check_of, one_of_each
from tests.support.kata_run import KATAS

PATCHES = [Path(f"{name}.patch") for name in ("a__1", "a__2", "a__3", "b__only", "c__1", "c__2")]


def test_each_check_has_one_cheat_in_each_turn() -> None:
    """And in as many turns as the largest group has cheats all were tried."""
    turns = [one_of_each(PATCHES, turn) for turn in range(3)]
    assert all([check_of(each) for each in turn] == ["a", "b", "c"] for turn in turns)
    assert {each for turn in turns for each in turn} == set(PATCHES)
    assert one_of_each([], 7) == []


def test_the_variable_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    """All without it; the same checks with it; a wrong value is refused."""
    monkeypatch.delenv("DOJO_CHEATS", raising=False)
    for kata in KATAS:
        whole = cheats(kata)
        monkeypatch.setenv("DOJO_CHEATS", "one-of-each")
        part = cheats(kata)
        monkeypatch.delenv("DOJO_CHEATS")
        assert 0 < len(part) < len(whole)
        assert {check_of(each) for each in part} == {check_of(each) for each in whole}
    monkeypatch.setenv("DOJO_CHEATS", "few")
    with pytest.raises(AssertionError, match="only one-of-each"):
        cheats(KATAS[0])
