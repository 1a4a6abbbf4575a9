"""What the generator sends, and what it records of the answers."""

import json
import time
import urllib.request
from collections.abc import Iterator

import pytest

from dojo.load.burst import BurstOrder, BurstResult, BurstSettings
from dojo.load.plan import Journey, Plan, Step
from dojo.load.progress import BurstProgress
from dojo.load.sample import Cause, Sample
from dojo.worker import INPUT_ENDED, STOP, Worker
from tests.support.bursts import run_burst
from tests.support.stub_site import stub_site


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with stub_site() as base_url:
        yield base_url


def get(path: str, at_s: float = 0.0, name: str = "page") -> Journey:
    return Journey(name, (Step(name, "GET", path),), at_s)


def send(site: str, *journeys: Journey, duration_s: float = 0.3, drain_s: float = 2) -> BurstResult:
    plan = Plan(1, duration_s, journeys)
    return run_burst(plan, BurstSettings(site, drain_s), lambda _: True)


def hits(site: str) -> dict[str, int]:
    with urllib.request.urlopen(f"{site}/hits") as answer:
        return dict(json.load(answer))


def only(result: BurstResult) -> Sample:
    (sample,) = result.samples
    return sample


def test_latency_holds_the_whole_delay(site: str) -> None:
    """A response that the server delays by 200 ms has a latency of at least that."""
    sample = only(send(site, get("/delay/200")))
    assert sample.latency_s is not None
    assert sample.latency_s >= 0.2
    assert (sample.status, sample.body, sample.cause) == (200, b"ok", None)


def test_nothing_is_sent_early(site: str) -> None:
    """Each request leaves at its intended time or after it, never before."""
    result = send(site, *(get("/delay/1", at_s / 100) for at_s in range(30)))
    late = [sample.lateness_s for sample in result.samples]
    assert len(late) == 30
    assert all(each is not None and each >= 0 for each in late)


def test_latency_counts_from_the_intended_time(site: str) -> None:
    """Behind a server that is blocked for 500 ms, a request intended in the middle has waited."""
    sample = send(site, get("/stall/500"), get("/delay/0", 0.1)).samples[1]
    assert sample.latency_s is not None
    assert sample.done_s is not None
    assert sample.done_s >= 0.5
    assert sample.latency_s == sample.done_s - 0.1


def test_no_request_waits_for_another(site: str) -> None:
    """The load is open: with 120 answers outstanding, all are sent."""
    result = send(site, *(get("/delay/1000") for _ in range(120)))
    assert max(sample.sent_s or 9 for sample in result.samples) < min(
        sample.done_s or 0 for sample in result.samples
    )


@pytest.mark.parametrize(
    ("status", "cause"), [(404, Cause.HTTP_4XX), (503, Cause.HTTP_5XX), (302, None)]
)
def test_statuses_are_recorded(site: str, status: int, cause: Cause | None) -> None:
    """An answer is taken as it is; a redirect is not followed."""
    before = hits(site).get("/hits", 0)
    sample = only(send(site, get(f"/status/{status}")))
    assert (sample.status, sample.cause) == (status, cause)
    assert hits(site)["/hits"] == before + 1


def test_a_dropped_connection_is_hit_once(site: str) -> None:
    """A request whose connection the server closes is bad, and is not sent a second time."""
    before = hits(site).get("/drop", 0)
    sample = only(send(site, get("/drop")))
    assert sample.cause is Cause.CONNECTION
    assert hits(site)["/drop"] == before + 1


def after(kept: str, method: str, path: str) -> Journey:
    """A visitor whose second request goes over the connection that the first one left."""
    second = Step("second", method, path, body=b"abc", think_s=0.05)
    return Journey("visit", (Step("first", "GET", kept), second))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_kept_connection_that_is_closed_costs_nothing(site: str, method: str) -> None:
    """No byte of an answer came, so the request is sent once more, as a browser does."""
    path = f"/echo?kept,{method}"
    before = hits(site).get(path, 0)
    result = send(site, after("/drop_kept", method, path))
    assert [sample.cause for sample in result.samples] == [None, None]
    assert [sample.sent_again for sample in result.samples] == [False, True]
    assert json.loads(result.samples[1].body)["body"] == "abc"
    assert hits(site)[path] == before + 2


