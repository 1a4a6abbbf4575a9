"""`./run dojo new` and `./run dojo check`, on a copy of the project."""

import re
from pathlib import Path

import pytest

from tests.support.project_copy import copy_project, run_python


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_project(tmp_path)


def test_the_katas_of_the_project_break_no_rule(project: Path) -> None:
    """Without a name all are checked; the status is 0."""
    done = run_python(project, "dojo", "check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.partition(":")[2] for line in done.stdout.splitlines()] == [
        " every rule holds" for _ in list((project / "katas").glob("*/slo.yaml"))
    ]


def test_a_new_kata_is_a_draft_that_says_what_is_missing(project: Path) -> None:
    """Every file is named with what to do; what `new` wrote itself is in order."""
    made = run_python(project, "dojo", "new", "91-try-it")
    assert made.returncode == 0, made.stderr
    folder = project / "katas" / "91-try-it"
    assert (folder / "test_try_it.py").is_file()
    assert "$" not in (folder / "README.md").read_text()
    done = run_python(project, "dojo", "check", "91-try-it")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0].startswith("91-try-it, a draft")
    named = {line.strip().partition(": ")[0] for line in lines if re.match(r"  \S", line)}
    meta = "katas/91-try-it/.meta"
    assert named == {
        f"{meta}/kata.toml",
        f"{meta}/solution.patch",
        f"{meta}/solution.md",
        f"{meta}/faults/",
        f"{meta}/fixes/",
        f"{meta}/cheats/",
        f"{meta}/kata.toml:3",
        "katas/91-try-it/README.md:3",
        f"{meta}/hints.md",
        f"{meta}/hints.md:5",
        "katas/91-try-it/slo.yaml:6",
        "grafana/rules/91-try-it.yml",
        "grafana/dashboards/slo-dojo.json",
        "README.md",
    }
    assert "the check pages_right has no cheat" in done.stdout


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("checkout", "Take two digits, a dash"),
        ("4-checkout", "Take two digits, a dash"),
        ("04-Checkout", "Take two digits, a dash"),
        ("04-check_out", "Take two digits, a dash"),
        ("../04-checkout", "Take two digits, a dash"),
        (f"04-{'long' * 10}", "40 characters in all at most"),
        ("01-checkout", "katas/01-latency has the number 01 already. The next free one: "),
        ("01-latency", "katas/01-latency is there already"),
    ],
)
def test_a_name_that_cannot_be_had(project: Path, name: str, words: str) -> None:
    """The message says what is possible, and nothing is written."""
    before = sorted(project.rglob("*.yaml"))
    done = run_python(project, "dojo", "new", name)
    assert done.returncode == 1
    assert done.stderr.startswith("BadSetting: ")
    assert words in done.stderr
    assert sorted(project.rglob("*.yaml")) == before


def test_a_kata_that_there_is_not(project: Path) -> None:
    """Those that there are, are named."""
    done = run_python(project, "dojo", "check", "09-nothing")
    assert done.returncode == 1
    assert "There is no kata '09-nothing'" in done.stderr
    assert "01-latency, 02-login-errors, 03-search" in done.stderr


def test_a_changed_app_is_noticed(project: Path) -> None:
    """A patch that does not apply any more is named with git's words."""
    module = project / "app" / "from_your_sellers.py"
    module.write_text(module.read_text().replace("async def", "def"))
    done = run_python(project, "dojo", "check", "01-latency")
    assert done.returncode == 1
    assert (
        ".meta/solution.patch: the patch does not apply: patch failed: app/from_your_sellers.py:"
        in (done.stdout)
    )


def test_a_broken_test_file_is_a_finding(project: Path) -> None:
    """A kata whose module can't be imported is told as one thing that is wrong."""
    test_file = project / "katas" / "01-latency" / "test_latency.py"
    test_file.write_text("import nosuchmodule\n")
    done = run_python(project, "dojo", "check", "01-latency")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "not known: ModuleNotFoundError: No module named 'nosuchmodule'" in done.stdout


def test_a_draft_runs_only_if_it_is_named(project: Path) -> None:
    """`pytest katas` says that it leaves it out; named by folder, file or test it is collected."""
    run_python(project, "dojo", "new", "91-try")

    def collected(*paths: str) -> str:
        done = run_python(project, "pytest", *paths, "--collect-only", "-q")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    note = "91-try is a draft and left out; ./run pytest katas/91-try runs it"
    everything = collected("katas")
    assert note in everything
    assert "katas/01-latency/test_latency.py::" in everything
    assert "katas/91-try/test_try.py::" not in everything
    for path in ("katas/91-try", "katas/91-try/", "katas/91-try/test_try.py::test_service_time"):
        named = collected(path)
        assert "katas/91-try/test_try.py::test_service_time" in named
        assert note not in named
