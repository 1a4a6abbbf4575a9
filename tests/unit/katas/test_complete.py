"""The katas that the project ships are complete: they break no rule of dojo.kata.rules."""

import pytest

from dojo.cli.check import read_katas
from dojo.kata.folder_content import FolderContent
from dojo.kata.kata_toml import parse_kata_toml
from dojo.kata.rules import violations
from tests.support.project import ROOT

KATAS, PROJECT = read_katas(ROOT)
ACTIVE = [
    kata for kata in KATAS if not parse_kata_toml(kata.texts.get(".meta/kata.toml", "")).is_draft
]


@pytest.mark.parametrize("kata", ACTIVE, ids=lambda kata: kata.name)
def test_an_active_kata_is_complete(kata: FolderContent) -> None:
    """`./run dojo check` finds nothing; a draft may break rules until it is active."""
    assert [str(violation) for violation in violations(kata, PROJECT)] == []
    assert len(kata.checks) >= 6


def test_most_katas_are_active() -> None:
    """The test above would hold for nothing if every kata were a draft."""
    assert len(ACTIVE) >= 3
