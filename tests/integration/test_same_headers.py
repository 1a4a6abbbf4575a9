"""The bytes of the load's requests and of the checks', as a server gets them."""

import re
from collections.abc import Callable

import pytest

from dojo.load.burst import BurstSettings
from dojo.load.plan import Journey, Plan, Step
from dojo.site.visitor_client import open_visitor_client
from tests.support.bursts import run_burst
from tests.support.raw_server import raw_server

STEPS = (
    Step("page", "GET", "/search?q=a%20b+c"),
    Step("log in", "POST", "/login", {"content-type": "application/json"}, b"{}"),
    Step("form", "POST", "/login", {"Content-Type": "application/x-www-form-urlencoded"}, b"a=1"),
    Step("API", "GET", "/me", {"accept": "application/json", "cookie": "session=s"}),
    Step("log out", "POST", "/logout", {"accept": "application/json", "cookie": "session=s"}),
    Step("delete", "DELETE", "/reviews/1"),
)


def heads_of(send: Callable[[str, Step], None]) -> list[str]:
    """The head of each step's request; ids and the server's port differ from run to run."""
    with raw_server() as server:
        for step in STEPS:
            send(server.base_url, step)
    text = [head.decode() for head in server.heads]
    return [re.sub(r"(?<=X-Request-ID: )[0-9a-f]{32}|(?<=127.0.0.1:)\d+", "…", one) for one in text]


def by_load(base_url: str, step: Step) -> None:
    plan = Plan(1, 0.05, (Journey("visit", (step,)),))
    run_burst(plan, BurstSettings(base_url), lambda _: True)


def by_check(base_url: str, step: Step) -> None:
    with open_visitor_client(5.0) as http:
        url, body = base_url + step.path, step.body
        http.request(step.method, url, headers=dict(step.headers), content=body or None)


def test_a_check_looks_like_the_load() -> None:
    """The same request line, the same headers, in the same order and case."""
    loaded, checked = heads_of(by_load), heads_of(by_check)
    assert len(loaded) == len(STEPS)
    assert loaded == checked
    assert all("X-Request-ID: …" in head for head in loaded)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_each_name_is_written_as_a_browser_writes_it(step: Step) -> None:
    """However a kata writes it, and each once."""
    with raw_server() as server:
        by_check(server.base_url, step)
    names = [line.partition(b":")[0].decode() for line in server.heads[0].split(b"\r\n")[1:]]
    assert len(names) == len(set(names))
    assert names[:2] == ["Host", "Connection"]
    assert all(re.fullmatch(r"[A-Z][a-z]*(-([A-Z][a-z]*|ID))*", name) for name in names)
