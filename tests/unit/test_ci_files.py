"""The CI files that people copy: docs/ci/."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from dojo.cli.main import command_line
from dojo.slo.catalog import kata_folders
from tests.support.project import ROOT

FOLDER = ROOT / "docs" / "ci"
GITHUB = sorted(FOLDER.glob("github-*.yml"))
GITLAB = FOLDER / "gitlab-katas.yml"
KATAS = [folder.name for folder in kata_folders(ROOT)]
PINNED = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40}")
MOST_MINUTES = 60


def read(path: Any) -> dict[str, Any]:
    return dict(yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader))


def jobs(path: Any) -> Iterator[dict[str, Any]]:
    yield from read(path)["jobs"].values()


def steps(path: Any) -> list[dict[str, Any]]:
    return [step for job in jobs(path) for step in job["steps"]]


def shell_of(path: Any) -> list[str]:
    """Every command that a file runs."""
    if path == GITLAB:
        job = read(path)["kata"]
        return [*job["before_script"], *job["script"], *job["after_script"]]
    texts = [step["run"] for step in steps(path) if "run" in step]
    for given in (step.get("with", {}) for step in steps(path)):
        texts += [given[key] for key in ("setup-command", "command") if key in given]
    return texts


def test_there_are_files() -> None:
    """Else the tests below hold nothing."""
    assert [path.name for path in GITHUB] == ["github-classroom.yml", "github-katas.yml"]
    assert GITLAB.is_file()
    assert not list((ROOT / ".github").glob("workflows/*")), "a fork would run it unasked"


@pytest.mark.parametrize("path", GITHUB, ids=lambda path: path.name)
def test_actions_are_pinned_by_their_whole_commit(path: Any) -> None:
    """A tag can be moved; the version stands beside the digits for people."""
    text = path.read_text(encoding="utf-8")
    used = re.findall(r"uses: (.*)", text)
    assert used
    for line in used:
        action, _, version = line.partition(" # ")
        assert PINNED.fullmatch(action), line
        assert re.fullmatch(r"v\d+(\.\d+\.\d+)?", version), line


@pytest.mark.parametrize("path", GITHUB, ids=lambda path: path.name)
def test_rights_are_least_and_time_is_bounded(path: Any) -> None:
    """It may read; no secret is named, and no token stays in a checkout."""
    assert read(path)["permissions"] == {"contents": "read"}
    written = {
        (path.name, right)
        for job in jobs(path)
        for right, value in job.get("permissions", {}).items()
        if value != "read"
    }
    assert written <= {("github-classroom.yml", "checks")}
    assert all(0 < int(job["timeout-minutes"]) <= MOST_MINUTES for job in jobs(path))
    text = path.read_text(encoding="utf-8")
    assert "secrets." not in text
    assert "pull_request_target" not in text
    checkouts = [step for step in steps(path) if "actions/checkout" in step.get("uses", "")]
    assert len(checkouts) == 2
    assert all(step["with"]["persist-credentials"] == "false" for step in checkouts)


@pytest.mark.parametrize("path", GITHUB, ids=lambda path: path.name)
def test_no_expression_stands_in_a_shell_command(path: Any) -> None:
    """What a name holds would become part of the command; variables carry it instead."""
    assert not [text for text in shell_of(path) if "${{" in text]


def test_every_kata_is_judged() -> None:
    """In each of the three files."""
    (job,) = jobs(FOLDER / "github-katas.yml")
    assert job["strategy"]["matrix"]["kata"] == KATAS
    assert job["strategy"]["fail-fast"] == "false"
    assert read(GITLAB)["kata"]["parallel"]["matrix"] == [{"KATA": KATAS}]
    names = [step["with"]["test-name"] for step in steps(FOLDER / "github-classroom.yml")[4:-2]]
    assert names == KATAS


def test_the_reporter_gets_every_result() -> None:
    """By the ids of the steps, as its documentation wants them; in the job that Classroom seeks."""
    path = FOLDER / "github-classroom.yml"
    assert list(read(path)["jobs"]) == ["run-autograding-tests"]
    ids = [step["id"] for step in steps(path) if "command-grader" in step.get("uses", "")]
    points = steps(path)[-1]
    assert points["with"]["runners"] == ",".join(ids)
    assert points["env"] == {
        f"{each.upper()}_RESULTS": f"${{{{ steps.{each}.outputs.result }}}}" for each in ids
    }


@pytest.mark.parametrize("path", [*GITHUB, GITLAB], ids=lambda path: path.name)
def test_the_release_judges_and_its_commands_exist(path: Any) -> None:
    """Graded files are compared before a kata runs, and only the submission's app is taken."""
    lines = [line for text in shell_of(path) for line in text.splitlines()]
    commands = command_line().commands
    named = re.findall(r"\./run dojo ([a-z-]+)((?: --[a-z]+)*)", "\n".join(lines))
    assert {name for name, _ in named} == {"graded-files", "report"}
    for name, options in named:
        known = {option for each in commands[name].params for option in each.opts}
        assert set(options.split()) <= known
    compared = next(place for place, line in enumerate(lines) if "dojo graded-files" in line)
    judged = next(place for place, line in enumerate(lines) if "./run pytest" in line)
    assert compared < judged
    assert all("--app " in line for line in lines if "./run pytest" in line)


def test_gitlab_keeps_the_same_rules() -> None:
    """A bounded time, results kept also of a red run, JUnit among them."""
    job = read(GITLAB)["kata"]
    assert job["timeout"] == "20 minutes"
    assert job["artifacts"]["when"] == "always"
    assert job["artifacts"]["reports"]["junit"].startswith(job["artifacts"]["paths"][0])
    assert any("fetch" in line and "DOJO_RELEASE_COMMIT" in line for line in job["before_script"])
