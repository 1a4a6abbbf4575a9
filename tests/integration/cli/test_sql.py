"""`dojo sql`: the shop's database, asked from a shell."""

import os
import subprocess
import sys
from pathlib import Path

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
