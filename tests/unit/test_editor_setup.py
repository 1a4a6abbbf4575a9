"""The editor's settings, its tasks and the development container say what the project has."""

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest

from dojo.cli.board_server import USUAL_PORT
from dojo.cli.main import command_line
from dojo.cli.up_options import UpOptions
from dojo.slo.catalog import kata_folders
from tests.support.project import ROOT

FILES = (
    ".devcontainer/devcontainer.json",
    ".vscode/extensions.json",
    ".vscode/settings.json",
    ".vscode/tasks.json",
)
KATAS = [folder.name for folder in kata_folders(ROOT)]


def read(name: str) -> Any:
    return json.loads((ROOT / name).read_text(encoding="utf-8"))


SETTINGS, TASKS = read(".vscode/settings.json"), read(".vscode/tasks.json")
CONTAINER = read(".devcontainer/devcontainer.json")


@pytest.mark.parametrize("name", FILES)
def test_files_are_plain_json(name: str) -> None:
    """No comments, so that every program reads them, and nobody's own paths."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert isinstance(json.loads(text), dict)
    assert not re.search(r"/home/|/Users/|C:\\", text)


def test_every_kata_has_a_task() -> None:
    """Task `kata 01` runs kata 01, and the commands that ask for a kata offer every one."""
    tasks = {task["label"]: task["args"] for task in TASKS["tasks"]}
    for kata in KATAS:
        assert tasks[f"kata {kata.partition('-')[0]}"] == ["pytest", f"katas/{kata}"]
    (choice,) = TASKS["inputs"]
    assert choice["options"] == KATAS


@pytest.mark.parametrize("task", TASKS["tasks"], ids=lambda task: task["label"])
def test_a_task_is_a_command_that_there_is(task: dict[str, Any]) -> None:
    """`./run`, then pytest or a command of `./run dojo` with options that it has."""
    assert (task["command"], task["type"]) == ("./run", "shell")
    program, command, *options = task["args"]
    assert program in ("pytest", "dojo")
    if program == "dojo":
        known = {name for each in command_line().commands[command].params for name in each.opts}
        assert {each for each in options if each.startswith("--")} <= known


def test_the_container_forwards_the_ports_of_up() -> None:
    """The shop's and the board's, as `./run dojo up` opens them."""
    assert CONTAINER["forwardPorts"] == [UpOptions().port, USUAL_PORT]
    assert set(CONTAINER["portsAttributes"]) == {str(UpOptions().port), str(USUAL_PORT)}


def test_the_container_is_pinned_and_needs_no_docker() -> None:
    """A version of the image and of Python that the project runs on; Postgres from the wheel."""
    version = re.fullmatch(r"[\w./]+:\d+-3\.(\d+)-\w+", CONTAINER["image"])
    assert version is not None
    assert 11 <= int(version[1]) <= 14
    assert CONTAINER["containerEnv"] == {"DOJO_POSTGRES": "embedded"}
    assert CONTAINER["updateContentCommand"].startswith("./run dojo ")


def test_the_editor_takes_the_environment_of_run() -> None:
    """The interpreter is that of .venv, which `./run` makes."""
    assert SETTINGS["python.defaultInterpreterPath"] == "${workspaceFolder}/.venv/bin/python"
    assert "\nvenv=$root/.venv\n" in (ROOT / "run").read_text(encoding="utf-8")


def test_the_editor_finds_every_kata() -> None:
    """Collected as an editor does: the interpreter itself, with --rootdir and no PYTHONPATH."""
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    command = ["-m", "pytest", "--collect-only", "-q", *SETTINGS["python.testing.pytestArgs"]]
    collected = subprocess.run(
        [sys.executable, *command, f"--rootdir={ROOT}"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert collected.returncode == 0, collected.stdout + collected.stderr
    for kata in KATAS:
        assert f"katas/{kata}/test_" in collected.stdout
