"""Bad events in groups."""

from dojo.load.plan import Journey, Plan, Step
from dojo.load.sample import Sample
from dojo.report import ErrorGroup, Failure
from dojo.slo.error_groups import error_groups, failed_requests, route_of
from dojo.slo.observation import Mismatch, Observation
from dojo.slo.openslo import Objective, ServiceLevel

STEPS = (Step("log in", "POST", "/login"), Step("me", "GET", "/me"))
BAD_KEY = Failure("KeyError: 'k1'", "app/login.py:7 in login")
BAD_VALUE = Failure("ValueError: no", "app/passwords.py:9 in verify")


def plan(count: int) -> Plan:
    return Plan(1, 1.0, tuple(Journey("log_in", STEPS, i / 10) for i in range(count)))


def journey(
    index: int, status: int | None, took_s: float | None = 0.01, error: str | None = None
) -> list[Sample]:
    """A log-in that ended so, and a second step that came only if the first was good."""
    start_s = index / 10
    done_s = None if took_s is None else start_s + took_s
    first = Sample(index, 0, f"id{index}", start_s, start_s, done_s, status, error)
    if status != 200 or done_s is None:
        return [first, Sample(index, 1, f"id{index}-2", start_s, error="not_sent")]
    return [first, Sample(index, 1, f"id{index}-2", done_s, done_s, done_s + 0.01, 200)]


LEVEL = ServiceLevel(
    title="Log-ins fail",
    description="",
    event="log-ins",
    journey="log_in",
    rate_per_s=10,
    burst_s=1,
    staleness_s=1,
    objectives=(Objective("fast", "99% within 500 ms", 0.99, 0.5, "log_in", "good", "total"),),
)


def burst(
    samples: list[Sample], wrong: dict[tuple[int, int], Mismatch] | None = None
) -> Observation:
    last = max(sample.journey for sample in samples)
    return Observation(plan(last + 1), tuple(samples), wrong or {})


def grouped(
    samples: list[Sample],
    failures: dict[str, Failure] | None = None,
    wrong: dict[tuple[int, int], Mismatch] | None = None,
) -> tuple[ErrorGroup, ...]:
    bursts = [burst(samples, wrong)]
    return error_groups(LEVEL, bursts, failures or {}, lambda name: [f"log {name}"])


def test_causes_that_look_alike_are_kept_apart() -> None:
    """Two exceptions on one route with one status are two groups, the larger one first."""
    samples = [sample for i in range(5) for sample in journey(i, 500)] + journey(5, 200)
    failures = {"id0": BAD_KEY, "id3": Failure("KeyError: 'k2'", BAD_KEY.place)}
    failures |= dict.fromkeys(("id1", "id2", "id4"), BAD_VALUE)
    first, second = grouped(samples, failures)
    assert (first.count, first.exception, first.place) == (3, BAD_VALUE.exception, BAD_VALUE.place)
    assert (second.count, second.place) == (2, BAD_KEY.place)
    assert (first.cause, first.route, first.status) == ("http_5xx", "POST /login", 500)
    assert first.log_lines == ("log id1",)


def test_one_exception_at_two_places_is_two() -> None:
    """The place is part of what events have in common."""
    samples = [*journey(0, 500), *journey(1, 500)]
    elsewhere = Failure(BAD_VALUE.exception, "app/passwords.py:30 in other")
    assert len(grouped(samples, {"id0": BAD_VALUE, "id1": elsewhere})) == 2


def test_every_bad_event_is_in_one_group() -> None:
    """Counts add up to all bad events, whatever their cause, and good ones are in none."""
    samples = [
        *journey(0, 500),
        *journey(1, 401),
        *journey(2, None, None, "timeout"),
        *journey(3, 200, 0.9),
        *journey(4, 200),
        *journey(5, 200),
    ]
    groups = grouped(samples, wrong={(5, 1): Mismatch("Ann", "'Bob'")})
    assert sum(group.count for group in groups) == 5
    by_cause = {group.cause: group for group in groups}
    assert set(by_cause) == {"http_5xx", "http_4xx", "timeout", "slow", "wrong_content"}
    assert by_cause["wrong_content"].route == "GET /me"
    assert by_cause["wrong_content"].example == "GET /me at 0.51 s"
    assert (by_cause["wrong_content"].expected, by_cause["wrong_content"].came) == ("Ann", "'Bob'")
    assert by_cause["slow"].route == "POST /login"
    assert by_cause["slow"].expected == "the whole journey within 500 ms"
    assert by_cause["slow"].came == (
        "an answer after 900 ms for this step, 910 ms for all answered steps"
    )
    assert by_cause["http_5xx"].came == "status 500 after 10 ms"
    assert by_cause["timeout"].came == "no answer"
    assert by_cause["timeout"].status is None
    assert by_cause["http_5xx"].exception == ""


def test_groups_are_of_all_bursts_together() -> None:
    """The same failure in two bursts is one group, though their journeys have the same numbers."""
    bursts = [burst([*journey(0, 500), *journey(1, 200)]), burst(journey(0, 500))]
    (group,) = error_groups(LEVEL, bursts, {}, lambda _: [])
    assert group.count == 2


def test_what_the_client_saw_is_told_in_its_words() -> None:
    """A connection that broke has no status; its detail says what happened."""
    broken = Sample(0, 0, "a", 0.0, 0.0, None, None, "connection", "ReadError: reset")
    rest = Sample(0, 1, "b", 0.0, error="not_sent")
    (group,) = grouped([broken, rest])
    assert (group.status, group.came) == (None, "ReadError: reset")


def test_a_journey_that_the_end_cut_short_is_told_as_such() -> None:
    """Its next step was never sent, so nobody waited for an answer."""
    first = Sample(0, 0, "a", 0.0, 0.0, 0.1, 200)
    (group,) = grouped([first, Sample(0, 1, "b", 0.1, error="not_sent")])
    assert (group.cause, group.route) == ("not_sent", "GET /me")
    assert group.came == "never sent: the burst was over"


def test_nothing_bad_is_no_group() -> None:
    """A faultless burst has none."""
    assert grouped([*journey(0, 200), *journey(1, 200)]) == ()


def test_failed_requests_stand_in_the_order_of_their_end() -> None:
    """Only what the app answered with a 5xx, the first that ended first."""
    samples = [*journey(0, 500, 0.9), *journey(1, 503), *journey(2, 401), *journey(3, 200)]
    assert failed_requests([burst(samples)]) == ["id1", "id0"]


def test_routes_have_no_ids() -> None:
    """Paths that differ in an id or a query are one route."""
    assert route_of("GET", "/products/12?x=1") == "GET /products/{id}"
    assert route_of("PUT", "/reviews/{{review}}") == "PUT /reviews/{id}"
    assert route_of("GET", "/login2") == "GET /login2"


def test_two_steps_of_one_route_are_two_groups() -> None:
    """A search and its second page have one path; the step's name tells them apart."""
    pages = Journey(
        "log_in",
        (Step("search", "GET", "/search?q=a"), Step("second page", "GET", "/search?page=2")),
    )
    samples = (
        Sample(0, 0, "a", 1.0, 1.0, 1.1, 500),
        Sample(1, 0, "b", 1.0, 1.0, 1.01, 200),
        Sample(1, 1, "c", 1.1, 1.1, 1.2, 500),
    )
    observation = Observation(Plan(1, 4, (pages, pages)), samples, {})
    groups = error_groups(LEVEL, [observation], {}, lambda _: ())
    assert {(group.route, group.step, group.count) for group in groups} == {
        ("GET /search", "search", 1),
        ("GET /search", "second page", 1),
    }
