"""Which cheats a run of the kill matrix tries: all, or one for each check."""

import os
import subprocess
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from tests.support.project import ROOT

__all__ = ["cheats", "check_of", "one_of_each"]

VARIABLE, ONE_OF_EACH = "DOJO_CHEATS", "one-of-each"


def check_of(cheat: Path) -> str:
    """The check that it must fail, after which its patch is named."""
    return cheat.stem.split("__")[0]


def cheats(kata: Path) -> list[Path]:
    """All of a kata's, or with DOJO_CHEATS=one-of-each one of each check, another with each commit.

    AssertionError for another value.
    """
    patches = sorted((kata / ".meta" / "cheats").glob("*.patch"))
    value = os.environ.get(VARIABLE, "")
    assert value in ("", ONE_OF_EACH), f"{VARIABLE}={value}: only {ONE_OF_EACH} is known"
    return one_of_each(patches, _commits()) if value else patches


def one_of_each(patches: Sequence[Path], turn: int) -> list[Path]:
    """Of each check the cheat whose turn it is; in as many turns as a check has cheats, all."""
    by_check = [list(group) for _, group in groupby(sorted(patches), key=check_of)]
    return [group[turn % len(group)] for group in by_check]


def _commits() -> int:
    """How many commits the project has; 0 without git."""
    command = ["git", "rev-list", "--count", "HEAD"]
    counted = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return int(counted.stdout or 0)