def test_it_is_sent_again_over_a_new_connection(site: str) -> None:
    """Other kept connections may be as old, and there is one more attempt only."""
    result = send(site, *(after("/drop_kept", "GET", "/echo?old") for _ in range(5)))
    assert [sample.cause for sample in result.samples] == [None] * 10
    assert any(sample.sent_again for sample in result.samples)


def test_it_is_sent_again_once(site: str) -> None:
    """A server that drops the second attempt as well has failed."""
    before = hits(site).get("/drop", 0)
    sample = send(site, after("/delay/0", "GET", "/drop")).samples[1]
    assert sample.cause is Cause.CONNECTION
    assert sample.sent_again
    assert hits(site)["/drop"] == before + 2


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_answer_that_has_begun_is_not_asked_for_again(site: str, method: str) -> None:
    """A byte of it came, so the server has worked on it: the event is bad."""
    path = f"/echo?begun,{method}"
    before = hits(site).get(path, 0)
    sample = send(site, after("/begin_kept", method, path)).samples[1]
    assert sample.cause is Cause.CONNECTION
    assert not sample.sent_again
    assert hits(site)[path] == before + 1


def test_connecting_is_told_apart(site: str) -> None:
    """The first request opens a connection, and that is a part of its time; the second has one."""
    first, second = send(site, after("/delay/0", "GET", "/delay/0")).samples
    assert first.latency_s is not None
    assert 0 < first.connect_s < first.latency_s
    assert second.connect_s == 0


def test_nobody_listening() -> None:
    """A refused connection is a bad event, not a fault of the generator."""
    assert only(send("http://127.0.0.1:1", get("/"))).cause is Cause.CONNECTION


def test_a_body_without_end_is_cut_off(site: str) -> None:
    """An endless body is wrong content, is given up at 2 MB, and is not kept."""
    sample = only(send(site, get("/flood")))
    assert sample.cause is Cause.WRONG_CONTENT
    assert sample.detail.startswith("too large")
    assert len(sample.body) <= 1 << 16


def test_an_answer_that_never_comes_is_a_timeout(site: str) -> None:
    """What is pending when the drain is over is bad by timeout, and steps after it are not sent."""
    steps = (Step("a", "GET", "/delay/60000"), Step("b", "GET", "/echo"))
    result = send(site, Journey("visit", steps), duration_s=0.1, drain_s=0.2)
    assert [sample.cause for sample in result.samples] == [Cause.TIMEOUT, Cause.NOT_SENT]


def test_a_failed_step_ends_its_journey(site: str) -> None:
    """After an answer of 404 the journey's next step is not sent."""
    steps = (Step("a", "GET", "/status/404"), Step("b", "GET", "/echo"))
    result = send(site, Journey("visit", steps))
    assert [sample.cause for sample in result.samples] == [Cause.HTTP_4XX, Cause.NOT_SENT]


@pytest.mark.parametrize(
    ("status", "causes"),
    [(401, [None, None]), (403, [Cause.WRONG_CONTENT, Cause.NOT_SENT]), (500, [Cause.HTTP_5XX])],
)
def test_a_refusal_can_be_the_right_answer(
    site: str, status: int, causes: list[Cause | None]
) -> None:
    """A step that must be refused is right if it is, and then its journey goes on."""
    steps = (Step("a", "GET", f"/status/{status}", accepts=(401,)), Step("b", "GET", "/echo"))
    result = send(site, Journey("two", steps))
    assert [sample.cause for sample in result.samples][: len(causes)] == causes


