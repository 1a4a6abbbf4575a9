"""The staleness limit."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from dojo.kata.staleness import Write, versions

WRITES = (Write(1.0, 1.2), Write(3.0, 3.1), Write(5.0, None))


def test_a_read_must_show_what_is_older_than_the_limit() -> None:
    """Acknowledged at 1.2 with a limit of 2 s: a read from 3.2 on has to know it."""
    assert versions(WRITES, 3.1, 3.15, 2.0) == (0, 2)
    assert versions(WRITES, 3.2, 3.25, 2.0) == (1, 2)


def test_a_read_may_not_show_what_was_sent_later() -> None:
    """A write that was sent after the answer can't be in it."""
    assert versions(WRITES, 0.5, 0.9, 2.0) == (0, 0)


def test_an_unacknowledged_write_may_have_happened() -> None:
    """It may be seen for ever, and never must be."""
    assert versions(WRITES, 100.0, 101.0, 2.0) == (2, 3)


def by_trying_all(
    writes: tuple[Write, ...], sent_s: int, done_s: int, limit_s: int
) -> tuple[int, int]:
    """The same by trying every history, in half seconds: when each write took effect, if it did,
    and as of which moment the read looked at the data.
    """
    never = 1_000
    effects = [
        [*range(2 * round(write.sent_s) + 1, 2 * done_s + 1), never]
        if write.done_s is None
        else range(2 * round(write.sent_s) + 1, 2 * round(write.done_s) + 1)
        for write in writes
    ]
    seen = {
        max((place for place, at in enumerate(history, start=1) if at <= moment), default=0)
        for history in product(*effects)
        for moment in range(2 * (sent_s - limit_s), 2 * done_s + 1)
    }
    return min(seen), max(seen)


SECONDS = st.integers(0, 5)
WRITE = st.builds(
    lambda sent_s, spent_s: Write(sent_s, None if spent_s is None else sent_s + spent_s),
    SECONDS,
    st.none() | st.integers(1, 3),
)


@given(st.lists(WRITE, min_size=1, max_size=3).map(tuple), SECONDS, SECONDS, st.integers(0, 4))
def test_the_bounds_are_those_of_every_possible_history(
    writes: tuple[Write, ...], sent_s: int, spent_s: int, limit_s: int
) -> None:
    """No history shows fewer or more, and some history shows as few and some as many."""
    done_s = sent_s + spent_s
    assert versions(writes, sent_s, done_s, limit_s) == by_trying_all(
        writes, sent_s, done_s, limit_s
    )


@given(
    st.lists(st.floats(0, 20), min_size=1, max_size=4).map(sorted),
    st.lists(st.tuples(st.floats(0, 20), st.floats(0, 0.5)), min_size=1, max_size=30),
    st.floats(0.1, 3),
    st.floats(0, 1),
)
def test_a_cache_that_counts_its_age_from_before_its_query_is_never_too_old(
    commits: list[float], reads: list[tuple[float, float]], limit_s: float, query_s: float
) -> None:
    """It may use the limit to its end, however long its query takes and a request is on its way."""
    writes = [Write(commit_s - 0.01, commit_s) for commit_s in commits]
    asked_s, cached = -1000.0, 0
    for sent_s, on_its_way_s in sorted(reads, key=sum):
        arrives_s = sent_s + on_its_way_s
        answered_s = arrives_s
        if arrives_s - asked_s > limit_s:
            asked_s, answered_s = arrives_s, arrives_s + query_s
            cached = sum(commit_s <= arrives_s for commit_s in commits)  # as its query begins
        fewest, most = versions(writes, sent_s, answered_s + 0.001, limit_s + 1e-9)
        assert fewest <= cached <= most


def test_the_limit_is_exact() -> None:
    """A write that was acknowledged just the limit before a read was sent must be in it."""
    assert versions([Write(0.5, 1.0)], 3.0, 3.1, 2.0) == (1, 1)
    assert versions([Write(0.5, 1.0)], 2.999, 3.1, 2.0) == (0, 1)
