"""The katas that the project ships are complete: they break no rule of dojo.kata.rules."""

import pytest

from dojo.cli.check import read_katas
from dojo.kata.contract import COMMON_CHECKS
from dojo.kata.folder_content import FolderContent
from dojo.kata.kata_toml import parse_kata_toml
from dojo.kata.rules import level_of, violations
from dojo.slo.measures import MeasureLevel
from tests.support.project import ROOT

KATAS, PROJECT = read_katas(ROOT)
ACTIVE = [
    kata for kata in KATAS if not parse_kata_toml(kata.texts.get(".meta/kata.toml", "")).is_draft
]


@pytest.mark.parametrize("kata", ACTIVE, ids=lambda kata: kata.name)
def test_an_active_kata_is_complete(kata: FolderContent) -> None:
    """`./run dojo check` finds nothing; a draft may break rules until it is active."""
    assert [str(violation) for violation in violations(kata, PROJECT)] == []
    assert len(kata.checks) >= 6 or isinstance(level_of(kata), MeasureLevel)


def test_each_common_check_has_a_cheat() -> None:
    """What all katas share is shown to be needed in one of them."""
    cheats = {patch.name.split("__")[0] for kata in ACTIVE for patch in kata.of_kind("cheats")}
    assert set(COMMON_CHECKS) <= cheats


def test_most_katas_are_active() -> None:
    """The test above would hold for nothing if every kata were a draft."""
    assert len(ACTIVE) >= 3
