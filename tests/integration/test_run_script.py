"""The script `./run`: which environment a command gets, how it is made, and what can go wrong.

The script runs in a copy of the project's outline. uv and Python are stand-ins that write down what
they were called with, so nothing is downloaded.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.project import ROOT
from tests.support.run_outline import KATAS, WHOLE, RunOutline, run_outline


@pytest.fixture
def project(tmp_path: Path) -> RunOutline:
    return run_outline(tmp_path)


@pytest.mark.parametrize(
    ("words", "lock"),
    [
        ("pytest katas/01-latency", KATAS),
        ("pytest katas", KATAS),
        ("pytest ./katas/01-latency --hint", KATAS),
        ("pytest -x -k slow katas/01-latency/test_latency.py::test_slow", KATAS),
        ("pytest --plan-seed 7 katas", KATAS),
        ("pytest katas/01-latenzy", KATAS),
        ("dojo up", KATAS),
        ("pytest", WHOLE),
        ("pytest -q", WHOLE),
        ("pytest -k katas/01-latency tests", WHOLE),
        ("pytest katas tests/unit", WHOLE),
        ("pytest -x tests/unit katas", WHOLE),
        ("pytest katas/../tests", WHOLE),
        ("pytest katas nowhere", WHOLE),
        ("ruff check", WHOLE),
        ("python -m dojo", WHOLE),
    ],
)
def test_a_command_gets_the_packages_that_it_needs(
    project: RunOutline, words: str, lock: str
) -> None:
    """Katas and `dojo` make do with the katas' lock; anything else gets the whole."""
    project.run(*words.split())
    assert project.calls() == ["make", f"install {lock}"]


def test_paths_count_from_where_one_is(project: RunOutline) -> None:
    """In katas/, `../run pytest 01-latency` is a kata; `../run pytest ../tests` is not."""
    katas = project.root / "katas"
    project.run("pytest", "01-latency", cwd=katas)
    assert project.calls() == ["make", f"install {KATAS}"]
    project.run("pytest", "../tests", cwd=katas)
    assert project.calls() == [f"install {WHOLE}"]


def test_an_environment_only_grows(project: RunOutline) -> None:
    """The whole is added to what is there, once; a kata afterwards takes nothing away."""
    project.run("pytest", "katas")
    project.run("pytest", "katas")
    assert project.calls() == ["make", f"install {KATAS}"]
    grown = project.run("ruff", "--version")
    assert (grown.stdout, project.calls()) == ("ruff --version\n", [f"install {WHOLE}"])
    for words in ("pytest katas", "ruff --version", "dojo up"):
        assert project.run(*words.split()).stderr == ""
    assert project.calls() == []


@pytest.mark.parametrize("lock", [KATAS, WHOLE])
def test_a_changed_lock_makes_the_environment_anew(project: RunOutline, lock: str) -> None:
    """What is no longer in a lock must not linger."""
    command = ["pytest", "katas"] if lock == KATAS else ["pytest"]
    project.run(*command)
    (project.root / lock).write_text("pytest==10\n")
    project.calls()
    project.run(*command)
    assert project.calls() == ["make", f"install {lock}"]


def test_a_half_made_environment_is_never_taken_as_ready(project: RunOutline) -> None:
    """A failed installation is status 1 with a next step, and the next call starts over."""
    (project.root / "no network").touch()
    failed = project.run("pytest", "katas")
    assert failed.returncode == 1
    assert "could not be made. Check the network" in failed.stderr
    assert not (project.root / ".venv.lock").exists()
    (project.root / "no network").unlink()
    project.calls()
    assert project.run("pytest", "katas").stdout == "pytest katas\n"
    assert project.calls() == ["make", f"install {KATAS}"]


def test_a_failed_addition_leaves_the_katas_running(project: RunOutline) -> None:
    """Without a network katas go on as before; the whole is then made anew, not patched up."""
    project.run("pytest", "katas")
    (project.root / "no network").touch()
    assert project.run("ruff").returncode == 1
    project.calls()
    assert project.run("pytest", "katas").returncode == 0
    assert project.calls() == []
    (project.root / "no network").unlink()
    assert project.run("ruff").stdout == "ruff\n"
    assert project.calls() == ["make", f"install {WHOLE}"]


def test_a_linked_environment_is_left_alone(project: RunOutline) -> None:
    """If it does not fit, this project gets one of its own, and the other keeps what it has."""
    other = project.root.parent / "other"
    other.mkdir()
    (other / "kept").touch()
    (project.root / ".venv").symlink_to(other)
    assert project.run("pytest", "katas").stdout == "pytest katas\n"
    assert not (project.root / ".venv").is_symlink()
    assert [path.name for path in other.iterdir()] == ["kept"]


def test_an_environment_that_was_moved_is_made_anew(project: RunOutline) -> None:
    """Its commands would start the Python of the old place."""
    project.run("pytest", "katas")
    project.calls()
    moved = RunOutline(project.root.rename(project.root.parent / "moved"), project.stand_ins)
    assert moved.run("pytest", "katas").stdout == "pytest katas\n"
    assert moved.calls() == ["make", f"install {KATAS}"]


def test_a_python_that_is_gone_is_replaced(project: RunOutline) -> None:
    """A link to a Python that was taken away, and one that no longer starts."""
    for broken in ("#!/bin/sh\nexit 1\n", None):
        project.run("pytest", "katas")
        project.calls()
        python = project.root / ".venv" / "bin" / "python"
        python.unlink()
        if broken is None:
            python.symlink_to("/nonexistent/python3")
        else:
            python.write_text(broken)
            python.chmod(0o755)
        assert project.run("pytest", "katas").stdout == "pytest katas\n"
        assert project.calls() == ["make", f"install {KATAS}"]


