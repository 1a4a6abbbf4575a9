"""Known durations, and what an app says of them."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import httpx
import psycopg
import pytest

from dojo.attempt.common_checks import durations_agree
from dojo.kata.contract import Kata
from dojo.kata.exposition import Exposition
from dojo.load.plan import Step
from dojo.postgres.janitor import Databases
from dojo.postgres.server import Server
from dojo.site.app_process import AppProcess
from dojo.site.running_site import RunningSite

NAME = "dojo_test_durations"
APP = """
import os
import time

import psycopg
from fastapi import FastAPI, Request, Response
from prometheus_client import Histogram, generate_latest

app = FastAPI()
NAMES = ["http_request_method", "http_route", "http_response_status_code"]
duration = Histogram("http_server_request_duration_seconds", "", NAMES, buckets=(0.1, 0.3, 1))


class Timed:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        began = time.perf_counter()
        await self.app(scope, receive, send)
        if scope["type"] == "http":
            method, route, seconds = scope["method"], scope["path"], time.perf_counter() - began
            seconds = eval(os.environ["REPORTED"])
            duration.labels(method, route, "200").observe(seconds)


app.add_middleware(Timed)


@app.get("/")
def home():
    if "CACHED" not in os.environ:
        with psycopg.connect(os.environ["DATABASE_URL"]) as db:
            db.execute("SELECT 1 FROM products")


@app.post("/login")
async def login(request: Request):
    await request.body()


@app.get("/metrics")
def metrics():
    return Response(generate_latest())


@app.get("/healthz")
def healthz():
    return "ok"
"""


@dataclass
class Site:
    """As much of a site as the check uses."""

    http: httpx.Client
    db: "psycopg.Connection[tuple[Any, ...]]"

    @property
    def base_url(self) -> str:
        return str(self.http.base_url)

    def metrics(self) -> Exposition:
        return Exposition.parse(self.http.get("/metrics").text)


@dataclass
class MadeUpKata:
    request: str | Step

    def warm_up(self) -> str | Step:
        return self.request


@pytest.fixture
def dsn(server: Server) -> Iterator[str]:
    databases = Databases(server)
    databases.clone("template0", NAME)
    with psycopg.connect(server.dsn(NAME), autocommit=True) as db:
        db.execute("CREATE TABLE products (id int)")
    yield server.dsn(NAME)
    databases.drop(NAME)


@pytest.mark.parametrize(
    ("reported", "cached", "request_", "words"),
    [
        ("seconds", False, "/", ""),
        ("seconds", True, "/", ""),
        ("seconds", False, Step("log in", "POST", "/login"), ""),
        ("min(seconds, 0.05)", False, "/", "POST /login"),
        ("seconds / 2", True, "/", "POST /login"),
        ("min(seconds, 0.05) if route == '/' else seconds", False, "/", "GET /"),
        ("0.4 if route == '/login' else min(seconds, 0.2)", False, "/", "GET /"),
    ],
)
def test_a_duration_that_is_not_told_is_found(
    reported: str, cached: bool, request_: str | Step, words: str, dsn: str, tmp_path: Path
) -> None:
    """Of the log-in, and of the kata's own page unless that is cached."""
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "main.py").write_text(APP)
    environment = {"REPORTED": reported, **({"CACHED": "1"} if cached else {})}
    with ExitStack() as stack:
        app = stack.enter_context(AppProcess.start(folder, dsn, env_extra=environment))
        db = stack.enter_context(psycopg.connect(dsn, autocommit=True))
        http = stack.enter_context(httpx.Client(base_url=app.base_url, trust_env=False))
        site, kata = cast(RunningSite, Site(http, db)), cast(Kata, MadeUpKata(request_))
        result = durations_agree(site, kata)
    assert result.passed is (not words), result.detail
    assert words in result.detail
