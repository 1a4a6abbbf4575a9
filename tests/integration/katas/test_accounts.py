"""The checks of accounts and sessions, on the running app: with the reference fix, and tampered."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import httpx
import psycopg
import pytest

from dojo.kata import checks
from dojo.kata.contract import SeededRows
from dojo.postgres import migrations
from dojo.postgres.janitor import Databases
from dojo.postgres.server import Server
from dojo.site.app_process import AppProcess
from dojo.site.machine.time_limit import TimeLimit
from dojo.site.machine.watch import MachineWatch, Roots
from katas.shop.checks.account_changes import new_password_counts
from katas.shop.checks.accounts import bad_input_refused, wrong_refused
from katas.shop.checks.browser import Browser
from katas.shop.checks.connections import goes_on_answering
from katas.shop.checks.credentials import credentials_kept
from katas.shop.checks.kept_at_once import not_kept_at_once
from katas.shop.checks.sessions import count_sessions, log_in_renews_session, two_sessions
from katas.shop.expected.log_ins import LogInVisit
from katas.shop.scenarios.log_ins import LogIn
from katas.shop.scenarios.people import People
from tests.support.awaiting import await_that
from tests.support.postgres import SEEDED
from tests.support.project import ROOT

PATCH = ROOT / "katas" / "02-login-errors" / ".meta" / "solution.patch"
NAME = "dojo_test_accounts"
PEOPLE = People.draw(Random(11))
ANN, OLD, MIXED = PEOPLE.modern[0], PEOPLE.legacy[0], PEOPLE.mixed_case[0]


@dataclass
class RunningSite:
    """As a kata's checks see it."""

    app: AppProcess
    http: httpx.Client
    db: "psycopg.Connection[tuple[Any, ...]]"
    seeded_rows: Mapping[str, SeededRows]

    def app_failure(self, request_id: str) -> str:
        return ""

    def time_limit(self, length_s: float) -> TimeLimit:
        """Of a machine of which nothing is known."""
        return TimeLimit(length_s, MachineWatch(Roots(os.getpid(), self.app.pid)))


@contextmanager
def running(server: Server, app_dir: Path, name: str) -> Iterator[RunningSite]:
    """The app of that folder, on a database of its own."""
    databases = Databases(server)
    databases.clone(SEEDED, name)
    try:
        with psycopg.connect(server.dsn(name), autocommit=True) as db:
            seeded = checks.seeded_rows(db, ("customers", "sellers"))
            url = psycopg.conninfo.make_conninfo(server.dsn(name), user="shop", password="shop")
            migrations.apply(url, migrations.migration_files(app_dir / "migrations")[1:])
            with (
                AppProcess.start(app_dir, url) as app,
                httpx.Client(base_url=app.base_url, timeout=20) as http,
            ):
                yield RunningSite(app, http, db, seeded)
    finally:
        databases.drop(name)


