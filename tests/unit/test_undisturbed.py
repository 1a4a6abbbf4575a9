"""Runs of katas in tests: what is run once more, and what is not."""

import pytest

from tests.support.kata_run import SessionResult, undisturbed


def session(verdict: str, *, disturbed: bool = False, by: tuple[str, ...] = ()) -> SessionResult:
    report = {
        "kata": "01-latency",
        "verdict": verdict,
        "disturbed": disturbed,
        "culprits": [{"pid": 7, "name": name, "cores": 0.9} for name in by],
    }
    return SessionResult(0, "output", {"01-latency": report})


class Sessions:
    """What one run after another gives."""

    def __init__(self, *results: SessionResult) -> None:
        self.left = [*results]

    def run(self) -> SessionResult:
        return self.left.pop(0)


@pytest.mark.parametrize("verdict", ["met", "not_met", "undecided"])
def test_a_verdict_is_never_asked_for_twice(verdict: str) -> None:
    """Not even one that is too close to call."""
    sessions = Sessions(session(verdict), session("met"))
    assert undisturbed(sessions.run).report == session(verdict).report
    assert len(sessions.left) == 1


def test_a_run_that_somebody_disturbed_is_run_once_more_and_he_is_named() -> None:
    """Once, whatever comes of it."""
    disturbed = session("invalid", disturbed=True, by=("updatedb",))
    sessions = Sessions(disturbed, disturbed, session("met"))
    with pytest.warns(match="01-latency, by 'updatedb': run once more"):
        assert undisturbed(sessions.run) == disturbed
    assert len(sessions.left) == 1


@pytest.mark.parametrize(
    "invalid", [session("invalid", disturbed=True), session("invalid", by=("updatedb",))]
)
def test_an_invalid_run_without_a_culprit_is_a_failure(invalid: SessionResult) -> None:
    """Else an app that makes its runs invalid would be let off."""
    with pytest.raises(AssertionError, match="output"):
        undisturbed(Sessions(invalid, session("met")).run)
