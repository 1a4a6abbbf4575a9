"""A run that waits for another one on the machine is known by what it prints."""

import pytest

from dojo.grading.confined_run import WAITING
from dojo.site.lock import _Wait


@pytest.mark.parametrize("measures", [True, False])
@pytest.mark.parametrize("goes_on", [True, False])
@pytest.mark.parametrize("pauses", [True, False])
def test_whoever_waits_says_so(measures: bool, goes_on: bool, pauses: bool) -> None:
    """In one of the ways that the watch knows, whatever it waits for."""
    wait = _Wait(print, 1.0, "", lambda: pauses, measures=measures)
    notice = wait._notice("Another run", goes_on=goes_on, pauses=pauses)
    assert any(words.decode() in notice for words in WAITING)
