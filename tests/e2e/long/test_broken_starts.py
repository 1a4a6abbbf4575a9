"""More apps that can't start, each through a whole run (tests/e2e/test_bad_input.py has two)."""

import pytest

from tests.support.kata_run import KATAS, RunKata, appended


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("home.py", "\nimport nosuchthing\n", ("AppDidNotStart", "nosuchthing", "app/home.py:")),
        ("main.py", "\nraise SystemExit(3)\n", ("AppDidNotStart",)),
    ],
    ids=["import", "exit"],
)
def test_an_app_that_ends_while_it_starts_is_a_failure(
    name: str, text: str, words: tuple[str, ...], run_kata: RunKata
) -> None:
    """It fails at once, by the learner's fault, with no verdict about speed."""
    run = run_kata(KATAS[0], edit=appended(name, text))
    assert run.returncode == 1
    assert "1 failed" in run.output
    assert "error" not in run.output.splitlines()[-1]
    assert run.report is None
    for word in words:
        assert word in run.output
