"""Every command that the documentation names is there, with the options that it names."""

import re
from pathlib import Path

import pytest

from dojo.cli.main import command_line
from tests.support.project import ROOT

DOCS = sorted(
    path
    for pattern in ("*.md", "docs/*.md", "app/*.md", "katas/*/*.md", "katas/*/.meta/*.md")
    for path in ROOT.glob(pattern)
)
COMMANDS = command_line().commands
# what follows `./run dojo` in a line, up to what ends a command in prose, code or a table
DOJO = re.compile(r"\./run dojo ((?:[^`\n|;#&<)]|\\\|)*)")
PYTEST = re.compile(r"\./run pytest ((?:[^`\n|;#&<)]|\\\|)*)")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
OUR_OPTIONS = {"--hint", "--plan-seed", "--load-factor", "--app", "--long"}
PYTESTS_OPTIONS = {"--help", "--durations", "--junitxml", "--benchmark-disable"}


def commands_of(path: Path, pattern: re.Pattern[str]) -> list[str]:
    return [match.strip() for match in pattern.findall(path.read_text(encoding="utf-8"))]


def test_the_documentation_names_commands() -> None:
    """Else the tests below hold nothing; every command stands somewhere."""
    named = {line.split()[0] for path in DOCS for line in commands_of(path, DOJO) if line}
    assert set(COMMANDS) <= named, set(COMMANDS) - named


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_and_options_exist(path: Path) -> None:
    """`./run dojo COMMAND --option`: both are there; of `./run pytest` the options are ours."""
    for line in commands_of(path, DOJO):
        name = re.split(r"[ .,:]", line)[0].rstrip("'\"")
        if name in ("", "COMMAND", "…", "--help"):
            continue
        assert name in COMMANDS, f"{path.name}: ./run dojo {line}"
        known = {option for each in COMMANDS[name].params for option in each.opts} | {"--help"}
        unknown = set(OPTION.findall(line)) - known
        assert not unknown, f"{path.name}: ./run dojo {line}: there is no {unknown}"
    for line in commands_of(path, PYTEST):
        unknown = set(OPTION.findall(line)) - OUR_OPTIONS - PYTESTS_OPTIONS
        assert not unknown, f"{path.name}: ./run pytest {line}: is there {unknown}?"
        for kata in re.findall(r"katas/(\d\d-[a-z-]+)", line):
            invented = path.name == "CONTRIBUTING.md"  # it shows how to make one
            assert invented or (ROOT / "katas" / kata).is_dir(), line
