"""The kill matrix of katas on simulated data: each patch comes to what its name says.

Other data are drawn for each patch: a patch that now and then comes to something else is wrong.
"""

from pathlib import Path
from random import SystemRandom

import pytest

from dojo.cli.check_run import patch_trial, problem_of
from dojo.postgres.server import Server
from tests.support.kata_run import SIMULATED_KATAS
from tests.support.simulated_workshop import facts_of, judged, open_workshop, patched_app

PATCHES = [
    pytest.param(kata, patch, id=f"{kata.name}-{patch.parent.name}-{patch.stem}")
    for kata in SIMULATED_KATAS
    for patch in sorted((kata / ".meta").rglob("*.patch"))
]


@pytest.mark.parametrize(("kata", "patch"), PATCHES)
def test_a_patch_comes_to_what_its_name_says(
    kata: Path, patch: Path, server: Server, tmp_path: Path
) -> None:
    """The solution and the fixes are green; a fault or cheat is red by what it is named after."""
    workshop = open_workshop(server, tmp_path, patched_app(tmp_path, patch))
    seed = SystemRandom().randrange(1, 1_000_000)
    report = facts_of(judged(workshop, kata, seed))
    assert problem_of(patch_trial(kata, patch), report) is None, f"--plan-seed {seed}"