@pytest.fixture(scope="module")
def site(seeded_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """The app with the reference fix."""
    folder = tmp_path_factory.mktemp("fixed")
    shutil.copytree(ROOT / "app", folder / "app", ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run(["git", "apply", "-p1", str(PATCH)], cwd=folder, check=True)
    with running(seeded_server, folder / "app", NAME) as site:
        yield site


def hashed(password: str) -> str:
    """As the shop keeps it."""
    digest = hashlib.scrypt(password.encode(), salt=b"s" * 16, n=64, r=8, p=1, dklen=32)
    return f"scrypt$64$8$1${(b's' * 16).hex()}${digest.hex()}"


def log_in_visit(person_index: int = 0) -> LogInVisit:
    person = PEOPLE.modern[person_index]
    return LogInVisit(LogIn("log in", person, person.email, as_json=True), {})


def test_the_reference_fix_keeps_its_contract(site: RunningSite) -> None:
    """Right ones get in, wrong ones do not, two sessions are two, and nonsense gets a 4xx."""
    for check in (
        new_password_counts(PEOPLE.modern[2], site),
        two_sessions([log_in_visit()], (ANN, OLD, MIXED), site),
        log_in_renews_session(ANN, PEOPLE.modern[1], site),
        goes_on_answering(ANN, PEOPLE.modern[1], site),
        wrong_refused(PEOPLE, site),
        bad_input_refused(ANN, site),
        credentials_kept([log_in_visit()], (), {}, site),
        checks.seed_finding(site, {"customers": ("password_hash",)}),
    ):
        assert check is not None
        assert check.passed, check.detail


def test_the_reference_fix_writes_first_and_answers_then(site: RunningSite) -> None:
    """Whatever is acknowledged is in Postgres by then."""
    try:
        assert not_kept_at_once(site, (1, 2)) == ""
    finally:
        site.db.execute("DELETE FROM sessions WHERE customer_id > 26000")
        site.db.execute("DELETE FROM purchases WHERE customer_id > 26000")
        site.db.execute("DELETE FROM customers WHERE id > 26000")


@pytest.mark.parametrize("person", [ANN, OLD, MIXED], ids=["modern", "earlier", "mixed case"])
def test_a_form_and_json_get_what_they_expect(site: RunningSite, person: Any) -> None:
    """A browser is sent to the home page and back to it; JSON is answered with JSON."""
    before = count_sessions(site)
    form, json = Browser(site), Browser(site)
    sent = form.log_in(person.email.upper(), person.password, as_json=False)
    answer = json.log_in(person.email, person.password)
    assert (sent.status_code, sent.headers["location"]) == (303, "/")
    assert (answer.status_code, answer.json()["id"]) == (200, person.id)
    assert form.is_known_as(person)
    assert count_sessions(site) == before + 2
    cookie = {"cookie": f"session={form.session}"}
    browser = site.http.post("/logout", headers=cookie | {"accept": "text/html,*/*;q=0.8"})
    program = site.http.post("/logout", headers=cookie | {"accept": "application/json, text/html"})
    assert (browser.status_code, browser.headers["location"]) == (303, "/")
    assert program.json() == {"status": "logged out"}
    assert form.is_stranger()
    assert json.is_known_as(person)


def test_refusals_are_alike(site: RunningSite) -> None:
    """Nobody learns from status, body or cookie whether an address is known."""
    for as_json in (False, True):
        known = Browser(site).log_in(ANN.email, "wrong", as_json=as_json)
        unknown = Browser(site).log_in("nobody@example.com", "wrong", as_json=as_json)
        assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
        assert known.status_code == 401
        assert not known.cookies
        assert not unknown.cookies


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            "UPDATE customers SET password_hash = 'sha256$00' WHERE id = %(ann)s",
            "can't be verified",
        ),
        (
            "UPDATE customers SET password_hash = replace(password_hash, '$64$', '$32$')"
            " WHERE id = %(ann)s",
            "weaker",
        ),
        (
            "UPDATE customers SET password_hash = (SELECT password_hash FROM customers"
            " WHERE id = %(other)s) WHERE id = %(ann)s",
            "lost",
        ),
        ("UPDATE customers SET password_hash = 'x' WHERE id = %(other)s", "did not log in"),
        ("DELETE FROM sessions; DELETE FROM customers WHERE id > 26000", "not in Postgres"),
        ("UPDATE customers SET password_hash = 'plain$secret' WHERE id > 26000", "too weakly"),
    ],
    ids=["format", "cost", "another's", "nobody's", "newcomer lost", "newcomer plain"],
)
def test_tampered_passwords(site: RunningSite, change: str, words: str) -> None:
    """Each way of losing or weakening a hash is found, and told apart from the others."""
    newcomers = {"new.one@example.com": "secret-1"}
    with site.db.transaction(force_rollback=True):
        site.db.execute(
            "INSERT INTO customers (id, name, email, password_hash)"
            " VALUES (26001, 'New', 'new.one@example.com', %s)",
            (hashed("secret-1"),),
        )
        assert credentials_kept([log_in_visit()], (), newcomers, site).passed
        text = change % {"ann": ANN.id, "other": PEOPLE.modern[1].id}
        site.db.execute(text.encode())
        failed = credentials_kept([log_in_visit()], (), newcomers, site)
    assert not failed.passed
    assert words in failed.detail