def test_captures_cookies_and_think_time(site: str) -> None:
    """A later step holds what earlier answers gave, quoted for where it stands, after its pause."""
    steps = (
        Step("open", "GET", "/json", capture={"id": "id", "key": "items.0.key"}),
        Step(
            "echo",
            "POST",
            "/echo/{{id}}/{{key}}",
            {"X-Id": "{{id}}"},
            b'{"id": {{id}}, "key": "{{key}}"}',
            think_s=0.1,
        ),
    )
    first, second = send(site, Journey("visit", steps)).samples
    request = json.loads(second.body)
    assert request["path"] == "/echo/7/a%2Fb%20%22c%22"
    assert json.loads(request["body"]) == {"id": 7, "key": 'a/b "c"'}
    assert request["headers"]["x-id"] == "7"
    assert request["headers"]["cookie"] == "session=s3cret"
    assert first.done_s is not None
    assert second.intended_s == pytest.approx(first.done_s + 0.1)
    assert second.sent_s is not None
    assert second.sent_s >= second.intended_s


def test_cookies_stay_in_their_journey(site: str) -> None:
    """A visitor never sends the cookie of another."""
    steps = (Step("a", "GET", "/json"), Step("b", "GET", "/json"))
    sample = send(site, Journey("one", steps), get("/echo", 0.2)).samples[-1]
    assert "cookie" not in json.loads(sample.body)["headers"]


def test_a_capture_that_is_not_there(site: str) -> None:
    """An answer without what the journey needs from it is wrong content."""
    steps = (Step("a", "GET", "/json", capture={"x": "items.3.key"}), Step("b", "GET", "/echo"))
    first, second = send(site, Journey("visit", steps)).samples
    assert (first.cause, second.cause) == (Cause.WRONG_CONTENT, Cause.NOT_SENT)
    assert "items.3.key" in first.detail


def test_requests_look_like_a_browsers(site: str) -> None:
    """The site sees an ordinary browser's headers, and the sample's own request id."""
    sample = only(send(site, get("/echo")))
    headers = json.loads(sample.body)["headers"]
    assert headers["user-agent"].startswith("Mozilla/5.0")
    assert "gzip" in headers["accept-encoding"]
    assert headers["x-request-id"] == sample.request_id
    assert not [name for name in headers if "dojo" in name or "dojo" in headers[name].lower()]


def test_request_ids_follow_from_the_seed(site: str) -> None:
    """Two runs of one plan send the same request ids, all different."""
    plan = [get("/delay/0", at / 50) for at in range(10)]
    first, second = ([sample.request_id for sample in send(site, *plan).samples] for _ in range(2))
    assert first == second
    assert len(set(first)) == 10


@pytest.fixture
def generator() -> Iterator[Worker]:
    with Worker.start("dojo.load.generator") as generator:
        yield generator


def test_it_ends_with_its_input(site: str, generator: Worker) -> None:
    """When its parent is gone, the generator ends at once, in the middle of a burst too."""
    generator.send(BurstOrder(Plan(1, 60.0, (get("/echo", 30.0),)), BurstSettings(site)))
    assert isinstance(generator.receive(), BurstProgress)
    began = time.monotonic()
    generator.stop()
    assert generator.poll() == INPUT_ENDED
    assert time.monotonic() - began < 2


def test_a_stop_after_the_last_start_cuts_nothing_off(site: str, generator: Worker) -> None:
    """Once every journey is under way, those that think go on, whatever the parent says."""
    steps = (Step("a", "GET", "/delay/0"), Step("b", "GET", "/delay/0", think_s=1.0))
    plan = Plan(1, 0.1, (Journey("visit", steps),))
    generator.send(BurstOrder(plan, BurstSettings(site, drain_s=10.0)))
    while (message := generator.receive()).t_s < 0.3:
        continue
    generator.send(STOP)
    while not isinstance(message, BurstResult):
        message = generator.receive()
    assert not message.stopped_early
    assert [sample.cause for sample in message.samples] == [None, None]
