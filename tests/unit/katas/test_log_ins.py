"""The log-ins of the load: what is planned, and what of its answers is taken for right."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest

from dojo.kata.burst import Burst, Wrong
from dojo.kata.contract import Evidence, Finding
from dojo.kata.exposition import Exposition
from dojo.load.plan import Flow, Journey, Plan
from dojo.load.sample import Sample
from katas.shop.checks import log_ins
from katas.shop.checks.session_lives import SessionLives
from katas.shop.checks.sessions import let_in_as_themselves, sessions_kept
from katas.shop.expected.log_ins import LogInVisit, judge_step
from katas.shop.scenarios.log_ins import LogIn, LogInJourneys
from katas.shop.scenarios.people import typed
from seed.seller import has_mixed_case, is_legacy
from tests.support.log_in_visits import (
    ANN,
    COOKIE,
    FORM,
    PEOPLE,
    ShopThatKnows,
    answer,
    me,
    visit,
)

BOB = PEOPLE.modern[1]
JSON = replace(FORM, as_json=True)
WRONG = replace(FORM, kind="wrong password")


def test_people_are_of_their_kind() -> None:
    """Nobody stands in two lists, and nobody's credentials are odd in two ways."""
    ids = Counter(person.id for person in PEOPLE.each())
    assert max(ids.values()) == 1
    assert all(is_legacy(one.id) and not has_mixed_case(one.id) for one in PEOPLE.legacy)
    assert all(one.email != one.email.lower() for one in PEOPLE.mixed_case)
    plain = (*PEOPLE.modern, *PEOPLE.shared)
    assert not any(is_legacy(one.id) for one in (*plain, *PEOPLE.mixed_case))
    assert not any(has_mixed_case(one.id) for one in plain)
    assert min(len(PEOPLE.legacy), len(PEOPLE.mixed_case), len(PEOPLE.shared)) >= 5


def test_an_address_is_typed_in_any_case() -> None:
    """Several ways to write it, and all are the same address."""
    rng = Random(1)
    ways = {typed("Ann.Lee.47@example.com", rng) for _ in range(100)}
    assert ways == {"ann.lee.47@example.com", "Ann.Lee.47@example.com", "ANN.LEE.47@EXAMPLE.COM"}


@pytest.mark.parametrize("seed", [1, 2])
def test_each_kind_has_its_share_in_every_second(seed: int) -> None:
    """Of fifty log-ins in a row, wherever the pack begins, each kind has its exact number."""
    plan = Plan.of(seed, 2.5, [Flow("log_in", 80, LogInJourneys(PEOPLE).make)])
    kinds = [journey.expect.kind for journey in plan.journeys]
    for start in range(0, 200, 50):
        counts = Counter(kinds[start : start + 50])
        assert counts["earlier system"] == counts["address in mixed case"] == 8
        assert (counts["double click"], counts["log out"], counts["wrong password"]) == (7, 4, 4)
        assert counts["unknown address"] == 2


def test_segments_say_what_visitors_do_and_not_who_they_are() -> None:
    """Of a customer's segment nothing tells how the shop keeps the address or the password."""
    plan = Plan.of(3, 2.5, [Flow("log_in", 80, LogInJourneys(PEOPLE).make)])
    assert Counter(journey.segment for journey in plan.journeys) == {
        "right password": 4 * 33,
        "right password, sent twice": 4 * 7,
        "right password, logs out later": 4 * 4,
        "wrong password": 4 * 4,
        "unknown address": 4 * 2,
    }
    steps = {(journey.segment, len(journey.steps)) for journey in plan.journeys}
    assert len(steps) == 5  # what tells them apart is what they send


def test_refusals_are_asked_for_as_such() -> None:
    """A wrong password is right only with 401; nobody's password is ever the right one."""
    plan = Plan.of(3, 5, [Flow("log_in", 80, LogInJourneys(PEOPLE).make)])
    refused = [journey for journey in plan.journeys if journey.expect.to_be_refused]
    assert len(refused) == 48
    for journey in refused:
        (step,) = journey.steps
        assert step.accepts == (401,)
        person = journey.expect.person
        assert person is None or person.password.encode() not in step.body


@pytest.mark.parametrize(
    ("step", "about", "sample"),
    [
        ("log in", FORM, answer(303, headers={**COOKIE, "location": "/"})),
        ("log in", JSON, answer(200, me(email=ANN.email.upper()), COOKIE)),
        ("log in again", JSON, answer(200, me(), COOKIE)),
        ("me", FORM, answer(200, me())),
        ("log out", FORM, answer(303)),
        ("log out", JSON, answer(200)),
        ("refused", WRONG, answer(401, b"no")),
    ],
)
def test_right_answers(step: str, about: LogIn, sample: Sample) -> None:
    """What the contract asks for is right."""
    assert judge_step(sample, step, about) is None


