"""The command line of `./run dojo`, and how the script gets there."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from dojo.cli.main import main
from tests.support.project import ROOT


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "COMMAND"),
        (["down"], "invalid choice: 'down'"),
        (["up", "--for", "3x"], "'3x' is no length of time; write it like 60, 90s, 10m or 1h"),
        (["up", "--for", "25h"], "longer than 24h"),
        (["up", "--port", "99999"], "'99999' is no port; it can be 0 to 65535"),
        (["up", "--port", "-1"], "no port"),
        (["up", "--rate", "0"], "'0' is no rate; it can be up to 50"),
        (["up", "--rate", "nan"], "no rate"),
        (["up", "--rate", "fast"], "no rate"),
        (["up", "extra"], "unrecognized arguments: extra"),
    ],
)
def test_a_usage_that_there_is_not(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2, the usage, and what is wrong."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("usage: ./run dojo")
    assert told in said


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["up", "--app", "nowhere"], r"There is no app at .*nowhere"),
        (["up", "--host", "8.8.8.8"], "--host can be"),
    ],
)
def test_a_setting_that_cannot_be_used(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 1 and one line."""
    assert main(arguments) == 1
    said = capsys.readouterr().err
    assert said.startswith("BadSetting: ")
    assert len(said.splitlines()) == 1
    assert re.search(told, said)


@pytest.mark.parametrize("command", [["--help"], ["up", "--help"], ["export", "--help"]])
def test_help_fits_and_names_every_default(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Help is status 0 and 80 columns wide."""
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as ended:
        main(command)
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= 80
    if command == ["up", "--help"]:
        for option in ("--for", "--port", "--host", "--rate", "--no-load", "--reload", "--app"):
            assert option in said
        assert len(re.findall(r"\(default:", said)) == 5


def test_run_dojo_is_the_module_from_any_folder(tmp_path: Path) -> None:
    """`./run dojo …` runs `python -m dojo …` with the project on the path; others are as before."""
    project = tmp_path / "a project"
    (project / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "run", project / "run")
    shutil.copy(ROOT / "requirements.lock", project)
    sum_of_lock = subprocess.run(
        ["cksum"], input=(ROOT / "requirements.lock").read_bytes(), capture_output=True, check=True
    ).stdout
    (project / ".venv" / ".made-from").write_bytes(sum_of_lock)
    python = project / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\nprintf "%s|" "$PYTHONPATH" "$@"\n')
    python.chmod(0o755)

    def run(*words: str) -> str:
        return subprocess.run(
            ["sh", str(project / "run"), *words],
            cwd=tmp_path,
            env={"PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert run("dojo", "up", "--for", "1 m") == f"{project}|-m|dojo|up|--for|1 m|"
    assert run("python", "-m", "dojo") == "|-m|dojo|"
