"""Bad events in groups."""

from dojo.load.plan import Journey, Plan, Step
from dojo.load.sample import Sample
from dojo.report import ErrorGroup, Failure
from dojo.slo import sli
from dojo.slo.error_groups import error_groups, failed_requests, route_of

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


def grouped(
    samples: list[Sample],
    failures: dict[str, Failure] | None = None,
    told: dict[tuple[int, int], tuple[str, str]] | None = None,
) -> tuple[ErrorGroup, ...]:
    wrong = {key: one[1] for key, one in (told or {}).items()}
    of = plan(max(sample.journey for sample in samples) + 1)
    found = sli.events(of, samples, wrong)
    bad = [(event, cause) for event in found if (cause := event.cause(0.5)) is not None]
    return error_groups(of, samples, bad, told or {}, failures or {}, lambda name: [f"log {name}"])


def test_causes_that_look_alike_are_kept_apart() -> None:
    """Two exceptions on one route with one status are two groups, the larger one first."""
    samples = [one for i in range(5) for one in journey(i, 500)] + journey(5, 200)
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
    found = grouped(samples, told={(5, 1): ("Ann", "'Bob'")})
    assert sum(group.count for group in found) == 5
    by_cause = {group.cause: group for group in found}
    assert set(by_cause) == {"http_5xx", "http_4xx", "timeout", "slow", "wrong_content"}
    assert by_cause["wrong_content"].route == "GET /me"
    assert by_cause["wrong_content"].example == "GET /me at 0.51 s: expected Ann; came 'Bob'"
    assert by_cause["slow"].route == "POST /login"
    assert "900 ms" in by_cause["slow"].example
    assert by_cause["timeout"].status is None
    assert by_cause["http_5xx"].exception == ""


def test_nothing_bad_is_no_group() -> None:
    """A faultless burst has none."""
    assert grouped([*journey(0, 200), *journey(1, 200)]) == ()


def test_failed_requests_stand_in_the_order_of_their_end() -> None:
    """Only what the app answered with a 5xx, the first that ended first."""
    samples = [*journey(0, 500, 0.9), *journey(1, 503), *journey(2, 401), *journey(3, 200)]
    assert failed_requests(samples) == ["id1", "id0"]


def test_routes_have_no_ids() -> None:
    """Paths that differ in an id or a query are one route."""
    assert route_of("GET", "/products/12?x=1") == "GET /products/{id}"
    assert route_of("PUT", "/reviews/{{review}}") == "PUT /reviews/{id}"
    assert route_of("GET", "/login2") == "GET /login2"