def test_variables_of_other_tools_reach_nothing(project: RunOutline) -> None:
    """What would install elsewhere, or change which Python code runs, is not passed on."""
    names = ("PYTHONPATH", "PYTHONOPTIMIZE", "PYTHONWARNINGS", "PIP_TARGET", "PIP_USER")
    assignments = [f"{name}=x" for name in names]
    shown = subprocess.run(
        ["env", *assignments, "/bin/sh", str(project.root / "run"), "sh", "-c", "env"],
        env=project.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert shown.returncode == 0
    assert not [line for line in shown.stdout.splitlines() if line.split("=")[0] in names]


def test_pip_does_what_uv_does(project: RunOutline) -> None:
    """DOJO_INSTALLER=pip makes and adds in the same steps."""
    project.run("python", "-m", "dojo", DOJO_INSTALLER="pip")
    assert project.calls() == ["make", f"install {WHOLE}"]
    shutil.rmtree(project.root / ".venv")
    project.run("dojo", DOJO_INSTALLER="pip")
    assert project.calls() == ["make", f"install {KATAS}"]
    project.run("python", DOJO_INSTALLER="pip")
    assert project.calls() == [f"install {WHOLE}"]


def test_run_dojo_is_the_module_from_any_folder(project: RunOutline, tmp_path: Path) -> None:
    """`./run dojo …` runs `python -m dojo …` with the project on the path; others are as before."""
    up = project.run("dojo", "up", "--for", "1 m", cwd=tmp_path)
    assert up.stdout == f"{project.root}|-m|dojo|up|--for|1 m|"
    assert project.run("python", "-m", "dojo", cwd=tmp_path).stdout == "|-m|dojo|"


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        ([], 2, "usage: ./run CMD"),
        (["--hint"], 2, "./run: there is no option --hint."),
        (["nosuchcommand"], 127, "./run: there is no command 'nosuchcommand'"),
    ],
)
def test_bad_input_is_refused(
    project: RunOutline, words: list[str], status: int, message: str
) -> None:
    """The status says what kind of mistake it is, and the first line what is wrong."""
    project.run("ruff")
    refused = project.run(*words)
    assert (refused.returncode, refused.stdout) == (status, "")
    assert refused.stderr.startswith(message)


def test_help_needs_no_environment(project: RunOutline) -> None:
    """--help is status 0 and installs nothing."""
    shown = project.run("--help")
    assert (shown.returncode, shown.stderr, project.calls()) == (0, "", [])
    assert "./run pytest katas/01-latency" in shown.stdout


def test_an_unknown_installer_is_refused(project: RunOutline) -> None:
    """DOJO_INSTALLER can be uv or pip."""
    refused = project.run("ruff", DOJO_INSTALLER="conda")
    assert refused.returncode == 1
    assert "DOJO_INSTALLER is 'conda'; it can be uv or pip." in refused.stderr


def test_without_a_python_the_message_names_the_versions(
    project: RunOutline, tmp_path: Path
) -> None:
    """No Python that fits is status 1 and says which do."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("dirname", "cat", "cksum", "mkdir", "rm", "head"):
        (tools / name).symlink_to(str(shutil.which(name)))
    refused = project.run("pytest", PATH=str(tools))
    assert refused.returncode == 1
    assert "SLO Dojo needs Python 3.11 to 3.14, and none was found" in refused.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only_is_named(project: RunOutline) -> None:
    """Where .venv can't be made, the message says where that is."""
    project.root.chmod(0o555)
    refused = project.run("pytest", "katas")
    project.root.chmod(0o755)
    assert refused.returncode == 1
    assert f"{project.root} is not writable" in refused.stderr


def test_check_runs_the_checks_and_takes_no_arguments(project: RunOutline) -> None:
    """`./run check` is tools/check; a kata's name belongs to `./run dojo check`."""
    shutil.copy(ROOT / "tools" / "check", project.root / "tools")
    refused = project.run("check", "01-latency")
    assert (refused.returncode, project.calls()) == (2, ["make", f"install {WHOLE}"])
    assert "./run dojo check checks a kata" in refused.stderr


@pytest.mark.parametrize("broken", [None, "ruff", "mypy", "pytest"])
def test_check_names_what_failed_and_how_to_mend_it(
    project: RunOutline, broken: str | None
) -> None:
    """Every step runs; each that failed shows its output and the command to use."""
    shutil.copy(ROOT / "tools" / "check", project.root / "tools")
    project.run("ruff")
    for name in ("ruff", "mypy", "pytest"):
        tool = project.root / ".venv" / "bin" / name
        owner = tool.parent.resolve() / "python"  # whose tool it says it is
        script = f"# {owner}\necho output of {name}\nexit {int(name == broken)}\n"
        tool.write_text(f"#!/bin/sh\n{script}")
        tool.chmod(0o755)
    checked = project.run("check")
    failed = [line for line in checked.stdout.splitlines() if "FAILED" in line]
    steps = {None: [], "ruff": ["format", "lint"], "mypy": ["types"], "pytest": ["tests"]}[broken]
    assert checked.returncode == int(broken is not None)
    assert [line.split()[0] for line in failed] == steps
    assert all("./run " in line for line in failed)
    assert checked.stdout.count(" ok: output of ") == 4 - len(steps)
