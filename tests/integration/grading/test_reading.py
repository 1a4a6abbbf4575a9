"""Submissions of every form, read into the place where they are judged."""

import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dojo.grading.bounds import BOUNDS
from dojo.grading.cohort import open_desk
from dojo.grading.judge import Desk
from dojo.grading.submission import Kind, Submission, Unreadable, kind_of
from tests.support.project import ROOT

SOLUTION = ROOT / "katas" / "04-alerts" / ".meta" / "solution.patch"
ADDED = """diff --git a/{0} b/{0}
new file mode 100644
--- /dev/null
+++ b/{0}
@@ -0,0 +1 @@
+x = 1
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(ROOT, tmp_path_factory.mktemp("state")) as opened:
        yield opened


def read(desk: Desk, path: Path | str, kind: Kind | None = None) -> tuple[str, set[str], str]:
    """(the alerts file's text, graded files that differ, the digest)."""
    argument = str(path)
    kind = kind or kind_of(argument, is_folder=Path(argument).is_dir(), exists=True)
    with desk.place(Submission("anna", argument, kind)) as (place, handed_in, _):
        app = place.release / "app"
        assert (app / "main.py").is_file()
        assert (place.release / "dojo" / "__main__.py").is_file()
        text = (app / "ops" / "alerts.yaml").read_text()
    assert not place.folder.exists()
    return text, set(handed_in.differing), handed_in.digest


@pytest.fixture
def clone(desk: Desk, tmp_path: Path) -> Path:
    """A project as handed in, with an app of its own."""
    desk.release.copy_whole(tmp_path / "clone")
    (tmp_path / "clone" / "app" / "ops" / "alerts.yaml").write_text("mine\n")
    return tmp_path / "clone"


def test_one_app_in_many_forms(desk: Desk, clone: Path, tmp_path: Path) -> None:
    """A clone, an app/, archives of both: the same content, with one digest."""
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as tar:
        tar.add(clone, "slo-dojo-main")
    shutil.make_archive(str(tmp_path / "b"), "zip", clone)
    forms = [clone, clone / "app", tmp_path / "a.tar.gz", tmp_path / "b.zip"]
    results = [read(desk, form) for form in forms]
    assert [text for text, _, _ in results] == ["mine\n"] * 4
    assert [differing for _, differing, _ in results] == [set()] * 4
    assert len({digest for _, _, digest in results}) == 1


def test_a_patch_is_applied_to_the_shipped_app(desk: Desk) -> None:
    """Whatever the clone's app/ looks like now."""
    text, differing, _ = read(desk, SOLUTION)
    assert text != (desk.release.app / "ops" / "alerts.yaml").read_text()
    assert differing == set()


def test_graded_files_that_differ_are_named(desk: Desk, clone: Path, tmp_path: Path) -> None:
    """Of a folder and of a patch; what was not handed in does not differ."""
    (clone / "dojo" / "slo" / "sli.py").write_text("easy = True\n")
    shutil.rmtree(clone / "seed")
    assert read(desk, clone)[1] == {"dojo/slo/sli.py"}
    patch = tmp_path / "bert.patch"
    patch.write_text("".join(map(ADDED.format, ["dojo/x.py", "app/x.py", "docs/x.py"])))
    assert read(desk, patch)[1] == {"dojo/x.py"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("no patch", "does not apply"),
        (ADDED.format("app/../../evil.py"), "does not apply"),
        (ADDED.format("app/main.py"), "does not apply"),
        (
            "diff --git a/app/l b/app/l\nnew file mode 120000\n--- /dev/null\n+++ b/app/l\n"
            "@@ -0,0 +1 @@\n+/etc/passwd\n\\ No newline at end of file\n",
            "leads out",
        ),
    ],
    ids=["none", "up", "there already", "link"],
)
def test_patches_that_are_refused(text: str, reason: str, desk: Desk, tmp_path: Path) -> None:
    """With what git says, and without a path of the facilitator's."""
    patch = tmp_path / "anna.patch"
    patch.write_text(text)
    with pytest.raises(Unreadable, match=reason) as refused:
        read(desk, patch)
    assert str(tmp_path) not in str(refused.value)


def test_what_is_too_large(desk: Desk, clone: Path, tmp_path: Path) -> None:
    """Two gigabytes beside app/ are not looked at; in app/, or as an archive, they are refused."""
    with (clone / "video.mp4").open("wb") as file:
        file.truncate(2 << 30)
    assert read(desk, clone)[0] == "mine\n"
    (clone / "video.mp4").rename(clone / "app" / "video.mp4")
    with pytest.raises(Unreadable, match="more than 50 MB"):
        read(desk, clone)
    small = replace(desk, bounds=replace(BOUNDS, patch_bytes=10), places=desk.places)
    with pytest.raises(Unreadable, match="the patch has more than"):
        read(small, SOLUTION)


def test_what_is_no_submission(desk: Desk, tmp_path: Path) -> None:
    """A file of another kind, and a name that is nothing at all."""
    (tmp_path / "anna.docx").write_text("")
    with pytest.raises(Unreadable, match="no folder, no patch"):
        read(desk, tmp_path / "anna.docx")
    for name in ("no-such-reference", "--help", ""):
        with pytest.raises(Unreadable, match="no such reference"):
            read(desk, name, "reference")


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
def test_a_reference_of_the_clone(clone: Path, tmp_path: Path) -> None:
    """Its app/ is judged, and its graded files are compared, without a checkout."""

    def git(*words: str) -> None:
        identity = ["-c", "user.name=x", "-c", "user.email=x@localhost"]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        subprocess.run(
            ["git", *identity, *words], cwd=clone, check=True, capture_output=True, env=environment
        )

    shutil.rmtree(clone / "app")
    shutil.copytree(ROOT / "app", clone / "app", ignore=shutil.ignore_patterns("__pycache__"))
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-qm", "shipped")
    git("checkout", "-qb", "anna")
    (clone / "app" / "ops" / "alerts.yaml").write_text("annas\n")
    (clone / "seed" / "more.py").write_text("")
    git("add", ".")
    git("commit", "-qm", "mine")
    git("checkout", "-q", "main")
    with open_desk(clone, tmp_path / "state") as desk:
        text, differing, _ = read(desk, "anna", "reference")
        assert (text, differing) == ("annas\n", {"seed/more.py"})
        assert read(desk, "main", "reference")[1] == set()
