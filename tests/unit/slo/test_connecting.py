"""dojo.slo.connecting: which share of their waits visitors spent on connecting."""

import pytest

from dojo.load.plan import Plan
from dojo.load.sample import Cause, Sample
from dojo.slo.connecting import connecting_share
from dojo.slo.observation import Observation


def observed(*samples: Sample, ended_s: float = 10.0) -> Observation:
    return Observation(Plan(1, 9.0, ()), samples, {}, ended_s=ended_s)


def test_it_is_a_share_of_all_waits() -> None:
    """Answers count from their intended time; who got none waited to the end, in every burst."""
    answered = Sample(0, 0, "a", 1.0, 1.5, 3.0, 200, connect_s=0.5)
    unanswered = Sample(1, 0, "b", 4.0, 4.0, error=Cause.TIMEOUT, connect_s=6.0)
    assert connecting_share([observed(answered)]) == pytest.approx(0.25)
    both = [observed(answered), observed(unanswered)]
    assert connecting_share(both) == pytest.approx(6.5 / 8)


def test_without_a_request_there_is_none() -> None:
    """What was never sent has not waited for a connection."""
    assert connecting_share([observed(Sample(0, 0, "a", 1.0, error=Cause.NOT_SENT))]) is None
