"""dojo.slo.history: the last minutes of a load that goes on, in bins."""

from dojo.load.sample import Cause
from dojo.slo.history import BIN_S, KEPT_S, History
from dojo.slo.openslo import Objective
from dojo.slo.sli import Event
from dojo.slo.window import Outcome, RunningSlis

FAST = Objective("fast", "95% fast", 0.95, 0.1, "page", "good", "total")
SURE = Objective("sure", "99% sure", 0.99, 0.3, "page", "good", "total")


def outcome(
    ended_s: float, latency_s: float | None, failure: Cause | None = None, name: str = "page"
) -> Outcome:
    return Outcome(Event(0, name, ended_s - (latency_s or 7.0), latency_s, failure), 0.0, ended_s)


def test_a_bin_says_how_its_journeys_ended() -> None:
    """In time by the tightest threshold; what came late, failed or never came is told apart."""
    history = History([FAST, SURE])
    for each in (
        outcome(1.0, 0.05),
        outcome(4.9, 0.2),
        outcome(4.9, 0.05, Cause.HTTP_5XX),
        outcome(4.9, None, Cause.TIMEOUT),
        outcome(5.0, 0.05),
        outcome(5.0, 0.05, name="order"),  # of no objective
    ):
        history.add(each)
    first, second = history.bins
    assert (first.start_s, second.start_s) == (0.0, BIN_S)
    assert first.ended["page"] == {"right": 1, "too late": 1, "http_5xx": 1, "timeout": 1}
    assert second.ended == {"page": {"right": 1}}


def test_response_times_stand_below_their_edge() -> None:
    """A time that equals an edge belongs to it, as `within` means; thresholds are edges."""
    history = History([FAST, SURE])
    assert {0.1, 0.3} <= set(history.edges_s)
    for latency_s in (0.1, 0.100001, 11.0):
        history.add(outcome(1.0, latency_s))
    edge = history.edges_s.index(0.1)
    assert history.bins[0].times["page"] == {edge: 1, edge + 1: 1, len(history.edges_s): 1}


def test_it_is_as_long_as_it_is_kept() -> None:
    """However long the load goes on, there are as many bins; the oldest is forgotten."""
    history = History([FAST])
    for second in range(10_000):
        history.add(outcome(float(second), 0.05))
    assert len(history.bins) == KEPT_S / BIN_S
    assert history.bins[0].start_s == 10_000 - KEPT_S
    assert {sum(each.ended["page"].values()) for each in history.bins} == {BIN_S}


def test_what_ended_earlier_is_counted_where_it_belongs() -> None:
    """Outcomes come in any order; one that is older than all that is kept goes to the oldest."""
    history = History([FAST])
    for ended_s in (12.0, 3.0):
        history.add(outcome(ended_s, 0.05))
    assert [(each.start_s, each.ended) for each in history.bins] == [(10.0, {"page": {"right": 2}})]


def test_shares_are_of_the_last_minute() -> None:
    """Each objective's share of good events, and none where nothing has happened."""
    running, history = RunningSlis([FAST, SURE]), History([FAST, SURE])
    history.note(running.statuses(1.0), 1.0)
    running.add(outcome(6.0, 0.05))
    running.add(outcome(6.0, 0.2))
    history.note(running.statuses(6.0), 6.0)
    assert [each.shares for each in history.bins] == [{}, {"fast": 0.5, "sure": 1.0}]


def test_what_is_given_out_stays_as_it_is() -> None:
    """Another thread may draw it while more is counted."""
    history = History([FAST])
    history.add(outcome(1.0, 0.05))
    before = history.bins
    history.add(outcome(1.0, 0.05))
    assert before[0].ended == {"page": {"right": 1}}
    assert history.bins[0].ended == {"page": {"right": 2}}


def test_statements_are_summed_where_they_are_known() -> None:
    """With the number of journeys that said how many; the others are in no sum."""
    history = History([FAST])
    for statements in (31, 29, None):
        history.add(outcome(1.0, 0.05), statements)
    assert history.bins[0].statements == {"page": (60, 2)}
