"""The script `./run`: packages that `./run dojo prepare` keeps, and environments made of them.

uv, pip and Python are stand-ins that write down what they were called with.
"""

import subprocess
from pathlib import Path

import pytest

from dojo.settings import cache_folder
from tests.support.run_outline import KATAS, WHOLE, RunOutline, run_outline

FETCH = f"fetch {KATAS}"


@pytest.fixture
def project(tmp_path: Path) -> RunOutline:
    return run_outline(tmp_path)


def packages(project: RunOutline) -> Path:
    return project.stand_ins.parent / "a cache" / "packages"


def another_clone(project: RunOutline) -> RunOutline:
    folder = project.stand_ins.parent / "again"
    folder.mkdir()
    return RunOutline(run_outline(folder).root, project.stand_ins)


@pytest.mark.parametrize("installer", ["uv", "pip"])
def test_a_second_clone_takes_the_kept_packages(project: RunOutline, installer: str) -> None:
    """They are fetched once; without a network the second clone's environment is made of them."""
    assert project.run("dojo", "prepare").returncode == 0
    assert project.calls() == ["make", f"install {KATAS}", FETCH]
    assert project.run("dojo", "prepare").returncode == 0
    assert project.calls() == []
    clone = another_clone(project)
    (clone.root / "no network").touch()
    assert clone.run("dojo", "next", DOJO_INSTALLER=installer).returncode == 0
    assert clone.calls() == ["make", f"install {KATAS} as kept"]


def test_other_content_keeps_its_own(project: RunOutline) -> None:
    """A clone with another lock does not take these for all that it needs; both stay."""
    project.run("dojo", "prepare")
    clone = another_clone(project)
    (clone.root / KATAS).write_text("pytest==10\n")
    clone.run("dojo", "prepare")
    assert clone.calls() == ["make", f"install {KATAS}", FETCH]
    assert len(list(packages(project).glob(".all-of-*"))) == 2
    project.calls()
    project.run("dojo", "prepare")
    assert project.calls() == []


def test_only_the_katas_packages_are_kept(project: RunOutline) -> None:
    """What development adds comes from the network."""
    project.run("dojo", "prepare")
    project.calls()
    project.run("ruff")
    assert project.calls() == [f"install {WHOLE}"]


def test_without_a_network_nothing_counts_as_kept(project: RunOutline) -> None:
    """The message says what to check, the rest is prepared, and the next call fetches anew."""
    project.run("dojo", "next")
    (project.root / "no network").touch()
    refused = project.run("dojo", "prepare")
    assert "The packages could not be kept. Check the network, and the room in " in refused.stderr
    assert refused.stdout.endswith("|-m|dojo|prepare|")
    assert list(packages(project).iterdir()) == []
    (project.root / "no network").unlink()
    project.calls()
    assert "could not be kept" not in project.run("dojo", "prepare").stderr
    assert project.calls() == [FETCH]


def test_what_an_interrupted_call_has_left_is_taken_away(project: RunOutline) -> None:
    """Half-fetched packages of a process that is gone, and its own."""
    with subprocess.Popen(["true"]) as gone:
        gone.wait()
    left = packages(project) / f".fetching-{gone.pid}"
    (left / "venv").mkdir(parents=True)
    project.run("dojo", "prepare")
    assert not left.exists()
    assert [path.name for path in packages(project).glob("[!.]*")] == ["pytest-9.whl"]
    assert not list(packages(project).glob(".fetching-*"))


def test_packages_that_do_not_do_are_fetched_again(project: RunOutline) -> None:
    """Where one is damaged the environment is made from the network, and it is said."""
    project.run("dojo", "prepare")
    clone = another_clone(project)
    (clone.root / "spoiled").touch()
    made = clone.run("pytest", "katas")
    assert "did not do; now from the network." in made.stderr
    assert clone.calls() == ["make", f"install {KATAS} as kept", f"install {KATAS}"]


def test_help_and_check_fetch_nothing(project: RunOutline) -> None:
    """They only look."""
    project.run("dojo", "next")
    project.calls()
    for option in ("--help", "-h", "--check"):
        project.run("dojo", "prepare", option)
    assert project.calls() == []


@pytest.mark.parametrize(
    "variables",
    [
        {"DOJO_CACHE": "{0}/chosen"},
        {"XDG_CACHE_HOME": "{0}/xdg/cache"},
        {"XDG_CACHE_HOME": "relative", "HOME": "{0}"},
        {"XDG_CACHE_HOME": "", "HOME": "{0}"},
        {"HOME": "{0}/missing"},
        {"HOME": ""},
        {},
    ],
)
def test_the_script_and_the_grader_have_one_cache(
    project: RunOutline, tmp_path: Path, variables: dict[str, str]
) -> None:
    """Whatever is set, the packages lie in the folder where the databases do."""
    environment = {name: value.format(tmp_path) for name, value in variables.items()}
    shell = {**project.environment, **environment}
    if "DOJO_CACHE" not in variables:
        del shell["DOJO_CACHE"]
    subprocess.run(
        ["/bin/sh", str(project.root / "run"), "dojo", "prepare"],
        env=shell,
        capture_output=True,
        check=True,
        timeout=60,
    )
    expected = cache_folder(project.root, environment)
    assert (expected / "packages" / "pytest-9.whl").is_file()
    assert expected.is_relative_to(tmp_path)
