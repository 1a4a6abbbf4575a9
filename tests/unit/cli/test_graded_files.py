"""`./run dojo graded-files`: what is said of a submission."""

import io
import shutil
import subprocess
from pathlib import Path

import pytest

from dojo.cli.graded_files import LOCKS, MOST_NAMES, run
from dojo.errors import BadSetting
from dojo.kata.graded_files import GRADED_FILES, GRADED_FOLDERS


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A small project."""
    root = tmp_path / "release"
    folders = [f"{folder}/x.py" for folder in GRADED_FOLDERS]
    for name in (*folders, "app/main.py", *GRADED_FILES, *LOCKS):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"{name}\n")
    return root


@pytest.fixture
def submission(release: Path) -> Path:
    """The same, handed in."""
    return Path(shutil.copytree(release, release.parent / "submission"))


def said(submission: Path | None, root: Path, release: str | None = None) -> tuple[int, str]:
    stream = io.StringIO()
    status = run(None if submission is None else str(submission), release, root, stream)
    return status, stream.getvalue()


def test_another_app_is_what_is_wanted(submission: Path, release: Path) -> None:
    """No graded file differs."""
    (submission / "app/main.py").write_text("x = 1\n")
    assert said(submission, release) == (0, "No graded file differs from the release.\n")


def test_graded_files_that_differ_are_named(submission: Path, release: Path) -> None:
    """Locks among them; no name can write into a terminal or a CI's log."""
    (submission / "requirements.lock").write_text("evil==1\n")
    (submission / "katas/a\n::error::b.py").write_text("")
    status, text = said(submission, release)
    assert status == 1
    assert text.startswith("2 graded files differ from the release:\n")
    assert "  - requirements.lock\n" in text
    assert "  - katas/a ::error::b.py\n" in text


def test_many_names_are_cut_short(submission: Path, release: Path) -> None:
    """The rest is counted."""
    for number in range(MOST_NAMES + 2):
        (submission / f"seed/{number:03}.py").write_text("")
    assert "  and 2 more files\n" in said(submission, release)[1]


def test_app_alone_may_be_handed_in(submission: Path, release: Path) -> None:
    """Without any graded file none can differ; without an app there is nothing to judge."""
    for name in (*GRADED_FOLDERS, *GRADED_FILES, *LOCKS):
        path = submission / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    assert said(submission, release)[0] == 0
    shutil.rmtree(submission / "app")
    status, text = said(submission, release)
    assert (status, "no folder app/" in text) == (1, True)


def test_a_release_may_be_a_commit(submission: Path, release: Path) -> None:
    """So a learner finds out before handing in."""
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "release"]):
        subprocess.run([*git, *words], cwd=release, check=True)
    assert said(None, release, "HEAD")[0] == 0
    (release / "run").write_text("changed\n")
    assert said(None, release, "HEAD")[0] == 1
    assert said(submission, release, "HEAD")[0] == 0
    with pytest.raises(BadSetting, match="no commit of this clone"):
        said(None, release, "no-such-tag")


def test_a_release_is_not_compared_with_itself(release: Path) -> None:
    """That would always be right."""
    with pytest.raises(BadSetting, match="is the release itself"):
        said(release, release)
