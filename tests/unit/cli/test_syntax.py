"""dojo.cli.syntax: an app that can't be compiled is said to be so before it is run."""

from pathlib import Path

import pytest

from dojo.cli.syntax import syntax_problem
from tests.support.project import ROOT


def test_the_shipped_app_can_be_compiled() -> None:
    """It has no such problem."""
    assert syntax_problem(ROOT / "app") is None


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def page(:\n", "app/home.py:1: "),
        ("def page():\n  return (1\n", "app/home.py:2: '(' was never closed"),
        ("if True:\nx = 1\n", "app/home.py:2: expected an indented block"),
        ("x = 1\0", "app/home.py"),
    ],
)
def test_file_line_and_what_is_wrong(source: str, message: str, tmp_path: Path) -> None:
    """As Python says it, with the line itself."""
    app = tmp_path / "app"
    app.mkdir()
    (app / "fine.py").write_text("x = 1\n")
    (app / "home.py").write_text(source)
    problem = syntax_problem(app)
    assert problem is not None
    assert problem.startswith(message)
    assert "\0" in source or source.splitlines()[-1].strip() in problem
