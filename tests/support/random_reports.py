"""Any report and any earlier attempt there could be, for tests by Hypothesis."""

from hypothesis import strategies as st

from dojo.burst_figures import Lateness, Pace, Percentiles, Point, SegmentSli, StepTime
from dojo.costs import StatementCost, StepAlone, StepCost, WhereTimeWent
from dojo.earlier_attempt import EarlierAttempt, GroupCount
from dojo.load.sample import Cause
from dojo.report import CheckResult, Culprit, ErrorGroup, ObjectiveResult, Report

__all__ = ["attempts", "objectives", "reports"]

texts = st.text(st.characters(exclude_categories=()), max_size=30)
counts = st.integers(0, 10**6)
floats_s = st.one_of(st.just(0.0), st.floats(1e-6, 1e5))
perhaps_s = st.none() | floats_s
open_figures = st.sampled_from([(), ("max",), ("p99", "max"), ("p50", "p95", "p99", "max")])
percents = st.builds(Percentiles, floats_s, floats_s, floats_s, floats_s, open_figures)
causes = st.sampled_from([str(cause) for cause in Cause]) | texts
lines = st.lists(texts, max_size=3).map(tuple)
verdicts = st.sampled_from(["met", "not_met", "undecided", "invalid"])
environments = st.fixed_dictionaries(
    {},
    optional={
        "postgres": texts,
        "python": texts,
        "cpus": counts,
        "usable_cores": st.floats(0.1, 64),
        "app_cores": st.floats(0, 64),
        "postgres_cores": st.floats(0, 64),
        "outside_cores": st.floats(0, 64),
        "run_queue_delay": st.none() | st.floats(0, 1000),
    },
)
culprits = st.builds(Culprit, counts, texts, st.floats(0, 64))
ratios = st.floats(0, 1)


@st.composite
def objectives(draw: st.DrawFn) -> ObjectiveResult:
    total = draw(counts)
    return ObjectiveResult(
        name=draw(texts),
        target=draw(st.floats(0.01, 0.99999)),
        threshold_s=draw(st.none() | st.floats(1e-3, 100)),
        good=draw(st.integers(0, total)),
        total=total,
        verdict=draw(st.sampled_from(["met", "not_met", "undecided"])),
        interval=(draw(ratios), draw(ratios)),
        bad_after_excuses=draw(counts),
        green_at_most=draw(st.integers(-1, 10**6)),
        excused=draw(counts),
    )


def few(of: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(of, max_size=3).map(tuple)


paces = st.none() | st.builds(Pace, counts, floats_s, floats_s, st.none() | st.booleans())
segments = few(
    st.builds(lambda name, bad, good: SegmentSli(name, good, good + bad), texts, counts, counts)
)
step_times = few(st.builds(StepTime, texts, counts, counts, st.none() | percents))
alone = st.builds(StepAlone, texts, floats_s, perhaps_s, perhaps_s, perhaps_s)
step_costs = few(
    st.builds(StepCost, texts, floats_s, counts, perhaps_s, perhaps_s, st.none() | alone)
)
attempts = st.builds(
    EarlierAttempt,
    *(counts, texts, st.dictionaries(texts, ratios, max_size=3), st.none() | percents),
    perhaps_s,
    statements_alone=perhaps_s,
    verdicts=st.dictionaries(texts, verdicts, max_size=3),
    slo=verdicts,
    site_works=st.none() | st.booleans(),
    pace=paces,
    total=counts,
    answered=counts,
    groups=few(
        st.builds(GroupCount, causes, texts, texts, st.none() | counts, texts, texts, counts)
    ),
    steps=step_times,
    journey_alone=st.booleans(),
    pool_wait_s=perhaps_s,
    loop_blocked_share=st.none() | ratios,
)
reports = st.builds(
    Report,
    *(texts, texts, texts, verdicts, verdicts, st.none() | st.booleans(), st.integers(1, 3)),
    *(st.booleans(), texts, counts, counts),
    *(floats_s, floats_s, floats_s, few(objectives())),
    few(st.builds(CheckResult, texts, st.none() | st.booleans(), texts)),
    st.dictionaries(causes, counts, max_size=4),
    st.none() | percents,
    points=st.lists(st.builds(Point, floats_s, perhaps_s, st.none() | causes), max_size=40).map(
        tuple
    ),
    error_groups=few(
        st.builds(
            *(ErrorGroup, causes, texts, st.none() | counts, texts, texts, counts),
            *(texts, texts, texts, texts, lines),
        )
    ),
    segments=segments,
    steps=step_times,
    costs=step_costs,
    pace=paces,
    where=st.builds(
        WhereTimeWent,
        statements_per_event=perhaps_s,
        statements_alone=perhaps_s,
        transaction_statements_alone=perhaps_s,
        statements=few(st.builds(StatementCost, texts, counts, floats_s, floats_s, counts)),
        round_trip_ms=perhaps_s,
        connections_opened=st.none() | counts,
        pool_waits=st.none() | counts,
        pool_wait_ms=perhaps_s,
        pool_size=st.none() | counts,
        waiting_at_end=st.none() | counts,
        loop_blocked_most_s=perhaps_s,
        loop_blocked_share=st.none() | ratios,
        connecting_share=st.none() | ratios,
        length_s=perhaps_s,
        postgres_ms=perhaps_s,
        postgres_calls=st.none() | counts,
        pool_use_ms=perhaps_s,
    ),
    service_time_s=perhaps_s,
    journey_alone=st.booleans(),
    lateness=st.none() | st.builds(Lateness, floats_s, floats_s, floats_s, counts, counts),
    sent_again=counts,
    invalid_because=lines,
    culprits=few(culprits),
    timings_s=st.dictionaries(texts, floats_s, max_size=3),
    environment=environments,
    previous=st.none() | attempts,
    next_steps=lines,
)
