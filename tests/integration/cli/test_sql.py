"""`dojo sql`: the shop's database, asked from a shell."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dojo.cli.sql import run_query
from dojo.errors import BadSetting
from dojo.postgres.janitor import Databases
from dojo.postgres.server import Server
from dojo.settings import Settings
from dojo.site.live_database import announced
from dojo.site.simulated_database import data_name
from tests.support.project import ROOT


def sql(statements: str, state: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "dojo", "sql", statements],
        cwd=ROOT,
        env={
            **os.environ,
            "DOJO_POSTGRES": "embedded",
            "DOJO_STATE": str(state),
            "COLUMNS": "100",
        },
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_it_answers_and_nothing_stays(tmp_path: Path) -> None:
    """The last of several statements is shown; what was changed is gone with the copy."""
    done = sql("CREATE TABLE made (id int); SELECT count(*) AS products FROM products", tmp_path)
    assert done.returncode == 0, done.stderr
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["products"],
        ["250000"],
        ["(1", "row)"],
    ]
    gone = sql("SELECT * FROM made", tmp_path)
    assert gone.returncode == 1
    assert 'relation "made" does not exist' in gone.stderr
    assert "Traceback" not in gone.stderr


def test_a_plan_keeps_its_shape(tmp_path: Path) -> None:
    """EXPLAIN is printed line by line, as psql would."""
    done = sql("EXPLAIN SELECT * FROM sellers WHERE id = 5", tmp_path)
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()[:2]
    assert first.startswith("Index Scan using sellers_pkey on sellers")
    assert second == "  Index Cond: (id = 5)"


def test_the_data_of_a_kata_are_asked_beside_a_running_shop(server: Server, tmp_path: Path) -> None:
    """They lie on the shop's own server, so nobody need wait for its end."""
    databases, name = Databases(server), server.database(data_name("90-dice"))
    with databases.clone_of_a_run("template0", server.database("run_live")):
        databases.drop(name)
        databases.clone("template0", name)
        settings = Settings.read(ROOT, {"DOJO_CACHE": str(tmp_path)})
        answer = io.StringIO()
        with announced(tmp_path, server.app_dsn(server.database("run_live"))):
            run_query(settings, "SELECT current_database() AS name", answer, "90-dice")
            databases.drop(name)
            with pytest.raises(BadSetting, match=r"90-dice has no data yet.*pytest katas/90-dice"):
                run_query(settings, "SELECT 1", answer, "90-dice")
    assert name in answer.getvalue()
