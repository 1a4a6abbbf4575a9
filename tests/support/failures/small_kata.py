"""A kata as small as can be, and its app: what a row of the failure matrix runs in three seconds.

Real but for four things: its dataset is one table with three rows, the server is the tests' own,
what is checked of every shop is left out, and no lock of the machine is taken, since half of its
events may be bad.
"""

from pathlib import Path

from tests.support.project import ROOT

__all__ = ["write_project"]

APP = '''
"""An ASGI application without a framework."""
import asyncio, json, os, signal, subprocess, sys, threading, time
import psycopg

pages = 0
STATIC = {"/healthz": b"ok", "/metrics": b"# none\\n"}

async def answer(send, status, body):
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

async def started():
    pass

with psycopg.connect(os.environ["DATABASE_URL"]) as db:
    rows = db.execute("SELECT count(*) FROM products").fetchone()[0]

async def page(scope, send):
    await answer(send, 200, b"%d" % rows)

async def other(scope, send):
    await answer(send, 200, STATIC[scope["path"]])

#MORE#

async def app(scope, receive, send):
    global pages
    if scope["type"] == "lifespan":
        await receive()
        await started()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
    elif scope["path"] == "/":
        pages += 1
        await page(scope, send)
    else:
        await other(scope, send)
'''

TEST = """
from pathlib import Path

from dojo import Check, Finding, Journey, Load, Step

def open_site(evidence):
    status = evidence.site.http.get("/").status_code
    return Finding(status == 200, f"The page answers {status}.")

def has_rows(evidence):
    count = evidence.site.db.execute("SELECT count(*) FROM products").fetchone()[0]
    return Finding(count == 3, f"There are {count} products.")

class Small:
    folder = Path(__file__).parent
    checks = (
        Check("page_opens", open_site),
        Check("rows_kept", has_rows, counts=("products",)),
    )

    def prepare(self, site_db, rng):
        site_db.execute("SELECT * FROM products").fetchall()

    def warm_up(self):
        return "/"

    def load(self):
        return Load(lambda rng: Journey.of(Step("page", "GET", "/")))

    def wrong_answers(self, burst):
        return {}

def test_service_time(service_time):
    service_time.measure()

def test_visits_meet_the_slo(judged):
    judged.require_met()
"""

CONFTEST = """
import os

import pytest

from dojo.attempt import common_checks
from dojo.report import CheckResult

pytest_plugins = ["dojo.plugin"]

def not_the_shop(site, kata):
    return CheckResult("durations_agree", True, "This app is not the shop.")

common_checks.durations_agree = not_the_shop

@pytest.fixture(scope="session")
def workshop(pytestconfig):
    from dojo.plugin.session import SESSION, SETTINGS, grader_faults_as_errors, require_alone
    from dojo.settings import Settings
    from tests.support.failures.small_workshop import open_small
    with grader_faults_as_errors():
        require_alone(pytestconfig)
        settings = Settings.read(pytestconfig.rootpath, os.environ, pytestconfig.option.app)
        pytestconfig.stash[SETTINGS] = settings
        opening = open_small(settings, pytestconfig.stash[SESSION].say)
        opened = opening.__enter__()
    yield opened
    opening.__exit__(None, None, None)
"""


def write_project(folder: Path, more: str, hangs: bool = False) -> Path:
    """The project with its kata and its app; `more` goes into the app's main.py."""
    kata, app = folder / "katas" / "09-small", folder / "app"
    kata.mkdir(parents=True, exist_ok=True)
    app.mkdir(exist_ok=True)
    (app / "__init__.py").touch()
    (app / "main.py").write_text(APP.replace("#MORE#", more))
    (kata / "test_small.py").write_text(TEST)
    (kata / "slo.yaml").write_text(_slo(hangs))
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "pyproject.toml").write_text(_pyproject())
    return kata


def _slo(hangs: bool) -> str:
    """An objective that half of 40 events must meet; a burst of a second.

    With `hangs` a second one, for whose sake answers are awaited 3 s longer.
    """
    threshold_s = 0.1 if hangs else 5.0
    text = (ROOT / "katas" / "01-latency" / "slo.yaml").read_text()
    first = "---".join(text.split("---")[:2])
    for old, new in (
        ('rate-per-second: "80"', 'rate-per-second: "40"'),
        ('burst-seconds: "12"', 'burst-seconds: "1"'),
        ("page_load", "visit"),
        ("threshold_s: 0.1", f"threshold_s: {threshold_s}"),
        ('le="0.1"', f'le="{threshold_s}"'),
        ("target: 0.95", "target: 0.5"),
    ):
        assert old in first, old
        first = first.replace(old, new)
    if not hangs:
        return first
    service, objective = first.split("---")
    second = objective.replace("100ms", "3s").replace("100 ms", "3 s").replace("0.1", "3.0")
    return "---".join([service, objective, second])


def _pyproject() -> str:
    """The project's own options of pytest, with its root on the path."""
    text = (ROOT / "pyproject.toml").read_text()
    options = text[text.index("[tool.pytest.ini_options]") : text.index("[tool.ruff]")]
    return options.replace('pythonpath = ["."]', f'pythonpath = ["{ROOT}"]')
