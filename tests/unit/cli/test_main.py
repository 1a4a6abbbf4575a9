"""The command line of `./run dojo`."""

import re

import pytest

from dojo.cli.main import main


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "COMMAND"),
        (["down"], "invalid choice: 'down'"),
        (["up", "--for", "3x"], "'3x' is no length of time; write it like 60, 90s, 10m or 1h"),
        (["up", "--for", "25h"], "longer than 24h"),
        (["up", "--port", "99999"], "'99999' is no port; it can be 0 to 65535"),
        (["up", "--port", "-1"], "no port"),
        (["up", "--board-port", "65536"], "'65536' is no port; it can be 0 to 65535"),
        (["up", "--board-port", "-1"], "no port"),
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


COMMANDS = ("up", "sql", "clean", "export", "new", "check")


@pytest.mark.parametrize("command", [["--help"], *([name, "--help"] for name in COMMANDS)])
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
    if command == ["--help"]:
        assert [name for name in COMMANDS if f"    {name} " not in said] == []
    else:
        assert f"Example: ./run dojo {command[0]}" in said
    if command == ["up", "--help"]:
        options = ("--for", "--port", "--host", "--rate", "--no-load", "--reload", "--app")
        for option in (*options, "--no-board", "--board-port"):
            assert option in said
        assert len(re.findall(r"\(default:", said)) == 6
