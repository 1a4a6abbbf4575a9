"""`dojo clean`: what runs have made is taken away, and nothing else."""

import argparse
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from dojo.cli import clean
from dojo.postgres.choice import serve
from dojo.postgres.janitor import Databases
from dojo.postgres.server import Server
from tests.support.project import ROOT


def names(server: Server) -> set[str]:
    """Of all databases and roles."""
    with psycopg.connect(server.dsn(), autocommit=True) as db:
        query = "SELECT datname FROM pg_database UNION ALL SELECT rolname FROM pg_roles"
        return {name for (name,) in db.execute(query)}


def test_it_takes_away_what_this_installation_made(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Role, databases and cache are gone; a colleague's database of a like name stays."""
    cache = tmp_path / "cache"
    url = f"postgresql://{server.user}:{server.password}@{server.host}:{server.port}/postgres"
    colleagues = "dojo_0123456789_run_5"
    with psycopg.connect(server.dsn(), autocommit=True) as db:
        db.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(colleagues)))
        before = names(server)
        with serve(url, cache, None, lambda _: None) as external:
            databases = Databases(external)
            databases.ensure_role()
            databases.clone("template0", external.database("run_1"))
        assert len(names(server) - before) == 2
        monkeypatch.setenv("DOJO_POSTGRES", url)
        monkeypatch.setenv("DOJO_CACHE", str(cache))
        monkeypatch.setenv("DOJO_STATE", str(tmp_path / "state"))
        monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no.sock")
        stream = StringIO()
        assert (
            clean.run(argparse.Namespace(), ROOT, stream, machine=f"slo-dojo-{tmp_path.name}") == 0
        )
        assert names(server) == before
        db.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(colleagues)))
    assert "Dropped: role" in stream.getvalue()
    assert not cache.exists()


def test_the_database_of_a_living_run_stays(server: Server, tmp_path: Path) -> None:
    """Its lock is held; once the run has ended, a sweep takes it for a leftover."""
    databases = Databases(server)
    with databases.clone_of_a_run("template0", "dojo_test_alive_1"):
        databases.sweep("dojo_test_alive_")
        assert databases.names("dojo_test_alive_") == ["dojo_test_alive_1"]
    databases.clone("template0", "dojo_test_alive_2")
    databases.sweep("dojo_test_alive_")
    assert databases.names("dojo_test_alive_") == []
