"""The command line of `./run dojo`."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from dojo.cli.main import command_line, main
from tests.support.project import ROOT

COMMANDS = tuple(command_line().commands)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["down"], r"No such command 'down'\.\nThe commands are: .*\bup\b"),
        (["chek"], "Did you mean 'check'"),
        (["up", "--relaod"], "No such option: --relaod. Did you mean --reload?"),
        (["up", "--zzz"], r"No such option: --zzz\.\nThe options are: --for, --port, "),
        (["up", "--for"], "Option '--for' requires an argument"),
        (["up", "--for", "3x"], "'3x' is no length of time; write it like 60, 90s, 10m or 1h"),
        (["up", "--for", "25h"], "longer than 24h"),
        (["up", "--port", "99999"], "'99999' is no port; it can be 0 to 65535"),
        (["up", "--port", "-1"], "no port"),
        (["up", "--board-port", "65536"], "'65536' is no port; it can be 0 to 65535"),
        (["up", "--board-port", "-1"], "no port"),
        (["up", "--rate", "0"], "'0' is no rate; it can be up to 50"),
        (["up", "--rate", "nan"], "no rate"),
        (["up", "--rate", "fast"], "no rate"),
        (["up", "extra"], "unexpected extra argument"),
        (["sql"], "Missing argument 'SQL'"),
        (["export", "k6"], "Which kata"),
        (["export", "k7"], "'k7' is not one of"),
        (["export", "grafana", "01"], "A kata and --to are for"),
        (["graded-files"], "Name a submission, or a release"),
    ],
)
def test_a_usage_that_there_is_not(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2, the usage, what is wrong, what there is, and where the help is."""
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert re.search(r"^Error: ", output.err, flags=re.M)
    assert re.search(message, output.err) or message in output.err
    assert output.err.endswith(" --help\n")
    assert output.out == ""


def test_no_command_shows_all(capsys: pytest.CaptureFixture[str]) -> None:
    """`./run dojo` alone is the help, and status 2."""
    assert main([]) == 2
    output = capsys.readouterr().out
    assert [name for name in COMMANDS if f" {name} " not in output] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["up", "--app", "nowhere"], r"There is no app at .*nowhere"),
        (["up", "--host", "8.8.8.8"], "--host can be"),
        (["check", "04-nothing"], r"no kata '04-nothing'\. The katas are: 01-latency, "),
        (["check", "01-latencyy"], "Did you mean 01-latency?"),
    ],
)
def test_a_setting_that_cannot_be_used(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 1 and one line."""
    assert main(arguments) == 1
    output = capsys.readouterr().err
    assert output.startswith("BadSetting: ")
    assert len(output.splitlines()) == 1
    assert re.search(message, output)


@pytest.mark.parametrize("columns", [60, 80, 100, 140])
@pytest.mark.parametrize("command", [["--help"], *([name, "--help"] for name in COMMANDS)])
def test_help_fits_and_has_an_example(
    command: list[str],
    columns: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Help is status 0, as wide as the terminal, and shows how the command is written."""
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(command) == 0
    output = capsys.readouterr().out
    assert max(map(len, output.splitlines())) <= columns
    assert "…│" not in output.replace(" ", "")  # nothing is cut off
    if command == ["--help"]:
        assert [name for name in COMMANDS if f" {name} " not in output] == []
    else:
        assert f"Example: ./run dojo {command[0]}" in " ".join(output.split())


def test_help_names_every_default(capsys: pytest.CaptureFixture[str]) -> None:
    """Each option of `up` that has a value says which it has if nobody gives one."""
    assert main(["up", "--help"]) == 0
    output = " ".join(capsys.readouterr().out.replace("│", " ").split())
    defaults = re.findall(r"\[default: ([^\]]+)\]", output)
    port = "3001, or any free port where that is taken"
    assert defaults == ["1h", "3000", "127.0.0.1", "1", port, "app/"]


@pytest.mark.parametrize(
    "variables",
    [{"TERM": "dumb"}, {"NO_COLOR": "1", "TERM": "xterm-256color"}, {"PYTHONIOENCODING": "ascii"}],
    ids=["dumb", "no color", "ascii"],
)
def test_help_without_colors(variables: dict[str, str]) -> None:
    """No escape sequence, and no character that the terminal can't show."""
    output = subprocess.run(
        [sys.executable, "-m", "dojo", "--help"],
        cwd=ROOT,
        env={"LC_ALL": "C", "COLUMNS": "80", **variables},
        capture_output=True,
        check=True,
    ).stdout
    assert b"\x1b" not in output
    if "PYTHONIOENCODING" in variables:
        assert output.isascii()


def test_a_commands_module_is_imported_when_it_is_called() -> None:
    """The command line itself loads neither a driver, nor a client, nor pytest."""
    loaded = subprocess.run(
        [sys.executable, "-c", "import dojo.cli.main, sys; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    heavy = {"psycopg", "httpx", "pytest", "faker", "testcontainers", "jinja2", "numpy"}
    assert not heavy & set(loaded)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["status"], "not started"),
        (["status", "--json"], '"state": "not started"'),
        (["next"], "./run dojo watch 01"),
        (["next", "--minutes", "10"], "10 minutes are enough"),
        (["history", "latency"], "no attempt at 01-latency yet"),
        (["hint", "katas/01-latency/"], "Hint 1"),
    ],
)
def test_what_needs_no_run_answers_at_once(
    arguments: list[str],
    text: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Status 0 and an answer, on a project where nothing was run yet."""
    monkeypatch.setenv("DOJO_STATE", str(tmp_path))
    assert main(arguments) == 0
    assert text in capsys.readouterr().out


@pytest.mark.parametrize("command", ["watch", "hint", "history", "try-solution", "reset"])
def test_a_kata_that_there_is_not(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is asked of it, the answer is which katas there are; nothing is changed."""
    assert main([command, "99-nothing"]) == 1
    assert "The katas are: 01-latency, " in capsys.readouterr().err


def test_a_hint_that_was_not_given_yet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says which were, and how to have the next one."""
    monkeypatch.setenv("DOJO_STATE", str(tmp_path))
    assert main(["hint", "01", "99"]) == 1
    assert "no hint 99 of 01-latency" in capsys.readouterr().err
