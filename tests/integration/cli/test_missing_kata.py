"""A path of a kata that there is not."""

import subprocess
import sys

from tests.support.project import ROOT


def test_it_is_answered_with_the_katas_that_there_are() -> None:
    """Status 4, as pytest's for a wrong usage, and the name that was probably meant."""
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "katas/01-latencyy"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 4
    assert "Did you mean 01-latency? The katas are: 01-latency, " in ended.stderr
