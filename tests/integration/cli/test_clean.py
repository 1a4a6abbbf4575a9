"""`dojo clean`: what runs have made is taken away, and nothing else."""

import errno
import re
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from dojo.cli import clean
from dojo.postgres.choice import serve
from dojo.postgres.external import Installation
from dojo.postgres.janitor import Databases
from dojo.postgres.server import Server
from tests.support.project import ROOT


def names(server: Server) -> set[str]:
    """Of all databases and roles."""
    with psycopg.connect(server.dsn(), autocommit=True) as db:
        query = "SELECT datname FROM pg_database UNION ALL SELECT rolname FROM pg_roles"
        return {name for (name,) in db.execute(query)}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache of an installation of the test's own, which knows no Docker engine."""
    cache = tmp_path / "cache"
    monkeypatch.setenv("DOJO_CACHE", str(cache))
    monkeypatch.setenv("DOJO_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no.sock")
    monkeypatch.delenv("DOJO_POSTGRES", raising=False)
    return cache


def cleaned(tmp_path: Path) -> tuple[int, str]:
    """The command's status and what it said."""
    stream = StringIO()
    machine = f"slo-dojo-{tmp_path.name}"
    return clean.run(ROOT, stream, machine=machine), stream.getvalue()


def url_of(server: Server) -> str:
    return f"postgresql://{server.user}:{server.password}@{server.host}:{server.port}/postgres"


def test_it_takes_away_what_this_installation_made(
    server: Server, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Role, databases and cache are gone; a colleague's database of a like name stays."""
    colleagues = "dojo_0123456789_run_5"
    with psycopg.connect(server.dsn(), autocommit=True) as db:
        db.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(colleagues)))
        before = names(server)
        with serve(url_of(server), cache, None, lambda _: None) as external:
            databases = Databases(external)
            databases.ensure_role()
            databases.clone("template0", external.database("run_1"))
        assert len(names(server) - before) == 2
        monkeypatch.setenv("DOJO_POSTGRES", url_of(server))
        status, text = cleaned(tmp_path)
        assert status == 0
        assert names(server) == before
        db.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(colleagues)))
    assert "Dropped: role" in text
    assert not cache.exists()


def test_what_is_in_use_can_be_found_again(
    server: Server, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run's database stays, and with it the cache, whose id is in its name; status 1."""
    monkeypatch.setenv("DOJO_POSTGRES", url_of(server))
    before = names(server)
    with serve(url_of(server), cache, None, lambda _: None) as external:
        databases = Databases(external)
        databases.ensure_role()
        name = external.database("run_1")
        with databases.clone_of_a_run("template0", name):
            status, text = cleaned(tmp_path)
            assert name in names(server)
    assert status == 1
    assert f"Left, a run uses it: database {name}" in text
    assert "Not done: 1 database is in use. End what uses it, then run again." in text
    assert "Removed: " not in text
    assert Installation.of(cache).id in name
    assert cleaned(tmp_path)[0] == 0
    assert names(server) == before


def test_a_cache_that_cannot_be_removed_is_said_to_be_there(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Status 1 and the reason; nothing is called removed."""

    def refuse(path: Path, ignore_errors: bool = False) -> None:
        if not ignore_errors:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr("dojo.cli.clean.shutil.rmtree", refuse)
    status, text = cleaned(tmp_path)
    assert status == 1
    assert text == f"Not done: [Errno 13] Permission denied: '{cache}'\n"
    assert cache.is_dir()


def test_data_that_cannot_be_removed_are_said_to_be_there(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Status 1 and the reason, and the cache stays as well."""
    home = tmp_path / "data"
    (tmp_path / "elsewhere").mkdir()
    home.symlink_to(tmp_path / "elsewhere")
    monkeypatch.setattr(clean, "data_home", lambda _: home)
    status, text = cleaned(tmp_path)
    assert status == 1
    assert re.search(r"^Not done: .*symbolic link", text)
    assert "Removed: " not in text
    assert cache.is_dir()


def test_the_database_of_a_living_run_stays(server: Server, tmp_path: Path) -> None:
    """Its lock is held; once the run has ended, a sweep takes it for a leftover."""
    databases = Databases(server)
    with databases.clone_of_a_run("template0", "dojo_test_alive_1"):
        databases.sweep("dojo_test_alive_")
        assert databases.names("dojo_test_alive_") == ["dojo_test_alive_1"]
    databases.clone("template0", "dojo_test_alive_2")
    databases.sweep("dojo_test_alive_")
    assert databases.names("dojo_test_alive_") == []