@pytest.mark.parametrize(
    ("step", "about", "sample"),
    [
        ("log in", FORM, answer(303, headers={"location": "/"})),  # without a session
        ("log in", FORM, answer(303, headers={"set-cookie": "session=", "location": "/"})),
        ("log in", FORM, answer(303, headers={**COOKIE, "location": "/login"})),
        ("log in", FORM, answer(200, b"fine", COOKIE)),
        ("log in", FORM, answer(401, b"no")),
        ("log in", FORM, answer(500)),
        ("log in", JSON, answer(303, headers={**COOKIE, "location": "/"})),
        ("log in", JSON, answer(200, me(person_id=BOB.id), COOKIE)),
        ("log in", JSON, answer(200, b"[]", COOKIE)),
        ("me", FORM, answer(200, me(name=BOB.name))),
        ("me", FORM, answer(200, me(email=BOB.email))),
        ("me", FORM, answer(200, b"not json")),
        ("me", FORM, answer(401)),
        ("log out", FORM, answer(200)),
        ("refused", WRONG, answer(303, headers=COOKIE)),
        ("refused", WRONG, answer(401, headers=COOKIE)),  # refused, and given a session
    ],
)
def test_tampered_answers(step: str, about: LogIn, sample: Sample) -> None:
    """Each is told: what came, and for whom it was."""
    wrong = judge_step(sample, step, about)
    assert wrong is not None
    assert wrong.came.startswith(str(sample.status))
    assert wrong.expected


def test_a_refusal_page_is_told_by_its_words() -> None:
    """Not by the first tags of its HTML."""
    page = b'<!doctype html><p class="refused" role="alert">Address is wrong.</p>'
    wrong = judge_step(answer(401, page), "log in", FORM)
    assert wrong is not None
    assert wrong.came == "401 'Address is wrong.'"


def test_let_in_as_themselves() -> None:
    """Somebody else's name, an unknown session or a stranger let in fails; so does nothing."""
    good = [visit("t1"), visit("t2")]
    assert let_in_as_themselves(good, {}).passed
    third = visit("t3", me_answer=replace(answer(200, b""), journey=3, step=1))  # judged before
    wrong = {(3, 1): Wrong("Ann", "200 'Bob'")}
    assert let_in_as_themselves([*good, third], {}).passed
    failed = let_in_as_themselves([*good, third], wrong)
    assert not failed.passed
    assert "/me said 200 'Bob' to" in failed.detail
    third = visit("t3", me_answer=replace(answer(500), journey=3, step=1))
    assert let_in_as_themselves([*good, third], wrong).passed  # the SLI counts it
    let_in = LogInVisit(WRONG, {"refused": answer(303, headers=COOKIE)})
    failed = let_in_as_themselves([*good, let_in], {})
    assert not failed.passed
    assert "let in" in failed.detail
    assert not let_in_as_themselves([], {}).passed
    assert not let_in_as_themselves([LogInVisit(WRONG, {"refused": answer(401)})], {}).passed


@pytest.mark.parametrize(("rows", "passed"), [(11, False), (12, True), (13, True), (14, False)])
def test_sessions_kept(rows: int, passed: bool) -> None:
    """As many rows as sessions go on, at least, and no more than log-ins were sent."""
    seen = [visit("t1"), visit("t2"), visit("t3", logged_out=True)]
    found = sessions_kept(seen, 10, rows)
    assert found is not None
    assert found.passed is passed
    assert (
        "3 sessions were given out, and for 1 of them a log-out was sent, of which" in found.detail
    )


def test_a_log_out_without_a_session_ends_none() -> None:
    """Who got no session, or one that goes on elsewhere, makes no row less that must be there."""
    nobody = LogInVisit(FORM, {"log in": answer(500), "log out": answer(303)})
    found = sessions_kept([visit("t1"), visit("t2"), nobody], 10, 11)
    assert found is not None
    assert not found.passed
    assert sessions_kept([nobody], 10, 10) is None


