"""What can go wrong on a learner's machine, and what the message says."""

from pathlib import Path

import pytest

from dojo.kata.hints import next_hint
from tests.support.kata_run import RunKata, appended
from tests.support.project import ROOT

KATA = ROOT / "katas" / "01-latency"


CRASH = """

import os
from itertools import count

pages = count(1)


@app.middleware("http")
async def end_at_the_thirtieth_page(request, call_next):
    if request.url.path == "/" and next(pages) == 30:
        os._exit(7)
    return await call_next(request)
"""


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("home.py", "\ndef broken(:\n", ("AppDidNotStart", "app/home.py:", "SyntaxError")),
        (
            "migrations/0002_broken.sql",
            "\n\nCREATE INDEX broken ON nosuchtable (id);\n",
            ("MigrationFailed", "0002_broken.sql:3", "nosuchtable"),
        ),
    ],
    ids=["syntax", "migration"],
)
def test_a_broken_app_is_a_failure_with_file_and_line(
    name: str, text: str, words: tuple[str, ...], run_kata: RunKata
) -> None:
    """An app that can't start fails at once, with its own traceback and no verdict about speed."""
    run = run_kata(KATA, edit=appended(name, text))
    assert run.returncode == 1
    assert "1 failed" in run.output
    assert "error" not in run.output.splitlines()[-1]
    assert run.report is None
    for word in words:
        assert word in run.output


def test_a_crash_in_the_middle_is_a_failure(run_kata: RunKata) -> None:
    """An app that ends during the burst is said to have died."""
    run = run_kata(KATA, edit=appended("main.py", CRASH))
    assert run.returncode == 1
    assert "AppDied" in run.output
    assert "status 7" in run.output


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"DOJO_POSTGRES": "oracle"}, "auto, docker, embedded"),
        ({"DOJO_POSTGRES": "docker", "DOCKER_HOST": "tcp://127.0.0.1:9"}, "DOJO_POSTGRES=embedded"),
        ({"DOJO_POSTGRES": "postgresql://127.0.0.1:9/x"}, "does not answer"),
        ({"DOJO_ROUND_TRIP_MS": "far"}, "number from 0 to 1000"),
    ],
    ids=["provider", "engine", "url", "distance"],
)
def test_a_bad_setting_is_an_error(
    environment: dict[str, str], words: str, run_kata: RunKata
) -> None:
    """A setting of ours that can't be used is a pytest error that says what is possible."""
    run = run_kata(KATA, **environment)
    assert run.returncode == 1
    assert "failed" not in run.output.splitlines()[-1]
    assert words in run.output


def test_hints_come_one_by_one(run_kata: RunKata, tmp_path: Path) -> None:
    """Each time one more, nothing is run; past the last one the solution is named."""
    run = run_kata(KATA, options=("--hint",))
    assert run.returncode == 0
    assert "Hint 1 of" in run.output
    hints = [next_hint(KATA, tmp_path / "state") for _ in range(8)]
    assert hints[0].startswith("Hint 2 of")
    assert "solution.md" not in hints[0]
    assert "solution.md" in hints[-1]
