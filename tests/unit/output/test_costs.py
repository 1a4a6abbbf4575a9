"""The step that costs, in sentences."""

from dataclasses import replace

from dojo.costs import StatementCost, StepAlone, StepCost, WhereTimeWent
from dojo.output.costs import Parts, alone_parts, costliest, costs, share_of_work
from tests.support.sample_reports import small_report

SEARCH = StepCost("search", 1.0, 500, 1.89, 0.9, StepAlone("search", 0.011, 1, 0, 0.002))
REVIEWS = StepCost("reviews", 1.0, 429, 0.2, 12.4, StepAlone("reviews", 0.041, 3, 0, 0.029))
WHERE = WhereTimeWent(round_trip_ms=2.0)


def test_the_step_that_waits_is_not_blamed() -> None:
    """The culprit is who holds the connections, and what it takes alone says why."""
    report = small_report(costs=(SEARCH, REVIEWS), where=WHERE)
    assert costliest(report) is REVIEWS
    assert round(share_of_work(report, REVIEWS), 2) == 0.76
    assert costs(report) == (
        "The step that costs is “reviews”: 76% of the work. Alone it takes 41 ms: 29 ms in"
        " Postgres, 6 ms on the way there, 6 ms in Python. “search” waits 1.89 s for a connection,"
        " on average."
    )


def test_a_step_may_both_wait_and_cost() -> None:
    """And where nobody waits for a connection, nothing is said of it."""
    both = small_report(costs=(SEARCH, replace(REVIEWS, connection_s=2.5)), where=WHERE)
    assert costs(both).endswith("It also waits 2.50 s for a connection, on average.")
    quick = small_report(
        costs=(replace(SEARCH, connection_s=None), replace(REVIEWS, connection_s=0.01))
    )
    assert "connection" not in costs(quick)


def test_of_the_only_step_the_heaviest_statement_is_named() -> None:
    """If it is most of Postgres' time; the rest of the statements are in it."""
    heavy = StatementCost("SELECT count(*) FROM reviews", 429, 12_400.0, 28.9, 429)
    where = replace(WHERE, statements=(heavy,), postgres_ms=13_000.0)
    text = costs(small_report(costs=(REVIEWS,), where=where))
    assert text.startswith("One alone takes 41 ms: 29 ms in Postgres")
    assert text.endswith("One statement is 95% of Postgres' time: SELECT count(*) FROM reviews")
    light = replace(where, postgres_ms=40_000.0)
    assert "One statement" not in costs(small_report(costs=(REVIEWS,), where=light))


def test_what_is_not_known_is_not_said() -> None:
    """Without figures there is no sentence; without Postgres' count no parts."""
    assert costs(small_report()) == ""
    assert costs(small_report(costs=(StepCost("load", 1.0),))) == ""
    alone = StepAlone("load", 0.3)
    assert alone_parts(alone, 2.0) is None
    only = small_report(
        costs=(StepCost("load", 1.0, 10, None, None, alone),), where=WhereTimeWent()
    )
    assert costs(only) == "One alone takes 300 ms."


def test_parts_are_never_less_than_nothing() -> None:
    """The way is counted by statements, and may be more than was measured."""
    step = StepAlone("load", 0.01, 4, 2, 0.005)
    assert alone_parts(step, 2.0) == Parts(0.005, 0.012, 0.0)