@pytest.mark.parametrize(
    ("attributes", "kept"),
    [
        ("; HttpOnly; Path=/; SameSite=lax", True),
        ("; Secure", True),
        ("; Max-Age=3600; Expires=Thu, 01 Jan 2026 00:00:06 GMT", True),
        ("; Path=/login", False),
        ("; Domain=example.com", False),
        ("; Expires=Thu, 01 Jan 2026 00:00:06 GMT", False),
        ("; Max-Age=-1", False),
    ],
)
def test_a_session_is_what_a_browser_brings_along(attributes: str, kept: bool) -> None:
    """A cookie that no browser would send to /me is no session, and the log-in is wrong."""
    headers = {"set-cookie": f"session=abc{attributes}", "date": "Thu, 01 Jan 2026 00:00:07 GMT"}
    log_in = answer(303, headers={**headers, "location": "/"})
    assert (judge_step(log_in, "log in", FORM) is None) is kept
    assert LogInVisit(FORM, {"log in": log_in}).tokens() == (["abc"] if kept else [])


def lives_of(seen: list[LogInVisit], *known: str) -> tuple[SessionLives, Finding | None]:
    """The sessions of these visits, looked at in a shop that knows those."""
    lives = SessionLives()
    return lives, lives.go_on(seen, {}, ShopThatKnows(set(known)))


SEEN = [visit("t1"), visit("t2"), visit("t3", logged_out=True)]


def test_sessions_after_a_restart() -> None:
    """What went on goes on, what was ended is over, and nothing else is asked of the restart."""
    lives, found = lives_of(SEEN, "t1", "t2")
    assert found is not None
    assert found.passed
    for known, words in (
        ({"t1", "t2"}, "2 sessions went on, and 1 that had been ended"),
        ({"t1"}, "1 of 2 sessions was forgotten after the restart of the app, and not before it"),
        ({"t1", "t2", "t3"}, "1 of 1 ended sessions was valid again after the restart"),
    ):
        found = lives.survive_restart(ShopThatKnows(known))
        assert found is not None
        assert found.passed is (known == {"t1", "t2"})
        assert words in found.detail
    assert lives_of(SEEN[:2], "t1", "t2")[0].survive_restart(ShopThatKnows(set())) is None


def test_a_restart_is_not_blamed_for_what_was_so_before() -> None:
    """Sessions that the load's end finds forgotten, or valid after their log-out, fail there."""
    lives, found = lives_of(SEEN, "t1", "t3")
    assert found is not None
    assert not found.passed
    assert "1 of 2 sessions was forgotten and 1 of 1 sessions that a log-out" in found.detail
    assert lives.survive_restart(ShopThatKnows({"t1", "t3"})) is None
    assert lives_of([])[1] is None


class AskedLives(SessionLives):
    """Notes for which visits it was asked."""

    asked: tuple[LogInVisit, ...] = ()

    def go_on(self, visits: Sequence[LogInVisit], *_: object) -> None:
        self.asked = tuple(visits)


def test_a_site_that_is_down_is_not_asked_for_its_sessions() -> None:
    """After a burst that was stopped early each question might wait for ever."""
    steps = tuple(LogInJourneys(PEOPLE).make(Random(1)).steps)
    plan = Plan(1, 1.0, (Journey("log_in", steps[:1], 0.0, FORM),))
    log_in = answer(303, headers={**COOKIE, "location": "/"})
    burst = Burst("log_in", plan, (log_in,), 2.0, Exposition(()), Exposition(()))
    shop = ShopThatKnows(set())
    for stopped_early in (False, True):
        evidence = Evidence(burst, {}, shop, {}, stopped_early)
        lives = AskedLives()
        assert log_ins.sessions_go_on(lives)(evidence) is None
        assert len(lives.asked) == (0 if stopped_early else 1)


def test_a_token_that_two_were_given_proves_nothing_about_its_end() -> None:
    """It may go on for the one while the other has logged out."""
    shared = [*SEEN, visit("t4", logged_out=True), visit("t4")]
    lives, found = lives_of(shared, "t1", "t2", "t4")
    assert found is not None
    assert found.passed
    found = lives.survive_restart(ShopThatKnows({"t1", "t2", "t4"}))
    assert found is not None
    assert found.passed


def test_a_journey_is_told_by_its_samples() -> None:
    """Both sessions of a double click count, and a cookie that can't be read is none."""
    twice = LogInVisit(FORM, {**visit("t1").samples, "log in again": visit("t2").samples["log in"]})
    assert twice.tokens() == ["t1", "t2"]
    assert not twice.logged_out()
    odd = answer(303, headers={"set-cookie": "\x00=;;=\x01"})
    assert LogInVisit(FORM, {"log in": odd}).tokens() == []