@pytest.mark.parametrize(
    ("change", "passed", "in_every_kata"),
    [
        ("UPDATE customers SET password_hash = 'x' WHERE id = 5", True, False),  # judged elsewhere
        ("UPDATE customers SET email = lower(email)", True, True),
        ("UPDATE customers SET email = 'x' || email WHERE id = 5", False, False),
        ("UPDATE customers SET name = 'x' WHERE id = 5", False, False),
        ("UPDATE sellers SET name = 'x' WHERE id = 5", False, False),
    ],
)
def test_columns_that_a_kata_judges_itself(
    site: RunningSite, change: str, passed: bool, in_every_kata: bool
) -> None:
    """What is left out may change, in nothing but case an address may, and nothing else may."""
    with site.db.transaction(force_rollback=True):
        site.db.execute(change.encode())
        assert checks.seed_finding(site, {"customers": ("password_hash",)}).passed is passed
        assert checks.seed_finding(site, {}).passed is in_every_kata


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE seen (customer_id int, quick text); INSERT INTO seen"
        " SELECT id, encode(sha256((id || ':' || %(secret)s)::bytea), 'hex') FROM customers"
        " WHERE id = %(ann)s",
        "CREATE TABLE seen (quick bytea); INSERT INTO seen SELECT sha256(%(secret)s::bytea)",
        "CREATE SCHEMA other; CREATE TABLE other.seen AS SELECT md5(%(secret)s)::uuid AS quick",
        "ALTER TABLE customers ADD quick text; UPDATE customers SET quick = md5(%(secret)s)"
        " WHERE id = %(ann)s",
        "ALTER TABLE sellers ADD quick text; UPDATE sellers SET quick = md5(%(secret)s)"
        " WHERE id = 5",
        "ALTER TABLE sessions ADD data jsonb; INSERT INTO sessions (token, customer_id, data)"
        " SELECT 'x', id, jsonb_build_object('typed', %(secret)s::text) FROM customers"
        " WHERE id = %(ann)s",
    ],
    ids=["salted", "bytes", "schema", "column", "another table", "in a session"],
)
def test_copies_of_a_password(site: RunningSite, change: str) -> None:
    """Whatever quick is made of a password is found in any table, new columns among them."""
    with site.db.transaction(force_rollback=True):
        text = change.replace("%(secret)s", f"'{ANN.password}'").replace("%(ann)s", str(ANN.id))
        site.db.execute(text.encode())
        failed = credentials_kept([log_in_visit()], (), {}, site)
    assert not failed.passed
    assert "It can be tried millions of times a second" in failed.detail


def test_a_salt_is_its_customers_own(site: RunningSite) -> None:
    """Two hashes of one salt can be tried together."""
    visits = [log_in_visit(), log_in_visit(1)]
    with site.db.transaction(force_rollback=True):
        for visit in visits:
            assert visit.about.person is not None
            site.db.execute(
                "UPDATE customers SET password_hash = %s WHERE id = %s",
                (hashed(visit.about.person.password), visit.about.person.id),
            )
        failed = credentials_kept(visits, (), {}, site)
    assert not failed.passed
    assert "have the same salt" in failed.detail


def test_the_shipped_app_refuses_nonsense_too(seeded_server: Server) -> None:
    """A body that is no log-in gets a 4xx, an unknown session a 401; nothing of it a 5xx."""
    with running(seeded_server, ROOT / "app", f"{NAME}_shipped") as shipped:
        json = {"content-type": "application/json"}
        form = {"content-type": "application/x-www-form-urlencoded"}
        for headers, body in (
            (json, b"{email"),
            (json, b"[]"),
            (json, b'{"email": ' + b"[" * 2000),
            (json, b'{"email": "\\ud800", "password": "x"}'),
            (form, b""),
            (form, b"email=a%40b.c&password=" + b"x" * 8192),
            (form, b"email=%00&password=x"),
            ({"content-type": "multipart/form-data"}, b"x"),
            ({"content-type": "multipart/form-data; boundary=b"}, b"--b\r\n\r\n"),
        ):
            status = shipped.http.post("/login", headers=headers, content=body).status_code
            assert 400 <= status < 500, (headers, body[:40], status)
        odd = shipped.http.get("/me", headers={"cookie": 'session="\\000"'})
        assert odd.status_code == 401
        shipped.app.check()
        leak = goes_on_answering(ANN, PEOPLE.modern[1], shipped)
        assert not leak.passed
        assert "by /metrics its pool has 12, all of them lent" in leak.detail


def test_an_error_is_logged_with_its_request(site: RunningSite) -> None:
    """An exception in a route answers 500, and its traceback is found by the request's id."""
    site.db.execute("ALTER TABLE sessions RENAME TO sessions_elsewhere")
    try:
        answer = site.http.get(
            "/me", headers={"cookie": f"session={'x' * 32}", "x-request-id": "f" * 32}
        )
    finally:
        site.db.execute("ALTER TABLE sessions_elsewhere RENAME TO sessions")
    assert answer.status_code == 500
    await_that(lambda: site.app.failures(["f" * 32]))  # the log is read beside us
    failure = site.app.failures(["f" * 32])["f" * 32]
    assert failure.exception.startswith("psycopg.errors.UndefinedTable")
    assert failure.place.startswith("app/database.py:")
